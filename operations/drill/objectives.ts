import type { Slo } from "../../components/plan/types.ts";
import type { Receipt } from "../../policy/receipts.ts";

/** What was promised of a workload's type, beside what was measured, seconds; what was not measured is not judged. */
export function judgedObjectives(
  slo: Pick<Slo, "latency"> | null,
  measured: Readonly<Record<string, number | null>>,
): Receipt["objectives"] {
  return Object.entries(slo?.latency ?? {}).flatMap(([name, limit]) => {
    if (limit === undefined) return [];
    const value = measured[name] ?? null;
    return [{ objective: `latency.${name}`, limit, measured: value, met: value === null ? null : value <= limit }];
  });
}
