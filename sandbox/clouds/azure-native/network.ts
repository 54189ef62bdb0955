/** Virtual networks, addresses, private endpoints. Error codes: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { contains, overlap, parseBlock } from "../ipv4.ts";
import { azureType, etagOf, IDENTITY, idReference, NAME_RULES, ownIdentity, uuidOf } from "./common.ts";

export const VNET = "azure-native:network:VirtualNetwork";
export const SUBNET = "azure-native:network:Subnet";
export const ADDRESS = "azure-native:network:PublicIPAddress";
const RULES = "azure-native:network:NetworkSecurityGroup";
const NAT = "azure-native:network:NatGateway";

/** Most network types. */
const networkName = {
  pattern: /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/,
  allowed:
    "letters, digits, underscores, dots and hyphens, beginning with a letter or digit, ending with one or an underscore",
  maxLength: 80,
  source: `${NAME_RULES}#microsoftnetwork`,
};

const succeeded = (context: Context) => ({ provisioningState: "Succeeded", etag: etagOf(context) });

const virtualNetwork = azureType({
  token: VNET,
  arm: "Microsoft.Network/virtualNetworks",
  names: ["virtualNetworkName"],
  rule: { ...networkName, maxLength: 64, minLength: 2 },
  replaceOn: [],
  references: [idReference("subnets[].networkSecurityGroup.id", RULES), idReference("subnets[].natGateway.id", NAT)],
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
  replaceOn: ["defaultOutboundAccess"],
  references: [idReference("networkSecurityGroup.id", RULES), idReference("natGateway.id", NAT)],
  check: (inputs) =>
    [...valuesAt(inputs, "addressPrefix"), ...valuesAt(inputs, "addressPrefixes[]")].flatMap(blockProblems),
  refuse: subnetRefusals,
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/virtualNetworks/subnets",
    privateEndpointNetworkPolicies: inputs.privateEndpointNetworkPolicies ?? "Disabled",
    privateLinkServiceNetworkPolicies: inputs.privateLinkServiceNetworkPolicies ?? "Enabled",
  }),
});

/** A subnet lies inside its network and beside its neighbours. */
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
    return [
      { property, reason: `NetcfgInvalidSubnet: Subnet '${name}' is not valid in virtual network '${network.name}'.` },
    ];
  }
  const beside = context
    .all(SUBNET)
    .filter((other) => other.id.toLowerCase().startsWith(`${networkId}/`) && other.id.toLowerCase() !== id)
    .some((other) => {
      const taken = parseBlock(String(other.inputs.addressPrefix));
      return taken !== undefined && overlap(taken, block);
    });
  const reason = `NetcfgSubnetRangesOverlap: Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network.name}'.`;
  return beside ? [{ property, reason }] : [];
}

function blockProblems({ path, value }: { path: string; value: unknown }): Problem[] {
  const text = knownString(value);
  if (text === undefined || parseBlock(text) !== undefined) return [];
  return [{ property: path, reason: `InvalidCIDRNotation: The address prefix ${text} has an invalid CIDR notation.` }];
}

const publicAddress = azureType({
  token: ADDRESS,
  arm: "Microsoft.Network/publicIPAddresses",
  names: ["publicIpAddressName"],
  rule: networkName,
  replaceOn: ["sku.name", "sku.tier", "zones", "publicIPAddressVersion"],
  check: staticProblems,
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/publicIPAddresses",
    ipAddress: context.address("ipAddress"),
    resourceGuid: uuidOf(context, "resource"),
    idleTimeoutInMinutes: inputs.idleTimeoutInMinutes ?? 4,
    publicIPAddressVersion: inputs.publicIPAddressVersion ?? "IPv4",
  }),
  handles: ({ ipAddress }) => [{ by: "address", value: String(ipAddress) }],
});

