import { describe, expect, test } from "vitest";
import { AwsNetwork } from "../../../components/network/aws.ts";
import type { NetworkArgs } from "../../../components/network/types.ts";
import { planSubnets } from "../../../components/plan/addresses.ts";
import { awsLocation, awsOutputs, awsSubnets, statementsOf, tags } from "../../support/aws.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: NetworkArgs = {
  location: awsLocation,
  subnets: awsSubnets,
  zoneRedundant: true,
  protect: false,
  logRetentionDays: 90,
  tags,
};

const build = (changes: Partial<NetworkArgs> = {}) =>
  construct(() => new AwsNetwork("net", { ...args, ...changes }), { outputs: awsOutputs });

describe("AwsNetwork", () => {
  test("is these resources, each below the component", async () => {
    const twoZones = { ...awsLocation, zones: ["a", "b"] };
    const resources = await build({ location: twoZones, subnets: planSubnets(twoZones.cidr, twoZones.zones) });
    expect(listOf(resources)).toEqual([
      "twocloud:index:AwsNetwork net",
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup net-default",
      "aws:ec2/vpcEndpoint:VpcEndpoint net-ecr-api",
      "aws:ec2/vpcEndpoint:VpcEndpoint net-ecr-dkr",
      "aws:ec2/eip:Eip net-egress-a",
      "aws:ec2/eip:Eip net-egress-b",
      "aws:ec2/routeTable:RouteTable net-endpoints",
      "aws:ec2/securityGroup:SecurityGroup net-endpoints",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-endpoints-a",
      "aws:ec2/subnet:Subnet net-endpoints-a",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-endpoints-b",
      "aws:ec2/subnet:Subnet net-endpoints-b",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule net-endpoints-https",
      "aws:cloudwatch/logGroup:LogGroup net-flows",
      "aws:ec2/flowLog:FlowLog net-flows",
      "aws:iam/role:Role net-flows",
      "aws:iam/rolePolicy:RolePolicy net-flows",
      "aws:ec2/internetGateway:InternetGateway net-internet",
      "aws:ec2/vpcEndpoint:VpcEndpoint net-logs",
      "aws:ec2/natGateway:NatGateway net-nat-a",
      "aws:ec2/natGateway:NatGateway net-nat-b",
      "aws:ec2/routeTable:RouteTable net-nodes-a",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-nodes-a",
      "aws:ec2/subnet:Subnet net-nodes-a",
      "aws:ec2/route:Route net-nodes-a-default",
      "aws:ec2/routeTable:RouteTable net-nodes-b",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-nodes-b",
      "aws:ec2/subnet:Subnet net-nodes-b",
      "aws:ec2/route:Route net-nodes-b-default",
      "aws:ec2/routeTable:RouteTable net-public",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-a",
      "aws:ec2/subnet:Subnet net-public-a",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-b",
      "aws:ec2/subnet:Subnet net-public-b",
      "aws:ec2/route:Route net-public-default",
      "aws:ec2/vpcEndpoint:VpcEndpoint net-s3",
      "aws:ec2/vpcEndpoint:VpcEndpoint net-sts",
      "aws:ec2/vpc:Vpc net-vpc",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(37).fill("net"));
  });

  test("keeps what a protected cluster stands on, and nothing else", async () => {
    const kept = async (protect: boolean) => {
      const resources = await build({ protect });
      return listOf(resources.filter((resource) => resource.protect && resource.retainOnDelete));
    };
    expect(await kept(true)).toEqual([
      "aws:ec2/subnet:Subnet net-nodes-a",
      "aws:ec2/subnet:Subnet net-nodes-b",
      "aws:ec2/subnet:Subnet net-nodes-c",
      "aws:ec2/vpc:Vpc net-vpc",
    ]);
    expect(await kept(false)).toEqual([]);
  });

  test("gives no machine a public address, in any subnet", async () => {
    const subnets = (await build()).filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    expect(subnets.map(({ inputs }) => inputs.mapPublicIpOnLaunch)).toEqual(Array(9).fill(false));
  });

  test("routes each zone through its own address translation when zone-redundant, through one otherwise", async () => {
    const ways = async (zoneRedundant: boolean) => {
      const resources = await build({ zoneRedundant });
      return ["a", "b", "c"].map((zone) => named(resources, `net-nodes-${zone}-default`).inputs.natGatewayId);
    };
    expect(await ways(true)).toEqual(["net-nat-a-id", "net-nat-b-id", "net-nat-c-id"]);
    expect(await ways(false)).toEqual(["net-nat-a-id", "net-nat-a-id", "net-nat-a-id"]);
  });

  test("leaves the endpoint subnets without a way out", async () => {
    const resources = await build();
    const table = named(resources, "net-endpoints", "aws:ec2/routeTable:RouteTable");
    const routes = resources.filter(({ type }) => type === "aws:ec2/route:Route");
    expect(routes.map(({ inputs }) => inputs.routeTableId)).not.toContain(`${table.name}-id`);
    expect(table.inputs.routes).toBeUndefined();
  });

  test("opens endpoints to the network on 443 only, and empties the default group", async () => {
    const resources = await build();
    const rules = resources.filter(({ type }) => type.startsWith("aws:vpc/"));
    expect(rules.map(({ inputs }) => inputs)).toEqual([
      {
        securityGroupId: "net-endpoints-id",
        description: "HTTPS from the network",
        cidrIpv4: "10.30.0.0/16",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        tags,
      },
    ]);
    expect(named(resources, "net-default").inputs).toMatchObject({ ingress: [], egress: [], vpcId: "net-vpc-id" });
  });

  test("lets storage be reached for image layers and for this account's own buckets only", async () => {
    const endpoint = named(await build(), "net-s3");
    expect(endpoint.inputs.routeTableIds).toEqual(["net-nodes-a-id", "net-nodes-b-id", "net-nodes-c-id"]);
    expect(statementsOf(endpoint.inputs.policy)).toEqual([
      {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*",
      },
      {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:*",
        Resource: "*",
        Condition: { StringEquals: { "s3:ResourceAccount": "111122223333" } },
      },
    ]);
  });

  test("logs every flow with a role that can write to this log only", async () => {
    const resources = await build();
    expect(named(resources, "net-flows", "aws:ec2/flowLog:FlowLog").inputs).toMatchObject({ trafficType: "ALL" });
    expect(named(resources, "net-flows", "aws:cloudwatch/logGroup:LogGroup").inputs.retentionInDays).toBe(90);
    const policy = named(resources, "net-flows", "aws:iam/rolePolicy:RolePolicy").inputs.policy;
    expect(statementsOf(policy)).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:net-flows:*",
      },
      {
        Effect: "Allow",
        Action: "logs:DescribeLogGroups",
        Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:*",
      },
    ]);
    const trust = named(resources, "net-flows", "aws:iam/role:Role").inputs.assumeRolePolicy;
    expect(statementsOf(trust)[0]?.Condition).toEqual({ StringEquals: { "aws:SourceAccount": "111122223333" } });
  });

  test("registers where it is, and one id a zone in the zones' order", async () => {
    expect(named(await build(), "net").outputs).toEqual({
      cloud: "aws",
      location: "aws-main",
      account: "111122223333",
      region: "eu-west-1",
      cidr: "10.30.0.0/16",
      scope: "111122223333",
      networkId: "net-vpc-id",
      nodeSubnetIds: ["net-nodes-a-id", "net-nodes-b-id", "net-nodes-c-id"],
      endpointSubnetIds: ["net-endpoints-a-id", "net-endpoints-b-id", "net-endpoints-c-id"],
      publicSubnetIds: ["net-public-a-id", "net-public-b-id", "net-public-c-id"],
      egressAddresses: ["192.0.2.12", "192.0.2.12", "192.0.2.12"],
    });
  });

  test("refuses subnets that don't fit the zones, and what CloudWatch doesn't have, all at once", async () => {
    const subnets = {
      ...awsSubnets,
      public: awsSubnets.public.slice(1),
      nodes: planSubnets("10.99.0.0/16", ["a", "b", "c"]).nodes,
    };
    await expect(build({ subnets, logRetentionDays: 31 })).rejects.toThrow(
      [
        "AwsNetwork net can't be built:",
        "  - logRetentionDays is 31; CloudWatch takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653: write 60",
        '  - subnets.nodes has "10.99.0.0/20" in zone a; it must be a part of 10.30.0.0/16',
        '  - subnets.nodes has "10.99.16.0/20" in zone b; it must be a part of 10.30.0.0/16',
        '  - subnets.nodes has "10.99.32.0/20" in zone c; it must be a part of 10.30.0.0/16',
        "  - subnets.public covers the zones [b, c]; the location has [a, b, c]: one subnet a zone, in order",
      ].join("\n"),
    );
  });

  test("refuses another cloud's location, and an account number that YAML has read as a number", async () => {
    await expect(build({ location: { ...awsLocation, cloud: "gcp" } })).rejects.toThrow(
      "location aws-main is in gcp; this component builds in aws: use gcp's",
    );
    await expect(build({ location: { ...awsLocation, account: "12345" } })).rejects.toThrow(
      'location aws-main has account "12345"; aws takes an account id of 12 digits, quoted',
    );
  });
});
