import { at, type Graph, listAt, unknown } from "../../graph.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "model-org-policy";
const policies = "gcp:orgpolicy/policy:Policy";

export const modelOrgPolicy: Rule = {
  name,
  description:
    "A project that calls Vertex AI is bound by a policy of its organisation that lists the models which may be used.",
  severity: "medium",
  tags: ["model", "gcp"],
  remediationSteps:
    "Make an orgpolicy Policy named projects/<project>/policies/vertexai.allowedModels whose rules list allowedValues.",
  url: explainedAt(name),
  reads: [
    { type: policies, path: "name" },
    { type: policies, path: "spec.rules" },
  ],
  validateStack: judging(findings),
};

function findings(graph: Graph): Finding[] {
  const rights = graph
    .ofType("gcp:projects/iAMMember:IAMMember")
    .filter(({ props }) => /aiplatform|Predict/i.test(String(at(props, "role"))));
  const apis = graph
    .ofType("gcp:projects/service:Service")
    .filter(({ props }) => at(props, "service") === "aiplatform.googleapis.com");
  const [caller] = [...rights, ...apis];
  if (caller === undefined) return [];
  const allowing = graph
    .ofType(policies)
    .filter(({ props }) => /vertexai\.allowedModels$/.test(String(at(props, "name"))));
  if (allowing.length === 0) {
    return [
      {
        message: `Vertex AI is used (${caller.name}), and no policy lists the models that may be. Fix: make an orgpolicy Policy for vertexai.allowedModels.`,
        urn: caller.urn,
      },
    ];
  }
  return allowing.flatMap((policy) => {
    const rules = listAt(policy.props, "spec", "rules");
    const lists = rules === unknown ? [] : rules.map((rule) => listAt(rule, "values", "allowedValues"));
    if (lists.some((list) => list === unknown || list.length > 0)) return [];
    return [
      { message: `${policy.name} lists no model. Fix: fill spec.rules[].values.allowedValues.`, urn: policy.urn },
    ];
  });
}
