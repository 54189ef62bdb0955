import { azureType } from "../../clouds.ts";
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
      .filter(
        (account) =>
          !graph
            .ofType(endpoints)
            .some(({ propertyDependencies }) =>
              (propertyDependencies.privateLinkServiceConnections ?? []).includes(account.urn),
            ),
      )
      .map((account) => ({
        message: `${account.name} has no private endpoint. Fix: make a PrivateEndpoint that is connected to its id.`,
        urn: account.urn,
      })),
  ),
};
