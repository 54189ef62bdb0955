import { accountOf } from "../../clouds.ts";
import { at, type Graph, listAt, type Node, unknown } from "../../graph.ts";
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
  looksThrough: [{ type: "gcp:projects/iAMMember:IAMMember", path: "role" }],
  validateStack: judging(findings),
};

function findings(graph: Graph): Finding[] {
  const allowing = graph
    .ofType(policies)
    .filter(({ props }) => /vertexai\.allowedModels$/.test(String(at(props, "name"))));
  const callers = new Map(callersIn(graph).map((one) => [projectOf(graph, one), one]));
  const unbound = [...callers].filter(([project]) => !allowing.some((policy) => binds(policy, project)));
  return [
    ...unbound.map(([project, caller]) => ({
      message: `Vertex AI is used in ${project} (${caller.name}), and no policy lists the models that may be. Fix: make an orgpolicy Policy for vertexai.allowedModels.`,
      urn: caller.urn,
    })),
    ...(callers.size === 0 ? [] : allowing.flatMap(open)),
  ];
}

/** What shows that Vertex AI is used: the right to call it, by name or by a role of the project's own, and its API. */
function callersIn(graph: Graph): Node[] {
  return [
    ...graph
      .ofType("gcp:projects/iAMMember:IAMMember")
      .filter(({ props }) => /aiplatform/.test(String(at(props, "role")))),
    ...graph.ofType("gcp:projects/iAMCustomRole:IAMCustomRole").filter(({ props }) => {
      const permissions = listAt(props, "permissions");
      return permissions !== unknown && permissions.some((one) => String(one).startsWith("aiplatform."));
    }),
    ...graph
      .ofType("gcp:projects/service:Service")
      .filter(({ props }) => at(props, "service") === "aiplatform.googleapis.com"),
  ];
}

function projectOf(graph: Graph, { props, provider }: Node): string {
  const from = provider === undefined ? undefined : graph.nodes.get(provider);
  const found = [at(props, "project"), from === undefined ? undefined : accountOf(from)];
  return found.find((one) => typeof one === "string") ?? "a project that is not known";
}

/** A folder's or an organisation's policy binds the projects below. */
function binds({ props }: Node, project: string): boolean {
  const name = String(at(props, "name"));
  return name.startsWith(`projects/${project}/`) || /^(organizations|folders)\//.test(name);
}

function open(policy: Node): Finding[] {
  const rules = listAt(policy.props, "spec", "rules");
  const known = rules === unknown ? [] : rules;
  const lists = known.map((rule) => listAt(rule, "values", "allowedValues"));
  const text = known.some((rule) => /^true$/i.test(String(at(rule, "allowAll"))))
    ? "allows every model (allowAll)"
    : lists.some((list) => list !== unknown && list.length > 0)
      ? undefined
      : "lists no model that is known";
  if (text === undefined) return [];
  return [{ message: `${policy.name} ${text}. Fix: fill spec.rules[].values.allowedValues.`, urn: policy.urn }];
}
