/** How measured values lie; seconds, or whatever they are. */

export interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** Null of no values. */
export function spreadOf(values: readonly number[]): Spread | null {
  return values.length === 0 ? null : { median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

/** Nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
}

/** As many digits as a measurement on a shared machine deserves. */
export const rounded = (value: number): number => Number(value.toFixed(3));
