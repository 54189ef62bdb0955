import type * as pulumi from "@pulumi/pulumi";
import type { Location } from "../plan/types.ts";
import type { AcceleratorName } from "./catalogue.ts";
import type { Provisioning } from "./shape.ts";

/**
 * How a pool changes when its machines have to be other ones. `surge` makes the new ones first, so the quota has to
 * hold both for a while; `rolling` gives up the old ones first, and capacity with them.
 */
export const replacements = { surge: "surge", rolling: "rolling" } as const;
export type Replacement = (typeof replacements)[keyof typeof replacements];

/** How machines are bought. */
export const provisionings = {
  onDemand: "on-demand",
  spot: "spot",
  flexStart: "flex-start",
  reservation: "reservation",
  capacityBlock: "capacity-block",
} as const satisfies Record<string, Provisioning>;

/** Machines with accelerators in a cluster, for model servers only. */
export interface AcceleratorPoolArgs {
  location: Location;
  /** See `Network.scope`. */
  scope: pulumi.Input<string>;
  /** See `Cluster.clusterId`. */
  clusterId: pulumi.Input<string>;
  /** Machine shape of one node, as the catalogue has it. */
  shape: string;
  accelerator: AcceleratorName;
  /** Accelerators in one node; the shape fixes it. */
  acceleratorsPerNode: number;
  /** Zones of the region that offer the shape, as in `Location.zones`. */
  zones: string[];
  /** Over all zones. */
  minNodes: number;
  maxNodes: number;
  replace: Replacement;
  provisioning: Provisioning;
  /**
   * Name of the reservation, with provisioning `reservation`.
   * @default none
   */
  reservation?: string;
  /** Identity of the machines; see `GcpCluster.nodeServiceAccount`. */
  nodeServiceAccount: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** What a pod needs in order to land on the pool: plain, known before anything is built. */
export interface AcceleratorPool {
  /** Name as the cloud knows it; known when the pool is there. */
  readonly poolName: pulumi.Output<string>;
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: readonly Toleration[];
}

export interface Toleration {
  readonly key: string;
  readonly operator: "Equal";
  readonly value: string;
  readonly effect: "NoSchedule";
}

/** Label of every node of a pool. */
export const poolLabel = "twocloud/pool";

/**
 * What keeps other pods off the machines. It is declared, since GKE adds the same to a pool that does not say so, and
 * the next run would then replace the pool.
 */
export const acceleratorTaint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" } as const;
