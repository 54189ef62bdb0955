/** Registries, vaults and storage. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, valueAt } from "../../values.ts";
import { azureType, NAME_RULES, ownIdentity, parentId } from "./common.ts";

const REGISTRY = "azure-native:containerregistry:Registry";
export const VAULT = "azure-native:keyvault:Vault";
export const KEY = "azure-native:keyvault:Key";
export const STORAGE = "azure-native:storage:StorageAccount";

const registry = azureType({
  token: REGISTRY,
  arm: "Microsoft.ContainerRegistry/registries",
  names: ["registryName"],
  rule: {
    pattern: /^[A-Za-z0-9]+$/,
    allowed: "letters and digits",
    minLength: 5,
    maxLength: 50,
    source: `${NAME_RULES}#microsoftcontainerregistry`,
  },
  unique: [
    {
      paths: ["registryName"],
      within: "world",
      refusal: (name) => `AlreadyInUse: The registry DNS name ${name}.azurecr.io is already in use.`,
    },
  ],
  replaceOn: ["zoneRedundancy", "encryption"],
  check: premiumProblems,
  outputs: (inputs, context) => {
    const host = String(inputs.registryName).toLowerCase();
    const region = inputs.location ?? context.placement.region;
    return {
      type: "Microsoft.ContainerRegistry/registries",
      provisioningState: "Succeeded",
      loginServer: `${host}.azurecr.io`,
      creationDate: context.createdAt,
      dataEndpointHostNames: inputs.dataEndpointEnabled === true ? [`${host}.${region}.data.azurecr.io`] : [],
      adminUserEnabled: inputs.adminUserEnabled ?? false,
      publicNetworkAccess: inputs.publicNetworkAccess ?? "Enabled",
      networkRuleBypassOptions: inputs.networkRuleBypassOptions ?? "AzureServices",
      zoneRedundancy: inputs.zoneRedundancy ?? "Disabled",
      sku: { ...asObject(inputs.sku), tier: valueAt(inputs, "sku.name") },
      ...(inputs.identity === undefined ? {} : { identity: ownIdentity(inputs.identity, context) }),
    };
  },
});

/** https://learn.microsoft.com/azure/container-registry/container-registry-skus */
function premiumProblems(inputs: Properties): Problem[] {
  const sku = valueAt(inputs, "sku.name");
  if (isUnknown(sku) || sku === "Premium") return [];
  const premium = [
    ["dataEndpointEnabled", inputs.dataEndpointEnabled === true],
    ["zoneRedundancy", inputs.zoneRedundancy === "Enabled"],
    ["networkRuleSet", inputs.networkRuleSet !== undefined],
    ["publicNetworkAccess", inputs.publicNetworkAccess === "Disabled"],
    ["encryption", valueAt(inputs, "encryption.status") === "enabled"],
  ] as const;
  return premium
    .filter(([, used]) => used)
    .map(([property]) => ({ property, reason: `needs sku.name Premium; it is ${sku}` }));
}

const cacheRule = azureType({
  token: "azure-native:containerregistry:CacheRule",
  arm: "Microsoft.ContainerRegistry/registries/cacheRules",
  names: ["registryName", "cacheRuleName"],
  rule: {
    pattern: /^[A-Za-z0-9-]+$/,
    allowed: "letters, digits and hyphens",
    minLength: 5,
    maxLength: 50,
    source: "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/cacherules",
  },
  parent: REGISTRY,
  replaceOn: ["sourceRepository", "targetRepository"],
  outputs: (_, context) => ({
    type: "Microsoft.ContainerRegistry/registries/cacheRules",
    provisioningState: "Succeeded",
    creationDate: context.createdAt,
  }),
});

const vault = azureType({
  token: VAULT,
  arm: "Microsoft.KeyVault/vaults",
  names: ["vaultName"],
  rule: {
    pattern: /^[A-Za-z](?!.*--)[A-Za-z0-9-]*[A-Za-z0-9]$/,
    allowed: "letters, digits and single hyphens, beginning with a letter, ending with a letter or digit",
    minLength: 3,
    maxLength: 24,
    source: `${NAME_RULES}#microsoftkeyvault`,
  },
  unique: [
    {
      paths: ["vaultName"],
      within: "world",
      refusal: (name) =>
        `VaultAlreadyExists: The vault name '${name}' is already in use. Vault names are globally unique.`,
    },
  ],
  replaceOn: ["properties.tenantId"],
  check: vaultProblems,
  refuse: purgeRefusals,
  outputs: (inputs) => ({
    type: "Microsoft.KeyVault/vaults",
    properties: {
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enabledForDeployment: false,
      publicNetworkAccess: "Enabled",
      ...asObject(inputs.properties),
      vaultUri: `${vaultUri(inputs.vaultName)}/`,
      provisioningState: "Succeeded",
    },
  }),
});

function vaultUri(name: unknown): string {
  return `https://${String(name).toLowerCase()}.vault.azure.net`;
}

/** https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview */
function vaultProblems(inputs: Properties): Problem[] {
  const days = valueAt(inputs, "properties.softDeleteRetentionInDays");
  if (typeof days !== "number" || (days >= 7 && days <= 90)) return [];
  return [{ property: "properties.softDeleteRetentionInDays", reason: `is ${days}; it takes 7 to 90 days` }];
}

/** https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview#purge-protection */
function purgeRefusals(inputs: Properties, { before }: Context): Problem[] {
  const was = valueAt(before, "properties.enablePurgeProtection") === true;
  if (!was || valueAt(inputs, "properties.enablePurgeProtection") === true) return [];
  const reason = `BadRequest: The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.`;
  return [{ property: "properties.enablePurgeProtection", reason }];
}

const key = azureType({
  token: KEY,
  arm: "Microsoft.KeyVault/vaults/keys",
  names: ["vaultName", "keyName"],
  rule: {
    pattern: /^[A-Za-z0-9-]+$/,
    allowed: "letters, digits and hyphens",
    maxLength: 127,
    source: `${NAME_RULES}#microsoftkeyvault`,
  },
  parent: VAULT,
  replaceOn: ["properties.kty", "properties.keySize", "properties.curveName"],
  outputs: (inputs, context) => {
    const { kty, keySize, keyOps, curveName, rotationPolicy } = asObject(inputs.properties);
    const uri = `${vaultUri(inputs.vaultName)}/keys/${inputs.keyName}`;
    return {
      type: "Microsoft.KeyVault/vaults/keys",
      attributes: {
        enabled: true,
        recoveryLevel: "Recoverable",
        ...asObject(valueAt(inputs, "properties.attributes")),
      },
      kty: kty ?? "RSA",
      keySize,
      keyOps,
      curveName,
      rotationPolicy,
      keyUri: uri,
      keyUriWithVersion: `${uri}/${context.hex(32, "version")}`,
    };
  },
  handles: ({ keyUriWithVersion, keyUri }) => [
    { by: "key", value: String(keyUriWithVersion) },
    { by: "key", value: String(keyUri) },
  ],
});

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
  replaceOn: ["isHnsEnabled", "enableNfsV3", "extendedLocation"],
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
  replaceOn: ["defaultEncryptionScope"],
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
  return [
    {
      property: "publicAccess",
      reason: "PublicAccessNotPermitted: Public access is not permitted on this storage account.",
    },
  ];
}

export const dataTypes: readonly ResourceType[] = [registry, cacheRule, vault, key, storage, container];
