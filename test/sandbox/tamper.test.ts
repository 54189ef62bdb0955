import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { candidates, selected } from "../../operations/commands/tamper.ts";
import {
  againstSchema,
  deleteBehind,
  openStore,
  type Store,
  type StoredResource,
  tamper,
} from "../../sandbox/index.ts";
import { at, pathsOf, stepsOf, withAt } from "../../sandbox/paths.ts";
import { assigned } from "../../sandbox/tamper.ts";
import { clusterIn } from "./cluster.ts";
import { type TestSandbox, testSandbox } from "./engine.ts";

const VPC = "aws:ec2/vpc:Vpc";
const CONFIG = "kubernetes:core/v1:ConfigMap";

describe("paths", () => {
  test.each<[string, (string | number)[] | undefined]>([
    ["tags.team", ["tags", "team"]],
    ["cidrs[0]", ["cidrs", 0]],
    ['metadata.labels["app.kubernetes.io/name"]', ["metadata", "labels", "app.kubernetes.io/name"]],
    ["containers[1].image", ["containers", 1, "image"]],
    ["", undefined],
    ["a..b", undefined],
    ["a[x]", undefined],
    ["a[0", undefined],
  ])("%j has the steps %j", (path, expected) => expect(stepsOf(path)).toEqual(expected));

  test("each path of a value leads to a value, and setting it changes nothing else", () => {
    const root = { a: [{ b: 1 }, { "c.d": { e: {} } }], f: "g" };
    const paths = pathsOf(root);
    expect(paths).toEqual(["a", "a[0]", "a[0].b", "a[1]", 'a[1]["c.d"]', 'a[1]["c.d"].e', "f"]);
    for (const path of paths) {
      const steps = stepsOf(path) ?? [];
      expect(at(root, steps), path).not.toBe(undefined);
      expect(withAt(root, steps, at(root, steps))).toEqual(root);
      expect(at(withAt(root, steps, "new"), steps)).toBe("new");
    }
    expect(at(root, ["toString"])).toBe(undefined);
  });
});

describe("what is assigned", () => {
  const vpc = {
    package: "aws",
    type: VPC,
    id: "vpc-1",
    inputs: { enableDnsSupport: true, tags: { team: "ai", number: "1" }, policy: "{}" },
    outputs: {
      enableDnsSupport: true,
      tags: { team: "ai", number: "1" },
      tagsAll: { team: "ai", number: "1", owner: "platform" },
      policy: "{}",
      arn: "arn:1",
    },
  };
  const set = (...pairs: [string, string][]) =>
    assigned(
      vpc,
      pairs.map(([path, text]) => ({ path, text })),
    );

  test("changes inputs and outputs alike, and nothing else", () => {
    const { inputs, outputs, changes } = set(["enableDnsSupport", "false"]);
    expect(inputs).toEqual({ ...vpc.inputs, enableDnsSupport: false });
    expect(outputs).toEqual({ ...vpc.outputs, enableDnsSupport: false });
    expect(changes).toEqual([{ path: "enableDnsSupport", before: true, after: false }]);
  });

  test("reaches where the cloud repeats a value; what the cloud added itself stays", () => {
    expect(set(["tags.team", "x"]).outputs.tagsAll).toEqual({ team: "x", number: "1", owner: "platform" });
    expect(set(["tags", '{"new":"y"}']).outputs).toMatchObject({ tags: { new: "y" } });
    expect(set(["tags", '{"new":"y"}']).outputs.tagsAll).toEqual({ new: "y", owner: "platform" });
  });

  test("of an output alone leaves the inputs", () => {
    const { inputs, outputs } = set(["arn", "arn:2"]);
    expect(inputs).toEqual(vpc.inputs);
    expect(outputs.arn).toBe("arn:2");
  });

  test("stays text where text was", () => {
    expect(set(["tags.number", "2"]).inputs.tags).toMatchObject({ number: "2" });
    expect(set(["policy", '{"a":1}']).inputs.policy).toBe('{"a":1}');
    expect(set(["policy", '"quoted"']).inputs.policy).toBe("quoted");
  });

  test("is refused with every problem at once, the nearest path, and what there is", () => {
    expect(() => set(["tags.taem", "x"], ["enableDnsSupport", "true"], ["nothing[", "1"])).toThrow(
      /vpc-1 can't be changed:\n.*Did you mean tags\.team\? It has: arn, .*\n.*enableDnsSupport is true already.*\n.*nothing\[/,
    );
  });
});

