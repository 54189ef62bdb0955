/** VPC networking. Error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { knownString, type Properties } from "../../values.ts";
import { contains, overlap, parseBlock } from "../ipv4.ts";
import { arnOf, awsType, dependencies, domainOf, heldByLoadBalancers, inUse, refs } from "./common.ts";
import { zoneId, zoneProblems } from "./places.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const ADDRESS = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const vpc = awsType({
  token: VPC,
  id: (_, context) => `vpc-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `vpc/${context.id}`, context),
  taggable: true,
  defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  // Of the tenancy one change is possible in place: from dedicated to default.
  replaceOn: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength", "instanceTenancy"],
  check: (inputs) => [...rangeGiven(inputs), ...blockProblems(inputs.cidrBlock, "InvalidVpc.Range")],
  inUse: [SUBNET, GATEWAY, "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/routeTable:RouteTable", ENDPOINT].map((by) =>
    inUse(by, "vpcId", dependencies("vpc")),
  ),
  outputs: (inputs, context) => ({
    ownerId: context.placement.scope,
    defaultSecurityGroupId: `sg-${context.hex(17, "default security group")}`,
    defaultNetworkAclId: `acl-${context.hex(17, "default acl")}`,
    defaultRouteTableId: `rtb-${context.hex(17, "main route table")}`,
    mainRouteTableId: `rtb-${context.hex(17, "main route table")}`,
    dhcpOptionsId: `dopt-${context.hex(17, "dhcp options")}`,
    enableDnsHostnames: inputs.enableDnsHostnames ?? false,
    enableNetworkAddressUsageMetrics: inputs.enableNetworkAddressUsageMetrics ?? false,
    ipv6AssociationId: "",
    ipv6CidrBlock: inputs.ipv6CidrBlock ?? "",
  }),
  handles: (outputs) => [
    { by: "id", value: String(outputs.defaultSecurityGroupId), type: "aws:ec2/securityGroup:SecurityGroup" },
    { by: "id", value: String(outputs.mainRouteTableId), type: "aws:ec2/routeTable:RouteTable" },
    { by: "id", value: String(outputs.defaultNetworkAclId), type: VPC },
  ],
});

const subnet = awsType({
  token: SUBNET,
  id: (_, context) => `subnet-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `subnet/${context.id}`, context),
  taggable: true,
  defaults: { assignIpv6AddressOnCreation: false, mapPublicIpOnLaunch: false },
  replaceOn: [
    "vpcId",
    "cidrBlock",
    "availabilityZone",
    "availabilityZoneId",
    "ipv4IpamPoolId",
    "ipv4NetmaskLength",
    "ipv6IpamPoolId",
    "ipv6NetmaskLength",
    "ipv6Native",
    "outpostArn",
  ],
  references: [refs.vpc("vpcId")],
  check: (inputs) => blockProblems(inputs.cidrBlock, "InvalidSubnet.Range"),
  refuse: subnetRefusals,
  inUse: [
    inUse(NAT, "subnetId", dependencies("subnet")),
    inUse(ENDPOINT, "subnetIds[]", dependencies("subnet")),
    inUse("aws:eks/cluster:Cluster", "vpcConfig.subnetIds[]", dependencies("subnet")),
    inUse("aws:eks/nodeGroup:NodeGroup", "subnetIds[]", dependencies("subnet")),
    ...heldByLoadBalancers(dependencies("subnet")),
  ],
  outputs: (inputs, context) => {
    const zone = knownString(inputs.availabilityZone) ?? `${context.placement.region}a`;
    return {
      ownerId: context.placement.scope,
      availabilityZone: inputs.availabilityZone ?? zone,
      availabilityZoneId: inputs.availabilityZoneId ?? zoneId(zone),
      ipv6CidrBlock: inputs.ipv6CidrBlock ?? "",
      ipv6CidrBlockAssociationId: "",
      privateDnsHostnameTypeOnLaunch: inputs.privateDnsHostnameTypeOnLaunch ?? "ip-name",
    };
  },
});

const internetGateway = awsType({
  token: GATEWAY,
  id: (_, context) => `igw-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `internet-gateway/${context.id}`, context),
  taggable: true,
  replaceOn: [],
  references: [refs.vpc("vpcId")],
  unique: [
    {
      paths: ["vpcId"],
      within: "region",
      refusal: (id) => `Resource.AlreadyAssociated: ${id} already has an internet gateway attached`,
      fix: "Use the one that is there",
    },
  ],
  inUse: [
    inUse(
      NAT,
      "vpcId",
      (id, user) =>
        `DependencyViolation: ${id} can't be detached: its network has some mapped public address(es), that of ${user}`,
      { counts: (_, { outputs }) => outputs.connectivityType === "public" },
    ),
  ],
  outputs: (inputs, context) => ({ ownerId: context.placement.scope, vpcId: inputs.vpcId ?? "" }),
  /** The network by which NAT gateways are behind it. */
  handles: ({ vpcId }) => (vpcId === "" ? [] : [{ by: "network", value: String(vpcId) }]),
});

