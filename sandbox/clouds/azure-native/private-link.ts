/** Private endpoints. https://learn.microsoft.com/azure/private-link/private-endpoint-overview */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { azureType, etagOf, idReference, NAME_RULES } from "./common.ts";
import { SUBNET, VNET } from "./network.ts";

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
  rule: {
    pattern: /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/,
    allowed:
      "letters, digits, underscores, dots and hyphens, beginning with a letter or digit, ending with one or an underscore",
    minLength: 2,
    maxLength: 64,
    source: `${NAME_RULES}#microsoftnetwork`,
  },
  replaceOn: ["subnet.id", "privateLinkServiceConnections", "manualPrivateLinkServiceConnections"],
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
  if (network === undefined || network.placement.region === context.placement.region) return [];
  const reason = `InvalidResourceReference: Resource ${network.id} referenced by the private endpoint is in ${network.placement.region}, the endpoint in ${context.placement.region}. Please make sure that both resources are in the same region.`;
  return [{ property: "subnet.id", reason }];
}

function targetRefusals(inputs: Properties, context: Context): Problem[] {
  return valuesAt(inputs, connections).flatMap(({ path, value }) => {
    const { privateLinkServiceId, groupIds } = asObject(value);
    const target = context.find(Object.keys(targets), privateLinkServiceId);
    if (target === undefined) return [];
    const known = targets[target.type] ?? [];
    const unknown = asList(groupIds).filter((group) => !known.includes(String(group)));
    const problems = unknown.map((group) => ({
      property: `${path}.groupIds`,
      reason: `${target.id} has no sub-resource "${group}"; it has ${known.join(", ")}`,
    }));
    const bare = target.type === ACCOUNT && valueAt(target.outputs, "properties.customSubDomainName") === undefined;
    // https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks
    const reason =
      "the account has no custom subdomain; private endpoints need one: set properties.customSubDomainName";
    return bare ? [...problems, { property: `${path}.privateLinkServiceId`, reason }] : problems;
  });
}

/** The name that leads here, with an address of the subnet. */
function names(inputs: Properties, context: Context): unknown {
  const target = context.find(Object.keys(targets), valueAt(inputs, `${connections}.privateLinkServiceId`));
  const subnet = context.find(SUBNET, valueAt(inputs, "subnet.id"));
  const block = parseBlock(String(subnet?.inputs.addressPrefix));
  const host = knownString(valueAt(target?.outputs, "properties.endpoint"));
  if (block === undefined || host === undefined) return [];
  // Azure keeps the first four addresses of a subnet for itself.
  const address =
    block.first + 4 + (Number.parseInt(context.hex(4, "address"), 16) % Math.max(1, block.last - block.first - 5));
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return [{ fqdn: new URL(host).host, ipAddresses: [octets.join(".")] }];
}

const zoneGroup = azureType({
  token: "azure-native:network:PrivateDnsZoneGroup",
  arm: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
  names: ["privateEndpointName", "privateDnsZoneGroupName"],
  rule: { maxLength: 80, source: `${NAME_RULES}#microsoftnetwork` },
  parent: ENDPOINT,
  replaceOn: [],
  references: [idReference("privateDnsZoneConfigs[].privateDnsZoneId", "azure-native:privatedns:PrivateZone")],
  outputs: (_, context) => ({ provisioningState: "Succeeded", etag: etagOf(context) }),
});

export const privateLinkTypes: readonly ResourceType[] = [endpoint, zoneGroup];
