/** What the sandbox's AWS refuses of who reaches what: security groups, endpoints, flow logs. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  connect,
  ENDPOINT,
  GROUP,
  keptBy,
  network,
  refusedBy,
  SUBNET,
  set,
  twice,
  VPC,
  without,
} from "../../support/refusals-aws-bench.ts";
import { type Refused, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const otherVpc = { vpcId: "vpc-00000000000000000" };
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const FLOWS = "aws:ec2/flowLog:FlowLog";

const ruleCases = (type: string): Refused[] => [
  refusedBy(
    "reference",
    "a group that is not there",
    set({ securityGroupId: "sg-00000000000000000" }),
    "InvalidGroup.NotFound",
    "securityGroupId",
  ),
  twice(type, "the same rule twice", "InvalidPermission.Duplicate", "already exists"),
  refusedBy("limit", "ports upside down", set({ fromPort: 443, toPort: 80 }), "InvalidParameterValue", "(443:80)"),
  refusedBy("limit", "tcp without ports", without("fromPort", "toPort"), "InvalidParameterValue", "fromPort"),
  refusedBy(
    "limit",
    "a block with host bits",
    set({ cidrIpv4: "10.0.0.1/16" }),
    "InvalidParameterValue",
    "10.0.0.1/16",
  ),
  refusedBy("limit", "two sources", set({ prefixListId: "pl-1" }), "InvalidParameterCombination", "prefixListId"),
  refusedBy(
    "immutable",
    "another group",
    set({ securityGroupId: "sg-00000000000000000" }),
    "UnsupportedOperation",
    "securityGroupId",
  ),
];

const badRule = [{ protocol: "tcp", fromPort: 70_000, toPort: 70_000, cidrBlocks: ["10.0.0.0/16"] }];

const refused: RefusedTypes = {
  [GROUP]: [
    refusedBy("reference", "a VPC that is not there", set(otherVpc), "InvalidVpcID.NotFound", "vpcId"),
    refusedBy("name", "a name like an id", set({ name: "sg-web" }), "InvalidParameterValue", "not beginning with sg-"),
    twice(GROUP, "a name twice in a VPC", "InvalidGroup.Duplicate", "already exists for VPC"),
    refusedBy("limit", "a rule of no port", set({ ingress: badRule }), "InvalidParameterValue", "ingress[0].fromPort"),
    refusedBy(
      "limit",
      "a description in other letters",
      set({ description: "Über" }),
      "InvalidParameterValue",
      "description",
    ),
    refusedBy("immutable", "another description", set({ description: "New" }), "UnsupportedOperation", "description"),
    keptBy(
      "an endpoint has it",
      async ({ make }, { id, inputs: { vpcId } }) => {
        const subnet = await make(SUBNET, { vpcId, cidrBlock: "10.0.0.0/24" });
        const serviceName = "com.amazonaws.eu-west-1.sts";
        await make(ENDPOINT, {
          vpcId,
          serviceName,
          vpcEndpointType: "Interface",
          subnetIds: [subnet.id],
          securityGroupIds: [id],
        });
      },
      "DependencyViolation",
      "vpce-",
    ),
    keptBy(
      "a rule of another group names it",
      async ({ make }, { id, inputs: { vpcId } }) => {
        const other = await make(GROUP, { vpcId, name: "other" }, "other");
        await make(INGRESS, { securityGroupId: other.id, ipProtocol: "-1", referencedSecurityGroupId: id });
      },
      "DependencyViolation",
      "has a dependent object",
    ),
  ],
  [DEFAULT]: [
    refusedBy("reference", "a VPC that is not there", set(otherVpc), "InvalidVpcID.NotFound", "vpcId"),
    refusedBy("limit", "a rule of no port", set({ egress: badRule }), "InvalidParameterValue", "egress[0].fromPort"),
    refusedBy("immutable", "another VPC", set(otherVpc), "UnsupportedOperation", "vpcId"),
  ],
  [INGRESS]: [
    ...ruleCases(INGRESS),
    {
      kind: "limit",
      when: "the sixty-first of a group",
      first: async ({ make }, inputs) => {
        for (let port = 1; port <= 60; port++) {
          await make(INGRESS, { ...inputs, fromPort: port, toPort: port }, `port-${port}`);
        }
      },
      code: "RulesPerSecurityGroupLimitExceeded",
      says: "limit 60",
    },
  ],
  [EGRESS]: ruleCases(EGRESS),
  [ENDPOINT]: [
    refusedBy("reference", "a VPC that is not there", set(otherVpc), "InvalidVpcID.NotFound", "vpcId"),
    refusedBy(
      "placement",
      "a service of another region",
      set({ serviceName: "com.amazonaws.us-east-1.sts" }),
      "InvalidServiceName",
      "serviceName",
    ),
    {
      kind: "placement",
      when: "two subnets of a zone",
      change: async (inputs, { make }) => {
        const { vpcId, subnetIds } = inputs as { vpcId: string; subnetIds: string[] };
        const place = { cidrBlock: "10.0.9.0/24", availabilityZone: "eu-west-1a" };
        const other = await make(SUBNET, { vpcId, ...place }, "other");
        return { ...inputs, subnetIds: [...subnetIds, other.id] };
      },
      code: "DuplicateSubnetsInSameZone",
      says: "subnetIds[1]",
    },
    refusedBy(
      "limit",
      "routes to a service that has none",
      (inputs) => ({ ...without("subnetIds", "privateDnsEnabled")(inputs), vpcEndpointType: "Gateway" }),
      "InvalidParameter",
      "vpcEndpointType",
    ),
    {
      kind: "limit",
      when: "private names in a network without names",
      change: async (inputs, { make }) => {
        const vpc = await make(VPC, { cidrBlock: "10.0.0.0/16" }, "silent");
        const subnet = await make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" }, "silent");
        return { ...inputs, vpcId: vpc.id, subnetIds: [subnet.id] };
      },
      code: "InvalidParameter",
      says: "enableDnsHostnames",
    },
    {
      kind: "limit",
      when: "private names that another has",
      first: ({ make }, inputs) => make(ENDPOINT, inputs, "first"),
      code: "InvalidParameter",
      says: "conflicting DNS domain",
    },
    refusedBy("required", "no service", without("serviceName"), "MissingParameter", "serviceName"),
    refusedBy(
      "immutable",
      "another service",
      set({ serviceName: "com.amazonaws.eu-west-1.logs" }),
      "UnsupportedOperation",
      "serviceName",
    ),
  ],
  [FLOWS]: [
    refusedBy("reference", "a VPC that is not there", set(otherVpc), "InvalidVpcID.NotFound", "vpcId"),
    refusedBy(
      "reference",
      "a role that is not there",
      set({ iamRoleArn: "arn:aws:iam::111122223333:role/none" }),
      "InvalidParameter",
      "Unable to assume given IAM role",
    ),
    refusedBy("required", "no role", without("iamRoleArn"), "MissingParameter", "iamRoleArn"),
    refusedBy(
      "limit",
      "an interval that is none",
      set({ maxAggregationInterval: 300 }),
      "InvalidParameter",
      "60 or 600",
    ),
    refusedBy(
      "immutable",
      "another interval",
      set({ maxAggregationInterval: 60 }),
      "UnsupportedOperation",
      "maxAggregationInterval",
    ),
    twice(FLOWS, "the same twice", "FlowLogAlreadyExists", "vpcId"),
    {
      kind: "required",
      when: "nothing to log",
      change: async (inputs, bench) => ({
        ...without("vpcId")(inputs),
        tags: { of: (await network(bench, "other")).id },
      }),
      code: "MissingParameter",
      says: "exactly one of vpcId",
    },
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
