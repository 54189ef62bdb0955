import { pathType, workloadsOf } from "../../paths.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";
import { isHard, sharedFates } from "../../shared.ts";

const name = "shared-fate";

/**
 * Stricter than the plan's verdict on a workload, which asks for one independent fallback: whatever is called a fallback
 * of a critical workload has to be one.
 */
export const sharedFate: Rule = {
  name,
  description:
    "No fallback of a critical workload shares cloud, account, region, identity issuer, keys, registry, weights, entry or gateway with its primary, and not all paths serve one vendor's closed weights. Dependencies are followed through the resources; one whose origin cannot be told counts as shared.",
  severity: "critical",
  tags: ["independence"],
  remediationSteps:
    "Follow the two chains in the message to where they meet, and give the fallback that thing in its own cloud: its own registry, key, bucket, cluster, gateway, DNS zone.",
  url: explainedAt(name),
  references: ["EU AI Act Art. 15(4)"],
  reads: [{ type: pathType, path: "vendor" }],
  looksThrough: [{ type: "*", path: "*" }],
  validateStack: judging((graph) =>
    workloadsOf(graph)
      .filter(({ critical }) => critical)
      .flatMap((workload) => sharedFates(graph, workload, isHard)),
  ),
};
