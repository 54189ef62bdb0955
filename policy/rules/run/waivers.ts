import { nearest } from "../../../components/plan/problem.ts";
import type { WaiverEntry } from "../../../infra/config/schema.ts";
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
    "A waiver ends on its day, and one that waives nothing, or is for a workload that no stack has, is taken away: an exemption that nobody needs is one that nobody watches.",
  severity: "high",
  tags: ["governance"],
  remediationSteps: "Repair what was waived, or have the owner renew it with a reason; remove what is not needed.",
  url: explainedAt(name),
  reads: [{ type: pathType, path: "workload" }],
  validateStack: judging((graph) => [...findingsOf(graph)]),
};

function findingsOf(graph: Graph): Finding[] {
  const here = workloadsOf(graph).map(({ name: workload }) => workload);
  const [urn] = graph.nodes.keys();
  const stack = stackIn(urn) ?? "";
  const { waivers: written, workloads } = stackFiles();
  return written.flatMap((waiver) => {
    const { workload, environments } = waiver;
    if (here.includes(workload)) return (environments?.includes(stack) ?? true) ? heldFindings(waiver) : [];
    // Another stack may have it; of one that is promoted in none nobody else would tell.
    if (workloads === undefined || workloads.includes(workload)) return [];
    return [strangerFinding(waiver, [...here, ...workloads])];
  });
}

/** Of a waiver that holds in this stack. */
function heldFindings(waiver: WaiverEntry): Finding[] {
  const { rule, workload, owner, expires } = waiver;
  if (expires < judgedDay()) {
    return [
      {
        message: `the waiver of ${rule} for ${workload} ended on ${expires} (owner: ${owner}; judged on ${judgedDay()}). Fix: repair what it waived, or renew it in stacks/waivers.yaml.`,
      },
    ];
  }
  const isUsed = waivedFindings().some((one) => one.waiver === waiver);
  // A part of a stack that is left out this time may be what needs it.
  if (isUsed || isPartial()) return [];
  return [
    {
      message: `the waiver of ${rule} for ${workload} waives nothing (owner: ${owner}). Fix: remove it from stacks/waivers.yaml.`,
    },
  ];
}

function strangerFinding({ rule, workload, owner }: WaiverEntry, known: readonly string[]): Finding {
  const near = nearest(workload, known);
  const fix = `${near === undefined ? "" : `write ${near}, or `}remove it from stacks/waivers.yaml`;
  return {
    message: `the waiver of ${rule} for ${workload} waives nothing: no stack has this workload (owner: ${owner}). Fix: ${fix}.`,
  };
}

const isPartial = (): boolean => (process.env.TWOCLOUD_WITHOUT ?? "") !== "";
