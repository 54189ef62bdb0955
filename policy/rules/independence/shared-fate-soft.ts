import { workloadsOf } from "../../paths.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";
import { isHard, sharedFates } from "../../shared.ts";

const name = "shared-fate-soft";

export const sharedFateSoft: Rule = {
  name,
  description:
    "Reports what a fallback shares with its primary without being disqualified: conurbation, network, logs; for workloads that are not critical, everything that is shared.",
  severity: "low",
  tags: ["independence"],
  remediationSteps: "Accept it in the workload's decision record, or give the fallback its own.",
  url: explainedAt(name),
  reads: [],
  looksThrough: [{ type: "*", path: "*" }],
  validateStack: judging((graph) =>
    workloadsOf(graph).flatMap((workload) =>
      sharedFates(graph, workload, (shared) => !workload.critical || !isHard(shared)),
    ),
  ),
};
