import type { Offer } from "./catalogue.ts";
import type { CapabilityContract, Cloud } from "./types.ts";

/** Clouds in which accelerator pools, and so self-hosted paths, are built today. */
export const poolClouds: readonly Cloud[] = ["gcp"];

/** EKS refuses a cluster whose subnets are in one zone: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const minZones: Readonly<Record<Cloud, number>> = { azure: 1, aws: 2, gcp: 1 };

/**
 * What the gateway leaves out of a request while it translates it, though the model behind would do it: it drops
 * `response_format`. Read on 2026-11-27 in Envoy AI Gateway 1.0.0, github.com/envoyproxy/ai-gateway/internal/translator:
 * openai_awsbedrock.go never reads it, anthropic_helper.go skips it for Google's endpoints.
 */
export const lostInTranslation: Readonly<Partial<Record<Offer["api"], readonly (keyof CapabilityContract)[]>>> = {
  AWSBedrock: ["structuredOutput"],
  GCPAnthropic: ["structuredOutput"],
};
