/** DNS zones, public and private, and Traffic Manager. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, type Properties } from "../../values.ts";
import { armId, azureType, groupReference, idReference, NAME_RULES, uuidOf } from "./common.ts";
import { VNET } from "./network.ts";

const ZONE = "azure-native:dns:Zone";
const PRIVATE_ZONE = "azure-native:privatedns:PrivateZone";

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
  replaceOn: ["zoneType"],
  check: globalOnly,
  outputs: (inputs, context) => ({
    type: "Microsoft.Network/dnsZones",
    etag: uuidOf(context, "etag"),
    zoneType: inputs.zoneType ?? "Public",
    nameServers: domains.map((domain, index) => `ns${index + 1}-0${context.digits(1, "servers")}.azure-dns.${domain}.`),
    maxNumberOfRecordSets: 10000,
  }),
});

const privateZone = azureType({
  token: PRIVATE_ZONE,
  arm: "Microsoft.Network/privateDnsZones",
  names: ["privateZoneName"],
  rule: zoneName,
  global: true,
  replaceOn: [],
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
  const reason = `LocationNotAvailableForResourceType: The provided location '${location ?? ""}' is not available for DNS zones. The location is 'global'.`;
  return [{ property: "location", reason }];
}

const link = azureType({
  token: "azure-native:privatedns:VirtualNetworkLink",
  arm: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  names: ["privateZoneName", "virtualNetworkLinkName"],
  rule: { maxLength: 80, source: `${NAME_RULES}#microsoftnetwork` },
  parent: PRIVATE_ZONE,
  replaceOn: ["virtualNetwork.id"],
  references: [idReference("virtualNetwork.id", VNET)],
  unique: [
    {
      paths: ["privateZoneName", "virtualNetwork.id"],
      within: "scope",
      refusal: (value) =>
        `Conflict: A virtual network cannot be linked to multiple zones with overlapping namespaces: ${value}`,
    },
  ],
  outputs: (_, context) => ({
    type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    provisioningState: "Succeeded",
    virtualNetworkLinkState: "Completed",
    etag: uuidOf(context, "etag"),
  }),
});

/** The input that holds the records of each kind. */
const recordInputs: Record<string, string> = {
  A: "aRecords",
  AAAA: "aaaaRecords",
  CAA: "caaRecords",
  CNAME: "cnameRecord",
  MX: "mxRecords",
  NS: "nsRecords",
  PTR: "ptrRecords",
  SOA: "soaRecord",
  SRV: "srvRecords",
  TXT: "txtRecords",
};

/** A record set: its id names the kind of record between zone and name, which no other type does. */
function recordSet(token: string, arm: string, zoneToken: string, zoneInput: string): ResourceType {
  const names = [zoneInput, "relativeRecordSetName"];
  return {
    token,
    regional: false,
    id: (inputs, context) => armId(`${arm}/${inputs.recordType}`, names, inputs, context),
    name: {
      property: "relativeRecordSetName",
      pattern: /^(@|\*|(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/i,
      allowed:
        "labels of letters, digits, underscores and hyphens, separated by dots; * as the first; @ for the zone itself",
      source: `${NAME_RULES}#microsoftnetwork`,
      auto: { separator: "", digits: 0 },
    },
    replaceOn: ["resourceGroupName", zoneInput, "relativeRecordSetName", "recordType"],
    references: [groupReference("resourceGroupName")],
    check: recordProblems,
    refuse: (inputs, context) => zoneRefusals(armId(arm, [zoneInput], inputs, context), arm, zoneToken, context),
    outputs: (inputs, context) => {
      const name = inputs.relativeRecordSetName;
      return {
        name,
        type: `${arm}/${inputs.recordType}`,
        etag: uuidOf(context, "etag"),
        fqdn: name === "@" ? `${inputs[zoneInput]}.` : `${name}.${inputs[zoneInput]}.`,
        ...(token.includes(":dns:") ? { provisioningState: "Succeeded" } : { isAutoRegistered: false }),
      };
    },
  };
}

function zoneRefusals(id: string, arm: string, zoneToken: string, context: Context): Problem[] {
  if (context.find(zoneToken, id) !== undefined) return [];
  const reason = `ParentResourceNotFound: Failed to perform 'write' on resource(s) of type '${arm}', because the parent resource '${id}' could not be found.`;
  return [{ property: "", reason }];
}

function recordProblems(inputs: Properties): Problem[] {
  const { recordType, relativeRecordSetName } = inputs;
  if (isUnknown(recordType)) return [];
  const holder = recordInputs[String(recordType)];
  if (holder === undefined) {
    const reason = `is "${recordType}"; it takes ${Object.keys(recordInputs).join(", ")}`;
    return [{ property: "recordType", reason }];
  }
  const others = Object.values(recordInputs).filter((input) => input !== holder && asList(inputs[input]).length > 0);
  const problems = others.map((property) => ({
    property,
    reason: `does not belong in a record set of kind ${recordType}`,
  }));
  if (recordType === "CNAME" && relativeRecordSetName === "@") {
    // https://learn.microsoft.com/azure/dns/dns-zones-records#cname-records
    const reason = "BadRequest: A CNAME record set cannot be at the zone's own name (@)";
    return [...problems, { property: "relativeRecordSetName", reason }];
  }
  return problems;
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
  replaceOn: ["dnsConfig.relativeName"],
  check: globalOnly,
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

export const dnsTypes: readonly ResourceType[] = [
  zone,
  privateZone,
  link,
  recordSet("azure-native:dns:RecordSet", "Microsoft.Network/dnsZones", ZONE, "zoneName"),
  recordSet(
    "azure-native:privatedns:PrivateRecordSet",
    "Microsoft.Network/privateDnsZones",
    PRIVATE_ZONE,
    "privateZoneName",
  ),
  profile,
];
