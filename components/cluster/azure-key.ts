import type * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import type * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import { grant, worldName } from "../azure.ts";
import { guarded } from "../guard.ts";
import type { Build } from "./azure.ts";

export interface EncryptionKey {
  readonly vault: keyvault.Vault;
  readonly key: keyvault.Key;
  /** The control plane's right to use it. */
  readonly use: authorization.RoleAssignment;
}

/** Days that a deleted vault can be brought back, and its name is taken: Azure's least and most. */
const recoveryDays = { least: 7, most: 90 } as const;

/**
 * The key that encrypts a cluster's secrets at rest, in a vault of its own.
 *
 * The vault has a public address without network rules: AKS reaches it from its own side, and supports neither a
 * firewall nor, without API servers inside the virtual network, a closed vault
 * (https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption). What protects it is that only the control plane's
 * identity holds a right to it. AKS wants one version of the key: when it is to be changed, make a new version and
 * run the program, nothing rotates it in between.
 */
export function buildKey(build: Build, control: managedidentity.UserAssignedIdentity): EncryptionKey {
  const { name, args, opts } = build;
  const vault = buildVault(build);
  const key = new keyvault.Key(
    `${name}-secrets`,
    {
      resourceGroupName: args.scope,
      vaultName: vault.name,
      properties: {
        kty: keyvault.JsonWebKeyType.RSA,
        keySize: 4096,
        keyOps: [keyvault.JsonWebKeyOperation.Encrypt, keyvault.JsonWebKeyOperation.Decrypt],
      },
      tags: args.tags,
    },
    guarded(opts.parent, args.protect),
  );
  const use = grant(
    `${name}-control-secrets`,
    {
      role: "Key Vault Crypto User",
      principalId: control.principalId,
      scope: vault.id,
      location: args.location,
    },
    opts,
  );
  return { vault, key, use };
}

function buildVault({ name, args, opts }: Build): keyvault.Vault {
  const { location, scope, protect, tags } = args;
  return new keyvault.Vault(
    `${name}-vault`,
    {
      resourceGroupName: scope,
      location: location.region,
      vaultName: worldName(name, location, scope, 24),
      properties: {
        tenantId: location.tenant ?? "",
        sku: { family: keyvault.SkuFamily.A, name: keyvault.SkuName.Standard },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        // Whoever loses the key loses the cluster, so not even an owner may delete it for good.
        enablePurgeProtection: true,
        softDeleteRetentionInDays: protect ? recoveryDays.most : recoveryDays.least,
        publicNetworkAccess: "Enabled",
        networkAcls: {
          defaultAction: keyvault.NetworkRuleAction.Allow,
          bypass: keyvault.NetworkRuleBypassOptions.AzureServices,
        },
      },
      tags,
    },
    guarded(opts.parent, protect),
  );
}
