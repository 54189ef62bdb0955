/** What is deployed in an AI account, and what filters it. */
import type { Connection, Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { ACCOUNT, DEPLOYMENT } from "./ai.ts";
import { azureType, parentId, uuidOf } from "./common.ts";
import { regionName } from "./regions.ts";

const POLICY = "azure-native:cognitiveservices:RaiPolicy";
const TEMPLATES = "https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices";
const FILTERS = "https://learn.microsoft.com/azure/ai-services/openai/how-to/content-filters";
const DEPLOYMENT_TYPES = "https://learn.microsoft.com/azure/ai-services/openai/how-to/deployment-types";
/** One change of an account and of what is in it at a time. */
const oneByOne = (facts: Parameters<typeof parentId>[0]) => ({
  parent: (inputs: Properties, connection: Connection) => parentId(facts, inputs, { connection }),
  refusal: (accountId: string) =>
    `RequestConflict: Another operation is being performed on the parent resource '${accountId}'. Please try again later.`,
  source: "https://github.com/Azure/Vector-Search-AI-Assistant/issues/11",
});

const deploymentFacts = {
  token: DEPLOYMENT,
  arm: "Microsoft.CognitiveServices/accounts/deployments",
  names: ["accountName", "deploymentName"],
  parent: ACCOUNT,
} as const;

const deployment = azureType({
  ...deploymentFacts,
  rule: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    allowed: "letters, digits, underscores, dots and hyphens, beginning with a letter or digit",
    minLength: 2,
    maxLength: 64,
    source: `${TEMPLATES}/accounts/deployments`,
  },
  replaceOn: [],
  fixed: { "properties.model.format": null, "properties.model.name": null, "sku.name": null },
  oneAtATime: oneByOne(deploymentFacts),
  check: deploymentProblems,
  refuse: (inputs, context) => [...filterRefusals(inputs, context), ...zoneRefusals(inputs, context)],
  outputs: (inputs, context) => {
    const tokens = Number(valueAt(inputs, "sku.capacity")) * 1000;
    const known = Number.isFinite(tokens);
    return {
      type: "Microsoft.CognitiveServices/accounts/deployments",
      etag: `"${uuidOf(context, "etag")}"`,
      properties: {
        versionUpgradeOption: "OnceNewDefaultVersionAvailable",
        ...asObject(inputs.properties),
        provisioningState: "Succeeded",
        ...(known ? { rateLimits: [{ key: "token", renewalPeriod: 60, count: tokens }] } : {}),
      },
    };
  },
});

/** How a model can be deployed. */
const skus = [
  ...["Standard", "GlobalStandard", "DataZoneStandard", "GlobalBatch", "DataZoneBatch"],
  ...["ProvisionedManaged", "GlobalProvisionedManaged", "DataZoneProvisionedManaged", "DeveloperTier"],
];

function deploymentProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  if (inputs.properties !== undefined && !isUnknown(inputs.properties)) {
    const missing = ["format", "name"].filter((part) => valueAt(inputs, `properties.model.${part}`) === undefined);
    for (const part of missing) {
      const fix = "Name the model as Azure lists it, with its format, as OpenAI";
      problems.push({
        property: `properties.model.${part}`,
        kind: "required",
        reason: "InvalidResourceProperties: is missing",
        fix,
      });
    }
  }
  const capacity = valueAt(inputs, "sku.capacity");
  if (typeof capacity === "number" && (capacity < 1 || !Number.isInteger(capacity))) {
    const reason = `InvalidResourceProperties: is ${capacity}; a whole number of at least 1 is expected`;
    problems.push({ property: "sku.capacity", kind: "required", reason, fix: "Write thousands of tokens a minute" });
  }
  const sku = knownString(valueAt(inputs, "sku.name"));
  if (sku !== undefined && !skus.includes(sku)) {
    const reason = `InvalidResourceProperties: The specified SKU '${sku}' is none; it takes ${skus.join(", ")}`;
    problems.push({
      property: "sku.name",
      kind: "placement",
      reason,
      fix: "Choose one of these",
      source: DEPLOYMENT_TYPES,
    });
  }
  return problems;
}

