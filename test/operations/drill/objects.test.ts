import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../components/gateway/render/object.ts";
import { gatewaysInPlan, gatewaysInState } from "../../../operations/drill/objects.ts";
import { routesOf } from "../../../operations/drill/routes.ts";
import type { State } from "../../../operations/engine/state.ts";
import type { Shown } from "../../support/policy.ts";
import { stack } from "../../support/policy-stack.ts";
import { shippedPlan } from "../report/plans.ts";

/** What a drill takes out of a state, and out of a plan. */

const plan = shippedPlan("prod");

const stateOf = (shown: readonly Shown[]): State => ({
  resources: shown.map(({ urn, type, parent, inputs, outputs }) => ({
    urn,
    type,
    custom: !type.startsWith("twocloud:"),
    parent,
    inputs,
    outputs,
  })),
});

const byName = (objects: readonly KubernetesObject[]) =>
  Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));

/** The issuers of other clusters are known when these are there. */
function withoutIssuers(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "SecurityPolicy") return object;
  const { providers } = object.spec.jwt as { providers: { name: string; issuer: string }[] };
  const known = providers.map((provider) =>
    provider.name.startsWith("gateway-") ? { ...provider, issuer: "", remoteJWKS: {} } : provider,
  );
  return { ...object, spec: { ...object.spec, jwt: { ...(object.spec.jwt as object), providers: known } } };
}

describe("of the shipped production stack", () => {
  test("the state and the plan give the same objects, apart from what only a cloud knows", async () => {
    const deployed = gatewaysInState(stateOf(await stack("state")));
    const planned = gatewaysInPlan(plan);
    expect(planned.map(({ location }) => location)).toEqual(["azure-main", "aws-main", "gcp-main"]);
    expect(deployed.map(({ location }) => location).sort()).toEqual(planned.map(({ location }) => location).sort());
    for (const { location, objects } of planned) {
      const own = deployed.find((one) => one.location === location)?.objects ?? [];
      expect(own).toHaveLength(objects.length);
      expect(byName(own.map(withoutIssuers)), location).toEqual(byName(objects.map(withoutIssuers)));
    }
  });

  test("each gateway's callers are the applications, and the gateways that lead to it", () => {
    const issuers = gatewaysInPlan(plan).map(({ location, objects }) => {
      const names = objects.flatMap(({ kind, spec }) => {
        const { providers = [] } = (kind === "SecurityPolicy" ? spec.jwt : {}) as { providers?: { name: string }[] };
        return providers.map(({ name }) => name);
      });
      return [location, names];
    });
    expect(issuers).toEqual([
      ["azure-main", ["workforce"]],
      ["aws-main", ["workforce"]],
      ["gcp-main", ["workforce", "gateway-azure-main", "gateway-aws-main"]],
    ]);
  });

  test("every gateway's routes can be read", () => {
    const routes = gatewaysInPlan(plan).map(({ location, objects }) => [
      location,
      routesOf(objects).map(({ workload, paths }) => [workload, paths.length]),
    ]);
    expect(routes).toEqual([
      [
        "azure-main",
        [
          ["support-chat", 3],
          ["invoice-extraction", 2],
        ],
      ],
      ["aws-main", [["support-chat", 3]]],
      [
        "gcp-main",
        [
          ["support-chat", 3],
          ["invoice-extraction", 2],
        ],
      ],
    ]);
  });
});

describe("of a state", () => {
  const resource = (urn: string, type: string, more: object) => ({ urn, type, custom: true, ...more });
  const object = (kind: string, name: string) => ({ apiVersion: "v1", kind, metadata: { name }, spec: { of: name } });
  const state: State = {
    resources: [
      resource("gateway", "twocloud:index:InferenceGateway", { outputs: { location: "here" } }),
      resource("route", "twocloud:index:InferenceRoute", { outputs: { gateway: "here" } }),
      resource("a", "kubernetes:x:Gateway", { parent: "gateway", inputs: object("Gateway", "a") }),
      resource("b", "kubernetes:x:Backend", { parent: "route", inputs: object("Backend", "b") }),
      resource("c", "kubernetes:x:Deployment", { parent: "gateway", inputs: object("Deployment", "c") }),
      resource("d", "kubernetes:x:Backend", { parent: "another", inputs: object("Backend", "d") }),
      resource("e", "aws:x:Y", { parent: "gateway", inputs: {} }),
    ],
  };

  test("only what decides about requests is taken, and only of gateways and their routes", () => {
    expect(gatewaysInState(state)).toEqual([
      { location: "here", objects: [object("Gateway", "a"), object("Backend", "b")] },
    ]);
  });

  test("without a gateway there is nothing", () => {
    expect(gatewaysInState({})).toEqual([]);
  });
});
