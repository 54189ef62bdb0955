/** The words of which the plan is made: what can be chosen, each as a list and as a type. */

/** The clouds that paths can run in. */
export const clouds = ["azure", "aws", "gcp"] as const;
export type Cloud = (typeof clouds)[number];

/** What kind of AI capability a workload is; fixes which SLO fields it must have. */
export const workloadTypes = [
  "interactive-chat",
  "agent-runtime",
  "retrieval",
  "batch",
  "extraction",
  "fine-tuning",
] as const;
export type WorkloadType = (typeof workloadTypes)[number];

/** How much a workload matters: `critical` must have two clouds, `standard` should, `experimental` need not. */
export const tiers = ["critical", "standard", "experimental"] as const;
export type Tier = (typeof tiers)[number];

export const roles = ["primary", "fallback"] as const;
export type Role = (typeof roles)[number];

export const servings = ["managed", "self-hosted"] as const;
export type Serving = (typeof servings)[number];

/** `hot`: replicas running for the whole share; `warm`: some running, the rest scaled out; `cold`: from zero. */
export const standbys = ["hot", "warm", "cold"] as const;
export type Standby = (typeof standbys)[number];

/** What a model takes in. */
export const modalities = ["text", "image", "audio", "video"] as const;
export type Modality = (typeof modalities)[number];

/** How contracts are bought and reviewed. */
export const domains = ["inference", "runtime", "vector-data", "governance", "dev-tooling"] as const;
export type Domain = (typeof domains)[number];

/** How a gateway reaches a path. */
export const edgeKinds = ["private-endpoint", "in-cluster", "public-endpoint", "gateway-hop"] as const;
export type EdgeKind = (typeof edgeKinds)[number];

/** Things that primary and fallback could share and fail by. */
export const dimensions = [
  "cloud",
  "account",
  "region",
  "metro",
  "vendor",
  "retirement",
  "identity-issuer",
  "keys",
  "registry",
  "weights",
  "entry",
  "gateway",
  "network",
  "capacity",
  "telemetry",
  "state-backend",
] as const;
export type Dimension = (typeof dimensions)[number];
