/** Virtual networks and their subnets. Error codes: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
import type { Context, InUse, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { type Block, contains, overlap, parseBlock } from "../ipv4.ts";
import { azureType, CLUSTER, etagOf, idReference, NAME_RULES, parentId, uuidOf } from "./common.ts";
import { isInside } from "./locks.ts";

export const VNET = "azure-native:network:VirtualNetwork";
export const SUBNET = "azure-native:network:Subnet";
export const NAT = "azure-native:network:NatGateway";
export const RULES = "azure-native:network:NetworkSecurityGroup";
const POOL = "azure-native:containerservice:AgentPool";
const ENDPOINT = "azure-native:network:PrivateEndpoint";

export const NETWORK_FAQ = "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq";

/** Most network types. */
export const networkName = {
  pattern: /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/,
  allowed:
    "letters, digits, underscores, dots and hyphens, beginning with a letter or digit, ending with one or an underscore",
  maxLength: 80,
  source: `${NAME_RULES}#microsoftnetwork`,
};

export const succeeded = (context: Context) => ({ provisioningState: "Succeeded", etag: etagOf(context) });

/** What has addresses of a subnet, by the path of the input that says so. */
const tenants: readonly (readonly [by: string, path: string])[] = [
  [CLUSTER, "agentPoolProfiles[].vnetSubnetID"],
  [POOL, "vnetSubnetID"],
  [POOL, "podSubnetID"],
  [ENDPOINT, "subnet.id"],
];

const inUse = (id: string, user: string) =>
  `InUseSubnetCannotBeDeleted: Subnet ${id.split("/").at(-1)} is in use by ${user} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet.`;

const virtualNetwork = azureType({
  token: VNET,
  arm: "Microsoft.Network/virtualNetworks",
  names: ["virtualNetworkName"],
  rule: { ...networkName, maxLength: 64, minLength: 2 },
  replaceOn: [],
  references: [idReference("subnets[].networkSecurityGroup.id", RULES), idReference("subnets[].natGateway.id", NAT)],
  inUse: tenants.map(
    ([by, path]): InUse => ({
      by,
      counts: ({ id }, { inputs }) => valuesAt(inputs, path).some(({ value }) => isInside(String(value), id)),
      refusal: inUse,
    }),
  ),
  check: (inputs) => valuesAt(inputs, "addressSpace.addressPrefixes[]").flatMap(blockProblems),
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/virtualNetworks",
    resourceGuid: uuidOf(context, "resource"),
    enableDdosProtection: inputs.enableDdosProtection ?? false,
    ...(inputs.subnets === undefined ? {} : { subnets: inlineSubnets(inputs.subnets, context) }),
  }),
  handles: (outputs) =>
    asList(outputs.subnets).flatMap((subnet) => {
      const id = knownString(asObject(subnet).id);
      return id === undefined ? [] : [{ by: "id", value: id, type: SUBNET }];
    }),
});

function inlineSubnets(subnets: unknown, context: Context): unknown {
  if (!Array.isArray(subnets)) return subnets;
  return subnets
    .map(asObject)
    .map((subnet) => ({ ...subnet, id: `${context.id}/subnets/${subnet.name}`, provisioningState: "Succeeded" }));
}

const subnetFacts = {
  token: SUBNET,
  arm: "Microsoft.Network/virtualNetworks/subnets",
  names: ["virtualNetworkName", "subnetName"],
  rule: networkName,
  parent: VNET,
} as const;

const subnet = azureType({
  ...subnetFacts,
  replaceOn: [],
  fixed: { defaultOutboundAccess: null },
  references: [idReference("networkSecurityGroup.id", RULES), idReference("natGateway.id", NAT)],
  inUse: tenants.map(([by, path]): InUse => ({ by, path, refusal: inUse })),
  oneAtATime: {
    parent: (inputs, connection) => parentId(subnetFacts, inputs, { connection }),
    refusal: (network) =>
      `AnotherOperationInProgress: Another operation on this or dependent resource is in progress: ${network}.`,
    source: "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors",
  },
  check: (inputs) => {
    const prefixes = [...valuesAt(inputs, "addressPrefix"), ...valuesAt(inputs, "addressPrefixes[]")];
    return prefixes.flatMap((found) => [...blockProblems(found), ...sizeProblems(found)]);
  },
  refuse: subnetRefusals,
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/virtualNetworks/subnets",
    privateEndpointNetworkPolicies: inputs.privateEndpointNetworkPolicies ?? "Disabled",
    privateLinkServiceNetworkPolicies: inputs.privateLinkServiceNetworkPolicies ?? "Enabled",
  }),
});

