import { type Problem, suggest } from "../../../components/plan/problem.ts";
import type { ResolvedWorkload, StackInput } from "../resolve.ts";

/** The suite by which the answers of each workload's type are judged lies in stacks/suites. */
export function checkSuites(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const types = [...new Set(workloads.map((workload) => workload.entry.type))];
  return types.flatMap((type): Problem[] => {
    const suite = input.slos[type]?.quality.suite;
    if (suite === undefined || input.suites.includes(suite)) return [];
    const users = workloads.filter((workload) => workload.entry.type === type).map((workload) => workload.name);
    return [
      {
        file: input.files.slos,
        path: [type, "quality", "suite"],
        value: suite,
        message: `there is no such suite, and ${users.join(", ")} is judged by it`,
        allowed: input.suites.join(", ") || "none is there yet",
        fix: suggest(suite, input.suites, `write stacks/suites/${suite}.yaml`),
      },
    ];
  });
}
