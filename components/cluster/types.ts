import type * as pulumi from "@pulumi/pulumi";
import type { Location, Subnets } from "../plan/types.ts";

/** A managed Kubernetes cluster with a CPU pool, own keys and an identity issuer. */
export interface ClusterArgs {
  location: Location;
  subnets: Subnets;
  /** Minor version, `1.34`; the cloud chooses the patch. */
  version: string;
  /** Machine shape of the CPU pool. */
  nodeShape: string;
  minNodes: number;
  maxNodes: number;
  /** Keep the cluster and its keys against deletion. */
  protect: boolean;
  /** Paid control plane with an uptime commitment where the cloud sells one. */
  zoneRedundant: boolean;
  /** Who may reach the API server, IPv4 CIDRs; the whole internet is refused. */
  runnerCidrs: string[];
  logRetentionDays: number;
  tags: Record<string, string>;
  /** See `Network.scope`. */
  scope: pulumi.Input<string>;
  networkId: pulumi.Input<string>;
  nodeSubnetIds: pulumi.Input<string[]>;
  /** See `Network.egressAddresses`: nodes reach the API server from here. */
  egressAddresses: pulumi.Input<string[]>;
  /** See `Registry.registryId`: nodes may pull from it. */
  registryId: pulumi.Input<string>;
}

export interface Cluster {
  /** Name as the cloud knows it. */
  readonly clusterName: pulumi.Output<string>;
  /** Resource id. */
  readonly clusterId: pulumi.Output<string>;
  /** OIDC issuer of its service-account tokens, exactly as the tokens name it (AKS ends it with a slash). */
  readonly issuerUrl: pulumi.Output<string>;
  /** Client configuration that gets its token from the cloud's own command line: it holds no credential. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The key that encrypts the cluster's secrets. */
  readonly keyId: pulumi.Output<string>;
  /** Azure: object id of the identity by which the cluster makes load balancers. Absent where the cloud needs no grant. */
  readonly loadBalancerPrincipal?: pulumi.Output<string>;
}
