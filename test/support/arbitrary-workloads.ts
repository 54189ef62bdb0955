/** Random workloads that their locations can serve, with enough capacity and time. */
import { domains, workloadTypes } from "../../components/plan/words.ts";
import type { Dice } from "./arbitrary-dice.ts";
import { type Capabilities, contracts, type Serving, secondsPerToken } from "./arbitrary-facts.ts";
import type { Island, Place } from "./arbitrary-places.ts";

export interface WorkloadBounds {
  /** Requests a second, to choose from. */
  readonly peaks: readonly number[];
  /** Model servers of one path, at most. */
  readonly replicas: number;
  /** Accelerators for them. Quotas are granted by kind. */
  readonly accelerators: readonly string[];
}

export interface Path {
  readonly role: "primary" | "fallback";
  readonly location: string;
  readonly serving: "managed" | "self-hosted";
  readonly model: string;
  readonly contract: string;
  readonly standby?: "hot" | "warm" | "cold";
  readonly accelerator?: string;
  readonly replicas?: { readonly min: number; readonly max: number };
  readonly tokensPerMinute?: number;
}

interface Traffic {
  readonly peakRequestsPerSecond: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly fallbackShare: number;
}

/** A workload as it has to be once the overrides are applied. */
export interface Workload {
  readonly tier: "critical" | "standard" | "experimental";
  readonly traffic: Traffic;
  readonly paths: readonly Path[];
  readonly recovery: { readonly timeObjectiveSeconds: number; readonly drillEveryDays: number };
  readonly [key: string]: unknown;
}

export function rollWorkload(dice: Dice, island: Island, bounds: WorkloadBounds): Workload {
  const { tier, chosen } = rollPlaces(dice, island);
  const offered = ({ accelerator }: Serving) => accelerator === undefined || bounds.accelerators.includes(accelerator);
  const servings = chosen.map((place, index) =>
    dice.pick(place.servings.filter((serving) => offered(serving) && (index > 0 || serving.spot !== true))),
  );
  const traffic = rollTraffic(dice, bounds, servings);
  const requires = rollRequires(dice, servings);
  const paths = chosen.map((place, index) =>
    rollPath(dice, index === 0 ? "primary" : "fallback", place, servings[index] as Serving, { traffic, bounds }),
  );
  return {
    type: dice.pick(workloadTypes),
    tier,
    domain: dice.pick(domains),
    requires,
    traffic,
    residency: island.geography,
    paths: dice.chance(20) ? [...paths].reverse() : paths,
    recovery: {
      timeObjectiveSeconds: objectiveFor(paths, requires.streaming === true) + dice.pick([0, 1, 49, 3600]),
      drillEveryDays: dice.pick([1, 30, 90, 365]),
    },
    human: {
      owner: dice.pick(["team-support@example.com", "ai+owner@example.co.uk"]),
      override: true,
      degradedMode: dice.pick(["queue to agents", "none: it waits", 'says "later" — über alles', "yes", "1"]),
    },
    decision: dice.pick(["docs/decisions/support-chat.md", "https://example.com/why?id=1#now"]),
  };
}

/** The primary's place first; of a critical workload every fallback is in another cloud. */
function rollPlaces(dice: Dice, { places }: Island): { tier: Workload["tier"]; chosen: Place[] } {
  const primary = dice.pick(places);
  const elsewhere = places.filter(({ cloud }) => cloud !== primary.cloud);
  const tier = dice.pick(
    elsewhere.length > 0 ? (["critical", "critical", "standard"] as const) : (["standard"] as const),
  );
  if (tier === "critical") return { tier, chosen: [primary, ...dice.some(elsewhere, 1)] };
  const others = places.filter((place) => place !== primary);
  return { tier: dice.chance(50) ? "experimental" : tier, chosen: [primary, ...dice.some(others, 0, 2)] };
}

function rollTraffic(dice: Dice, bounds: WorkloadBounds, servings: readonly Serving[]): Traffic {
  const inputTokens = dice.pick([1, 200, 1500, 6000]);
  const outputTokens = dice.pick([1, 300, 800]);
  // What model servers can carry at most, where it is known what they carry.
  const most = (bounds.replicas / secondsPerToken / (inputTokens + outputTokens)) * 0.99;
  const peak = dice.pick(bounds.peaks);
  const limited = servings.some(({ measured }) => measured === true);
  return {
    peakRequestsPerSecond: limited ? Math.min(peak, most) : peak,
    inputTokens,
    outputTokens,
    fallbackShare: dice.pick([1, 0.5, 0.1, 0]),
  };
}

function rollRequires(dice: Dice, servings: readonly Serving[]): Record<string, unknown> {
  const all = servings.map(({ capabilities }) => capabilities);
  const context = Math.min(...all.map(({ contextTokens }) => contextTokens));
  const flags = (["tools", "structuredOutput", "streaming"] as const).flatMap((flag) => {
    const able = all.every((each: Capabilities) => each[flag]);
    return dice.chance(60) ? [[flag, able && dice.chance(60)] as const] : [];
  });
  const common = (all[0]?.modalities ?? []).filter((each) => all.every(({ modalities }) => modalities.includes(each)));
  return {
    contextTokens: Math.min(context, dice.pick([1, 8000, 32000, context])),
    ...Object.fromEntries(flags),
    ...(dice.chance(50) ? { modalities: dice.some(common, 1) } : {}),
  };
}

function rollPath(
  dice: Dice,
  role: Path["role"],
  { name }: Place,
  { serving, model, accelerator, measured }: Serving,
  { traffic, bounds }: { traffic: Traffic; bounds: WorkloadBounds },
): Path {
  const base = { role, location: name, serving, model, contract: dice.pick(contracts) };
  const { inputTokens, outputTokens, peakRequestsPerSecond, fallbackShare } = traffic;
  const requests = peakRequestsPerSecond * (role === "primary" ? 1 : fallbackShare);
  if (serving === "managed") {
    const quota = Math.ceil(requests * (inputTokens + outputTokens) * 60) + dice.pick([1, 1_000_000]);
    return {
      ...base,
      ...(dice.chance(30) ? { standby: "hot" as const } : {}),
      ...(dice.chance(30) ? { tokensPerMinute: quota } : {}),
    };
  }
  const needed = measured === true ? Math.ceil(requests * (inputTokens + outputTokens) * secondsPerToken) : 0;
  const standby = dice.pick(["hot", "warm", "cold"] as const);
  const least = { hot: Math.max(1, needed), warm: dice.int(0, Math.max(1, needed)), cold: 0 }[standby];
  const max = Math.max(1, least, needed) + dice.int(0, Math.max(0, bounds.replicas - Math.max(1, least, needed)));
  return {
    ...base,
    ...(standby === "hot" && dice.chance(50) ? {} : { standby }),
    ...(accelerator === undefined ? {} : { accelerator }),
    replicas: { min: Math.min(least, max), max },
  };
}

/** Seconds until the slowest fallback answers: components/plan/recovery.ts says where they come from. */
function objectiveFor(paths: readonly Path[], streaming: boolean): number {
  const starts = paths.flatMap(({ role, standby = "hot", replicas }) => {
    if (role === "primary" || replicas === undefined || replicas.min > 0) return [0];
    return [standby === "warm" ? 300 : 900];
  });
  return (streaming ? 11 : 61) + Math.max(0, ...starts);
}
