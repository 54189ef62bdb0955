/** Route tables. Error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
import { crc32 } from "node:zlib";
import type { Problem, ResourceType } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { arnOf, awsType, oneOfProblems, refs } from "./common.ts";

const TABLE = "aws:ec2/routeTable:RouteTable";

const routeTable = awsType({
  token: TABLE,
  id: (_, context) => `rtb-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `route-table/${context.id}`, context),
  taggable: true,
  replaceOn: ["vpcId"],
  references: [refs.vpc("vpcId")],
  check: (inputs) =>
    asList(inputs.routes).flatMap((each, index) => targetProblems(asObject(each), `routes[${index}].`, "cidrBlock")),
  outputs: (inputs, context) => ({
    ownerId: context.placement.scope,
    propagatingVgws: inputs.propagatingVgws ?? [],
    routes: inputs.routes ?? [],
  }),
});

/** To where a route may lead. */
const TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
];

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
      fix: "Change the route that is there, or give this one another destination",
    },
  ],
  check: (inputs) => [
    ...oneOfProblems(inputs, DESTINATIONS, "MissingParameter").map(
      (problem) => ({ ...problem, kind: "required" }) as const,
    ),
    ...targetProblems(inputs, "", "destinationCidrBlock"),
  ],
  refuse: (inputs, context) => {
    const table = context.find(TABLE, inputs.routeTableId);
    const gateway = context.find("aws:ec2/internetGateway:InternetGateway", inputs.gatewayId);
    return otherNetwork("gatewayId", table, gateway, "network gateway");
  },
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
      fix: "Change the association that is there: a subnet has one route table",
    },
  ],
  check: (inputs) =>
    oneOfProblems(inputs, ["subnetId", "gatewayId"], "MissingParameter").map(
      (problem) => ({ ...problem, kind: "required" }) as const,
    ),
  refuse: (inputs, context) => {
    const table = context.find(TABLE, inputs.routeTableId);
    return otherNetwork("subnetId", table, context.find("aws:ec2/subnet:Subnet", inputs.subnetId), "subnet");
  },
});

export const routeTypes: readonly ResourceType[] = [routeTable, route, routeTableAssociation];

/** A route leads to exactly one target, for a block without host bits. */
function targetProblems(route: Properties, at: string, destination: string): Problem[] {
  const targets = oneOfProblems(route, TARGETS, "InvalidParameterCombination").map((problem) => ({
    ...problem,
    property: `${at}${problem.property}`,
  }));
  const text = knownString(route[destination]);
  if (text === undefined || text === "0.0.0.0/0" || parseBlock(text) !== undefined) return targets;
  const reason = `InvalidParameterValue: Value (${text}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block`;
  const fix = "Give an IPv4 block without host bits, as 10.0.0.0/16";
  return [...targets, { property: `${at}${destination}`, reason, fix }];
}

/** What a route table and what it is for must share. */
function otherNetwork(
  property: string,
  table: StoredResource | undefined,
  other: StoredResource | undefined,
  what: string,
): Problem[] {
  if (table === undefined || other === undefined || table.outputs.vpcId === other.outputs.vpcId) return [];
  const reason = `InvalidParameterValue: route table ${table.id} and ${what} ${other.id} belong to different networks`;
  return [{ property, reason, fix: `Take a ${what} of ${table.outputs.vpcId}` }];
}
