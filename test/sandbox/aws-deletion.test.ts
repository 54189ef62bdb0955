/** What the sandbox's AWS lets go, though something names it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  access,
  BUCKET,
  connect,
  GROUP,
  NAT,
  network,
  REPOSITORY,
  ROLE,
  SUBNET,
  subnetIn,
  TABLE,
  TEMPLATE,
  trustIn,
  ZONE,
} from "../support/refusals-aws-bench.ts";
import type { Bench, Held } from "../support/sandbox-refusals.ts";
import { type TestSandbox, testSandbox } from "./engine.ts";

let box: TestSandbox;
let rounds = 0;
beforeAll(async () => {
  box = await testSandbox();
});
afterAll(() => box.end());

/** By what is deleted: makes it, with what names it. */
const lets: Readonly<Record<string, readonly [type: string, make: (bench: Bench) => Promise<Held>]>> = {
  "a security group that only its own rule names": [
    GROUP,
    async (bench) => {
      const group = await bench.make(GROUP, { vpcId: (await network(bench)).id, name: "web" });
      const rule = { securityGroupId: group.id, ipProtocol: "-1", referencedSecurityGroupId: group.id };
      await bench.make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", rule);
      return group;
    },
  ],
  "a route table with a subnet, which the provider takes from it": [
    TABLE,
    async (bench) => {
      const vpc = await network(bench);
      const table = await bench.make(TABLE, { vpcId: vpc.id });
      const subnetId = (await subnetIn(bench, vpc)).id;
      await bench.make("aws:ec2/routeTableAssociation:RouteTableAssociation", { routeTableId: table.id, subnetId });
      return table;
    },
  ],
  "an internet gateway beside a private NAT gateway": [
    "aws:ec2/internetGateway:InternetGateway",
    async (bench) => {
      const vpc = await network(bench);
      const gateway = await bench.make("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id });
      await bench.make(NAT, { subnetId: (await subnetIn(bench, vpc)).id, connectivityType: "private" });
      return gateway;
    },
  ],
  "a placement group of a template without machines": [
    "aws:ec2/placementGroup:PlacementGroup",
    async ({ make }) => {
      const group = await make("aws:ec2/placementGroup:PlacementGroup", { name: "near", strategy: "cluster" });
      await make(TEMPLATE, { name: "near", placement: { groupName: group.id } });
      return group;
    },
  ],
  "a role that the provider may detach its policies from": [
    ROLE,
    async ({ make }) => {
      const inputs = { name: "caller", assumeRolePolicy: trustIn("ec2.amazonaws.com"), forceDetachPolicies: true };
      const role = await make(ROLE, inputs);
      await make("aws:iam/rolePolicy:RolePolicy", { role: role.id, name: "read", policy: access });
      return role;
    },
  ],
  "a zone that may be emptied": [
    ZONE,
    async ({ make }) => {
      const zone = await make(ZONE, { name: "ai.example.com", forceDestroy: true });
      const record = { zoneId: zone.id, name: "www", type: "A", ttl: 60, records: ["192.0.2.1"] };
      await make("aws:route53/record:Record", record);
      return zone;
    },
  ],
  "a bucket that may be emptied": [
    BUCKET,
    async ({ make, round }) => {
      const bucket = await make(BUCKET, { bucket: `case-${round}`, forceDestroy: true });
      const type = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration";
      await make(type, { loggingConfig: { s3Config: { bucketName: bucket.id } } });
      return bucket;
    },
  ],
  "a repository without images": [REPOSITORY, ({ make }) => make(REPOSITORY, { name: "team/image" })],
  "a subnet that nothing is in": [SUBNET, async (bench) => subnetIn(bench, await network(bench))],
};

test.each(Object.entries(lets))("%s", async (_, [type, make]) => {
  const round = ++rounds;
  const { account, provider } = await connect(box, round);
  const bench: Bench = {
    box,
    account,
    provider,
    round,
    make: (token, inputs, name = "main") => provider.make(token, inputs, { name }),
    accepted: () => Promise.reject(new Error("not asked for")),
  };
  const held = await make(bench);
  await provider.remove(type, held.id, held.properties);
  expect((await provider.read(type, held.id, held.properties)).id).toBe("");
});
