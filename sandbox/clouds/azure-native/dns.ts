/** DNS zones, public and private, and Traffic Manager. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, type Properties, valueAt } from "../../values.ts";
import { azureType, idReference, NAME_RULES, uuidOf } from "./common.ts";
import { isInside } from "./locks.ts";
import { networkName, VNET } from "./network.ts";

export const ZONE = "azure-native:dns:Zone";
export const PRIVATE_ZONE = "azure-native:privatedns:PrivateZone";

/** https://learn.microsoft.com/azure/dns/dns-zones-records */
const zoneName = {
  pattern: /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?){1,33}$/i,
  allowed: "2 to 34 labels of letters, digits, underscores and hyphens, separated by dots",
  maxLength: 253,
  source: `${NAME_RULES}#microsoftnetwork`,
};

const domains = ["com", "net", "org", "info"] as const;

const zone = azureType({
  token: ZONE,
  arm: "Microsoft.Network/dnsZones",
  names: ["zoneName"],
  rule: zoneName,
  global: true,
  replaceOn: [],
  check: globalOnly,
  outputs: (inputs, context) => ({
    type: "Microsoft.Network/dnsZones",
    etag: uuidOf(context, "etag"),
    zoneType: inputs.zoneType ?? "Public",
    nameServers: domains.map((domain, index) => `ns${index + 1}-0${context.digits(1, "servers")}.azure-dns.${domain}.`),
    maxNumberOfRecordSets: 10000,
  }),
});

const LINK = "azure-native:privatedns:VirtualNetworkLink";

const privateZone = azureType({
  token: PRIVATE_ZONE,
  arm: "Microsoft.Network/privateDnsZones",
  names: ["privateZoneName"],
  rule: zoneName,
  global: true,
  replaceOn: [],
  inUse: [
    {
      by: LINK,
      counts: (zone, link) => isInside(link.id, zone.id),
      refusal: (_, link) =>
        `CannotDeleteResource: Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${link}'. Please delete all nested resources before deleting this resource.`,
    },
  ],
  check: globalOnly,
  outputs: (_, context) => ({
    type: "Microsoft.Network/privateDnsZones",
    provisioningState: "Succeeded",
    etag: uuidOf(context, "etag"),
    maxNumberOfRecordSets: 25000,
    maxNumberOfVirtualNetworkLinks: 1000,
    maxNumberOfVirtualNetworkLinksWithRegistration: 100,
  }),
});

function globalOnly({ location }: Properties): Problem[] {
  if (isUnknown(location) || String(location).toLowerCase() === "global") return [];
  const reason = `LocationNotAvailableForResourceType: The provided location '${location ?? ""}' is not available for this resource type. The location is 'global'.`;
  return [{ property: "location", kind: "placement", reason, fix: "Set location to global" }];
}

const link = azureType({
  token: LINK,
  arm: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  names: ["privateZoneName", "virtualNetworkLinkName"],
  rule: networkName,
  parent: PRIVATE_ZONE,
  replaceOn: [],
  fixed: { "virtualNetwork.id": null },
  references: [idReference("virtualNetwork.id", VNET)],
  unique: [
    {
      paths: ["privateZoneName", "virtualNetwork.id"],
      within: "scope",
      refusal: (value) =>
        `Conflict: A virtual network cannot be linked to multiple zones with overlapping namespaces: ${value}`,
    },
  ],
  check: globalOnly,
  refuse: registrationRefusals,
  outputs: (_, context) => ({
    type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    provisioningState: "Succeeded",
    virtualNetworkLinkState: "Completed",
    etag: uuidOf(context, "etag"),
  }),
});

/** A network registers its machines in one zone. */
function registrationRefusals(inputs: Properties, context: Context): Problem[] {
  if (inputs.registrationEnabled !== true) return [];
  const network = String(valueAt(inputs, "virtualNetwork.id")).toLowerCase();
  const own = link.id(inputs, context).toLowerCase();
  const other = context
    .all(LINK)
    .filter(({ id }) => id.toLowerCase() !== own)
    .find(
      (each) =>
        each.inputs.registrationEnabled === true &&
        String(valueAt(each.inputs, "virtualNetwork.id")).toLowerCase() === network,
    );
  if (other === undefined) return [];
  const reason = `Conflict: the virtual network registers its machines in another zone already (${other.id}); it can do so in one`;
  const source = "https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links";
  return [{ property: "registrationEnabled", reason, fix: "Set registrationEnabled to false in one of them", source }];
}

const profile = azureType({
  token: "azure-native:trafficmanager:Profile",
  arm: "Microsoft.Network/trafficmanagerprofiles",
  names: ["profileName"],
  rule: {
    pattern: /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    allowed: "letters, digits, dots and hyphens, beginning and ending with a letter or digit",
    maxLength: 63,
    source: `${NAME_RULES}#microsoftnetwork`,
  },
  global: true,
  replaceOn: [],
  fixed: { "dnsConfig.relativeName": null },
  check: (inputs) => [...globalOnly(inputs), ...monitorProblems(inputs)],
  unique: [
    {
      paths: ["dnsConfig.relativeName"],
      within: "world",
      refusal: (name) => `DomainNameAlreadyInUse: The domain name ${name}.trafficmanager.net is already in use`,
    },
  ],
  outputs: (inputs) => {
    const dnsConfig = asObject(inputs.dnsConfig);
    return {
      type: "Microsoft.Network/trafficManagerProfiles",
      profileStatus: inputs.profileStatus ?? "Enabled",
      dnsConfig: { ...dnsConfig, fqdn: `${dnsConfig.relativeName}.trafficmanager.net` },
    };
  },
});

/** https://learn.microsoft.com/azure/traffic-manager/traffic-manager-monitoring#configure-endpoint-monitoring */
const MONITORING = "https://learn.microsoft.com/azure/traffic-manager/traffic-manager-monitoring";

function monitorProblems(inputs: Properties): Problem[] {
  const {
    intervalInSeconds: interval = 30,
    timeoutInSeconds: timeout,
    toleratedNumberOfFailures: failures,
  } = asObject(inputs.monitorConfig);
  const problems: Problem[] = [];
  const add = (name: string, reason: string): void =>
    void problems.push({ property: `monitorConfig.${name}`, reason, source: MONITORING });
  if (typeof interval === "number" && interval !== 10 && interval !== 30) {
    add("intervalInSeconds", `is ${interval}; endpoints are probed every 10 or 30 seconds`);
  }
  const longest = interval === 10 ? 9 : 10;
  if (typeof timeout === "number" && (timeout < 5 || timeout > longest)) {
    add("timeoutInSeconds", `is ${timeout}; it takes 5 to ${longest} seconds with an interval of ${interval}`);
  }
  if (typeof failures === "number" && (failures < 0 || failures > 9)) {
    add("toleratedNumberOfFailures", `is ${failures}; it takes 0 to 9`);
  }
  return problems;
}

export const dnsTypes: readonly ResourceType[] = [zone, privateZone, link, profile];
