import type * as pulumi from "@pulumi/pulumi";
import type { Location, Subnets } from "../plan/types.ts";

/** A location's private network with static ways out. */
export interface NetworkArgs {
  /** Where it is built. */
  location: Location;
  /** Ranges, from the plan; they do not overlap. */
  subnets: Subnets;
  /** One address translation gateway a zone (about 33–45 USD a month each, plus traffic) instead of one. */
  zoneRedundant: boolean;
  /** Whether what protected clusters stand on refuses to be destroyed, and outlives being forgotten, as they do. */
  protect: boolean;
  /** Days that flow logs are kept. */
  logRetentionDays: number;
  tags: Record<string, string>;
}

/** What the other components need of a network; plain outputs, the same on every cloud. */
export interface Network {
  /** What the cloud puts resources in: resource group name (Azure), account id (AWS), project id (GCP). */
  readonly scope: pulumi.Output<string>;
  /** Resource id of the network. */
  readonly networkId: pulumi.Output<string>;
  /** Subnets that machines get their addresses from, one a zone where the cloud's subnets are zonal. */
  readonly nodeSubnetIds: pulumi.Output<string[]>;
  /** Subnets that private endpoints are put in. */
  readonly endpointSubnetIds: pulumi.Output<string[]>;
  /** Subnets that a public load balancer is put in; empty where the cloud needs none. */
  readonly publicSubnetIds: pulumi.Output<string[]>;
  /** Static IPv4 addresses that all traffic to the internet comes from, without prefix length. */
  readonly egressAddresses: pulumi.Output<string[]>;
}
