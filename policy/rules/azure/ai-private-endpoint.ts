import { azureType } from "../../clouds.ts";
import { listAt, type Node, unknown } from "../../graph.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";

const name = "ai-private-endpoint";
const [accounts, endpoints] = [azureType("cognitiveservices", "Account"), azureType("network", "PrivateEndpoint")];

export const aiPrivateEndpoint: Rule = {
  name,
  description:
    "Every AI account has a private endpoint, so that the gateway beside it calls it without leaving the network.",
  severity: "medium",
  tags: ["network", "azure"],
  references: ["d6759c02-b87f-42b7-892e-71b3f471d782"],
  remediationSteps: "Make a PrivateEndpoint whose privateLinkServiceConnections name the account's id, group account.",
  url: explainedAt(name),
  reads: [{ type: "azure-native:network:PrivateEndpoint", path: "privateLinkServiceConnections" }],
  validateStack: judging((graph) =>
    graph
      .ofType(accounts)
      .filter((account) => !graph.ofType(endpoints).some((endpoint) => leadsTo(endpoint, account)))
      .map((account) => ({
        message: `${account.name} has no private endpoint. Fix: make a PrivateEndpoint whose privateLinkServiceConnections name its id and the group account.`,
        urn: account.urn,
      })),
  ),
};

/** By reference, and to the account itself: an account has no other group, but a service of another kind has. */
function leadsTo({ props, propertyDependencies }: Node, account: Node): boolean {
  if (!(propertyDependencies.privateLinkServiceConnections ?? []).includes(account.urn)) return false;
  const connections = listAt(props, "privateLinkServiceConnections");
  if (connections === unknown) return true;
  return connections.some((one) => {
    const groups = listAt(one, "groupIds");
    return groups === unknown || groups.includes("account") || groups.includes(unknown);
  });
}
