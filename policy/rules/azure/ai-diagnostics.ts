import { azureType } from "../../clouds.ts";
import { at, type Graph, type Node, unknown } from "../../graph.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "ai-diagnostics";

export const aiDiagnostics: Rule = {
  name,
  description:
    "Every AI account has an identity of its own and writes down who asked for what: a diagnostic setting is attached to it.",
  severity: "medium",
  tags: ["audit", "azure"],
  references: [
    "fe3fd216-4f83-4fc1-8984-2bbec80a3418",
    "1b4d1c4e-934c-4703-944c-27c82c06bebb",
    "CKV_AZURE_238",
    "EU AI Act Art. 12(1)",
  ],
  remediationSteps:
    "Set identity.type to SystemAssigned or UserAssigned, and make a DiagnosticSetting whose resourceUri is the account's id, with the categories Audit and RequestResponse.",
  url: explainedAt(name),
  reads: [
    { type: "azure-native:cognitiveservices:Account", path: "identity.type" },
    { type: "azure-native:monitor:DiagnosticSetting", path: "resourceUri" },
  ],
  validateStack: judging((graph) =>
    graph.ofType(azureType("cognitiveservices", "Account")).flatMap((account) => findings(graph, account)),
  ),
};

const identities = ["SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"];

function findings(graph: Graph, account: Node): Finding[] {
  const identity = at(account.props, "identity", "type");
  const logged = graph
    .ofType(azureType("monitor", "DiagnosticSetting"))
    .some(({ propertyDependencies }) => (propertyDependencies.resourceUri ?? []).includes(account.urn));
  const texts = [
    ...(identities.includes(String(identity === unknown ? "" : identity))
      ? []
      : [`${account.name} has no identity of its own. Fix: set identity.type to SystemAssigned`]),
    ...(logged
      ? []
      : [`${account.name} has no diagnostic setting. Fix: make a DiagnosticSetting whose resourceUri is its id`]),
  ];
  return texts.map((text) => ({ message: `${text}.`, urn: account.urn }));
}