/** https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku */
function staticProblems(inputs: Properties): Problem[] {
  const method = inputs.publicIPAllocationMethod;
  if (isUnknown(method) || method === "Static" || valueAt(inputs, "sku.name") !== "Standard") return [];
  const property = "publicIPAllocationMethod";
  return [
    { property, reason: `is ${method ?? "Dynamic, as when nothing is said"}; addresses of SKU Standard are Static` },
  ];
}

const natGateway = azureType({
  token: NAT,
  arm: "Microsoft.Network/natGateways",
  names: ["natGatewayName"],
  rule: networkName,
  replaceOn: ["sku.name", "zones"],
  references: [idReference("publicIpAddresses[].id", ADDRESS)],
  check: oneZone,
  outputs: (inputs, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/natGateways",
    resourceGuid: uuidOf(context, "resource"),
    idleTimeoutInMinutes: inputs.idleTimeoutInMinutes ?? 4,
  }),
});

/** https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones: of SKU Standard it is in one zone or in none. */
function oneZone(inputs: Properties): Problem[] {
  const zones = asList(inputs.zones);
  if (zones.length < 2) return [];
  return [{ property: "zones", reason: `names ${zones.join(", ")}; a NAT gateway of SKU Standard is in one zone` }];
}

const securityGroup = azureType({
  token: RULES,
  arm: "Microsoft.Network/networkSecurityGroups",
  names: ["networkSecurityGroupName"],
  rule: networkName,
  replaceOn: [],
  check: ruleProblems,
  outputs: (_, context) => ({
    ...succeeded(context),
    type: "Microsoft.Network/networkSecurityGroups",
    resourceGuid: uuidOf(context, "resource"),
  }),
});

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules */
function ruleProblems(inputs: Properties): Problem[] {
  const seen = new Map<string, unknown>();
  return valuesAt(inputs, "securityRules[]").flatMap(({ path, value }) => {
    const { name, priority, direction } = asObject(value);
    const property = `${path}.priority`;
    if (typeof priority !== "number") return [];
    if (priority < 100 || priority > 4096) {
      const reason = `SecurityRuleInvalidPriority: Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`;
      return [{ property, reason }];
    }
    const other = seen.get(`${direction} ${priority}`);
    seen.set(`${direction} ${priority}`, name);
    if (other === undefined) return [];
    const reason = `SecurityRuleConflict: Security rule ${name} conflicts with rule ${other}. Rules cannot have the same Priority and Direction.`;
    return [{ property, reason }];
  });
}

const flowLog: ResourceType = {
  ...azureType({
    token: "azure-native:network:FlowLog",
    arm: "Microsoft.Network/networkWatchers/flowLogs",
    names: ["networkWatcherName", "flowLogName"],
    rule: networkName,
    replaceOn: ["targetResourceId"],
    references: [
      idReference("targetResourceId", VNET, SUBNET),
      idReference("storageId", "azure-native:storage:StorageAccount"),
      idReference("identity.userAssignedIdentities[]", IDENTITY),
    ],
    refuse: watcherRefusals,
    outputs: (inputs, context) => ({
      ...succeeded(context),
      type: "Microsoft.Network/networkWatchers/flowLogs",
      identity: ownIdentity(inputs.identity, context),
      targetResourceGuid: context.find([VNET, SUBNET], inputs.targetResourceId)?.outputs.resourceGuid,
    }),
  }),
};

/** Azure makes a region's watcher together with the first virtual network there. */
function watcherRefusals(inputs: Properties, context: Context): Problem[] {
  const watched = context.all(VNET).map(({ placement }) => `NetworkWatcher_${placement.region}`.toLowerCase());
  const name = String(inputs.networkWatcherName);
  if (watched.includes(name.toLowerCase())) return [];
  const reason = `ParentResourceNotFound: Failed to perform 'write' on resource(s) of type 'networkWatchers/flowLogs', because the parent resource '${name}' could not be found.`;
  return [{ property: "networkWatcherName", reason }];
}

export const networkTypes: readonly ResourceType[] = [
  virtualNetwork,
  subnet,
  publicAddress,
  natGateway,
  securityGroup,
  flowLog,
];
