import { daysUntil } from "../../day.ts";
import { endOf } from "../../lifecycle.ts";
import { pathsOf, pathType } from "../../paths.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";

const name = "model-retiring";

export const modelRetiring: Rule = {
  name,
  description: "Tells of models that retire within 60 days, while there is time to evaluate their successors.",
  severity: "medium",
  tags: ["model", "dates"],
  remediationSteps: "Choose a successor in stacks/models.yaml and run the workload's suite on it.",
  url: explainedAt(name),
  reads: [{ type: pathType, path: "retires" }],
  validateStack: judging((graph) =>
    pathsOf(graph).flatMap((path) => {
      const end = endOf(graph, path);
      if (end === "stays" || end === "unclear" || daysUntil(end) >= 60 || daysUntil(end) <= 30) return [];
      return [
        {
          message: `the model of ${path.id} retires on ${end}, in ${daysUntil(end)} days. Fix: choose its successor now.`,
          urn: path.node.urn,
        },
      ];
    }),
  ),
};
