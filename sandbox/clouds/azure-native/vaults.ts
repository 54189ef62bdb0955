/** Vaults and their keys. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties, valueAt } from "../../values.ts";
import { azureType, NAME_RULES, parentId } from "./common.ts";

export const VAULT = "azure-native:keyvault:Vault";
export const KEY = "azure-native:keyvault:Key";

const SOFT_DELETE = "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview";
const KEYS = "https://learn.microsoft.com/azure/key-vault/keys/about-keys";

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
  replaceOn: [],
  check: vaultProblems,
  refuse: onceOnly,
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

function vaultProblems(inputs: Properties): Problem[] {
  const days = valueAt(inputs, "properties.softDeleteRetentionInDays");
  if (typeof days !== "number" || (days >= 7 && days <= 90)) return [];
  const property = "properties.softDeleteRetentionInDays";
  return [{ property, reason: `is ${days}; it takes 7 to 90 days`, source: SOFT_DELETE }];
}

/** What is set once and for all. */
function onceOnly(inputs: Properties, { before }: Context): Problem[] {
  if (before === undefined) return [];
  const [was, is] = [asObject(before.properties), asObject(inputs.properties)];
  const problems: Problem[] = [];
  const refuse = (name: string, reason: string, fix: string): void =>
    void problems.push({ property: `properties.${name}`, kind: "immutable", reason, fix, source: SOFT_DELETE });
  if (was.enablePurgeProtection === true && is.enablePurgeProtection !== true) {
    const reason = `BadRequest: The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.`;
    refuse("enablePurgeProtection", reason, "Leave it true");
  }
  if (was.enableSoftDelete === true && is.enableSoftDelete === false) {
    refuse(
      "enableSoftDelete",
      `BadRequest: The property "enableSoftDelete" can't be set back to false.`,
      "Leave it true",
    );
  }
  const { softDeleteRetentionInDays: days } = is;
  if (days !== undefined && was.softDeleteRetentionInDays !== days) {
    const reason = `BadRequest: The property "softDeleteRetentionInDays" has been set already (${was.softDeleteRetentionInDays}) and it can't be modified.`;
    refuse("softDeleteRetentionInDays", reason, "Keep the days that it was made with");
  }
  return problems;
}

const keyFacts = {
  token: KEY,
  arm: "Microsoft.KeyVault/vaults/keys",
  names: ["vaultName", "keyName"],
  parent: VAULT,
} as const;

const key = azureType({
  ...keyFacts,
  rule: {
    pattern: /^[A-Za-z0-9-]+$/,
    allowed: "letters, digits and hyphens",
    maxLength: 127,
    source: `${NAME_RULES}#microsoftkeyvault`,
  },
  replaceOn: [],
  check: keyProblems,
  refuse: hardwareRefusals,
  outputs: (inputs, context) => {
    const { keyOps, rotationPolicy, ...given } = asObject(inputs.properties);
    // The API answers a change of these as if it had made it, and makes none:
    // https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/create-if-not-exist
    const { kty, keySize, curveName } = context.before ?? given;
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

const SIZES = [2048, 3072, 4096];
const CURVES = ["P-256", "P-384", "P-521", "P-256K"];

function keyProblems(inputs: Properties): Problem[] {
  const { kty, keySize, curveName } = asObject(inputs.properties);
  const problems: Problem[] = [];
  const add = (name: string, reason: string, fix: string): void =>
    void problems.push({ property: `properties.${name}`, reason, fix, source: KEYS });
  if (typeof keySize === "number" && !SIZES.includes(keySize)) {
    add("keySize", `is ${keySize}; it takes ${SIZES.join(", ")}`, "Choose one of these sizes");
  }
  const curve = knownString(curveName);
  if (curve !== undefined && !CURVES.includes(curve)) {
    add("curveName", `is "${curve}"; it takes ${CURVES.join(", ")}`, "Choose one of these curves");
  }
  if (knownString(kty)?.startsWith("EC") === true && keySize !== undefined) {
    add("keySize", `does not belong to a key of kind ${kty}`, "Leave it out, or choose a curve by curveName");
  }
  return problems;
}

/** Keys in hardware are of the Premium tier. */
function hardwareRefusals(inputs: Properties, context: Context): Problem[] {
  const kty = knownString(valueAt(inputs, "properties.kty"));
  const vaultOf = context.find(VAULT, parentId(keyFacts, inputs, context));
  const sku = knownString(valueAt(vaultOf?.inputs, "properties.sku.name"))?.toLowerCase();
  if (kty?.endsWith("-HSM") !== true || sku === undefined || sku === "premium") return [];
  const reason = `a key of kind ${kty} needs a vault of SKU premium; ${vaultOf?.id} is ${sku}`;
  const fix = "Set the vault's properties.sku.name to premium, or take a software key";
  return [{ property: "properties.kty", kind: "placement", reason, fix, source: KEYS }];
}

export const vaultTypes: readonly ResourceType[] = [vault, key];
