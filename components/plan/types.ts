import type { AcceleratorName } from "../accelerator/catalogue.ts";
import type { Slo } from "./slo.ts";
import type {
  Cloud,
  Dimension,
  Domain,
  EdgeKind,
  Modality,
  Role,
  Serving,
  Standby,
  Tier,
  WorkloadType,
} from "./words.ts";

export type { Slo } from "./slo.ts";
export * from "./words.ts";

/**
 * The words of the plan. Everything here is plain JSON: the plan is computed without an engine, printed by
 * `twocloud plan`, and handed to the components as it is.
 */

/** A place where paths run: one cloud account and region. */
export interface Location {
  readonly name: string;
  readonly cloud: Cloud;
  /** Subscription (Azure), account (AWS) or project (GCP). */
  readonly account: string;
  /** Entra tenant; Azure only. */
  readonly tenant?: string;
  /** Number of the project; GCP only. */
  readonly projectNumber?: string;
  /** Access policy of the organisation that its service perimeter belongs to; GCP only. */
  readonly accessPolicy?: string;
  readonly region: string;
  readonly zones: readonly string[];
  /** Private range of the whole location, IPv4 CIDR. */
  readonly cidr: string;
  /** Where the region is, for residency (`eu`). */
  readonly geography: string;
  /** Conurbation of the region, for independence. */
  readonly metro: string;
}

/** What a workload demands of any model that serves it. */
export interface CapabilityContract {
  readonly contextTokens: number;
  readonly tools: boolean;
  readonly structuredOutput: boolean;
  readonly streaming: boolean;
  readonly modalities: readonly Modality[];
}

export interface Traffic {
  readonly peakRequestsPerSecond: number;
  /** Mean of one request, tokens. */
  readonly inputTokens: number;
  /** Mean of one answer, tokens. */
  readonly outputTokens: number;
  /** Part of the primary's peak that a fallback must carry, 0 to 1. */
  readonly fallbackShare: number;
}

/** A cloud's offer of a managed model, as the catalogue has it, for one path. */
export interface ManagedModel {
  /** What the gateway writes into the request: deployment (Azure), inference profile (AWS), publisher model (GCP). */
  readonly modelId: string;
  /** The model as its publisher calls it, `gpt-5.4`. */
  readonly name: string;
  readonly version: string | null;
  readonly publisher: string;
  /** API schema that the gateway speaks to it. */
  readonly schema: "OpenAI" | "AWSBedrock" | "GCPVertexAI";
  /** Where inference may happen: a geography or a region. */
  readonly scope: string;
  /** Location in the API's path (GCP): `eu`, or a region; the path's region elsewhere. */
  readonly apiLocation: string;
  /** Purchase form (Azure deployment SKU); null where the cloud has none. */
  readonly sku: string | null;
  /** AWS: the model behind a profile, whose invocation must be allowed too; null elsewhere. */
  readonly foundationModel: string | null;
  /** AWS: every region that a profile may use; null where no source names them. */
  readonly profileRegions: readonly string[] | null;
  /** Public host of the API. */
  readonly host: string;
  /** Capacity to ask for, thousand tokens a minute. */
  readonly capacityThousandTokensPerMinute: number;
}

