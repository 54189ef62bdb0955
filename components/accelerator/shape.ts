/** How a machine shape with accelerators is described, and the sources that many entries of the catalogue share. */

/** Where a fact comes from and of which day it is; null: the source carries no date. */
export interface Source {
  readonly source: string;
  readonly date: string | null;
}

/** How a machine can be had. `flex-start` waits for capacity and lasts seven days at most; `spot` can be taken away. */
export type Provisioning = "on-demand" | "spot" | "flex-start" | "reservation" | "capacity-block";

/** USD an hour for the whole machine, accelerators included. */
export interface HourlyPrice {
  /** List price; of a shape that is never sold on demand it is the ceiling. */
  readonly onDemand: number | null;
  /** Price of the day of the source; it moves. */
  readonly spot: number | null;
}

/** A machine shape of one cloud. */
export interface AcceleratorShape extends Source {
  /** Name of the machine type, instance type or VM size. */
  readonly shape: string;
  /** Accelerators in one machine. */
  readonly count: number;
  /** Name by which the cloud's API knows the accelerator; null where the shape alone says it. */
  readonly type: string | null;
  /** Region → zones that have the shape; null: the region has it, the source names no zones. Absent: unknown. */
  readonly regions: Readonly<Record<string, readonly string[] | null>>;
  readonly provisioning: readonly Provisioning[];
  readonly usdPerHour: Readonly<Record<string, HourlyPrice>>;
  readonly note?: string;
}

export interface Accelerator {
  readonly memoryGiB: number;
  readonly clouds: {
    readonly azure: readonly AcceleratorShape[];
    readonly aws: readonly AcceleratorShape[];
    readonly gcp: readonly AcceleratorShape[];
  };
}

/** Prices and zones of Google Cloud. */
export const gcpPrices = {
  source:
    "prices: Cyclenerd/google-cloud-pricing-cost-calculator pricing.yml at dac31281; zones: skypilot-org/skypilot-catalog " +
    "v8/gcp/vms.csv at 006059e0 (undated); provisioning: docs.cloud.google.com/compute/docs/gpus and dstackai/gpuhunt pull request 176",
  date: "2026-08-20",
} as const;

const azurePrices = {
  source:
    "Azure/karpenter-provider-azure pkg/providers/pricing/zz_generated.pricing.go at 2b431da1 (regions and prices)",
  date: "2026-06-18",
} as const;

/** Its us-east-1 prices equal those of aws/karpenter-provider-aws of 2026-07-20. Zone letters differ between accounts. */
const awsPrices = {
  source: "skypilot-org/skypilot-catalog v8/aws/vms.csv at 00148f2a (undated)",
  date: null,
} as const;

/** Dated, but of one region. */
export const awsVirginia = {
  source: "aws/karpenter-provider-aws pkg/providers/pricing/zz_generated.pricing_aws.go at 1d927085 (us-east-1 only)",
  date: "2026-07-20",
} as const;

/** A list price and, where the source has one, the spot price. */
export const list = (onDemand: number | null, spot: number | null = null): HourlyPrice => ({ onDemand, spot });

/** A VM size with its list price by region; Azure prints no zones for sizes. */
export const azure = (shape: string, count: number, prices: Readonly<Record<string, number>>): AcceleratorShape => ({
  shape,
  count,
  type: null,
  regions: Object.fromEntries(Object.keys(prices).map((region) => [region, null])),
  provisioning: ["on-demand", "spot", "reservation"],
  usdPerHour: Object.fromEntries(Object.entries(prices).map(([region, price]) => [region, list(price)])),
  ...azurePrices,
});

/** An instance type with its list price by region. */
export const aws = (
  shape: string,
  count: number,
  prices: Readonly<Record<string, number>>,
  provisioning: readonly Provisioning[],
  source: Source = awsPrices,
): AcceleratorShape => ({
  shape,
  count,
  type: null,
  regions: Object.fromEntries(Object.keys(prices).map((region) => [region, null])),
  provisioning,
  usdPerHour: Object.fromEntries(Object.entries(prices).map(([region, price]) => [region, list(price)])),
  ...source,
});
