import { azureType } from "../../clouds.ts";
import { at, type Graph, listAt, type Node, unknown } from "../../graph.ts";
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
    { type: "azure-native:monitor:DiagnosticSetting", path: "logs" },
  ],
  validateStack: judging((graph) =>
    graph.ofType(azureType("cognitiveservices", "Account")).flatMap((account) => findings(graph, account)),
  ),
};

const wanted = ["Audit", "RequestResponse"];
const identities = ["SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"];

function findings(graph: Graph, account: Node): Finding[] {
  const identity = at(account.props, "identity", "type");
  const settings = graph
    .ofType(azureType("monitor", "DiagnosticSetting"))
    .filter(({ propertyDependencies }) => (propertyDependencies.resourceUri ?? []).includes(account.urn));
  const written = settings.flatMap(categoriesOf);
  const lacking = written.includes("allLogs") ? [] : wanted.filter((one) => !written.includes(one));
  const texts = [
    ...(identities.includes(String(identity === unknown ? "" : identity))
      ? []
      : [`${account.name} has no identity of its own. Fix: set identity.type to SystemAssigned`]),
    ...(settings.length === 0
      ? [`${account.name} has no diagnostic setting. Fix: make a DiagnosticSetting whose resourceUri is its id`]
      : lacking.length === 0
        ? []
        : [
            `${account.name} does not write down ${lacking.join(" and ")}. Fix: enable the categor${lacking.length === 1 ? "y" : "ies"} in logs of ${settings.map((one) => one.name).join(", ")}`,
          ]),
  ];
  return texts.map((text) => ({ message: `${text}.`, urn: account.urn }));
}

/** Categories of logs that a setting writes. */
function categoriesOf({ props }: Node): unknown[] {
  const logs = listAt(props, "logs");
  if (logs === unknown) return [];
  return logs
    .filter((one) => at(one, "enabled") === true)
    .flatMap((one) => (at(one, "categoryGroup") === "allLogs" ? ["allLogs"] : [at(one, "category")]));
}