/** A self-hosted model server group. */
export interface SelfHostedModel {
  /** Name by which the server announces it. */
  readonly modelId: string;
  readonly accelerator: AcceleratorName;
  /** Machine shape of one node. */
  readonly shape: string;
  readonly acceleratorsPerNode: number;
  readonly acceleratorsPerReplica: number;
  /** `spot` machines can be taken away at any time. */
  readonly purchase: "on-demand" | "spot";
  /** Zones of the region that offer the shape. */
  readonly zones: readonly string[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly contextTokens: number;
  /** The server's parser of this model's tool calls; null: it has none. */
  readonly toolCallParser: string | null;
  /** Object name of the weights in the location's bucket. */
  readonly weights: { readonly repository: string; readonly revision: string | null; readonly sizeGiB: number | null };
  /** Public host of the gateway in the same location: the only way in for the other clouds. */
  readonly gatewayHost: string;
}

/** One way to serve a workload. */
export interface Path {
  /** `<workload>/<location>`: unique in a stack. */
  readonly id: string;
  /** `<workload>-<location>`: the same, as a resource name. */
  readonly name: string;
  readonly workload: string;
  readonly role: Role;
  readonly location: string;
  readonly cloud: Cloud;
  readonly region: string;
  readonly serving: Serving;
  readonly standby: Standby;
  /** Name in the model catalogue. */
  readonly model: string;
  readonly vendor: string;
  readonly openWeights: boolean;
  readonly contract: string;
  readonly retires: string | null;
  readonly managed: ManagedModel | null;
  readonly selfHosted: SelfHostedModel | null;
  readonly recovery: Recovery;
  readonly capacity: Capacity;
  readonly cost: PathCost;
}

/** How long callers wait after the primary is lost, seconds; null where no source states a part of it. */
export interface Recovery {
  readonly objectiveSeconds: number;
  /** Until the first answer from this path. */
  readonly firstAnswerSeconds: number | null;
  /** Until it carries the declared share of peak. */
  readonly fullCapacitySeconds: number | null;
  /** The sum, in words. */
  readonly because: string;
}

/** What a path must carry, and can. */
export interface Capacity {
  readonly needed: number;
  /** What the replicas at most or the stated quota carry; null: unknown. */
  readonly available: number | null;
  readonly unit: "requests/s" | "tokens/min";
  readonly because: string;
}

/** Money, US dollars. A null is a price that no source states. */
export interface PathCost {
  /** What the path costs a month without a single request. */
  readonly standbyUsdPerMonth: number | null;
  /** Tokens of an hour at peak on this path. */
  readonly peakUsdPerHour: number | null;
  /** Date of the oldest price in the sum. */
  readonly priceDate: string | null;
  readonly because: string;
}

/** One gateway × path. */
export interface Edge {
  readonly gateway: string;
  readonly path: string;
  readonly kind: EdgeKind;
  /** Name that the gateway connects to. */
  readonly host: string;
  readonly port: number;
}

/** What one gateway tries for one workload, first to last. */
export interface Route {
  readonly workload: string;
  readonly edges: readonly Edge[];
}

/** The request router of one location. */
export interface Gateway {
  readonly location: string;
  /** Public name of it. */
  readonly host: string;
  readonly zone: string;
  readonly replicas: number;
  readonly routes: readonly Route[];
}

/** A gateway's right to call the managed models of one location. */
export interface Access {
  /** Location of the gateway. */
  readonly gateway: string;
  /** Location whose models it may call. */
  readonly target: string;
  readonly paths: readonly string[];
}

/** One dependency that two paths have in common. */
export interface Shared {
  readonly dimension: Dimension;
  readonly level: "hard" | "soft";
  /** The thing itself. */
  readonly node: string;
  /** The paths that need it. */
  readonly paths: readonly string[];
  readonly fix: string;
}

export interface Independence {
  /** The paths that the verdict compares with the primary, and whether each is independent on every hard dimension. */
  readonly fallbacks: readonly { readonly path: string; readonly independent: boolean }[];
  readonly holds: boolean;
  readonly shared: readonly Shared[];
}

export interface Workload {
  readonly name: string;
  readonly type: WorkloadType;
  readonly tier: Tier;
  readonly domain: Domain;
  readonly residency: string;
  readonly requires: CapabilityContract;
  readonly traffic: Traffic;
  readonly owner: string;
  readonly override: boolean;
  readonly degradedMode: string;
  readonly decision: string;
  /** Null where nobody has promised anything for its type. */
  readonly slo: Slo | null;
  readonly drillEveryDays: number;
  readonly paths: readonly Path[];
  readonly independence: Independence;
}

/** Subnets of one location; which of them exist depends on the cloud. */
export interface Subnets {
  readonly nodes: readonly { readonly zone: string; readonly cidr: string }[];
  readonly public: readonly { readonly zone: string; readonly cidr: string }[];
  readonly endpoints: readonly { readonly zone: string; readonly cidr: string }[];
  readonly pods: string;
  readonly services: string;
  readonly controlPlane: string;
}

/** What the environment decides: small and cheap, or zone-redundant and protected. */
export interface Profile {
  readonly production: boolean;
  /** Keep stateful things against deletion. */
  readonly protect: boolean;
  /** One address translation a zone instead of one. */
  readonly zoneRedundant: boolean;
  readonly gatewayReplicas: number;
  readonly systemNodes: { readonly min: number; readonly max: number };
  readonly logRetentionDays: number;
}

/** One location with all that is built in it. */
export interface PlannedLocation extends Location {
  readonly subnets: Subnets;
  readonly kubernetesVersion: string;
  readonly systemShape: string;
  /** What network, cluster and gateway cost a month, US dollars; null: a price is missing. */
  readonly baseUsdPerMonth: number | null;
  readonly priceDate: string | null;
  /** The gateway, if the location serves a critical path. */
  readonly gateway: Gateway | null;
}

export interface Plan {
  readonly environment: string;
  /** Day at which ages and retirements are judged, YYYY-MM-DD. */
  readonly asOf: string;
  readonly profile: Profile;
  readonly tags: Readonly<Record<string, string>>;
  /** Mailbox that certificate authorities write to. */
  readonly contact: string;
  readonly runnerCidrs: readonly string[];
  readonly clientCidrs: readonly string[];
  readonly clientIssuers: readonly {
    readonly name: string;
    readonly issuer: string;
    readonly jwksUri: string;
    readonly audience: string;
  }[];
  readonly locations: readonly PlannedLocation[];
  readonly workloads: readonly Workload[];
  readonly access: readonly Access[];
}
