/** Rows: registries, vaults, storage, logs. */
import type { RefusalRow } from "../../../cloud.ts";
import { NAME_RULES, STORAGE } from "../common.ts";
import { KEY, VAULT } from "../vaults.ts";
import { arm, inGroup, inside, learn, replaced, standing } from "./shared.ts";

const STORAGE_PAGES = `${learn}/azure/storage`;
const SETTINGS = `${learn}/azure/azure-monitor/platform/diagnostic-settings`;
const CACHE = `${learn}/azure/container-registry/artifact-cache-overview`;

export const dataRefusals: Readonly<Record<string, RefusalRow>> = {
  "azure-native:containerregistry:Registry": {
    ...standing,
    immutable: replaced("containerregistry/registry"),
    name: { code: "InvalidParameter", source: `${NAME_RULES}#microsoftcontainerregistry` },
    placement: arm("BadRequest"),
  },
  "azure-native:containerregistry:CacheRule": {
    ...inside,
    immutable: replaced("containerregistry/cacherule"),
    name: { code: "BadRequest", source: `${learn}/azure/templates/microsoft.containerregistry/registries/cacherules` },
    placement: { none: "a rule is where its registry is" },
    limit: { code: "BadRequest", source: CACHE },
  },
  [VAULT]: {
    ...standing,
    immutable: replaced("keyvault/vault"),
    name: { code: "VaultNameNotValid", source: `${NAME_RULES}#microsoftkeyvault` },
    limit: { code: "BadRequest", source: `${learn}/azure/key-vault/general/soft-delete-overview` },
  },
  [KEY]: {
    ...inside,
    immutable: replaced("keyvault/key"),
    name: { code: "BadRequest", source: `${NAME_RULES}#microsoftkeyvault` },
    placement: { code: "BadRequest", source: `${learn}/azure/key-vault/keys/about-keys` },
    limit: { code: "BadRequest", source: `${learn}/azure/key-vault/keys/about-keys` },
  },
  [STORAGE]: {
    ...standing,
    immutable: replaced("storage/storageaccount"),
    name: {
      code: "AccountNameInvalid",
      source: `${learn}/azure/azure-resource-manager/troubleshooting/error-storage-account-name`,
    },
    placement: {
      code: "InvalidParameter",
      source: `${STORAGE_PAGES}/common/storage-account-overview`,
    },
    limit: { code: "InvalidParameter", source: `${STORAGE_PAGES}/common/storage-network-security` },
  },
  "azure-native:storage:BlobContainer": {
    ...inside,
    immutable: replaced("storage/blobcontainer"),
    name: { code: "InvalidResourceName", source: `${NAME_RULES}#microsoftstorage` },
    placement: { none: "a container is where its account is" },
    limit: { code: "PublicAccessNotPermitted", source: `${STORAGE_PAGES}/blobs/anonymous-read-access-prevent` },
  },
  "azure-native:operationalinsights:Workspace": {
    ...standing,
    immutable: replaced("operationalinsights/workspace"),
    name: { code: "InvalidParameter", source: `${NAME_RULES}#microsoftoperationalinsights` },
    placement: { code: "BadRequest", source: `${learn}/azure/azure-monitor/logs/cost-logs` },
    limit: { code: "BadRequest", source: `${learn}/azure/azure-monitor/logs/data-retention-configure` },
  },
  "azure-native:monitor:DiagnosticSetting": {
    ...inGroup,
    required: { code: "BadRequest", source: SETTINGS },
    immutable: replaced("monitor/diagnosticsetting"),
    reference: arm("InvalidResourceReference"),
    name: { code: "BadRequest", source: SETTINGS },
    placement: { code: "BadRequest", source: SETTINGS },
    limit: { code: "BadRequest", source: SETTINGS },
  },
};
