/**
 * What a fresh account of AWS may use, by the codes of Service Quotas. How many tokens a minute a model of Bedrock takes is
 * a quota of calls, not of anything that is made here.
 */
import type { FindOne, Quota } from "../../cloud.ts";
import { asObject, type Properties } from "../../values.ts";
import { CLUSTER } from "./common.ts";
import { families, quotaOf, vcpusOf } from "./instances.ts";
import { instanceTypesOf } from "./node-group-rules.ts";

const VPC = "aws:ec2/vpc:Vpc";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const NODES = "aws:eks/nodeGroup:NodeGroup";

const pages = {
  vpc: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
  onDemand: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html",
  spot: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html",
  eks: "https://docs.aws.amazon.com/general/latest/gr/eks.html",
  iam: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  dns: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html",
} as const;

const one = (): number => 1;
const inNetwork = ({ vpcId }: Properties): string => String(vpcId);

interface Row extends Pick<Quota, "name" | "what" | "fresh" | "code">, Partial<Pick<Quota, "usedBy" | "each">> {
  readonly type: string;
}

/** Quotas of one page and reach. */
function of(source: string, regional: boolean, rows: readonly Row[]): Quota[] {
  return rows.map(({ type, ...row }) => ({ usedBy: one, ...row, types: [type], regional, source }));
}

const networkQuotas = of(pages.vpc, true, [
  { name: "L-F678F1CE", what: "VPCs", fresh: 5, code: "VpcLimitExceeded", type: VPC },
  {
    name: "L-A4707A72",
    what: "internet gateways",
    fresh: 5,
    code: "InternetGatewayLimitExceeded",
    type: "aws:ec2/internetGateway:InternetGateway",
  },
  {
    name: "L-0263D0A3",
    what: "Elastic IP addresses",
    fresh: 5,
    code: "AddressLimitExceeded",
    type: "aws:ec2/eip:Eip",
  },
  {
    name: "L-FE5A380F",
    what: "NAT gateways of an availability zone",
    fresh: 5,
    code: "NatGatewayLimitExceeded",
    type: "aws:ec2/natGateway:NatGateway",
    each: zoneOf,
  },
  {
    name: "L-407747CB",
    what: "subnets of a VPC",
    fresh: 200,
    code: "SubnetLimitExceeded",
    type: "aws:ec2/subnet:Subnet",
    each: inNetwork,
  },
  {
    name: "L-589F43AA",
    what: "route tables of a VPC",
    fresh: 200,
    code: "RouteTableLimitExceeded",
    type: "aws:ec2/routeTable:RouteTable",
    each: inNetwork,
  },
  {
    name: "L-E79EC296",
    what: "security groups",
    fresh: 2500,
    code: "SecurityGroupLimitExceeded",
    type: "aws:ec2/securityGroup:SecurityGroup",
  },
  {
    name: "L-0EA8095F",
    what: "inbound rules of a security group",
    fresh: 60,
    code: "RulesPerSecurityGroupLimitExceeded",
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    each: ({ securityGroupId }) => String(securityGroupId),
  },
  {
    name: "L-29B6F2EB",
    what: "interface endpoints of a VPC",
    fresh: 50,
    code: "VpcEndpointLimitExceeded",
    type: ENDPOINT,
    each: inNetwork,
    usedBy: ({ vpcEndpointType }) => (vpcEndpointType === "Interface" ? 1 : 0),
  },
  {
    name: "L-1B52E74A",
    what: "gateway endpoints",
    fresh: 20,
    code: "VpcEndpointLimitExceeded",
    type: ENDPOINT,
    usedBy: ({ vpcEndpointType }) => (vpcEndpointType === "Gateway" ? 1 : 0),
  },
]);

/** vCPUs of running machines, of each family by itself: of those of P and G, a fresh account has none. */
const machineQuotas: readonly Quota[] = [
  ...of(pages.onDemand, true, [
    machines("L-1216C47A", "vCPUs of running on-demand Standard instances (A, C, D, H, I, M, R, T, Z)", 5),
    machines("L-417A185B", "vCPUs of running on-demand P instances", 0),
    machines("L-DB2E81BA", "vCPUs of running on-demand G and VT instances", 0),
  ]),
  ...of(pages.spot, true, [
    machines("L-34B43A08", "vCPUs of Standard spot instances (A, C, D, H, I, M, R, T, Z)", 5),
    machines("L-7212CCBC", "vCPUs of P4, P3 and P2 spot instances", 0),
    machines("L-C4BD4855", "vCPUs of P5 spot instances", 0),
    machines("L-3819A6DF", "vCPUs of G and VT spot instances", 0),
  ]),
];

const clusterQuotas = of(pages.eks, true, [
  { name: "L-1194D53C", what: "EKS clusters", fresh: 100, code: "ResourceLimitExceededException", type: CLUSTER },
  {
    name: "L-6D54EA21",
    what: "managed node groups of a cluster",
    fresh: 30,
    code: "ResourceLimitExceededException",
    type: NODES,
    each: ({ clusterName }) => String(clusterName),
  },
]);

const accountQuotas: readonly Quota[] = [
  ...of(pages.iam, false, [
    { name: "L-FE177D64", what: "IAM roles", fresh: 1000, code: "LimitExceeded", type: "aws:iam/role:Role" },
    {
      name: "L-0DA4ABF3",
      what: "managed policies of a role",
      fresh: 10,
      code: "LimitExceeded",
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      each: ({ role }) => String(role),
    },
    {
      name: "L-858F3967",
      what: "OpenID Connect providers",
      fresh: 100,
      code: "LimitExceeded",
      type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    },
  ]),
  ...of(pages.dns, false, [
    { name: "L-4EA4796A", what: "hosted zones", fresh: 500, code: "TooManyHostedZones", type: "aws:route53/zone:Zone" },
    {
      name: "L-ACB674F3",
      what: "health checks",
      fresh: 200,
      code: "TooManyHealthChecks",
      type: "aws:route53/healthCheck:HealthCheck",
    },
  ]),
];

export const awsQuotas: readonly Quota[] = [...networkQuotas, ...machineQuotas, ...clusterQuotas, ...accountQuotas];

function machines(name: string, what: string, fresh: number): Row {
  const spot = families.some((family) => family.spot === name);
  const code = spot ? "MaxSpotInstanceCountExceeded" : "VcpuLimitExceeded";
  return { name, what, fresh, code, type: NODES, usedBy: (outputs, find) => vcpusFor(name, outputs, find) };
}

/** How many vCPUs of a quota a node group's machines have; a capacity block's are reserved and count against none. */
function vcpusFor(quota: string, group: Properties, find: FindOne): number {
  if (group.capacityType === "CAPACITY_BLOCK") return 0;
  const template = find("aws:ec2/launchTemplate:LaunchTemplate", asObject(group.launchTemplate).id);
  const [type = ""] = instanceTypesOf(group, template?.outputs);
  if (quotaOf(type, group.capacityType === "SPOT") !== quota) return 0;
  return vcpusOf(type) * Number(asObject(group.scalingConfig).desiredSize ?? 0);
}

function zoneOf({ subnetId }: Properties, find: FindOne): string {
  return String(find("aws:ec2/subnet:Subnet", subnetId)?.outputs.availabilityZone);
}
