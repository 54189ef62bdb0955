import type { Cloud } from "./types.ts";

/** Clouds in which accelerator pools, and so self-hosted paths, are built today. */
export const poolClouds: readonly Cloud[] = ["gcp"];

/** EKS refuses a cluster whose subnets are in one zone: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const minZones: Readonly<Record<Cloud, number>> = { azure: 1, aws: 2, gcp: 1 };
