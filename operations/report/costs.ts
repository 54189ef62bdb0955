import type { Plan } from "../../components/plan/types.ts";

/** What a stack costs a month while nobody asks it anything, US dollars: the bases of its places and its standby. */
export interface MonthlyCost {
  readonly items: readonly CostItem[];
  /** Sum of the known items. */
  readonly knownUsd: number;
  /** Items whose price no source states: not in the sum. */
  readonly unknown: readonly CostItem[];
  /** What the primaries cost at the declared peaks, for an hour; unknown ones are not in it. */
  readonly peakUsdPerHour: number;
  /** Primaries whose price is unknown. */
  readonly unknownAtPeak: readonly string[];
}

export interface CostItem {
  /** Location or path. */
  readonly name: string;
  readonly what: string;
  readonly usd: number | null;
  /** Day of the oldest dated price in it; null: none carries a date. */
  readonly date: string | null;
}

/** Adds up; paths that cost nothing while idle are no items. */
export function monthlyCost(plan: Plan): MonthlyCost {
  const bases = plan.locations.map(({ name, baseUsdPerMonth, priceDate, gateway }): CostItem => {
    const what = gateway === null ? "network, private endpoint" : "network, cluster, gateway";
    return { name, what, usd: baseUsdPerMonth, date: priceDate };
  });
  const paths = plan.workloads.flatMap((workload) => workload.paths);
  const standby = paths
    .filter((path) => path.cost.standbyUsdPerMonth !== 0)
    .map(
      (path): CostItem => ({
        name: path.id,
        what: standbyOf(path.selfHosted),
        usd: path.cost.standbyUsdPerMonth,
        date: path.cost.priceDate,
      }),
    );
  const items = [...bases, ...standby];
  const primaries = paths.filter((path) => path.role === "primary");
  return {
    items,
    knownUsd: sum(items.map((item) => item.usd)),
    unknown: items.filter((item) => item.usd === null),
    peakUsdPerHour: sum(primaries.map((path) => path.cost.peakUsdPerHour)),
    unknownAtPeak: primaries.filter((path) => path.cost.peakUsdPerHour === null).map((path) => path.id),
  };
}

function standbyOf(model: Plan["workloads"][number]["paths"][number]["selfHosted"]): string {
  return model === null
    ? "standby"
    : `standby: ${model.minNodes} × ${model.shape}${model.purchase === "spot" ? ", spot" : ""}`;
}

/** In cents, so that the sum has no digits that no price has. */
function sum(amounts: readonly (number | null)[]): number {
  return amounts.reduce<number>((cents, usd) => cents + Math.round((usd ?? 0) * 100), 0) / 100;
}
