import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { AwsCluster } from "../../components/cluster/aws.ts";
import { AzureCluster } from "../../components/cluster/azure.ts";
import { GcpCluster } from "../../components/cluster/gcp.ts";
import type { Cluster } from "../../components/cluster/types.ts";
import type { Network } from "../../components/network/types.ts";
import type { Plan } from "../../components/plan/types.ts";
import { AwsRegistry } from "../../components/registry/aws.ts";
import { AzureRegistry } from "../../components/registry/azure.ts";
import { GcpRegistry } from "../../components/registry/gcp.ts";
import type { Registry } from "../../components/registry/types.ts";
import { bare, inEach, of, type Place } from "./locations.ts";

const registries = { aws: AwsRegistry, azure: AzureRegistry, gcp: GcpRegistry };
const clusters = { aws: AwsCluster, azure: AzureCluster, gcp: GcpCluster };

/** A location's cluster with what runs on it needs: its images and a client for its API server. */
export interface BuiltCluster {
  readonly cluster: Cluster;
  readonly registry: Registry;
  /** Hangs under the location's top like everything in it. */
  readonly provider: KubernetesProvider;
}

/** Registry and cluster of each location that has a gateway. */
export function buildClusters(
  plan: Plan,
  places: ReadonlyMap<string, Place>,
  networks: ReadonlyMap<string, Network>,
  images: readonly string[],
): Map<string, BuiltCluster> {
  const { protect, zoneRedundant, logRetentionDays, systemNodes } = plan.profile;
  const tags = { ...plan.tags };
  return inEach(places, ({ location, opts }) => {
    if (location.gateway === null) return undefined;
    const network = of(networks, location.name);
    const registry = new registries[location.cloud](
      `${location.name}-registry`,
      { location: bare(location), images: [...images], protect, tags, scope: network.scope },
      opts,
    );
    const cluster = new clusters[location.cloud](
      `${location.name}-cluster`,
      {
        location: bare(location),
        subnets: location.subnets,
        version: location.kubernetesVersion,
        nodeShape: location.systemShape,
        minNodes: systemNodes.min,
        maxNodes: systemNodes.max,
        protect,
        zoneRedundant,
        runnerCidrs: [...plan.runnerCidrs],
        logRetentionDays,
        tags,
        scope: network.scope,
        networkId: network.networkId,
        nodeSubnetIds: network.nodeSubnetIds,
        egressAddresses: network.egressAddresses,
        registryId: registry.registryId,
      },
      opts,
    );
    const provider = new KubernetesProvider(
      `${location.name}-kubernetes`,
      // Without an identifier the provider guesses when a cluster is another one, and replaces everything on it.
      { kubeconfig: cluster.kubeconfig, clusterIdentifier: `${plan.environment}/${location.name}` },
      opts,
    );
    return { cluster, registry, provider };
  });
}