const eip = awsType({
  token: ADDRESS,
  id: (_, context) => `eipalloc-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `elastic-ip/${context.id}`, context),
  taggable: true,
  replaceOn: ["address", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool", "customerOwnedIpv4Pool"],
  // The sandbox has no machines, so none that an address could belong to.
  references: [
    {
      path: "instance",
      types: [],
      refusal: (id) => `InvalidInstanceID.NotFound: The instance ID '${id}' does not exist`,
    },
  ],
  refuse: borderGroupRefusals,
  inUse: [inUse(NAT, "allocationId", addressInUse), ...heldByLoadBalancers(addressInUse)],
  outputs: (inputs, context) => {
    const publicIp = context.address("publicIp");
    const { region } = context.placement;
    const host = `ec2-${publicIp.replaceAll(".", "-")}`;
    const zone = region === "us-east-1" ? "compute-1" : `${region}.compute`;
    return {
      allocationId: context.id,
      associationId: "",
      domain: inputs.domain ?? "vpc",
      networkBorderGroup: inputs.networkBorderGroup ?? region,
      publicIpv4Pool: inputs.publicIpv4Pool ?? "amazon",
      publicIp,
      publicDns: `${host}.${zone}.${domainOf(region)}`,
      instance: inputs.instance ?? "",
      networkInterface: inputs.networkInterface ?? "",
    };
  },
  handles: ({ publicIp }) => [{ by: "address", value: String(publicIp) }],
});

const natGateway = awsType({
  token: NAT,
  id: (_, context) => `nat-${context.hex(17)}`,
  taggable: true,
  defaults: { connectivityType: "public" },
  replaceOn: ["allocationId", "connectivityType", "subnetId", "privateIp", "vpcId", "availabilityMode"],
  references: [
    refs.subnet("subnetId"),
    refs.vpc("vpcId"),
    {
      path: "allocationId",
      types: [ADDRESS],
      refusal: (id) => `InvalidAllocationID.NotFound: The allocation ID '${id}' does not exist`,
    },
  ],
  unique: [
    {
      paths: ["allocationId"],
      within: "region",
      refusal: (id) => `Resource.AlreadyAssociated: Elastic IP address [${id}] is already associated`,
      fix: "Give each NAT gateway an address of its own",
    },
  ],
  check: connectivityProblems,
  refuse: wayOutRefusals,
  outputs: (inputs, context) => ({
    associationId: `eipassoc-${context.hex(17, "association")}`,
    networkInterfaceId: `eni-${context.hex(17, "interface")}`,
    publicIp: context.find(ADDRESS, inputs.allocationId)?.outputs.publicIp ?? "",
    vpcId: inputs.vpcId ?? context.find(SUBNET, inputs.subnetId)?.outputs.vpcId,
    availabilityMode: inputs.availabilityMode ?? "zonal",
  }),
});

export const networkTypes: readonly ResourceType[] = [vpc, subnet, internetGateway, eip, natGateway];

function rangeGiven({ cidrBlock, ipv4IpamPoolId }: Properties): Problem[] {
  if (cidrBlock !== undefined || ipv4IpamPoolId !== undefined) return [];
  const reason = "MissingParameter: Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided";
  return [{ property: "cidrBlock", kind: "required", reason, fix: "Give cidrBlock a range of /16 to /28" }];
}

/** VPCs and subnets are /16 to /28: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
function blockProblems(value: unknown, code: string): Problem[] {
  const text = knownString(value);
  if (text === undefined) return [];
  const block = parseBlock(text);
  if (block !== undefined && block.prefix >= 16 && block.prefix <= 28) return [];
  const reason = `${code}: The CIDR '${text}' is invalid: an IPv4 block of /16 to /28 without host bits is needed`;
  return [{ property: "cidrBlock", reason, fix: "Give such a block, as 10.0.0.0/16" }];
}

function subnetRefusals(inputs: Properties, context: Context): Problem[] {
  const block = parseBlock(String(inputs.cidrBlock));
  const outer = parseBlock(String(context.find(VPC, inputs.vpcId)?.outputs.cidrBlock));
  if (block === undefined) return [];
  const outside = outer !== undefined && !contains(outer, block);
  const taken = context.all(SUBNET).find((other) => {
    const theirs = parseBlock(String(other.outputs.cidrBlock));
    const same = other.id === context.id || other.outputs.vpcId !== inputs.vpcId;
    return !same && theirs !== undefined && overlap(theirs, block);
  });
  const reasons = [
    ...(outside
      ? [`InvalidSubnet.Range: The CIDR '${inputs.cidrBlock}' is invalid: it is not within the VPC's block`]
      : []),
    ...(taken
      ? [`InvalidSubnet.Conflict: The CIDR '${inputs.cidrBlock}' conflicts with another subnet (${taken.id})`]
      : []),
  ];
  const zone = knownString(inputs.availabilityZone);
  return [
    ...reasons.map((reason) => ({ property: "cidrBlock", reason })),
    ...(zone === undefined ? [] : zoneProblems(context.placement.region, zone)),
  ];
}

