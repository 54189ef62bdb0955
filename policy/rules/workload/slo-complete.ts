import { at, unknown } from "../../graph.ts";
import { type DeclaredPath, pathType, workloadsOf } from "../../paths.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "slo-complete";

/** What an objective consists of; of latency, one field at least. */
const parts = {
  availability: ["target", "windowDays", "good"],
  latency: [],
  cost: ["maxUsdPerMillionOutputTokens", "monthlyCapUsd", "alertAt"],
  quality: ["suite", "minScore", "maxRegression"],
  security: ["maxCredentialAgeHours", "guardrailCoverage", "maxDeniedRequestRate", "maxUnpatchedImageDays"],
} as const;

export const sloComplete: Rule = {
  name,
  description:
    "Every workload has an objective in all five respects: availability, latency, cost, quality and security. What is not promised is not watched.",
  severity: "high",
  tags: ["slo"],
  remediationSteps: "Complete the workload's type in stacks/slos.yaml.",
  url: explainedAt(name),
  reads: Object.entries(parts).flatMap(([part, fields]) => [
    { type: pathType, path: `slo.${part}` },
    ...fields.map((field) => ({ type: pathType, path: `slo.${part}.${field}` })),
  ]),
  validateStack: judging((graph) =>
    workloadsOf(graph).flatMap(({ name: workload, paths }) => findings(workload, paths)),
  ),
};

function findings(workload: string, paths: readonly DeclaredPath[]): Finding[] {
  const [first] = paths;
  if (first === undefined) return [];
  const lacking = paths.flatMap(({ constants }) => missingIn(at(constants, "slo")));
  const distinct = [...new Set(lacking)];
  if (distinct.length === 0) return [];
  return [
    {
      message: `${workload} has no objective for ${distinct.join(", ")}. Fix: complete its type in stacks/slos.yaml.`,
      urn: first.node.urn,
    },
  ];
}

const isGiven = (value: unknown): boolean =>
  value !== unknown &&
  value !== undefined &&
  value !== null &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0);

function missingIn(slo: unknown): string[] {
  return Object.entries(parts).flatMap(([part, fields]) => {
    const found = at(slo, part);
    if (!isGiven(found) || typeof found !== "object" || !Object.values(found as object).some(isGiven)) return [part];
    return fields.filter((field) => !isGiven(at(found, field))).map((field) => `${part}.${field}`);
  });
}
