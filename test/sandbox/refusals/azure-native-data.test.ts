/** What the sandbox's Azure refuses: registries, vaults, storage. */
import type { Properties } from "../../../sandbox/values.ts";
import { connect, lock, locked, token } from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const within = (inputs: Properties, change: Properties) => ({
  ...inputs,
  properties: { ...(inputs.properties as Properties), ...change },
});

const registries: RefusedTypes = {
  [token("containerregistry:Registry")]: [
    {
      kind: "name",
      when: "a name with a hyphen",
      change: (inputs) => ({ ...inputs, registryName: "my-images" }),
      code: "InvalidParameter",
      says: "letters and digits",
    },
    {
      kind: "placement",
      when: "data addresses in the Standard tier",
      change: (inputs) => ({ ...inputs, sku: { name: "Standard" }, dataEndpointEnabled: true }),
      code: "BadRequest",
      says: "needs sku.name Premium",
    },
    {
      kind: "placement",
      when: "copies in zones that the region hasn't",
      change: (inputs) => ({ ...inputs, location: "ukwest", zoneRedundancy: "Enabled" }),
      code: "InvalidParameter",
      says: "not supported in ukwest",
    },
    {
      kind: "immutable",
      when: "copies in zones for a registry that exists",
      change: (inputs) => ({ ...inputs, zoneRedundancy: "Enabled" }),
      code: "PropertyChangeNotAllowed",
      says: "zoneRedundancy",
    },
    {
      kind: "inUse",
      when: "deleting a locked one",
      afterwards: locked,
      code: "ScopeLocked",
      says: "registries/images",
    },
  ],
  [token("containerregistry:CacheRule")]: [
    {
      kind: "reference",
      when: "a registry that is not there",
      change: (inputs) => ({ ...inputs, registryName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "registries/nowhere",
    },
    {
      kind: "name",
      when: "a name of four letters",
      change: (inputs) => ({ ...inputs, cacheRuleName: "four" }),
      code: "BadRequest",
      says: "at least 5 are needed",
    },
    {
      kind: "name",
      when: "a place that another rule fills",
      first: (bench, inputs) => bench.make(token("containerregistry:CacheRule"), { ...inputs, cacheRuleName: "first" }),
      code: "Conflict",
      says: "fills hello already",
    },
    {
      kind: "immutable",
      when: "another source",
      change: (inputs) => ({ ...inputs, sourceRepository: "mcr.microsoft.com/other" }),
      code: "PropertyChangeNotAllowed",
      says: "sourceRepository",
    },
  ],
};

const vaults: RefusedTypes = {
  [token("keyvault:Vault")]: [
    {
      kind: "name",
      when: "a name of twenty-five letters",
      change: (inputs) => ({ ...inputs, vaultName: "a".repeat(25) }),
      code: "VaultNameNotValid",
      says: "at most 24",
    },
    {
      kind: "limit",
      when: "keeping what is deleted for a day",
      change: (inputs) => within(inputs, { softDeleteRetentionInDays: 1 }),
      code: "BadRequest",
      says: "7 to 90 days",
    },
    {
      kind: "immutable",
      when: "no purge protection any more",
      change: (inputs) => within(inputs, { enablePurgeProtection: false }),
      code: "BadRequest",
      says: "irreversible action",
    },
    {
      kind: "immutable",
      when: "keeping what is deleted for longer",
      change: (inputs) => within(inputs, { softDeleteRetentionInDays: 90 }),
      code: "BadRequest",
      says: "has been set already (7)",
    },
    { kind: "inUse", when: "deleting a locked one", afterwards: locked, code: "ScopeLocked", says: "vaults/vault" },
  ],
  [token("keyvault:Key")]: [
    {
      kind: "reference",
      when: "a vault that is not there",
      change: (inputs) => ({ ...inputs, vaultName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "vaults/nowhere",
    },
    {
      kind: "limit",
      when: "a size that is too small",
      change: (inputs) => within(inputs, { keySize: 1024 }),
      code: "BadRequest",
      says: "2048, 3072, 4096",
    },
    {
      kind: "placement",
      when: "a key in hardware in a vault of SKU standard",
      change: (inputs) => within(inputs, { kty: "RSA-HSM" }),
      code: "BadRequest",
      says: "needs a vault of SKU premium",
    },
    {
      kind: "name",
      when: "a name with a dot",
      change: (inputs) => ({ ...inputs, keyName: "my.key" }),
      code: "BadRequest",
      says: "letters, digits and hyphens",
    },
    {
      kind: "inUse",
      when: "deleting a key of a locked vault",
      afterwards: (bench, { id }) => lock(bench, id.split("/keys/")[0]),
      code: "ScopeLocked",
      says: "keys/secrets",
    },
  ],
};

const storages: RefusedTypes = {
  [token("storage:StorageAccount")]: [
    {
      kind: "name",
      when: "a name with capitals",
      change: (inputs) => ({ ...inputs, accountName: "MyStuff" }),
      code: "AccountNameInvalid",
      says: "lower-case letters and digits",
    },
    {
      kind: "name",
      when: "a name that somebody has",
      first: (bench, inputs) => bench.make(token("storage:StorageAccount"), inputs),
      code: "StorageAccountAlreadyTaken",
      says: "is already taken",
    },
    {
      kind: "placement",
      when: "copies in zones that the region hasn't",
      change: (inputs) => ({ ...inputs, location: "westus", sku: { name: "Standard_ZRS" } }),
      code: "RedundancyConfigurationNotAvailableInRegion",
      says: "westus",
    },
    {
      kind: "placement",
      when: "block blobs of the Standard tier",
      change: (inputs) => ({ ...inputs, kind: "BlockBlobStorage" }),
      code: "InvalidParameter",
      says: "of the Premium tier",
    },
    {
      kind: "limit",
      when: "a private address among the firewall's",
      change: (inputs) => ({
        ...inputs,
        networkRuleSet: { defaultAction: "Deny", iPRules: [{ iPAddressOrRange: "10.0.0.1" }] },
      }),
      code: "InvalidValuesForRequestParameters",
      says: "10.0.0.1",
    },
    {
      kind: "immutable",
      when: "folders for an account that exists",
      change: (inputs) => ({ ...inputs, isHnsEnabled: true }),
      code: "PropertyChangeNotAllowed",
      says: "isHnsEnabled",
    },
    {
      kind: "immutable",
      when: "encrypting twice an account that exists",
      change: (inputs) => ({
        ...inputs,
        encryption: { keySource: "Microsoft.Storage", requireInfrastructureEncryption: true },
      }),
      code: "PropertyChangeNotAllowed",
      says: "encryption.requireInfrastructureEncryption",
    },
    { kind: "inUse", when: "deleting a locked one", afterwards: locked, code: "ScopeLocked", says: "stuff" },
  ],
  [token("storage:BlobContainer")]: [
    {
      kind: "reference",
      when: "an account that is not there",
      change: (inputs) => ({ ...inputs, accountName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "storageAccounts/nowhere",
    },
    {
      kind: "name",
      when: "two hyphens in a row",
      change: (inputs) => ({ ...inputs, containerName: "my--weights" }),
      code: "InvalidResourceName",
      says: "single hyphens",
    },
    {
      kind: "limit",
      when: "what everybody may read",
      change: (inputs) => ({ ...inputs, publicAccess: "Blob" }),
      code: "PublicAccessNotPermitted",
      says: "publicAccess",
    },
    {
      kind: "immutable",
      when: "another scope of encryption",
      change: (inputs) => ({ ...inputs, defaultEncryptionScope: "mine" }),
      code: "PropertyChangeNotAllowed",
      says: "defaultEncryptionScope",
    },
  ],
};

testRefused({ package: "azure-native", accepted, refused: { ...registries, ...vaults, ...storages }, connect });
