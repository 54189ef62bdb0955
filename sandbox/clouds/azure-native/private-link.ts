/** Private endpoints. https://learn.microsoft.com/azure/private-link/private-endpoint-overview */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { azureType, etagOf, idReference, parentId } from "./common.ts";
import { networkName, rangeOf, SUBNET, VNET } from "./network.ts";
import { regionName } from "./regions.ts";

export const ENDPOINT = "azure-native:network:PrivateEndpoint";
const ACCOUNT = "azure-native:cognitiveservices:Account";

/** What can be reached by a private endpoint, and under which sub-resources. https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource */
const targets: Record<string, readonly string[]> = {
  [ACCOUNT]: ["account"],
  "azure-native:containerregistry:Registry": ["registry"],
  "azure-native:keyvault:Vault": ["vault"],
  "azure-native:storage:StorageAccount": ["blob", "dfs", "file", "queue", "table", "web"],
  "azure-native:containerservice:ManagedCluster": ["management"],
};

const connections = "privateLinkServiceConnections[]";

const endpoint = azureType({
  token: ENDPOINT,
  arm: "Microsoft.Network/privateEndpoints",
  names: ["privateEndpointName"],
  rule: { ...networkName, minLength: 2, maxLength: 64 },
  replaceOn: ["subnet"],
  fixed: { [`${connections}.privateLinkServiceId`]: null },
  references: [
    idReference("subnet.id", SUBNET),
    idReference(`${connections}.privateLinkServiceId`, ...Object.keys(targets)),
  ],
  refuse: (inputs, context) => [...regionRefusals(inputs, context), ...targetRefusals(inputs, context)],
  outputs: (inputs, context) => ({
    provisioningState: "Succeeded",
    etag: etagOf(context),
    type: "Microsoft.Network/privateEndpoints",
    networkInterfaces: [
      { id: `${context.id.split("/privateEndpoints/")[0]}/networkInterfaces/${inputs.privateEndpointName}.nic` },
    ],
    customDnsConfigs: inputs.customDnsConfigs ?? names(inputs, context),
  }),
});

/** The endpoint is in the region of its network; what it leads to may be anywhere. */
function regionRefusals(inputs: Properties, context: Context): Problem[] {
  const subnetId = knownString(valueAt(inputs, "subnet.id"));
  const network = context.find(VNET, subnetId?.replace(/\/subnets\/[^/]+$/i, ""));
  if (network === undefined || regionName(network.placement.region) === regionName(context.placement.region)) return [];
  const reason = `InvalidResourceReference: Resource ${network.id} referenced by the private endpoint is in ${network.placement.region}, the endpoint in ${context.placement.region}. Please make sure that both resources are in the same region.`;
  const fix = "Make the endpoint in the region of the virtual network";
  return [{ property: "subnet.id", kind: "placement", reason, fix }];
}

function targetRefusals(inputs: Properties, context: Context): Problem[] {
  return valuesAt(inputs, connections).flatMap(({ path, value }) => {
    const { privateLinkServiceId, groupIds } = asObject(value);
    const target = context.find(Object.keys(targets), privateLinkServiceId);
    if (target === undefined) return [];
    const known = targets[target.type] ?? [];
    const unknown = asList(groupIds).filter((group) => !known.includes(String(group)));
    const problems: Problem[] = unknown.map((group) => ({
      property: `${path}.groupIds`,
      kind: "reference",
      reason: `InvalidParameter: ${target.id} has no sub-resource "${group}"; it has ${known.join(", ")}`,
      fix: "Write one of these into groupIds",
      source: "https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource",
    }));
    const bare = target.type === ACCOUNT && valueAt(target.outputs, "properties.customSubDomainName") === undefined;
    const reason = "the account has no custom subdomain; private endpoints need one";
    const fix = "Set properties.customSubDomainName of the account";
    const source = "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks";
    const property = `${path}.privateLinkServiceId`;
    return bare
      ? [...problems, { property, kind: "reference", reason: `InvalidParameter: ${reason}`, fix, source }]
      : problems;
  });
}

/** The name that leads here, with an address of the subnet. */
function names(inputs: Properties, context: Context): unknown {
  const target = context.find(Object.keys(targets), valueAt(inputs, `${connections}.privateLinkServiceId`));
  const block = rangeOf(valueAt(inputs, "subnet.id"), context);
  const host = knownString(valueAt(target?.outputs, "properties.endpoint"));
  if (block === undefined || host === undefined) return [];
  // Azure keeps the first four addresses of a subnet for itself.
  const address =
    block.first + 4 + (Number.parseInt(context.hex(4, "address"), 16) % Math.max(1, block.last - block.first - 5));
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return [{ fqdn: new URL(host).host, ipAddresses: [octets.join(".")] }];
}

const GROUP_TOKEN = "azure-native:network:PrivateDnsZoneGroup";

const groupFacts = {
  token: GROUP_TOKEN,
  arm: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
  names: ["privateEndpointName", "privateDnsZoneGroupName"],
  parent: ENDPOINT,
} as const;

const INTEGRATION = "https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration";
const MOST_ZONES = 5;

const zoneGroup = azureType({
  ...groupFacts,
  rule: networkName,
  replaceOn: [],
  references: [idReference("privateDnsZoneConfigs[].privateDnsZoneId", "azure-native:privatedns:PrivateZone")],
  check: (inputs) => {
    const count = asList(inputs.privateDnsZoneConfigs).length;
    if (count <= MOST_ZONES) return [];
    const reason = `has ${count} zones; a zone group takes ${MOST_ZONES} at most`;
    return [{ property: "privateDnsZoneConfigs", reason, source: INTEGRATION }];
  },
  refuse: secondGroup,
  outputs: (_, context) => ({ provisioningState: "Succeeded", etag: etagOf(context) }),
});

/** An endpoint has one zone group. */
function secondGroup(inputs: Properties, context: Context): Problem[] {
  const endpointId = `${parentId(groupFacts, inputs, context)}/`.toLowerCase();
  const own = zoneGroup.id(inputs, context).toLowerCase();
  const other = context
    .all(GROUP_TOKEN)
    .find(({ id }) => id.toLowerCase().startsWith(endpointId) && id.toLowerCase() !== own);
  if (other === undefined) return [];
  const reason = `the endpoint has a zone group already (${other.id}); it takes one`;
  return [{ property: "privateEndpointName", reason, fix: "Add the zone to that group", source: INTEGRATION }];
}

export const privateLinkTypes: readonly ResourceType[] = [endpoint, zoneGroup];
