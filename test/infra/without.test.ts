import { describe, expect, test } from "vitest";
import { planWithout, readWithout } from "../../infra/without.ts";
import { loadPlan } from "../../operations/commands/load.ts";
import { keptOf, untied, urnsOf } from "../../operations/engine/partial.ts";
import type { State, StateResource } from "../../operations/engine/state.ts";

/** Plans and states of which a location is left out. */

const plan = loadPlan("prod", "2026-11-21");
const names = plan.locations.map(({ name }) => name);

describe.each(names)("a plan without %s", (gone) => {
  const reduced = planWithout(plan, new Set([gone]));

  test("names it nowhere that something would be built from", () => {
    const { locations, access, workloads } = reduced;
    const edges = locations.flatMap(({ gateway }) => gateway?.routes.flatMap((route) => route.edges) ?? []);
    const places = [
      ...locations.map(({ name }) => name),
      ...access.flatMap(({ gateway, target }) => [gateway, target]),
      ...workloads.flatMap(({ paths }) => paths.map(({ location }) => location)),
      ...edges.flatMap(({ gateway, path }) => [gateway, path.split("/")[1]]),
    ];
    expect(places).not.toContain(gone);
    expect(locations.map(({ name }) => name)).toEqual(names.filter((name) => name !== gone));
  });

  test("keeps every other path and edge", () => {
    const others = plan.workloads.flatMap(({ paths }) => paths).filter(({ location }) => location !== gone);
    expect(reduced.workloads.flatMap(({ paths }) => paths)).toEqual(others);
    expect(reduced.access).toEqual(plan.access.filter(({ gateway, target }) => gateway !== gone && target !== gone));
  });
});

test("a plan without nothing is the plan", () => {
  expect(planWithout(plan, new Set())).toBe(plan);
});

test("the variable is read strictly", () => {
  expect(readWithout(undefined)).toEqual({});
  expect(readWithout('{"gcp-main":null}')).toEqual({ "gcp-main": null });
  expect(() => readWithout('{"gcp-main":{"egressAddresses":["192.0.2.1"]}}')).toThrow("issuerUrl");
  expect(() => readWithout("gcp-main")).toThrow();
});

const urn = (type: string, name: string) => `urn:pulumi:prod::twocloud::${type}::${name}`;
const resource = (type: string, name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urn(type, name),
  type,
  custom: !type.startsWith("twocloud:"),
  ...more,
});
const stack = resource("pulumi:pulumi:Stack", "twocloud-prod");
const top = resource("twocloud:index:CloudLocation", "aws-main", { parent: stack.urn });
const provider = resource("pulumi:providers:aws", "aws-main", { parent: stack.urn });
const network = resource("twocloud:index:AwsNetwork", "aws-main-network", {
  parent: top.urn,
  outputs: { location: "aws-main", egressAddresses: ["192.0.2.1"] },
});
const address = resource("aws:ec2/eip:Eip", "aws-main-network-egress-a", { parent: network.urn });
const elsewhere = resource("twocloud:index:CloudLocation", "gcp-main", { parent: stack.urn });
const trust = resource("gcp:iam/workloadIdentityPool:WorkloadIdentityPool", "gcp-main-access-from-aws-main", {
  parent: elsewhere.urn,
  dependencies: [address.urn, elsewhere.urn],
  propertyDependencies: { issuer: [address.urn], pool: [elsewhere.urn] },
  deletedWith: address.urn,
});
const state: State = { resources: [stack, provider, top, network, address, elsewhere, trust] };

test("what hangs under a location is its own, whatever its name says", () => {
  expect(urnsOf(state, "aws-main")).toEqual([provider, top, network, address].map((each) => each.urn));
  expect(urnsOf(state, "gcp-main")).toEqual([elsewhere, trust].map((each) => each.urn));
});

test("of a location of which too little is there, nothing is kept", () => {
  expect(keptOf(state, plan, "aws-main")).toBeNull();
});

test("of a whole one, what the others were given", () => {
  const access = (gateway: string) =>
    resource("twocloud:index:AwsModelAccess", `aws-main-access-from-${gateway}`, {
      outputs: { location: "aws-main", gateway, principal: `role of ${gateway}`, audience: "sts.amazonaws.com" },
    });
  const whole: State = {
    resources: [
      ...(state.resources ?? []),
      resource("twocloud:index:AwsCluster", "aws-main-cluster", {
        outputs: { location: "aws-main", issuerUrl: "https://issuer.example", keyId: "key" },
      }),
      resource("twocloud:index:AwsRegistry", "aws-main-registry", {
        outputs: { location: "aws-main", imagePrefix: "registry.example" },
      }),
      access("azure-main"),
      access("gcp-main"),
    ],
  };
  expect(keptOf(whole, plan, "aws-main")).toEqual({
    egressAddresses: ["192.0.2.1"],
    issuerUrl: "https://issuer.example",
    keyId: "key",
    imagePrefix: "registry.example",
    accesses: {
      "azure-main": { principal: "role of azure-main", audience: "sts.amazonaws.com" },
      "gcp-main": { principal: "role of gcp-main", audience: "sts.amazonaws.com" },
    },
  });
});

test("untied, the one depends on nothing of the other, and on all else as before", () => {
  const cut = untied(state, new Set(urnsOf(state, "gcp-main")), new Set(urnsOf(state, "aws-main")));
  const after = cut.resources?.find((each) => each.urn === trust.urn);
  expect(after).toMatchObject({
    dependencies: [elsewhere.urn],
    propertyDependencies: { issuer: [], pool: [elsewhere.urn] },
  });
  expect(after?.deletedWith).toBeUndefined();
  expect(cut.resources?.filter((each) => each.urn !== trust.urn && each.urn !== elsewhere.urn)).toEqual(
    state.resources?.filter((each) => each.urn !== trust.urn && each.urn !== elsewhere.urn),
  );
});
