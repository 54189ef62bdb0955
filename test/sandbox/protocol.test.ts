import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../sandbox/index.ts";
import { SANDBOX_MARK } from "../../sandbox/mark.ts";
import { UNKNOWN } from "../../sandbox/values.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const ROLE = "aws:iam/role:Role";
const CLUSTER = "aws:eks/cluster:Cluster";
const BUCKET = "aws:s3/bucket:Bucket";
const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });

let cloud: TestSandbox;
let store: Store;
let aws: TestProvider;

beforeEach(async () => {
  cloud = await testSandbox({ "*": { "L-0263D0A3": { "eu-west-1": 100 } } });
  store = openStore(cloud.database);
  aws = await cloud.provider("aws", { region: "eu-west-1", allowedAccountIds: '["111122223333"]' });
});

afterEach(async () => {
  store.close();
  await cloud.end();
});

describe("create", () => {
  test("echoes inputs, adds what AWS adds, and marks the resource", async () => {
    const { id, properties } = await aws.make(VPC, { cidrBlock: "10.0.0.0/16", tags: { team: "ai" } });
    expect(id).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect(properties).toMatchObject({
      arn: `arn:aws:ec2:eu-west-1:111122223333:vpc/${id}`,
      cidrBlock: "10.0.0.0/16",
      id,
      ownerId: "111122223333",
      region: "eu-west-1",
      tagsAll: { team: "ai" },
      [SANDBOX_MARK]: true,
    });
  });

  test("in a preview keeps inputs, leaves what AWS adds unknown, marks, and stores nothing", async () => {
    const inputs = { name: "main", roleArn: UNKNOWN, vpcConfig: { subnetIds: [UNKNOWN] } };
    const { id, properties } = await aws.create(CLUSTER, inputs, { preview: true });
    expect(id).toBe("");
    expect(properties).toMatchObject({ name: "main", endpoint: UNKNOWN, identities: UNKNOWN, [SANDBOX_MARK]: true });
    expect(properties.vpcConfig).toMatchObject({ subnetIds: [UNKNOWN], clusterSecurityGroupId: UNKNOWN });
    expect(store.count()).toBe(0);
  });

  test("goes to the region that the resource itself names", async () => {
    const { id } = await aws.make(VPC, { cidrBlock: "10.0.0.0/16", region: "eu-central-1" });
    expect(store.list()[0]?.placement).toEqual({ scope: "111122223333", region: "eu-central-1" });
    const inputs = { vpcId: id, cidrBlock: "10.0.0.0/24" };
    await expect(aws.make(SUBNET, inputs)).rejects.toThrow(/InvalidVpcID.NotFound: The vpc ID 'vpc-/);
  });

  test("gives another id when the same thing is made again", async () => {
    const first = await aws.make(VPC, { cidrBlock: "10.0.0.0/16" });
    await aws.remove(VPC, first.id, first.properties);
    const second = await aws.make(VPC, { cidrBlock: "10.0.0.0/16" });
    expect(second.id).not.toBe(first.id);
    expect(store.count()).toBe(1);
  });

  test("gives the same id in another fresh sandbox", async () => {
    const first = await aws.make(VPC, { cidrBlock: "10.0.0.0/16" });
    const other = await testSandbox();
    const there = await other.provider("aws", { region: "eu-west-1", allowedAccountIds: '["111122223333"]' });
    const second = await there.make(VPC, { cidrBlock: "10.0.0.0/16" });
    await other.end();
    expect(second.id).toBe(first.id);
  });

  test("gives no two addresses alike", async () => {
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, index) => aws.make("aws:ec2/eip:Eip", { domain: "vpc" }, { name: `ip-${index}` })),
    );
    const addresses = new Set(made.map(({ properties }) => properties.publicIp));
    expect(addresses.size).toBe(60);
    for (const address of addresses) expect(address).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
  });
});