/** Groups of zones from which an address is advertised are a region's own: `us-west-2-lax-1`. */
function borderGroupRefusals({ networkBorderGroup }: Properties, { placement: { region } }: Context): Problem[] {
  const group = knownString(networkBorderGroup);
  if (group === undefined || group === region || group.startsWith(`${region}-`)) return [];
  const reason = `InvalidParameterValue: The network border group ${group} is not one of ${region}`;
  return [{ property: "networkBorderGroup", kind: "placement", reason, fix: `Leave it out, or name one of ${region}` }];
}

function addressInUse(id: string, user: string): string {
  return `InvalidIPAddress.InUse: The address ${id} can't be released: it is associated with ${user}`;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html */
function connectivityProblems({ allocationId, availabilityMode, connectivityType, subnetId }: Properties): Problem[] {
  const isPrivate = connectivityType === "private";
  const regional = availabilityMode === "regional";
  const missing = [
    ...(isPrivate || regional || allocationId !== undefined ? [] : ["allocationId"]),
    ...(regional || subnetId !== undefined ? [] : ["subnetId"]),
  ].map((property) => {
    const reason = `MissingParameter: The request must include the ${property} parameter`;
    return { property, kind: "required", reason, fix: `Give ${property}, which a zonal gateway needs` } as const;
  });
  if (!isPrivate || allocationId === undefined) return missing;
  const reason = "InvalidParameter: a private NAT gateway can't have an Elastic IP address";
  return [...missing, { property: "allocationId", reason, fix: "Leave allocationId out, or make it public" }];
}

/** It comes up only in a network with a way to the internet: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html */
function wayOutRefusals(inputs: Properties, context: Context): Problem[] {
  const subnet = context.find(SUBNET, inputs.subnetId);
  if (inputs.connectivityType === "private" || subnet === undefined) return [];
  if (context.all(GATEWAY).some(({ outputs }) => outputs.vpcId === subnet.outputs.vpcId)) return [];
  const reason = `Gateway.NotAttached: Network ${subnet.outputs.vpcId} has no Internet gateway attached`;
  const fix = "Attach an internet gateway to the network first (dependsOn)";
  return [{ property: "subnetId", kind: "reference", reason, fix }];
}
