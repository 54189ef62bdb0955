import type { PathCost, Traffic } from "./types.ts";

/** Mean hours of a month, as the clouds bill. */
export const hoursPerMonth = 730;

/** A price with the day it was seen; null: no source states it. */
export interface Priced {
  readonly usd: number | null;
  readonly date: string | null;
}

/** A sum that is unknown as soon as one part is. */
export function sum(parts: readonly Priced[]): Priced {
  const dates = parts.flatMap((part) => part.date ?? []).sort();
  const total = parts.reduce<number | null>(
    (left, part) => (left === null || part.usd === null ? null : left + part.usd),
    0,
  );
  return { usd: total === null ? null : Math.round(total * 100) / 100, date: dates[0] ?? null };
}

/** Of a managed path: nothing while idle (its private endpoint is in the location's base), tokens at peak. */
export function managedCost(
  traffic: Traffic,
  share: number,
  offer: { usdPerMillionInputTokens: number | null; usdPerMillionOutputTokens: number | null; date: string },
): PathCost {
  const requests = traffic.peakRequestsPerSecond * share * 3600;
  const { usdPerMillionInputTokens: input, usdPerMillionOutputTokens: output } = offer;
  const hour =
    input === null || output === null
      ? null
      : (requests * (traffic.inputTokens * input + traffic.outputTokens * output)) / 1e6;
  return {
    standbyUsdPerMonth: 0,
    peakUsdPerHour: hour === null ? null : Math.round(hour * 100) / 100,
    priceDate: offer.date,
    because: `pay as you go: ${input ?? "unknown"} and ${output ?? "unknown"} USD per million tokens in and out`,
  };
}

/** Of model servers: the nodes that run all the time; at peak all of them. */
export function selfHostedCost(minNodes: number, maxNodes: number, nodeHour: Priced, shape: string): PathCost {
  const { usd, date } = nodeHour;
  return {
    standbyUsdPerMonth:
      minNodes === 0 ? 0 : usd === null ? null : Math.round(minNodes * usd * hoursPerMonth * 100) / 100,
    peakUsdPerHour: usd === null ? null : Math.round(maxNodes * usd * 100) / 100,
    priceDate: date,
    because: `${minNodes} of at most ${maxNodes} × ${shape} running, ${usd ?? "unknown"} USD an hour each`,
  };
}
