import { daysUntil, judgedDay } from "../../day.ts";
import { endOf } from "../../lifecycle.ts";
import { pathsOf, pathType } from "../../paths.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";

const name = "model-lifecycle";
const leastDays = 30;

export const modelLifecycle: Rule = {
  name,
  description:
    "No path serves a model that is retired, or is within 30 days: the time that it takes to evaluate and promote another one.",
  severity: "high",
  tags: ["model", "dates"],
  remediationSteps: "Move the path to a model of stacks/models.yaml that stays, and evaluate it before the date.",
  url: explainedAt(name),
  reads: [
    { type: pathType, path: "retires" },
    { type: pathType, path: "modelId" },
  ],
  validateStack: judging((graph) =>
    pathsOf(graph).flatMap((path) => {
      const end = endOf(graph, path);
      if (end === "stays") return [];
      const urn = path.node.urn;
      if (end === "unclear") {
        return [
          {
            message: `${path.id} does not say when its model ends. Fix: let the plan declare it (InferencePath).`,
            urn,
          },
        ];
      }
      const left = daysUntil(end);
      if (left > leastDays) return [];
      const when = left < 0 ? `was retired on ${end}` : `retires on ${end}, in ${left} days`;
      return [
        {
          message: `the model of ${path.id} ${when} (judged on ${judgedDay()}); allowed: more than ${leastDays} days. Fix: move the path to another model.`,
          urn,
        },
      ];
    }),
  ),
};
