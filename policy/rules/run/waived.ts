import { pathType } from "../../paths.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";
import { stackIn, waivedFindings } from "../../waivers.ts";

const name = "waived";

export const waived: Rule = {
  name,
  description: "Tells what was waived: a finding that somebody answers for, until when, and why.",
  severity: "low",
  tags: ["governance"],
  remediationSteps: "Repair it before the waiver ends.",
  url: explainedAt(name),
  reads: [{ type: pathType, path: "workload" }],
  validateStack: judging((graph) => {
    const [first] = graph.nodes.keys();
    return waivedFindings()
      .filter(({ urn }) => stackIn(urn) === stackIn(first))
      .map(({ waiver, rule, message, urn }) => ({
        message: `${rule}, waived until ${waiver.expires} by ${waiver.owner} (${waiver.reason}): ${message}`,
        ...(urn !== undefined && graph.nodes.has(urn) ? { urn } : {}),
      }));
  }),
};
