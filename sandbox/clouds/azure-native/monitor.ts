/** Logs. */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, type Properties, valueAt } from "../../values.ts";
import { azureType, idReference, NAME_RULES, uuidOf } from "./common.ts";
import { STORAGE } from "./data.ts";

const WORKSPACE = "azure-native:operationalinsights:Workspace";

const workspace = azureType({
  token: WORKSPACE,
  arm: "Microsoft.OperationalInsights/workspaces",
  names: ["workspaceName"],
  rule: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]$/,
    allowed: "letters, digits and hyphens, beginning and ending with a letter or digit",
    minLength: 4,
    maxLength: 63,
    source: `${NAME_RULES}#microsoftoperationalinsights`,
  },
  replaceOn: [],
  check: retentionProblems,
  outputs: (inputs, context) => ({
    type: "Microsoft.OperationalInsights/workspaces",
    provisioningState: "Succeeded",
    customerId: uuidOf(context, "customer"),
    createdDate: context.createdAt,
    modifiedDate: context.createdAt,
    retentionInDays: inputs.retentionInDays ?? 30,
    sku: { name: "PerGB2018", ...asObject(inputs.sku) },
    publicNetworkAccessForIngestion: inputs.publicNetworkAccessForIngestion ?? "Enabled",
    publicNetworkAccessForQuery: inputs.publicNetworkAccessForQuery ?? "Enabled",
  }),
});

/** https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure */
function retentionProblems(inputs: Properties): Problem[] {
  const days = inputs.retentionInDays;
  const sku = valueAt(inputs, "sku.name") ?? "PerGB2018";
  if (typeof days !== "number" || sku !== "PerGB2018" || (days >= 30 && days <= 730)) return [];
  return [{ property: "retentionInDays", reason: `is ${days}; it takes 30 to 730 days with sku PerGB2018` }];
}

const setting: ResourceType = {
  token: "azure-native:monitor:DiagnosticSetting",
  regional: false,
  id: (inputs) => `${inputs.resourceUri}/providers/Microsoft.Insights/diagnosticSettings/${inputs.name}`,
  name: {
    property: "name",
    pattern: /^[^*<>%&:?+/\\]+$/,
    allowed: "anything but * < > % & : ? + / \\",
    maxLength: 260,
    source: "https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings",
    auto: { separator: "", digits: 8 },
  },
  replaceOn: ["resourceUri", "name"],
  references: [idReference("workspaceId", WORKSPACE), idReference("storageAccountId", STORAGE)],
  unique: [
    {
      paths: ["resourceUri", "workspaceId"],
      within: "scope",
      refusal: (value) =>
        `Conflict: Data sink is already used in another diagnostic setting of the resource for the same category: ${value}`,
    },
  ],
  check: destinationProblems,
  outputs: () => ({ type: "Microsoft.Insights/diagnosticSettings" }),
};

function destinationProblems(inputs: Properties): Problem[] {
  const destinations = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId"];
  const given = destinations.filter((name) => inputs[name] !== undefined || isUnknown(inputs[name]));
  if (given.length > 0) return [];
  return [{ property: "workspaceId", reason: `a diagnostic setting needs a destination: ${destinations.join(", ")}` }];
}

export const monitorTypes: readonly ResourceType[] = [workspace, setting];