describe("refusals", () => {
  test("all problems of the inputs come at once, with their properties", async () => {
    const { failures } = await aws.check(VPC, { cidrBlock: "10.0.0.1/8", enableDnsSupport: "yes", cidr: "x" });
    expect(failures.map((failure) => failure.split(":")[0]).toSorted()).toEqual([
      "cidr",
      "cidrBlock",
      "enableDnsSupport",
    ]);
  });

  test("all things that do not exist are named at once", async () => {
    const inputs = {
      name: "main",
      roleArn: "arn:aws:iam::111122223333:role/none",
      vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
    };
    const refused = aws.create(CLUSTER, inputs);
    await expect(refused).rejects.toThrow(/Role with arn: arn:aws:iam::111122223333:role\/none/);
    await expect(refused).rejects.toThrow(/InvalidSubnetID.NotFound.*vpcConfig.subnetIds\[0\]/);
    await expect(refused).rejects.toThrow(/InvalidGroup.NotFound/);
    expect(store.count()).toBe(0);
  });

  test("an id in an undeclared place must exist too; what AWS provides itself passes", async () => {
    const attach = (policyArn: string) => ({ role: "r", policyArn });
    await aws.make(ROLE, { name: "r", assumeRolePolicy: trust });
    const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    await aws.make(attachment, attach("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"));
    await expect(aws.make(attachment, attach("arn:aws:iam::111122223333:policy/none"))).rejects.toThrow(/NoSuchEntity/);
    const template = { name: "template", iamInstanceProfile: { arn: "arn:aws:iam::111122223333:role/none" } };
    await expect(aws.make("aws:ec2/launchTemplate:LaunchTemplate", template)).rejects.toThrow(/NoSuchEntity/);
  });

  test("bucket names are taken in the whole world, role names in one account", async () => {
    const other = await cloud.provider("aws", { region: "us-east-1", allowedAccountIds: '["444455556666"]' });
    await aws.make(BUCKET, { bucket: "weights-1" });
    await aws.make(ROLE, { name: "r", assumeRolePolicy: trust });
    await expect(other.make(BUCKET, { bucket: "weights-1" })).rejects.toThrow(/BucketAlreadyExists/);
    await other.make(ROLE, { name: "r", assumeRolePolicy: trust });
    await expect(aws.make(ROLE, { name: "r", assumeRolePolicy: trust })).rejects.toThrow(/EntityAlreadyExists/);
  });

  test("illegal names are refused with the rule and its source", async () => {
    const { failures } = await aws.check(BUCKET, { bucket: "Weights_1" });
    expect(failures).toEqual([
      expect.stringMatching(/^bucket: InvalidBucketName: "Weights_1" is not allowed: lowercase.*https:/),
    ]);
  });

  test("subnets must lie in their VPC and not overlap", async () => {
    const vpc = await aws.make(VPC, { cidrBlock: "10.0.0.0/16" });
    const subnet = (cidrBlock: string, name: string) => aws.make(SUBNET, { vpcId: vpc.id, cidrBlock }, { name });
    await subnet("10.0.0.0/24", "one");
    await expect(subnet("10.0.0.128/25", "two")).rejects.toThrow(/InvalidSubnet.Conflict/);
    await expect(subnet("10.1.0.0/24", "three")).rejects.toThrow(/InvalidSubnet.Range/);
  });

  test("an unknown type and an unknown function are refused with what is known", async () => {
    const { failures } = await aws.check("aws:sqs/queue:Queue", {});
    expect(failures).toEqual([expect.stringMatching(/does not know aws:sqs\/queue:Queue; known are .*ec2\/vpc:Vpc/)]);
    await expect(aws.invoke("aws:ec2/getAmi:getAmi", {})).rejects.toThrow(/does not know the function/);
  });

  test("a provider without an account is refused, whatever the machine's credentials", async () => {
    expect(await aws.checkConfig("aws", { region: "eu-west-1" })).toEqual([
      expect.stringMatching(/^allowedAccountIds: no account: the sandbox reads no credentials/),
    ]);
    expect(await aws.checkConfig("aws", { region: UNKNOWN, allowedAccountIds: UNKNOWN })).toEqual([]);
  });
});

describe("names", () => {
  test("are made up from the logical name, kept on update, and new for a replacement", async () => {
    const inputs = { assumeRolePolicy: trust };
    const first = await aws.check(ROLE, inputs, { name: "gateway" });
    expect(first.properties.name).toMatch(/^gateway-[0-9a-f]{7}$/);
    const kept = await aws.check(ROLE, inputs, { name: "gateway", olds: first.properties, seed: "other seed" });
    expect(kept.properties.name).toBe(first.properties.name);
    const replaced = await aws.check(ROLE, inputs, { name: "gateway", seed: "other seed" });
    expect(replaced.properties.name).not.toBe(first.properties.name);
  });

  test("fit the limit of the cloud", async () => {
    const { properties, failures } = await aws.check(BUCKET, {}, { name: "A".repeat(100) });
    expect(properties.bucket).toMatch(/^a{55}-[0-9a-f]{7}$/);
    expect(failures).toEqual([]);
  });
});

