/** AI accounts and what is deployed in them. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { azureType, NAME_RULES, ownIdentity, parentId, uuidOf } from "./common.ts";

const ACCOUNT = "azure-native:cognitiveservices:Account";
const POLICY = "azure-native:cognitiveservices:RaiPolicy";
const TEMPLATES = "https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices";
const NETWORKS = "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks";

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
  replaceOn: ["kind"],
  unique: [
    {
      paths: ["properties.customSubDomainName"],
      within: "world",
      refusal: (name) =>
        `CustomDomainInUse: Please pick a different name. The subdomain name '${name}' is not available as it's already used by a resource.`,
    },
  ],
  check: accountProblems,
  refuse: subdomainRefusals,
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
    const reason = `"${subdomain}" is not allowed: 2 to 64 letters, digits and hyphens, beginning and ending with a letter or digit (${NETWORKS})`;
    problems.push({ property: "properties.customSubDomainName", reason });
  }
  const none = valueAt(inputs, "properties.customSubDomainName") === undefined;
  if (none && (inputs.properties === undefined || !isUnknown(inputs.properties))) {
    const used = ["disableLocalAuth", "networkAcls"].filter(
      (name) => valueAt(inputs, `properties.${name}`) !== undefined,
    );
    for (const name of used) {
      const reason = `needs properties.customSubDomainName: Entra identities and network rules work by it only (${NETWORKS})`;
      problems.push({ property: `properties.${name}`, reason });
    }
  }
  return [...problems, ...valuesAt(inputs, "properties.networkAcls.ipRules[].value").flatMap(ruleProblems)];
}

/** Rules are for addresses of the internet. */
function ruleProblems({ path, value }: { path: string; value: unknown }): Problem[] {
  const text = knownString(value);
  if (text === undefined) return [];
  const block = parseBlock(text.includes("/") ? text : `${text}/32`);
  const ranges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((range) => parseBlock(range));
  const isPrivate = ranges.some((range) => range && block && range.first <= block.first && block.last <= range.last);
  if (block !== undefined && !isPrivate) return [];
  const reason = `"${text}" is not allowed: an IPv4 address or range of the internet is expected (${NETWORKS})`;
  return [{ property: path, reason }];
}

/** The name belongs to the account for good. */
function subdomainRefusals(inputs: Properties, { before }: Context): Problem[] {
  const was = knownString(valueAt(before, "properties.customSubDomainName"));
  const now = valueAt(inputs, "properties.customSubDomainName");
  if (was === undefined || was === now) return [];
  const reason = `is ${now ?? "absent"}, was ${was}; a custom subdomain can't be changed: make another account`;
  return [{ property: "properties.customSubDomainName", reason }];
}

const deploymentFacts = {
  token: "azure-native:cognitiveservices:Deployment",
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
  replaceOn: ["properties.model.format", "properties.model.name"],
  check: deploymentProblems,
  refuse: filterRefusals,
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

function deploymentProblems(inputs: Properties): Problem[] {
  const problems: Problem[] = [];
  if (inputs.properties !== undefined && !isUnknown(inputs.properties)) {
    const missing = ["format", "name"].filter((part) => valueAt(inputs, `properties.model.${part}`) === undefined);
    for (const part of missing) {
      problems.push({ property: `properties.model.${part}`, reason: "InvalidResourceProperties: is missing" });
    }
  }
  const capacity = valueAt(inputs, "sku.capacity");
  if (typeof capacity === "number" && (capacity < 1 || !Number.isInteger(capacity))) {
    problems.push({ property: "sku.capacity", reason: `is ${capacity}; a whole number of at least 1 is expected` });
  }
  return problems;
}

/** A content filter is one of Azure's own, or one of the account. */
function filterRefusals(inputs: Properties, context: Context): Problem[] {
  const name = knownString(valueAt(inputs, "properties.raiPolicyName"));
  if (name === undefined || /^Microsoft\.Default(V2)?$/.test(name)) return [];
  const id = `${parentId(deploymentFacts, inputs, context)}/raiPolicies/${name}`;
  if (context.find(POLICY, id) !== undefined) return [];
  return [{ property: "properties.raiPolicyName", reason: `the account has no content filter "${name}"` }];
}

const policy = azureType({
  token: POLICY,
  arm: "Microsoft.CognitiveServices/accounts/raiPolicies",
  names: ["accountName", "raiPolicyName"],
  rule: { maxLength: 64, source: `${TEMPLATES}/accounts/raipolicies` },
  parent: ACCOUNT,
  replaceOn: [],
  outputs: (inputs, context) => ({
    type: "Microsoft.CognitiveServices/accounts/raiPolicies",
    etag: `"${uuidOf(context, "etag")}"`,
    properties: { ...asObject(inputs.properties), type: "UserManaged" },
  }),
});

export const aiTypes: readonly ResourceType[] = [account, deployment, policy];
