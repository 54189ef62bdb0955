import type { Problem } from "../../../components/plan/problem.ts";
import type { ResolvedWorkload, StackInput } from "../resolve.ts";
import { inWorkload } from "./where.ts";

/** Every workload can be overruled by a person: the policy pack asks for it, and a plan should not promise less. */
export function checkHuman(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return workloads
    .filter(({ entry }) => !entry.human.override)
    .map(({ name }) => ({
      ...inWorkload(input, name, "human", "override"),
      value: false,
      message: "no person could overrule or switch off what this answers",
      allowed: "true",
      fix: "say true: `twocloud override` is the switch",
    }));
}
