import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import type { containerservice as inputs } from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./types.ts";

/**
 * One CPU pool a zone, because each zone has its own subnet and way out; one pool alone when the cluster need not
 * survive the loss of a zone. Minimum and maximum are shared out evenly, rounded up: a pool of this kind can't be empty.
 */
export function nodePools(args: ClusterArgs): inputs.ManagedClusterAgentPoolProfileArgs[] {
  const zones = args.subnets.nodes.slice(0, args.zoneRedundant ? args.subnets.nodes.length : 1);
  const share = (nodes: number) => Math.ceil(nodes / zones.length);
  return zones.map(({ zone }, index) => ({
    name: `system${zone}`,
    mode: containerservice.AgentPoolMode.System,
    type: containerservice.AgentPoolType.VirtualMachineScaleSets,
    vmSize: args.nodeShape,
    osType: containerservice.OSType.Linux,
    osSKU: containerservice.OSSKU.Ubuntu,
    availabilityZones: [zone],
    vnetSubnetID: pulumi.output(args.nodeSubnetIds).apply((ids) => ids[index] ?? ""),
    // The autoscaler decides from then on, but AKS refuses a new pool without a count
    // (https://github.com/Azure/azure-service-operator/issues/3220).
    enableAutoScaling: true,
    count: share(args.minNodes),
    minCount: share(args.minNodes),
    maxCount: share(args.maxNodes),
    enableNodePublicIP: false,
    enableEncryptionAtHost: true,
    // Disk: nothing is said, so that AKS takes the machine's own where it is large enough, else a managed one.
    securityProfile: {
      enableSecureBoot: true,
      enableVTPM: true,
      sshAccess: containerservice.AgentPoolSSHAccess.Disabled,
    },
    upgradeSettings: { maxSurge: "33%" },
    tags: args.tags,
  }));
}
