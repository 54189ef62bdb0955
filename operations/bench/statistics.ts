/** The middle value; between the two in the middle where their number is even. @throws Error for no values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted.length % 2 === 0 ? sorted[middle - 1] : upper;
  if (upper === undefined || lower === undefined) throw new Error("There is no median of nothing.");
  return (lower + upper) / 2;
}

/** What each further workload costs between two sizes. */
export function slope(
  smaller: { readonly workloads: number; readonly seconds: number },
  larger: { readonly workloads: number; readonly seconds: number },
): number {
  return (larger.seconds - smaller.seconds) / (larger.workloads - smaller.workloads);
}
