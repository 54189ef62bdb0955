import { expect, test } from "vitest";
import { graphOf } from "../../policy/graph.ts";
import { keepInputs } from "../../policy/inputs.ts";
import { objectsOf } from "../../policy/kubernetes.ts";
import { asPolicyResources, type Shown } from "../support/policy.ts";
import { find, stack, unknownAt, views, without } from "../support/policy-stack.ts";

const policy = { name: "aws-main-support-chat-traffic" };
const namespace = { name: "aws-main-gateway-namespace" };

const policiesOf = (shown: readonly Shown[]) => {
  for (const { urn, inputs } of shown) keepInputs(urn, inputs);
  return objectsOf(graphOf(asPolicyResources(shown)), "gateway.envoyproxy.io", "BackendTrafficPolicy");
};

test.each(views)("an object is in the cluster that its provider's configuration comes from, on a %s", async (view) => {
  const shown = await stack(view);
  const clusters = new Set(policiesOf(shown).map(({ cluster }) => cluster));
  const made = ["aws-main-cluster-cluster", "azure-main-cluster-cluster", "gcp-main-cluster-control"];
  expect([...clusters].sort()).toEqual(made.map((name) => find(shown, { name, type: "luster" }).urn).sort());
});

test.each(views)("a namespace by reference is the namespace's own name, on a %s", async (view) => {
  const path = ["metadata", "namespace"];
  const namespaceOf = (shown: readonly Shown[]) =>
    policiesOf(shown).find(({ node }) => node.name === policy.name)?.namespace;
  const shown = await stack(view);
  expect(namespaceOf(unknownAt(shown, policy, path, namespace))).toBe("twocloud-gateway");
  expect(namespaceOf(unknownAt(shown, policy, path))).toBeUndefined();
  expect(
    namespaceOf(unknownAt(shown, policy, path, namespace, { name: "aws-main-gateway-cert-manager-namespace" })),
  ).toBeUndefined();
});

test("an object whose provider is no cluster's of the program is beside no other program's objects", async () => {
  const shown = await stack("state");
  const provider = shown.find(
    ({ type, name }) => type === "pulumi:providers:kubernetes" && name.startsWith("aws-main"),
  );
  const detached = shown.map((one) =>
    one.urn === provider?.urn ? { ...one, dependencies: [], propertyDependencies: {} } : one,
  );
  const own = policiesOf(detached).find(({ node }) => node.name === policy.name);
  expect(own?.cluster).toBe(provider?.urn);
  expect(
    policiesOf(without(detached, { name: "aws-main-kubernetes", type: "pulumi:providers:kubernetes" })),
  ).toHaveLength(5);
});
