/** Logs. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { azureType, idReference, NAME_RULES, STORAGE, uuidOf } from "./common.ts";
import { heldByLocks } from "./locks.ts";
import { regionName } from "./regions.ts";

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
  check: (inputs) => [...retentionProblems(inputs), ...tierProblems(inputs)],
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

const RETENTION = "https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure";

function retentionProblems(inputs: Properties): Problem[] {
  const days = inputs.retentionInDays;
  const sku = valueAt(inputs, "sku.name") ?? "PerGB2018";
  if (typeof days !== "number" || sku !== "PerGB2018" || (days >= 30 && days <= 730)) return [];
  const reason = `is ${days}; it takes 30 to 730 days with sku PerGB2018`;
  return [{ property: "retentionInDays", reason, source: RETENTION }];
}

const TIERS = "https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs";

/** Sold to new workspaces; the older ones are not. */
const soldTiers = ["PerGB2018", "CapacityReservation", "LACluster"];

function tierProblems(inputs: Properties): Problem[] {
  const sku = knownString(valueAt(inputs, "sku.name"));
  if (sku === undefined) return [];
  if (!soldTiers.includes(sku)) {
    const reason = `is "${sku}"; a new workspace takes ${soldTiers.join(", ")}`;
    return [{ property: "sku.name", kind: "placement", reason, fix: "Set sku.name to PerGB2018", source: TIERS }];
  }
  const level = valueAt(inputs, "sku.capacityReservationLevel");
  if (sku !== "CapacityReservation" || isUnknown(level) || typeof level === "number") return [];
  const reason = "is missing: a commitment tier says how many GB a day it commits to";
  const fix = "Give it a level that Azure sells, as 100";
  return [{ property: "sku.capacityReservationLevel", kind: "required", reason, fix, source: TIERS }];
}

const SETTING = "azure-native:monitor:DiagnosticSetting";
const SETTINGS = "https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings";

const setting: ResourceType = {
  token: SETTING,
  regional: false,
  id: (inputs) => `${inputs.resourceUri}/providers/Microsoft.Insights/diagnosticSettings/${inputs.name}`,
  name: {
    property: "name",
    pattern: /^[^*<>%&:?+/\\]+$/,
    allowed: "anything but * < > % & : ? + / \\",
    maxLength: 260,
    source: SETTINGS,
    auto: { separator: "", digits: 8 },
  },
  replaceOn: ["resourceUri", "name"],
  references: [idReference("workspaceId", WORKSPACE), idReference("storageAccountId", STORAGE)],
  inUse: [heldByLocks],
  unique: [
    {
      paths: ["resourceUri", "workspaceId"],
      within: "scope",
      refusal: (value) =>
        `Conflict: Data sink is already used in another diagnostic setting of the resource for the same category: ${value}`,
    },
  ],
  check: destinationProblems,
  refuse: (inputs, context) => [
    ...countRefusals(inputs, context),
    ...categoryRefusals(inputs, context),
    ...sinkRefusals(inputs, context),
  ],
  outputs: () => ({ type: "Microsoft.Insights/diagnosticSettings" }),
};

function destinationProblems(inputs: Properties): Problem[] {
  const destinations = ["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId"];
  const given = destinations.filter((name) => inputs[name] !== undefined || isUnknown(inputs[name]));
  if (given.length > 0) return [];
  const reason = `a diagnostic setting needs a destination: ${destinations.join(", ")}`;
  return [{ property: "workspaceId", kind: "required", reason, fix: "Give it one of these", source: SETTINGS }];
}

const MOST_SETTINGS = 5;

function countRefusals(inputs: Properties, { before, all }: Context): Problem[] {
  const uri = String(inputs.resourceUri).toLowerCase();
  const count = all(SETTING).filter((other) => String(other.inputs.resourceUri).toLowerCase() === uri).length;
  if (before !== undefined || count < MOST_SETTINGS) return [];
  const reason = `${inputs.resourceUri} has ${count} diagnostic settings; a resource takes ${MOST_SETTINGS}`;
  return [{ property: "resourceUri", reason, fix: "Send more categories by one of them", source: SETTINGS }];
}

/** Categories of logs, by the resource's type: https://learn.microsoft.com/azure/azure-monitor/reference/logs-index */
const categories: Readonly<Record<string, readonly string[]>> = {
  "azure-native:containerservice:ManagedCluster": [
    ...["kube-apiserver", "kube-audit", "kube-audit-admin", "kube-controller-manager", "kube-scheduler"],
    ...["cluster-autoscaler", "cloud-controller-manager", "guard", "csi-azuredisk-controller"],
    ...["csi-azurefile-controller", "csi-snapshot-controller"],
  ],
  "azure-native:keyvault:Vault": ["AuditEvent", "AzurePolicyEvaluationDetails"],
  "azure-native:cognitiveservices:Account": ["Audit", "RequestResponse", "Trace", "AzureOpenAIRequestUsage"],
  "azure-native:containerregistry:Registry": ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
};

function categoryRefusals(inputs: Properties, context: Context): Problem[] {
  const source = context.find(Object.keys(categories), inputs.resourceUri);
  const known = categories[source?.type ?? ""];
  if (known === undefined) return [];
  return valuesAt(inputs, "logs[].category").flatMap(({ path, value }): Problem[] => {
    if (known.includes(String(value))) return [];
    const reason = `BadRequest: Category '${value}' is not supported; ${source?.id} has ${known.join(", ")}`;
    const page = "https://learn.microsoft.com/azure/azure-monitor/reference/logs-index";
    return [{ property: path, kind: "placement", reason, fix: "Choose among these categories", source: page }];
  });
}

/** What is in a region writes to storage of that region. */
function sinkRefusals(inputs: Properties, context: Context): Problem[] {
  const storage = context.find(STORAGE, inputs.storageAccountId);
  const source = context.find(Object.keys(categories), inputs.resourceUri);
  if (storage === undefined || source === undefined) return [];
  const [there, here] = [storage.placement.region, source.placement.region].map(regionName);
  if (there === here) return [];
  const reason = `BadRequest: ${storage.id} is in ${there}, what is logged in ${here}; they must be in one region`;
  const fix = "Make the storage account in that region";
  return [{ property: "storageAccountId", kind: "placement", reason, fix, source: SETTINGS }];
}

export const monitorTypes: readonly ResourceType[] = [workspace, setting];
