/** Registries of images. */
import type { Connection, Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties, valueAt } from "../../values.ts";
import { azureType, NAME_RULES, ownIdentity, parentId } from "./common.ts";
import { zoneProblems } from "./regions.ts";

const REGISTRY = "azure-native:containerregistry:Registry";
const CACHE_RULE = "azure-native:containerregistry:CacheRule";
const TIERS = "https://learn.microsoft.com/azure/container-registry/container-registry-skus";
const CACHE = "https://learn.microsoft.com/azure/container-registry/artifact-cache-overview";

const registry = azureType({
  token: REGISTRY,
  arm: "Microsoft.ContainerRegistry/registries",
  names: ["registryName"],
  rule: {
    pattern: /^[A-Za-z0-9]+$/,
    allowed: "letters and digits",
    minLength: 5,
    maxLength: 50,
    source: `${NAME_RULES}#microsoftcontainerregistry`,
  },
  unique: [
    {
      paths: ["registryName"],
      within: "world",
      refusal: (name) => `AlreadyInUse: The registry DNS name ${name}.azurecr.io is already in use.`,
    },
  ],
  replaceOn: [],
  fixed: { zoneRedundancy: null, "encryption.status": null },
  check: (inputs, connection) => [...premiumProblems(inputs), ...redundancyProblems(inputs, connection)],
  outputs: (inputs, context) => {
    const host = String(inputs.registryName).toLowerCase();
    const region = inputs.location ?? context.placement.region;
    return {
      type: "Microsoft.ContainerRegistry/registries",
      provisioningState: "Succeeded",
      loginServer: `${host}.azurecr.io`,
      creationDate: context.createdAt,
      dataEndpointHostNames: inputs.dataEndpointEnabled === true ? [`${host}.${region}.data.azurecr.io`] : [],
      adminUserEnabled: inputs.adminUserEnabled ?? false,
      publicNetworkAccess: inputs.publicNetworkAccess ?? "Enabled",
      networkRuleBypassOptions: inputs.networkRuleBypassOptions ?? "AzureServices",
      zoneRedundancy: inputs.zoneRedundancy ?? "Disabled",
      sku: { ...asObject(inputs.sku), tier: valueAt(inputs, "sku.name") },
      ...(inputs.identity === undefined ? {} : { identity: ownIdentity(inputs.identity, context) }),
    };
  },
});

const NAMES = ["Basic", "Standard", "Premium"];

function premiumProblems(inputs: Properties): Problem[] {
  const sku = valueAt(inputs, "sku.name");
  if (isUnknown(sku) || sku === "Premium") return [];
  if (!NAMES.includes(String(sku))) {
    const reason = `is "${sku}"; it takes ${NAMES.join(", ")}`;
    return [{ property: "sku.name", kind: "placement", reason, fix: "Choose one of these tiers", source: TIERS }];
  }
  const premium = [
    ["dataEndpointEnabled", inputs.dataEndpointEnabled === true],
    ["zoneRedundancy", inputs.zoneRedundancy === "Enabled"],
    ["networkRuleSet", inputs.networkRuleSet !== undefined],
    ["publicNetworkAccess", inputs.publicNetworkAccess === "Disabled"],
    ["encryption", valueAt(inputs, "encryption.status") === "enabled"],
  ] as const;
  return premium
    .filter(([, used]) => used)
    .map(([property]) => ({
      property,
      kind: "placement",
      reason: `needs sku.name Premium; it is ${sku}`,
      fix: "Set sku.name to Premium, or leave this out",
      source: TIERS,
    }));
}

/** Copies in several zones need a region that has them. */
function redundancyProblems(inputs: Properties, { region }: Connection): Problem[] {
  if (inputs.zoneRedundancy !== "Enabled") return [];
  return zoneProblems(["1", "2", "3"], inputs.location ?? region, "zoneRedundancy", "InvalidParameter");
}

const ruleFacts = {
  token: CACHE_RULE,
  arm: "Microsoft.ContainerRegistry/registries/cacheRules",
  names: ["registryName", "cacheRuleName"],
  parent: REGISTRY,
} as const;

const cacheRule = azureType({
  ...ruleFacts,
  rule: {
    pattern: /^[A-Za-z0-9-]+$/,
    allowed: "letters, digits and hyphens",
    minLength: 5,
    maxLength: 50,
    source: "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/cacherules",
  },
  replaceOn: [],
  fixed: { sourceRepository: null, targetRepository: null },
  refuse: ruleRefusals,
  outputs: (_, context) => ({
    type: "Microsoft.ContainerRegistry/registries/cacheRules",
    provisioningState: "Succeeded",
    creationDate: context.createdAt,
  }),
});

const MOST_RULES = 1000;

/** A place in the registry is filled by one rule. */
function ruleRefusals(inputs: Properties, context: Context): Problem[] {
  const inside = `${parentId(ruleFacts, inputs, context)}/`.toLowerCase();
  const own = cacheRule.id(inputs, context).toLowerCase();
  const beside = context
    .all(CACHE_RULE)
    .filter(({ id }) => id.toLowerCase().startsWith(inside) && id.toLowerCase() !== own);
  const target = knownString(inputs.targetRepository);
  const same = beside.find((other) => other.inputs.targetRepository === target);
  const problems: Problem[] = [];
  if (same !== undefined && target !== undefined) {
    const reason = `Conflict: ${same.id} fills ${target} already`;
    problems.push({ property: "targetRepository", kind: "name", reason, fix: "Choose another target", source: CACHE });
  }
  if (beside.length >= MOST_RULES) {
    const reason = `the registry has ${beside.length} cache rules; it takes ${MOST_RULES}`;
    problems.push({ property: "registryName", reason, fix: "Join rules by a wildcard", source: CACHE });
  }
  return problems;
}

export const registryTypes: readonly ResourceType[] = [registry, cacheRule];