describe("diff", () => {
  const before = { cidrBlock: "10.0.0.0/16", tags: { a: "1" }, __defaults: ["x"] };

  test("names what changes in place", async () => {
    const after = { cidrBlock: "10.0.0.0/16", tags: { a: "2", b: "3" } };
    expect(await aws.diff(VPC, "vpc-1", before, after)).toEqual({
      changed: true,
      detailed: [
        ["tags.a", "update"],
        ["tags.b", "add"],
      ],
      replaces: [],
      deleteFirst: false,
    });
  });

  test("names what replaces, unknown values included", async () => {
    const after = { cidrBlock: UNKNOWN };
    const { detailed, replaces } = await aws.diff(VPC, "vpc-1", before, after);
    expect(detailed).toEqual([
      ["cidrBlock", "update-replace"],
      ["tags", "delete"],
    ]);
    expect(replaces).toEqual(["cidrBlock"]);
  });

  test("finds nothing in equal inputs", async () => {
    expect((await aws.diff(VPC, "vpc-1", before, { ...before, __defaults: [] })).changed).toBe(false);
  });

  test("deletes first only when a fixed name would be taken", async () => {
    const named = (name: string, path: string, filled: string[]) => ({ name, path, __defaults: filled });
    const fixed = await aws.diff(ROLE, "r", named("r", "/", []), named("r", "/a/", []));
    const made = await aws.diff(ROLE, "r", named("r-1", "/", ["name"]), named("r-1", "/a/", ["name"]));
    expect([fixed.deleteFirst, made.deleteFirst]).toEqual([true, false]);
  });
});

describe("update, read and delete", () => {
  test("an update keeps what the cloud generated and changes the rest", async () => {
    const { id, inputs, properties } = await aws.make(VPC, { cidrBlock: "10.0.0.0/16" });
    const after = { ...inputs, tags: { a: UNKNOWN }, enableDnsHostnames: true };
    const preview = await aws.update(VPC, id, properties, after, true);
    expect(preview.properties).toMatchObject({ tagsAll: { a: UNKNOWN }, arn: properties.arn, [SANDBOX_MARK]: true });
    expect(store.list()[0]?.inputs).not.toHaveProperty("tags");
    const updated = await aws.update(VPC, id, properties, { ...inputs, tags: { a: "1" } });
    expect(updated.properties).toMatchObject({ arn: properties.arn, tagsAll: { a: "1" } });
    expect((await aws.read(VPC, id, properties)).outputs.properties).toEqual(updated.properties);
  });

  test("reading gives what was made, reading what is not there gives nothing", async () => {
    const { id, inputs, properties } = await aws.make(VPC, { cidrBlock: "10.0.0.0/16", region: "us-east-1" });
    const found = await aws.read(VPC, `${id}@us-east-1`);
    expect(found).toMatchObject({ id, inputs: { properties: inputs }, outputs: { properties } });
    expect((await aws.read(VPC, id)).id).toBe("");
    expect((await aws.read(VPC, "vpc-00000000000000000")).id).toBe("");
  });

  test("deleting twice is no error, updating afterwards is", async () => {
    const { id, properties } = await aws.make(VPC, { cidrBlock: "10.0.0.0/16" });
    await aws.remove(VPC, id, properties);
    await aws.remove(VPC, id, properties);
    expect(store.count()).toBe(0);
    await expect(aws.update(VPC, id, properties, properties)).rejects.toThrow(/does not exist .*"pulumi refresh"/);
  });
});

describe("secrets", () => {
  test("secret outputs are marked at creation and when read", async () => {
    const key = await aws.make("aws:iam/accessKey:AccessKey", { user: "u" });
    expect(key.secrets).toEqual(["secret", "sesSmtpPasswordV4"]);
    const found = await aws.read("aws:iam/accessKey:AccessKey", key.id);
    expect(found.outputs.secrets.toSorted()).toEqual(["secret", "sesSmtpPasswordV4"]);
  });

  test("secret inputs stay secret among inputs and outputs", async () => {
    const inputs = { name: "r", assumeRolePolicy: trust, tags: { token: "hidden" } };
    const checked = await aws.check(ROLE, inputs, { secrets: ["tags.token"] });
    expect(checked.secrets).toEqual(["tags.token"]);
    const role = await aws.make(ROLE, inputs, { secrets: ["tags.token"] });
    expect(role.secrets).toEqual(["tags.token"]);
    expect((await aws.read(ROLE, "r")).inputs.secrets).toEqual(["tags.token"]);
  });
});
