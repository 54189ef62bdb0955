import { describe, expect, test } from "vitest";
import { fateOf, unknownTo } from "../../operations/engine/recover.ts";
import type { State, StateResource } from "../../operations/engine/state.ts";
import type { Filter, StoredResource } from "../../sandbox/store.ts";

/** Two clusters in which objects have equal names, and a run that was cut off while it made one of them. */

const namespaceType = "kubernetes:core/v1:Namespace";
const clusterType = "aws:eks/cluster:Cluster";
const urnOf = (type: string, name: string) => `urn:pulumi:dev::twocloud::${type}::${name}`;
const providerOf = (cluster: string) => urnOf("pulumi:providers:kubernetes", cluster);
const inputs = { metadata: { name: "inference" } };

const clusters = ["one", "two"].flatMap((name): StateResource[] => [
  { urn: urnOf(clusterType, name), type: clusterType, custom: true, id: name },
  {
    urn: providerOf(name),
    type: "pulumi:providers:kubernetes",
    custom: true,
    id: "0f6e",
    dependencies: [urnOf(clusterType, name)],
  },
]);

const namespaceIn = (cluster: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urnOf(namespaceType, `inference-${cluster}`),
  type: namespaceType,
  custom: true,
  inputs: { ...inputs, __defaults: [] },
  provider: `${providerOf(cluster)}::0f6e`,
  ...more,
});

const creating = (resource: StateResource) => ({ type: "creating", resource });

let keys = 0;
function stored(type: string, id: string, more: Partial<StoredResource>): StoredResource {
  keys += 1;
  return {
    key: keys,
    package: type.split(":")[0] ?? "",
    type,
    id,
    name: id,
    seed: id,
    placement: { scope: "", region: "" },
    createdAt: "2026-11-21T00:00:00Z",
    inputs: {},
    outputs: {},
    secrets: { inputs: [], outputs: [] },
    ...more,
  };
}

const clusterThing = (name: string) =>
  stored(clusterType, name, { outputs: { endpoint: `https://${name}.eks.example` } });
const namespaceThing = (cluster: string, more: Partial<StoredResource> = {}) =>
  stored(namespaceType, "inference", {
    placement: { scope: `https://${cluster}.eks.example`, region: "" },
    inputs,
    ...more,
  });
const storeOf = (...things: StoredResource[]) => ({
  list: ({ type }: Filter = {}) => things.filter((each) => type === undefined || each.type === type),
});

const found = { urn: urnOf(namespaceType, "inference-two"), id: "inference" };

describe("an object of which another cluster holds the like", () => {
  const state: State = {
    resources: [...clusters, namespaceIn("one", { id: "inference" })],
    pending_operations: [creating(namespaceIn("two"))],
  };

  test("is found where it was made", () => {
    const store = storeOf(clusterThing("one"), clusterThing("two"), namespaceThing("one"), namespaceThing("two"));
    expect(fateOf(state, store)).toEqual([found]);
    expect(unknownTo(state, store).map(({ placement }) => placement.scope)).toEqual(["https://two.eks.example"]);
  });

  test("is not taken for the other one where it was not made", () => {
    const store = storeOf(clusterThing("one"), clusterThing("two"), namespaceThing("one"));
    expect(fateOf(state, store)).toEqual([{ ...found, id: undefined }]);
    expect(unknownTo(state, store)).toEqual([]);
  });
});

test("both were under way and both were made: each is found in its own cluster", () => {
  const state: State = {
    resources: clusters,
    pending_operations: [creating(namespaceIn("one")), creating(namespaceIn("two"))],
  };
  const store = storeOf(clusterThing("one"), clusterThing("two"), namespaceThing("one"), namespaceThing("two"));
  expect(fateOf(state, store).map(({ id }) => id)).toEqual(["inference", "inference"]);
});

test("what the state keeps secret does not hide what was made; what differs in clear does", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:…" };
  const pending = (name: string) =>
    creating(namespaceIn("two", { inputs: { metadata: { name, annotations: secret }, __defaults: [] } }));
  const made = namespaceThing("two", { inputs: { metadata: { name: "inference", annotations: { a: "b" } } } });
  const store = storeOf(clusterThing("one"), clusterThing("two"), made);
  const fates = (name: string) => fateOf({ resources: clusters, pending_operations: [pending(name)] }, store);
  expect(fates("inference")).toEqual([found]);
  expect(fates("other")).toEqual([{ ...found, id: undefined }]);
});
