import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as network from "@pulumi/azure-native/network/index.js";
import * as storage from "@pulumi/azure-native/storage/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { grant, worldName } from "../azure.ts";
import type { NetworkArgs } from "./types.ts";

interface FlowLogArgs extends NetworkArgs {
  readonly scope: pulumi.Output<string>;
  readonly networkId: pulumi.Output<string>;
}

/**
 * Logs of all flows of a virtual network, written to a storage account that has no keys: the log writes as its own
 * identity (https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-managed-identity).
 */
export function buildFlowLog(name: string, args: FlowLogArgs, opts: { parent: pulumi.Resource }): void {
  const { location, scope, tags, networkId, logRetentionDays } = args;
  const account = buildStorage(`${name}-flows`, args, opts);
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-flows`,
    { resourceGroupName: scope, location: location.region, tags },
    opts,
  );
  const writes = grant(
    `${name}-flows`,
    { role: "Storage Blob Data Contributor", principalId: identity.principalId, scope: account.id, location },
    opts,
  );
  new network.FlowLog(
    `${name}-flows`,
    {
      // Azure makes one watcher a region, by itself, with the first virtual network there
      // (https://learn.microsoft.com/azure/network-watcher/network-watcher-create).
      resourceGroupName: "NetworkWatcherRG",
      networkWatcherName: `NetworkWatcher_${location.region}`,
      flowLogName: worldName(`${name}-flows`, location, scope, 80),
      location: location.region,
      targetResourceId: networkId,
      storageId: account.id,
      identity: { type: network.ResourceIdentityType.UserAssigned, userAssignedIdentities: [identity.id] },
      enabled: true,
      format: { type: network.FlowLogFormatType.JSON, version: 2 },
      retentionPolicy: { enabled: true, days: logRetentionDays },
      tags,
    },
    { ...opts, dependsOn: writes },
  );
}

function buildStorage(name: string, args: FlowLogArgs, opts: pulumi.CustomResourceOptions): storage.StorageAccount {
  const { location, scope, tags, zoneRedundant } = args;
  return new storage.StorageAccount(
    name,
    {
      resourceGroupName: scope,
      location: location.region,
      accountName: worldName(name, location, scope, 24, ""),
      kind: storage.Kind.StorageV2,
      sku: { name: zoneRedundant ? storage.SkuName.Standard_ZRS : storage.SkuName.Standard_LRS },
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      enableHttpsTrafficOnly: true,
      isLocalUserEnabled: false,
      minimumTlsVersion: storage.MinimumTlsVersion.TLS1_2,
      // Closed to all but Azure's own services with a right of their own: the flow log is one.
      networkRuleSet: { defaultAction: storage.DefaultAction.Deny, bypass: storage.Bypass.AzureServices },
      tags,
    },
    opts,
  );
}
