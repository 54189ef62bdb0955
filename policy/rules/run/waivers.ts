import { judgedDay } from "../../day.ts";
import type { Graph } from "../../graph.ts";
import { pathType, workloadsOf } from "../../paths.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";
import { stackFiles } from "../../stack-files.ts";
import { stackIn, waivedFindings } from "../../waivers.ts";

const name = "waivers";

/** Asked last: only then is it known which waivers were needed. */
export const waivers: Rule = {
  name,
  description:
    "A waiver ends on its day, and one that waives nothing is taken away: an exemption that nobody needs is one that nobody watches.",
  severity: "high",
  tags: ["governance"],
  remediationSteps: "Repair what was waived, or have the owner renew it with a reason; remove what is not needed.",
  url: explainedAt(name),
  reads: [{ type: pathType, path: "workload" }],
  validateStack: judging((graph) => [...findingsOf(graph)]),
};

function findingsOf(graph: Graph): Finding[] {
  const here = new Set(workloadsOf(graph).map(({ name: workload }) => workload));
  const [urn] = graph.nodes.keys();
  const stack = stackIn(urn);
  const used = new Set(waivedFindings().map(({ waiver }) => waiver));
  return stackFiles()
    .waivers.filter(({ workload, environments }) => here.has(workload) && (environments?.includes(stack ?? "") ?? true))
    .flatMap((waiver) => {
      const { rule, workload, owner, expires } = waiver;
      if (expires < judgedDay()) {
        return [
          {
            message: `the waiver of ${rule} for ${workload} ended on ${expires} (owner: ${owner}; judged on ${judgedDay()}). Fix: repair what it waived, or renew it in stacks/waivers.yaml.`,
          },
        ];
      }
      // A part of a stack that is left out this time may be what needs it.
      if (used.has(waiver) || isPartial()) return [];
      return [
        {
          message: `the waiver of ${rule} for ${workload} waives nothing (owner: ${owner}). Fix: remove it from stacks/waivers.yaml.`,
        },
      ];
    });
}

const isPartial = (): boolean => (process.env.TWOCLOUD_WITHOUT ?? "") !== "";
