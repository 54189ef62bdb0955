import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cloudError } from "../../sandbox/fault-texts.ts";
import { type Call, delayFor, type Fault, faultFor, nodePoolTypes, type SetFault } from "../../sandbox/faults.ts";
import { openStore, packageNames, type Store } from "../../sandbox/index.ts";
import { isKnownType } from "../../sandbox/registry.ts";
import { clusterIn } from "./cluster.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const VPC = "aws:ec2/vpc:Vpc";
const ROLE = "aws:iam/role:Role";
const NAMESPACE = "kubernetes:core/v1:Namespace";

describe("which request a fault meets", () => {
  const call = (change: Partial<Call> = {}): Call => ({
    kind: "create",
    package: "aws",
    type: VPC,
    provider: "aws-main",
    scope: "111122223333",
    ...change,
  });
  const set = (fault: Fault, calls = 0): SetFault => ({ ...fault, id: 1, calls });
  const strikes = (fault: Fault, change: Partial<Call> = {}, calls = 0) =>
    faultFor([set(fault, calls)], call(change)) !== undefined;

  test.each<[Fault, Partial<Call>, boolean]>([
    [{ kind: "error" }, {}, true],
    [{ kind: "error" }, { kind: "update" }, false],
    [{ kind: "error", type: ROLE }, {}, false],
    [{ kind: "down", package: "aws" }, { kind: "configure" }, true],
    [{ kind: "down", package: "aws", at: "configure" }, {}, false],
    [{ kind: "down", package: "aws", at: "create" }, { kind: "delete" }, true],
    [{ kind: "down", package: "aws", at: "create" }, { kind: "read" }, false],
    [{ kind: "down", package: "aws", at: "read" }, { kind: "invoke" }, true],
    [{ kind: "down", package: "gcp" }, {}, false],
    [{ kind: "down", location: "aws-main" }, {}, true],
    [{ kind: "down", location: "aws-main" }, { provider: "aws-main-kubernetes", package: "kubernetes" }, true],
    [{ kind: "down", location: "aws-main" }, { provider: "aws-main-2" }, false],
    [{ kind: "down", location: "aws-main" }, { provider: "gcp-main-kubernetes", package: "kubernetes" }, false],
    [{ kind: "down", location: "111122223333" }, {}, true],
    [{ kind: "down", package: "kubernetes", location: "aws-main" }, {}, false],
    [{ kind: "capacity" }, {}, false],
    [{ kind: "capacity" }, { type: "aws:eks/nodeGroup:NodeGroup" }, true],
    [{ kind: "capacity", type: VPC }, {}, true],
    [{ kind: "throttle", first: 1 }, { kind: "read" }, true],
    [{ kind: "throttle", first: 1 }, { kind: "configure" }, false],
  ])("%j and %j: %s", (fault, change, expected) => {
    expect(strikes(fault, change)).toBe(expected);
  });

  test.each<[Fault, boolean[]]>([
    [{ kind: "error", nth: 2 }, [false, true, false, false]],
    [{ kind: "crash" }, [true, false, false, false]],
    [{ kind: "throttle", first: 2 }, [true, true, false, false]],
    [{ kind: "throttle", every: 2 }, [false, true, false, true]],
    [{ kind: "down" }, [true, true, true, true]],
  ])("%j, request by request: %j", (fault, expected) => {
    expect(expected.map((_, calls) => strikes(fault, {}, calls))).toEqual(expected);
  });

  test("slowness adds up and is no failure", () => {
    const slow = [300, 200].map((milliseconds) => set({ kind: "slow", milliseconds }));
    expect(delayFor([...slow, set({ kind: "slow", type: ROLE, milliseconds: 9 })], call())).toBe(500);
    expect(faultFor(slow, call())).toBeUndefined();
  });

  test("node pools are types that the sandbox knows", () => {
    expect(nodePoolTypes.filter((type) => !isKnownType(type))).toEqual([]);
  });

  test.each(packageNames)("%s has a code, words and a page for each fault", (name) => {
    for (const kind of ["error", "throttle", "capacity", "down"] as const) {
      const { code, text, source } = cloudError(kind, name);
      expect(code).toMatch(/^[A-Za-z_]+$/);
      expect(text.length).toBeGreaterThan(10);
      expect(source).toMatch(/^https:\/\//);
    }
  });
});

describe("over the protocol", () => {
  let cloud: TestSandbox;
  let store: Store;
  let aws: TestProvider;
  const config = { region: "eu-west-1", allowedAccountIds: '["111122223333"]' };
  const vpc = (name: string) => aws.make(VPC, { cidrBlock: "10.0.0.0/16" }, { name });

  beforeEach(async () => {
    cloud = await testSandbox();
    store = openStore(cloud.database);
    aws = await cloud.provider("aws", config);
  });
  afterEach(async () => {
    store.close();
    await cloud.end();
  });

  test("the n-th create fails with the cloud's code, its source and the way out; nothing is made", async () => {
    const id = store.faults.add({ kind: "error", type: VPC, nth: 2 });
    await vpc("one");
    await expect(vpc("two")).rejects.toThrow(
      new RegExp(`creating ${VPC} "two": InternalFailure: .*https://docs\\.aws.*--clear ${id}$`),
    );
    expect(store.count()).toBe(1);
    await vpc("two");
    expect(store.faults.list()).toEqual([{ id, kind: "error", type: VPC, nth: 2, calls: 3 }]);
  });

  test("a preview reaches no cloud: it neither fails nor counts", async () => {
    store.faults.add({ kind: "error" });
    await aws.create(VPC, { cidrBlock: "10.0.0.0/16" }, { preview: true });
    expect(store.faults.list()[0]?.calls).toBe(0);
  });

  test("throttled requests fail until the cloud has calmed down", async () => {
    store.faults.add({ kind: "throttle", package: "aws", first: 2 });
    await expect(vpc("a")).rejects.toThrow(/ThrottlingException: Rate exceeded/);
    await expect(aws.read(VPC, "vpc-1")).rejects.toThrow(/ThrottlingException/);
    await vpc("a");
  });

  test("a cloud without capacity makes no node pool, but everything else", async () => {
    store.faults.add({ kind: "capacity", package: "aws" });
    await vpc("a");
    const group = { clusterName: "c", nodeRoleArn: "r", subnetIds: [], scalingConfig: {} };
    const refused = aws.create("aws:eks/nodeGroup:NodeGroup", group);
    await expect(refused).rejects.toThrow(/InsufficientInstanceCapacity/);
  });

  test("a slow cloud answers late and well", async () => {
    store.faults.add({ kind: "slow", type: VPC, milliseconds: 300 });
    const started = performance.now();
    await vpc("a");
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  test.each([
    ["configure", /configuring .*ServiceUnavailable/],
    ["all", /ServiceUnavailable/],
  ] as const)("down at %s: the provider can be neither checked nor configured", async (at, message) => {
    store.faults.add({ kind: "down", package: "aws", at });
    await expect(cloud.provider("aws", config)).rejects.toThrow(message);
    await expect(aws.checkConfig("aws", config)).rejects.toThrow(message);
    await cloud.provider("gcp", { project: "example-ai-dev", region: "europe-west4" });
  });

  test("down at create: what is there can be read, and nothing is made, changed or deleted", async () => {
    const { id, properties, inputs } = await vpc("a");
    store.faults.add({ kind: "down", package: "aws", at: "create" });
    await expect(vpc("b")).rejects.toThrow(/ServiceUnavailable/);
    await expect(aws.update(VPC, id, properties, inputs)).rejects.toThrow(/updating .*ServiceUnavailable/);
    await expect(aws.remove(VPC, id, properties)).rejects.toThrow(/deleting .*ServiceUnavailable/);
    expect((await aws.read(VPC, id, properties)).id).toBe(id);
    store.faults.remove();
    await aws.remove(VPC, id, properties);
  });

  test("an account's outage spares other accounts and the clusters' own API servers", async () => {
    const inside = await clusterIn(cloud);
    store.faults.add({ kind: "down", package: "aws", location: "111122223333" });
    const other = await cloud.provider("aws", { region: "eu-west-1", allowedAccountIds: '["444455556666"]' });
    await other.make(VPC, { cidrBlock: "10.0.0.0/16" });
    await inside.make(NAMESPACE, { metadata: { name: "ai" } });
    await expect(vpc("a")).rejects.toThrow(/ServiceUnavailable/);
  });

  test("a cluster can be down while its cloud is up", async () => {
    const inside = await clusterIn(cloud);
    store.faults.add({ kind: "down", package: "kubernetes" });
    const refused = inside.make(NAMESPACE, { metadata: { name: "ai" } });
    await expect(refused).rejects.toThrow(/ServiceUnavailable: the server is currently unable to handle the request/);
    await vpc("a");
  });

  test("a crash in mid-create: the thing is there, the caller only sees its connection end", async () => {
    store.faults.add({ kind: "crash", type: VPC });
    const { message } = (await vpc("a").catch((error: Error) => error)) as Error;
    expect(message).toMatch(/UNAVAILABLE|CANCELLED|INTERNAL/);
    expect(store.list().map(({ type }) => type)).toEqual([VPC]);
    // Its provider is gone; the others and the server stay.
    await expect(vpc("b")).rejects.toThrow(/never configured/);
    const again = await cloud.provider("aws", config);
    await again.make(ROLE, { name: "r", assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) });
  });

  test("faults are in the database: another process sets them, and they outlive the server", () => {
    const id = store.faults.add({ kind: "slow", milliseconds: 1 });
    const other = openStore(cloud.database);
    expect(other.faults.list()).toEqual([{ id, kind: "slow", milliseconds: 1, calls: 0 }]);
    expect(other.faults.remove(id)).toBe(1);
    other.close();
    expect(store.faults.list()).toEqual([]);
  });
});
