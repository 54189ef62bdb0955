/** AI accounts. */
import type { Connection, Context, InUse, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { internetRange } from "./addresses.ts";
import { azureType, NAME_RULES, ownIdentity, uuidOf } from "./common.ts";
import { isInside } from "./locks.ts";
import { regionName } from "./regions.ts";

export const ACCOUNT = "azure-native:cognitiveservices:Account";
export const DEPLOYMENT = "azure-native:cognitiveservices:Deployment";
const NETWORKS = "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks";
const SUBDOMAINS = "https://learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains";

const nested = (by: string): InUse => ({
  by,
  counts: (outer, inner) => isInside(inner.id, outer.id),
  refusal: (_, inner) =>
    `CannotDeleteResource: Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${inner}'. Please delete all nested resources before deleting this resource.`,
});

const account = azureType({
  token: ACCOUNT,
  arm: "Microsoft.CognitiveServices/accounts",
  names: ["accountName"],
  rule: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    allowed: "letters, digits, underscores, dots and hyphens, beginning with a letter or digit",
    minLength: 2,
    maxLength: 64,
    source: `${NAME_RULES}#microsoftcognitiveservices`,
  },
  replaceOn: [],
  unique: [
    {
      paths: ["properties.customSubDomainName"],
      within: "world",
      refusal: (name) =>
        `CustomDomainInUse: Please pick a different name. The subdomain name '${name}' is not available as it's already used by a resource.`,
    },
  ],
  inUse: [nested(DEPLOYMENT)],
  check: (inputs, connection) => [...accountProblems(inputs), ...kindProblems(inputs, connection)],
  refuse: keptRefusals,
  outputs: (inputs, context) => {
    const properties = asObject(inputs.properties);
    return {
      type: "Microsoft.CognitiveServices/accounts",
      etag: `"${uuidOf(context, "etag")}"`,
      ...(inputs.identity === undefined ? {} : { identity: ownIdentity(inputs.identity, context) }),
      properties: {
        ...properties,
        provisioningState: "Succeeded",
        dateCreated: context.createdAt,
        internalId: context.hex(32, "internal"),
        isMigrated: false,
        endpoint: endpointOf(inputs, properties, context),
        publicNetworkAccess: properties.publicNetworkAccess ?? "Enabled",
      },
    };
  },
  handles: (outputs) =>
    valuesAt(outputs, "identity.principalId").map(({ value }) => ({ by: "principal", value: String(value) })),
});

/** https://learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains */
function endpointOf(inputs: Properties, { customSubDomainName }: Properties, { placement }: Context): string {
  const region = inputs.location ?? placement.region;
  if (customSubDomainName === undefined) return `https://${region}.api.cognitive.microsoft.com/`;
  const domain = inputs.kind === "OpenAI" ? "openai.azure.com" : "cognitiveservices.azure.com";
  return `https://${customSubDomainName}.${domain}/`;
}

function accountProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  const subdomain = knownString(valueAt(inputs, "properties.customSubDomainName"));
  if (subdomain !== undefined && !/^[A-Za-z0-9][A-Za-z0-9-]{0,62}[A-Za-z0-9]$/.test(subdomain)) {
    const reason = `"${subdomain}" is not allowed: 2 to 64 letters, digits and hyphens, beginning and ending with a letter or digit`;
    problems.push({ property: "properties.customSubDomainName", kind: "name", reason, source: SUBDOMAINS });
  }
  const none = valueAt(inputs, "properties.customSubDomainName") === undefined;
  if (none && (inputs.properties === undefined || !isUnknown(inputs.properties))) {
    const used = ["disableLocalAuth", "networkAcls"].filter(
      (name) => valueAt(inputs, `properties.${name}`) !== undefined,
    );
    for (const name of used) {
      const reason = "needs properties.customSubDomainName: Entra identities and network rules work by it only";
      const fix = "Set properties.customSubDomainName";
      problems.push({ property: `properties.${name}`, kind: "required", reason, fix, source: SUBDOMAINS });
    }
  }
  return [...problems, ...valuesAt(inputs, "properties.networkAcls.ipRules[].value").flatMap(ruleProblems)];
}

/** Rules are for addresses of the internet. */
function ruleProblems({ path, value }: { path: string; value: unknown }): Problem[] {
  const text = knownString(value);
  if (text === undefined || internetRange(text) !== undefined) return [];
  const reason = `"${text}" is not allowed: an IPv4 address or range of the internet is expected`;
  const fix = "Let private addresses in by a private endpoint";
  return [{ property: path, reason, fix, source: NETWORKS }];
}

/** https://learn.microsoft.com/azure/ai-services/openai/concepts/models: where Azure OpenAI is. */
const openAiRegions = [
  ...["australiaeast", "brazilsouth", "canadacentral", "canadaeast", "centralus", "eastus", "eastus2", "francecentral"],
  ...["germanywestcentral", "italynorth", "japaneast", "japanwest", "koreacentral", "northcentralus", "norwayeast"],
  ...["polandcentral", "southafricanorth", "southcentralus", "southeastasia", "southindia", "spaincentral"],
  ...["swedencentral", "switzerlandnorth", "switzerlandwest", "uaenorth", "uksouth", "westeurope", "westus", "westus3"],
];
const MODELS = "https://learn.microsoft.com/azure/ai-services/openai/concepts/models";

function kindProblems(inputs: Properties, { region }: Connection): Problem[] {
  if (inputs.kind !== "OpenAI") return [];
  const problems: Problem[] = [];
  const location = knownString(inputs.location) ?? region;
  if (location !== "" && !openAiRegions.includes(regionName(location))) {
    const reason = `InvalidApiSetId: The account type 'OpenAI' is either invalid or unavailable in given region (${location}); it is in ${openAiRegions.join(", ")}`;
    problems.push({
      property: "location",
      kind: "placement",
      reason,
      fix: "Choose one of these regions",
      source: MODELS,
    });
  }
  const sku = knownString(valueAt(inputs, "sku.name"));
  if (sku !== undefined && sku !== "S0") {
    const reason = `is "${sku}"; an account of kind OpenAI has SKU S0`;
    problems.push({ property: "sku.name", kind: "placement", reason, fix: "Set sku.name to S0", source: MODELS });
  }
  return problems;
}

/** An account of Azure OpenAI can become one of Foundry, and back: https://learn.microsoft.com/azure/ai-foundry/how-to/upgrade-azure-openai */
const exchangeable = ["OpenAI", "AIServices"];

/** The subdomain and the kind belong to the account for good. */
function keptRefusals(inputs: Properties, { before }: Context): Problem[] {
  if (before === undefined) return [];
  const problems: Problem[] = [];
  const keep = (property: string, reason: string): void =>
    void problems.push({ property, kind: "immutable", reason, fix: "Make another account", source: SUBDOMAINS });
  const was = knownString(valueAt(before, "properties.customSubDomainName"));
  const now = valueAt(inputs, "properties.customSubDomainName");
  if (was !== undefined && was !== now) {
    keep("properties.customSubDomainName", `is ${now ?? "absent"}, was ${was}; a custom subdomain can't be changed`);
  }
  const kinds = [before.kind, inputs.kind];
  if (kinds[0] !== kinds[1] && !kinds.every((kind) => exchangeable.includes(String(kind)))) {
    keep("kind", `is ${inputs.kind}, was ${before.kind}; an account keeps its kind`);
  }
  return problems;
}

export const accountTypes: readonly ResourceType[] = [account];
