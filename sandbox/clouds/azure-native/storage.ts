/** Storage accounts and their containers. */
import type { Connection, Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { internetRange } from "./addresses.ts";
import { azureType, NAME_RULES, ownIdentity, parentId, STORAGE } from "./common.ts";
import { zoneProblems } from "./regions.ts";

const ACCOUNTS = "https://learn.microsoft.com/azure/storage/common/storage-account-overview";
const REDUNDANCY = "https://learn.microsoft.com/azure/storage/common/storage-redundancy";
const FIREWALL = "https://learn.microsoft.com/azure/storage/common/storage-network-security";

const storageHosts = ["blob", "dfs", "file", "queue", "table", "web"] as const;

const storage = azureType({
  token: STORAGE,
  arm: "Microsoft.Storage/storageAccounts",
  names: ["accountName"],
  rule: {
    pattern: /^[a-z0-9]+$/,
    allowed: "lower-case letters and digits",
    minLength: 3,
    maxLength: 24,
    source: `${NAME_RULES}#microsoftstorage`,
  },
  unique: [
    {
      paths: ["accountName"],
      within: "world",
      refusal: (name) => `StorageAccountAlreadyTaken: The storage account named ${name} is already taken.`,
    },
  ],
  replaceOn: ["isHnsEnabled"],
  fixed: {
    enableNfsV3: null,
    extendedLocation: null,
    dnsEndpointType: null,
    "encryption.requireInfrastructureEncryption": null,
  },
  check: storageProblems,
  outputs: (inputs, context) => {
    const name = inputs.accountName;
    const region = inputs.location ?? context.placement.region;
    return {
      type: "Microsoft.Storage/storageAccounts",
      provisioningState: "Succeeded",
      creationTime: context.createdAt,
      primaryLocation: region,
      statusOfPrimary: "available",
      primaryEndpoints: Object.fromEntries(
        storageHosts.map((service) => [service, `https://${name}.${service}.core.windows.net/`]),
      ),
      enableHttpsTrafficOnly: inputs.enableHttpsTrafficOnly ?? true,
      allowBlobPublicAccess: inputs.allowBlobPublicAccess ?? false,
      sku: { ...asObject(inputs.sku), tier: tierOf(valueAt(inputs, "sku.name")) },
      ...(inputs.identity === undefined ? {} : { identity: ownIdentity(inputs.identity, context) }),
    };
  },
});

/** Kinds that are of the premium tier only. */
const PREMIUM = ["BlockBlobStorage", "FileStorage"];

function storageProblems(inputs: Properties, { region }: Connection): Problem[] {
  const sku = knownString(valueAt(inputs, "sku.name")) ?? "";
  const problems: Problem[] = [];
  if (PREMIUM.includes(String(inputs.kind)) && sku !== "" && !sku.startsWith("Premium")) {
    const reason = `${sku} is not possible with kind ${inputs.kind}, which is of the Premium tier`;
    const fix = "Set sku.name to Premium_LRS or Premium_ZRS, or kind to StorageV2";
    problems.push({ property: "sku.name", kind: "placement", reason, fix, source: ACCOUNTS });
  }
  if (inputs.enableNfsV3 === true && inputs.isHnsEnabled !== true) {
    const source = "https://learn.microsoft.com/azure/storage/blobs/network-file-system-protocol-support";
    const reason = "needs isHnsEnabled: NFS 3.0 works on a hierarchical namespace only";
    problems.push({ property: "enableNfsV3", reason, fix: "Set isHnsEnabled to true", source });
  }
  const zonal = /_(G|RAG)?ZRS$/.test(sku)
    ? zoneProblems(
        ["1", "2", "3"],
        inputs.location ?? region,
        "sku.name",
        "RedundancyConfigurationNotAvailableInRegion",
      )
    : [];
  const rules = valuesAt(inputs, "networkRuleSet.iPRules[].iPAddressOrRange").flatMap(firewallProblems);
  return [...problems, ...zonal.map((problem) => ({ ...problem, source: REDUNDANCY })), ...rules];
}

/** Rules are for addresses of the internet; the smallest range is /30. */
function firewallProblems({ path, value }: { path: string; value: unknown }): Problem[] {
  const text = knownString(value);
  if (text === undefined) return [];
  const range = internetRange(text);
  if (range !== undefined && !(text.includes("/") && range.prefix > 30)) return [];
  const reason = `InvalidValuesForRequestParameters: "${text}" is not allowed: an IPv4 address of the internet is expected, or a range of /30 or larger`;
  return [{ property: path, reason, fix: "Write single addresses without a prefix length", source: FIREWALL }];
}

function tierOf(sku: unknown): unknown {
  return isUnknown(sku) ? sku : String(sku).split("_")[0];
}

const containerFacts = {
  token: "azure-native:storage:BlobContainer",
  arm: "Microsoft.Storage/storageAccounts/blobServices/containers",
  names: ["accountName", "containerName"],
  parent: STORAGE,
} as const;

const base = azureType({
  ...containerFacts,
  rule: {
    pattern: /^[a-z0-9](?!.*--)[a-z0-9-]*[a-z0-9]$/,
    allowed: "lower-case letters, digits and single hyphens, beginning and ending with a letter or digit",
    minLength: 3,
    maxLength: 63,
    source: `${NAME_RULES}#microsoftstorage`,
  },
  replaceOn: [],
  fixed: { defaultEncryptionScope: null },
  refuse: publicRefusals,
  outputs: (inputs) => ({
    type: "Microsoft.Storage/storageAccounts/blobServices/containers",
    publicAccess: inputs.publicAccess ?? "None",
    leaseState: "Available",
    leaseStatus: "Unlocked",
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
    deleted: false,
  }),
});

/** Its id has the service between account and container, under its one name. */
const container: ResourceType = {
  ...base,
  id: (inputs, context) =>
    `${parentId(containerFacts, inputs, context)}/blobServices/default/containers/${inputs.containerName}`,
};

/** https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent */
function publicRefusals(inputs: Properties, context: Context): Problem[] {
  const account = context.find(STORAGE, parentId(containerFacts, inputs, context));
  const access = knownString(inputs.publicAccess) ?? "None";
  if (access === "None" || account?.outputs.allowBlobPublicAccess === true) return [];
  const reason = "PublicAccessNotPermitted: Public access is not permitted on this storage account.";
  const fix = "Leave publicAccess out, and give readers a role instead";
  return [{ property: "publicAccess", reason, fix }];
}

export const storageTypes: readonly ResourceType[] = [storage, container];
