import { at, unknown } from "../../graph.ts";
import { type DeclaredPath, pathsOf, pathType } from "../../paths.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "governance";

/** What somebody has to have said, and where. */
const said = {
  owner: "human.owner",
  domain: "domain",
  contract: "contract of the path",
  decision: "decision",
} as const;

export const governance: Rule = {
  name,
  description:
    "Every path says who owns it, to which domain and contract it belongs and where the decision is written down, and a person can overrule or switch off what it answers.",
  severity: "high",
  tags: ["governance"],
  references: ["EU AI Act Art. 14(4)(e)"],
  remediationSteps:
    "Fill human.owner, human.override, domain, decision and the path's contract in stacks/workloads.yaml.",
  url: explainedAt(name),
  reads: [...Object.keys(said), "override"].map((path) => ({ type: pathType, path })),
  validateStack: judging((graph) => pathsOf(graph).flatMap(findings)),
};

function findings({ id, node, constants }: DeclaredPath): Finding[] {
  const lacking = Object.entries(said).filter(([key]) => {
    const found = at(constants, key);
    return typeof found !== "string" || found === "";
  });
  const override = at(constants, "override");
  const texts = [
    ...lacking.map(
      ([key, where]) =>
        `${id} has ${at(constants, key) === unknown ? "an unknown" : "no"} ${key}. Fix: write ${where} in stacks/workloads.yaml`,
    ),
    ...(override === true
      ? []
      : [
          `${id} cannot be overruled by a person (override is ${override === unknown ? "not known" : String(override ?? "absent")}). Fix: set human.override to true and build the switch`,
        ]),
  ];
  return texts.map((text) => ({ message: `${text}.`, urn: node.urn }));
}
