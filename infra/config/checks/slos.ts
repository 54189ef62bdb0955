import type { Problem } from "../../../components/plan/problem.ts";
import type { WorkloadType } from "../../../components/plan/types.ts";
import type { ResolvedWorkload, StackInput } from "../resolve.ts";
import type { SloEntry } from "../schema.ts";

type Latency = keyof SloEntry["latency"];

/** What latency means to each type: whoever waits for words counts tokens, whoever waits for a result counts its time. */
const required: Readonly<Record<WorkloadType, readonly Latency[]>> = {
  "interactive-chat": ["timeToFirstTokenP95Seconds", "timePerOutputTokenP95Seconds"],
  "agent-runtime": ["timeToFirstTokenP95Seconds", "durationP95Seconds"],
  retrieval: ["durationP95Seconds"],
  batch: ["completionHours"],
  extraction: ["durationP95Seconds"],
  "fine-tuning": ["completionHours"],
};

/** Every workload's type has its SLOs, with the fields that the type needs. */
export function checkSlos(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const types = [...new Set(workloads.map((workload) => workload.entry.type))];
  return types.flatMap((type): Problem[] => {
    const slo = input.slos[type];
    const at = { file: input.files.slos, path: [type] };
    if (slo === undefined) {
      const users = workloads.filter((workload) => workload.entry.type === type).map((workload) => workload.name);
      return [
        {
          ...at,
          message: `this type is used by ${users.join(", ")} and has no SLOs`,
          allowed: "availability, latency, cost, quality, security",
          fix: "add it",
        },
      ];
    }
    return required[type]
      .filter((field) => slo.latency[field] === undefined)
      .map((field) => ({
        file: at.file,
        path: [type, "latency", field],
        message: `this is missing: ${type} is judged by it`,
        allowed: required[type].join(", "),
        fix: "add it",
      }));
  });
}
