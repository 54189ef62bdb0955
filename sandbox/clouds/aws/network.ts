/** VPC networking. Error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
import { crc32 } from "node:zlib";
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { knownString, type Properties } from "../../values.ts";
import { contains, overlap, parseBlock } from "../ipv4.ts";
import { arnOf, awsType, dependencies, domainOf, inUse, refs } from "./common.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

const vpc = awsType({
  token: VPC,
  id: (_, context) => `vpc-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `vpc/${context.id}`, context),
  taggable: true,
  defaults: { enableDnsSupport: true, instanceTenancy: "default" },
  replaceOn: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  check: (inputs) => blockProblems(inputs.cidrBlock, "InvalidVpc.Range"),
  inUse: [inUse(SUBNET, "vpcId", dependencies("vpc"))],
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
  replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native", "outpostArn"],
  references: [refs.vpc("vpcId")],
  check: (inputs) => blockProblems(inputs.cidrBlock, "InvalidSubnet.Range"),
  refuse: subnetRefusals,
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
  token: "aws:ec2/internetGateway:InternetGateway",
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
    },
  ],
  outputs: (inputs, context) => ({ ownerId: context.placement.scope, vpcId: inputs.vpcId ?? "" }),
});

const eip = awsType({
  token: "aws:ec2/eip:Eip",
  id: (_, context) => `eipalloc-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `elastic-ip/${context.id}`, context),
  taggable: true,
  replaceOn: ["address", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool", "customerOwnedIpv4Pool"],
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
  token: "aws:ec2/natGateway:NatGateway",
  id: (_, context) => `nat-${context.hex(17)}`,
  taggable: true,
  defaults: { connectivityType: "public" },
  replaceOn: ["allocationId", "connectivityType", "subnetId", "privateIp", "vpcId", "availabilityMode"],
  references: [
    refs.subnet("subnetId"),
    refs.vpc("vpcId"),
    {
      path: "allocationId",
      types: ["aws:ec2/eip:Eip"],
      refusal: (id) => `InvalidAllocationID.NotFound: The allocation ID '${id}' does not exist`,
    },
  ],
  unique: [
    {
      paths: ["allocationId"],
      within: "region",
      refusal: (id) => `Resource.AlreadyAssociated: Elastic IP address [${id}] is already associated`,
    },
  ],
  outputs: (inputs, context) => ({
    associationId: `eipassoc-${context.hex(17, "association")}`,
    networkInterfaceId: `eni-${context.hex(17, "interface")}`,
    publicIp: context.find("aws:ec2/eip:Eip", inputs.allocationId)?.outputs.publicIp ?? "",
    vpcId: inputs.vpcId ?? context.find(SUBNET, inputs.subnetId)?.outputs.vpcId,
    availabilityMode: inputs.availabilityMode ?? "zonal",
  }),
});

const routeTable = awsType({
  token: "aws:ec2/routeTable:RouteTable",
  id: (_, context) => `rtb-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `route-table/${context.id}`, context),
  taggable: true,
  replaceOn: ["vpcId"],
  references: [refs.vpc("vpcId")],
  outputs: (inputs, context) => ({
    ownerId: context.placement.scope,
    propagatingVgws: inputs.propagatingVgws ?? [],
    routes: inputs.routes ?? [],
  }),
});

const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];

const route = awsType({
  token: "aws:ec2/route:Route",
  id: (inputs) => {
    const destination = DESTINATIONS.map((key) => inputs[key]).find((value) => value !== undefined);
    return `r-${inputs.routeTableId}${crc32(String(destination))}`;
  },
  replaceOn: ["routeTableId", ...DESTINATIONS],
  references: [
    refs.routeTable("routeTableId"),
    {
      path: "gatewayId",
      types: ["aws:ec2/internetGateway:InternetGateway", "aws:ec2/vpcEndpoint:VpcEndpoint"],
      except: /^local$|^vgw-/,
      refusal: (id) => `InvalidGatewayID.NotFound: The gateway ID '${id}' does not exist`,
    },
    {
      path: "natGatewayId",
      types: ["aws:ec2/natGateway:NatGateway"],
      refusal: (id) => `InvalidNatGatewayID.NotFound: The natGateway ID '${id}' does not exist`,
    },
  ],
  unique: [
    {
      paths: ["routeTableId", ...DESTINATIONS],
      within: "region",
      refusal: (key) =>
        `RouteAlreadyExists: The route identified by ${key.split("/").slice(1).join("/")} already exists.`,
    },
  ],
  outputs: (inputs) => ({
    origin: "CreateRoute",
    state: "active",
    instanceId: "",
    instanceOwnerId: "",
    networkInterfaceId: inputs.networkInterfaceId ?? "",
  }),
});

const routeTableAssociation = awsType({
  token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  id: (_, context) => `rtbassoc-${context.hex(17)}`,
  replaceOn: ["subnetId", "gatewayId"],
  references: [refs.routeTable("routeTableId"), refs.subnet("subnetId")],
  unique: [
    {
      paths: ["subnetId"],
      within: "region",
      refusal: (id) =>
        `Resource.AlreadyAssociated: the specified association for subnet ${id} conflicts with an existing one`,
    },
  ],
});

export const networkTypes: readonly ResourceType[] = [
  vpc,
  subnet,
  internetGateway,
  eip,
  natGateway,
  routeTable,
  route,
  routeTableAssociation,
];

/** VPCs and subnets are /16 to /28: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
function blockProblems(value: unknown, code: string): Problem[] {
  const text = knownString(value);
  if (text === undefined) return [];
  const block = parseBlock(text);
  if (block !== undefined && block.prefix >= 16 && block.prefix <= 28) return [];
  const reason = `${code}: The CIDR '${text}' is invalid: an IPv4 block of /16 to /28 without host bits is needed, e.g. 10.0.0.0/16`;
  return [{ property: "cidrBlock", reason }];
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
  return reasons.map((reason) => ({ property: "cidrBlock", reason }));
}

/** `eu-west-1a` → `euw1-az1`: https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html */
function zoneId(zone: string): string {
  const [area = "", direction = "", last = ""] = zone.split("-").slice(-3);
  const letter = last.slice(-1);
  const short = direction.replace(/north|south|east|west|central/g, (word) => word.charAt(0));
  return `${area}${short}${last.slice(0, -1)}-az${letter.charCodeAt(0) - "a".charCodeAt(0) + 1}`;
}