/** The data zones, and which regions are in them. */
const dataZones = [
  ...[
    "francecentral",
    "germanywestcentral",
    "italynorth",
    "polandcentral",
    "spaincentral",
    "swedencentral",
    "westeurope",
  ],
  ...["centralus", "eastus", "eastus2", "northcentralus", "southcentralus", "westus", "westus3"],
];

function zoneRefusals(inputs: Properties, context: Context): Problem[] {
  const sku = knownString(valueAt(inputs, "sku.name")) ?? "";
  const region = context.find(ACCOUNT, parentId(deploymentFacts, inputs, context))?.placement.region;
  if (!sku.startsWith("DataZone") || region === undefined || dataZones.includes(regionName(region))) return [];
  const model =
    `${valueAt(inputs, "properties.model.name")} ${valueAt(inputs, "properties.model.version") ?? ""}`.trim();
  const reason = `InvalidResourceProperties: The specified SKU '${sku}' for model '${model}' is not supported in this region '${region}', which is in no data zone (${dataZones.join(", ")})`;
  const fix = "Take an account in a data zone, or another deployment type";
  return [{ property: "sku.name", kind: "placement", reason, fix, source: DEPLOYMENT_TYPES }];
}

/** A content filter is one of Azure's own, or one of the account. */
function filterRefusals(inputs: Properties, context: Context): Problem[] {
  const name = knownString(valueAt(inputs, "properties.raiPolicyName"));
  if (name === undefined || /^Microsoft\.Default(V2)?$/.test(name)) return [];
  const id = `${parentId(deploymentFacts, inputs, context)}/raiPolicies/${name}`;
  if (context.find(POLICY, id) !== undefined) return [];
  const reason = `InvalidParameter: the account has no content filter "${name}"`;
  const fix = "Make it first and let this depend on it, or take Microsoft.DefaultV2";
  return [{ property: "properties.raiPolicyName", kind: "reference", reason, fix, source: FILTERS }];
}

const policyFacts = {
  token: POLICY,
  arm: "Microsoft.CognitiveServices/accounts/raiPolicies",
  names: ["accountName", "raiPolicyName"],
  parent: ACCOUNT,
} as const;

const policy = azureType({
  ...policyFacts,
  rule: { maxLength: 64, source: `${TEMPLATES}/accounts/raipolicies` },
  replaceOn: [],
  fixed: { "properties.basePolicyName": null },
  oneAtATime: oneByOne(policyFacts),
  inUse: [
    {
      by: DEPLOYMENT,
      counts: (filter, user) =>
        filter.id.toLowerCase() ===
        `${user.id.split(/\/deployments\//i)[0]}/raiPolicies/${valueAt(user.inputs, "properties.raiPolicyName")}`.toLowerCase(),
      refusal: (id, user) => `Conflict: the content filter ${id} is assigned to the deployment ${user}`,
    },
  ],
  check: policyProblems,
  outputs: (inputs, context) => ({
    type: "Microsoft.CognitiveServices/accounts/raiPolicies",
    etag: `"${uuidOf(context, "etag")}"`,
    properties: { ...asObject(inputs.properties), type: "UserManaged" },
  }),
});

const severities: readonly unknown[] = ["Low", "Medium", "High"];
const sources: readonly unknown[] = ["Prompt", "Completion"];

function policyProblems(inputs: Properties): Problem[] {
  return valuesAt(inputs, "properties.contentFilters[]").flatMap(({ path, value }) => {
    const { severityThreshold, source } = asObject(value);
    const problems: Problem[] = [];
    const add = (name: string, given: unknown, allowed: readonly unknown[]): void => {
      if (given === undefined || isUnknown(given) || allowed.includes(given)) return;
      const reason = `is "${given}"; it takes ${allowed.join(", ")}`;
      problems.push({ property: `${path}.${name}`, reason, fix: "Choose one of these", source: FILTERS });
    };
    add("severityThreshold", severityThreshold, severities);
    add("source", source, sources);
    return problems;
  });
}

export const deploymentTypes: readonly ResourceType[] = [deployment, policy];