/** A subnet lies inside its network and beside its neighbours, and keeps its range while something is in it. */
function subnetRefusals(inputs: Properties, context: Context): Problem[] {
  const property = "addressPrefix";
  const block = parseBlock(String(inputs.addressPrefix));
  if (block === undefined) return [];
  const id = subnet.id(inputs, context).toLowerCase();
  const networkId = id.slice(0, id.lastIndexOf("/subnets/"));
  const network = context.find(VNET, networkId);
  if (network === undefined) return [];
  const ranges = valuesAt(network.inputs, "addressSpace.addressPrefixes[]").map(({ value }) =>
    parseBlock(String(value)),
  );
  const name = inputs.subnetName;
  if (!ranges.some((range) => range !== undefined && contains(range, block))) {
    const reason = `NetcfgInvalidSubnet: Subnet '${name}' is not valid in virtual network '${network.name}'.`;
    return [{ property, reason, fix: "Take a range inside the network's address space" }];
  }
  const beside = context
    .all(SUBNET)
    .filter((other) => other.id.toLowerCase().startsWith(`${networkId}/`) && other.id.toLowerCase() !== id)
    .some((other) => {
      const taken = parseBlock(String(other.inputs.addressPrefix));
      return taken !== undefined && overlap(taken, block);
    });
  const reason = `NetcfgSubnetRangesOverlap: Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network.name}'.`;
  if (beside) return [{ property, reason, fix: "Take a range that no other subnet has" }];
  return movedRefusals(inputs, context, id);
}

function movedRefusals(inputs: Properties, { before, all }: Context, id: string): Problem[] {
  const was = knownString(before?.addressPrefix);
  if (was === undefined || was === inputs.addressPrefix) return [];
  const user = tenants
    .flatMap(([by, path]) => all(by).map((other) => ({ id: other.id, used: valuesAt(other.inputs, path) })))
    .find(({ used }) => used.some(({ value }) => String(value).toLowerCase() === id));
  if (user === undefined) return [];
  const reason = `InUsePrefixCannotBeDeleted: IpPrefix ${was} on Subnet ${inputs.subnetName} has active allocations (${user.id}) and cannot be deleted.`;
  const fix = "Keep the range, or make another subnet and move there what is in this one";
  return [{ property: "addressPrefix", kind: "immutable", reason, fix, source: NETWORK_FAQ }];
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq: what no virtual network may have. */
const reserved = ["224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32"];

function blockProblems({ path, value }: { path: string; value: unknown }): Problem[] {
  const text = knownString(value);
  if (text === undefined) return [];
  const block = parseBlock(text);
  if (block === undefined) {
    const reason = `InvalidCIDRNotation: The address prefix ${text} has an invalid CIDR notation.`;
    return [{ property: path, reason, fix: "Write an IPv4 range without host bits, as 10.0.0.0/16" }];
  }
  const taken = reserved.find((range) => overlap(block, parseBlock(range) as Block));
  if (taken === undefined) return [];
  const reason = `InvalidParameter: the address prefix ${text} overlaps with ${taken}, which Azure keeps for itself`;
  return [{ property: path, reason, fix: "Take a range of RFC 1918, as 10.0.0.0/16" }];
}

const SMALLEST = 29;

function sizeProblems({ path, value }: { path: string; value: unknown }): Problem[] {
  const block = parseBlock(String(value));
  if (block === undefined || block.prefix <= SMALLEST) return [];
  const reason = `InvalidParameter: ${value} is too small: Azure takes five addresses of each subnet, so the smallest is /${SMALLEST}`;
  return [{ property: path, reason, fix: `Take a range of /${SMALLEST} or larger` }];
}

/** The range of a subnet, if it has one. */
export function rangeOf(subnetId: unknown, { find }: Pick<Context, "find">): Block | undefined {
  const found = find(SUBNET, subnetId);
  return parseBlock(String(valueAt(found?.inputs, "addressPrefix")));
}

export const networkTypes: readonly ResourceType[] = [virtualNetwork, subnet];
