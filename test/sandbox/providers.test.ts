import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../sandbox/index.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const ROLE = "aws:iam/role:Role";
const CLUSTER = "aws:eks/cluster:Cluster";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

let cloud: TestSandbox;
let store: Store;
let aws: TestProvider;

beforeEach(async () => {
  cloud = await testSandbox();
  store = openStore(cloud.database);
  aws = await cloud.provider("aws", { region: "eu-west-1", allowedAccountIds: '["111122223333"]' });
});

afterEach(async () => {
  store.close();
  await cloud.end();
});

async function cluster(name = "main") {
  const vpc = await aws.make(VPC, { cidrBlock: "10.0.0.0/16" }, { name });
  const subnetIds: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const inputs = { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone: `eu-west-1${zone}` };
    subnetIds.push((await aws.make(SUBNET, inputs, { name: `${name}-${zone}` })).id);
  }
  const role = await aws.make(ROLE, { assumeRolePolicy: trust }, { name });
  return aws.make(CLUSTER, { name, roleArn: role.properties.arn, vpcConfig: { subnetIds } }, { name });
}

describe("functions", () => {
  test("tell account and region of the provider that asks", async () => {
    expect(await aws.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
      accountId: "111122223333",
    });
    expect(await aws.invoke("aws:index/getRegion:getRegion", {})).toMatchObject({ region: "eu-west-1" });
  });

  test("render a policy document as the provider does", async () => {
    const statements = [{ actions: ["s3:GetObject", "s3:ListBucket"], resources: ["*"], sid: "Read" }];
    const { json } = (await aws.invoke("aws:iam/getPolicyDocument:getPolicyDocument", { statements })) as {
      json: string;
    };
    expect(JSON.parse(json)).toEqual({
      Version: "2012-10-17",
      Statement: [{ Sid: "Read", Effect: "Allow", Action: ["s3:ListBucket", "s3:GetObject"], Resource: "*" }],
    });
  });
});

describe("provider instances", () => {
  const kubeconfig = (server: unknown) =>
    JSON.stringify({
      "current-context": "main",
      contexts: [{ name: "main", context: { cluster: "main", user: "main" } }],
      clusters: [{ name: "main", cluster: { server } }],
    });

  test("a Kubernetes object goes to the cluster of its own provider's kubeconfig", async () => {
    const [one, two] = [await cluster("one"), await cluster("two")];
    const [first, second] = await Promise.all(
      [one, two].map(({ properties }) => cloud.provider("kubernetes", { kubeconfig: kubeconfig(properties.endpoint) })),
    );
    const inputs = { metadata: { name: "ai" } };
    await first?.make(NAMESPACE, inputs);
    await second?.make(NAMESPACE, inputs);
    await expect(first?.make(NAMESPACE, inputs)).rejects.toThrow(/AlreadyExists/);
    const scopes = store.list({ type: NAMESPACE }).map(({ placement }) => placement.scope);
    expect(scopes).toEqual([one.properties.endpoint, two.properties.endpoint]);
    await aws.remove(CLUSTER, "one", one.properties);
    expect(store.count({ type: NAMESPACE })).toBe(1);
    await expect(first?.make(NAMESPACE, inputs)).rejects.toThrow(/cluster is unreachable/);
  });

  test("a cluster that the sandbox does not hold cannot be reached", async () => {
    const lost = await cloud.provider("kubernetes", { kubeconfig: kubeconfig("https://10.0.0.1:6443") });
    await expect(lost.check(NAMESPACE, { metadata: { name: "ai" } })).rejects.toThrow(
      /unreachable.*holds no cluster with this endpoint/,
    );
  });

  test("a kubeconfig by path is not read", async () => {
    expect(await aws.checkConfig("kubernetes", { kubeconfig: "/root/.kube/config" })).toEqual([
      expect.stringMatching(/^kubeconfig: .*names no API server/),
    ]);
  });

  test("are recorded, and cancelling does not end the server", async () => {
    await aws.cancel();
    expect(cloud.sandbox.configured()).toEqual(["urn:pulumi:test::project::pulumi:providers:aws::main"]);
    await aws.make(VPC, { cidrBlock: "10.0.0.0/16" });
  });
});