describe("in the clouds", () => {
  let cloud: TestSandbox;
  let store: Store;
  beforeEach(async () => {
    cloud = await testSandbox();
    store = openStore(cloud.database);
  });
  afterEach(async () => {
    store.close();
    await cloud.end();
  });
  const only = (type: string): StoredResource => {
    const [first, ...rest] = store.list({ type });
    if (first === undefined || rest.length > 0) throw new Error(`${rest.length} more of ${type}`);
    return first;
  };

  test("a read shows the change; the names by which others refer to it stay", async () => {
    const inside = await clusterIn(cloud);
    const made = await inside.make("kubernetes:core/v1:Namespace", { metadata: { name: "ai" } });
    const inputs = { metadata: { name: "settings", namespace: "ai" }, data: { mode: "on" } };
    const { id, properties } = await inside.make(CONFIG, inputs);
    tamper(store, only(CONFIG), [{ path: "data.mode", text: "off" }], againstSchema);
    const read = await inside.read(CONFIG, id, properties);
    expect(read.inputs.properties.data).toEqual({ mode: "off" });
    expect(read.outputs.properties.data).toEqual({ mode: "off" });
    const vpc = only(VPC);
    tamper(store, vpc, [{ path: "enableDnsSupport", text: "false" }], againstSchema).map(({ path }) => path);
    expect(store.named(vpc.id, [VPC], "id").map(({ key }) => key)).toEqual([vpc.key]);
    expect(made.id).toBe("ai");
  });

  test("what the cloud could not hold is refused, and nothing is changed", async () => {
    await clusterIn(cloud);
    const vpc = only(VPC);
    const change = [
      { path: "cidrBlock", text: "3" },
      { path: "enableDnsSupport", text: "[]" },
    ];
    expect(() => tamper(store, vpc, change, againstSchema)).toThrow(/enableDnsSupport/);
    expect(only(VPC)).toEqual(vpc);
  });

  test("a name that another holds can't be taken", async () => {
    const aws = await cloud.provider("aws", { region: "eu-west-1", allowedAccountIds: '["111122223333"]' });
    for (const bucket of ["weights-1", "weights-2"])
      await aws.make("aws:s3/bucket:Bucket", { bucket }, { name: bucket });
    const [first] = store.list({ type: "aws:s3/bucket:Bucket" });
    if (first === undefined) throw new Error("no bucket");
    expect(() => tamper(store, first, [{ path: "bucket", text: "weights-2" }], againstSchema)).toThrow(
      /BucketAlreadyExists/,
    );
  });

  test("a deleted cluster takes what is on it along; a read finds nothing", async () => {
    const inside = await clusterIn(cloud);
    await inside.make("kubernetes:core/v1:Namespace", { metadata: { name: "ai" } });
    expect(deleteBehind(store, only("aws:eks/cluster:Cluster"))).toBe(2);
    expect(store.list({ package: "kubernetes" })).toEqual([]);
    await expect(inside.read("kubernetes:core/v1:Namespace", "ai")).rejects.toThrow(/unreachable/);
  });

  test("objects of two clusters with the same id are told apart by the program's names", async () => {
    const clusters = [await clusterIn(cloud, "one"), await clusterIn(cloud, "two")];
    const made = await Promise.all(
      clusters.map((inside) => inside.make("kubernetes:core/v1:Namespace", { metadata: { name: "ai" } })),
    );
    const state = made.map(({ id, properties: outputs }, index) => ({
      urn: `urn:pulumi:dev::twocloud::kubernetes:core/v1:Namespace::${["one", "two"][index]}-namespace`,
      type: "kubernetes:core/v1:Namespace",
      custom: true,
      id,
      outputs,
    }));
    const all = candidates(store.list(), state);
    const uid = (resource: StoredResource) => (resource.outputs.metadata as { uid: string }).uid;
    const two = made.at(-1)?.properties.metadata as { uid: string } | undefined;
    expect(uid(selected(all, { urnLike: "two-namespace" }))).toBe(two?.uid);
    expect(() => selected(all, { type: "kubernetes:core/v1:Namespace" })).toThrow(
      /2 things match.*\n.*one-namespace\n.*two-namespace/,
    );
    expect(() => selected(all, { urnLike: "two-namespase" })).toThrow(/Did you mean two-namespace\?/);
    expect(() => selected(all, { type: "kubernetes:core/v1:Namespase" })).toThrow(
      /Did you mean kubernetes:core\/v1:Namespace\?/,
    );
  });
});
