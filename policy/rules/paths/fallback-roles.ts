import { type DeclaredWorkload, pathType, workloadsOf } from "../../paths.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "fallback-roles";

export const fallbackRoles: Rule = {
  name,
  description: "Every workload has exactly one primary path; a critical one has at least one fallback.",
  severity: "critical",
  tags: ["two-cloud-minimum"],
  remediationSteps:
    "Give one path of the workload role: primary in stacks/workloads.yaml, and the others role: fallback.",
  url: explainedAt(name),
  references: ["EU AI Act Art. 15(4)"],
  reads: [{ type: pathType, path: "role" }],
  validateStack: judging((graph) => workloadsOf(graph).flatMap(roleFindings)),
};

function roleFindings({ name: workload, critical, paths }: DeclaredWorkload): Finding[] {
  const having = (role: string) => paths.filter((path) => path.role === role);
  const [primaries, fallbacks] = [having("primary"), having("fallback")];
  const findings: Finding[] = [];
  if (primaries.length !== 1) {
    const names = primaries.map(({ id }) => id).join(", ") || "none";
    findings.push({
      message: `${workload} has ${primaries.length} primary paths (${names}); allowed is exactly one. Fix: make one of its paths the primary.`,
      urn: paths[0]?.node.urn,
    });
  }
  if (critical && fallbacks.length === 0) {
    findings.push({
      message: `${workload} is critical and has no fallback; at least one is needed. Fix: add a path with role fallback in another cloud.`,
      urn: paths[0]?.node.urn,
    });
  }
  for (const { id, role, node } of paths) {
    if (role === "primary" || role === "fallback") continue;
    findings.push({
      message: `${id} has the role ${typeof role === "string" ? `"${role}"` : "of nothing that is known"}; a path is "primary" or "fallback". Fix: write one of them.`,
      urn: node.urn,
    });
  }
  return findings;
}
