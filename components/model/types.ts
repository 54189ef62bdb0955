import type * as pulumi from "@pulumi/pulumi";
import type { Location, ManagedModel } from "../plan/types.ts";

/**
 * The managed model service of one location: closed to the internet but for its own network and the stated addresses.
 * One a location, shared by the paths there.
 */
export interface ModelServiceArgs {
  location: Location;
  /** The paths that it serves, by resource name (`<workload>-<location>`). */
  models: { name: string; model: ManagedModel }[];
  /** Egress addresses of the gateways in other clouds, IPv4 without prefix length. */
  allowedAddresses: pulumi.Input<string[]>;
  /** Keep it against deletion. */
  protect: boolean;
  logRetentionDays: number;
  tags: Record<string, string>;
  /** See `Network`. */
  scope: pulumi.Input<string>;
  networkId: pulumi.Input<string>;
  endpointSubnetIds: pulumi.Input<string[]>;
}

export interface ModelService {
  /** What access is granted on: account id (Azure), id of the VPC endpoint (AWS), project (GCP). */
  readonly serviceId: pulumi.Output<string>;
}
