import { daysUntil, judgedDay } from "../../day.ts";
import { pathsOf, pathType } from "../../paths.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";
import { snapshotDate } from "../../stack-files.ts";

const name = "catalogue-age";

export const catalogueAge: Rule = {
  name,
  description:
    "Tells when the model catalogue is older than seven days: retirements are announced between two looks at it. A release refuses it.",
  severity: "low",
  tags: ["model", "dates"],
  remediationSteps: "Bring stacks/models.yaml up to date, with its sources, and set snapshot.date.",
  url: explainedAt(name),
  reads: [{ type: pathType, path: "model" }],
  validateStack: judging((graph) => {
    const age = -daysUntil(snapshotDate());
    if (pathsOf(graph).length === 0 || age <= 7) return [];
    return [
      {
        message: `the model catalogue is of ${snapshotDate()}, ${age} days before ${judgedDay()}; allowed: 7. Fix: bring stacks/models.yaml up to date.`,
      },
    ];
  }),
};
