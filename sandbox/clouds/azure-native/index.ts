/** Azure in the sandbox. */
import type { CloudPackage, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";
import { accountTypes } from "./ai.ts";
import { authorizationTypes } from "./authorization.ts";
import { GROUP, NAME_RULES } from "./common.ts";
import { containerTypes } from "./containers.ts";
import { deploymentTypes } from "./deployments.ts";
import { dnsTypes } from "./dns.ts";
import { egressTypes } from "./egress.ts";
import { flowTypes } from "./flows.ts";
import { azureFunctions } from "./functions.ts";
import { identityTypes } from "./identity.ts";
import { heldByLocks, isInside } from "./locks.ts";
import { monitorTypes } from "./monitor.ts";
import { networkTypes } from "./network.ts";
import { privateLinkTypes } from "./private-link.ts";
import { azureNativeQuotas } from "./quotas.ts";
import { recordTypes } from "./records.ts";
import { azureNativeRefusals } from "./refusals/index.ts";
import { regionProblems } from "./regions.ts";
import { registryTypes } from "./registries.ts";
import { storageTypes } from "./storage.ts";
import { tagProblems } from "./tags.ts";
import { vaultTypes } from "./vaults.ts";

const resourceGroup: ResourceType = {
  token: GROUP,
  regional: true,
  id: (inputs, { placement }) => `/subscriptions/${placement.scope}/resourceGroups/${inputs.resourceGroupName}`,
  name: {
    property: "resourceGroupName",
    pattern: /^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$/u,
    allowed: "letters, digits, underscores, parentheses, hyphens and dots, not ending with a dot",
    maxLength: 90,
    source: NAME_RULES,
    auto: { separator: "", digits: 8 },
  },
  replaceOn: ["resourceGroupName", "location"],
  inUse: [heldByLocks],
  check: (inputs) => [
    ...regionProblems(inputs.location, "Microsoft.Resources/resourceGroups"),
    ...tagProblems(inputs.tags),
  ],
  outputs: (inputs, { placement }) => ({
    name: inputs.resourceGroupName,
    location: inputs.location ?? placement.region,
    type: "Microsoft.Resources/resourceGroups",
    properties: { provisioningState: "Succeeded" },
  }),
  handles: ({ name }) => [{ by: "name", value: String(name) }],
};

/** Full ids of resources; whatever has that form must exist. */
const resourceId = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/.+$/i;

export const azureNative: CloudPackage = {
  name: "azure-native",
  types: [
    resourceGroup,
    ...networkTypes,
    ...egressTypes,
    ...flowTypes,
    ...privateLinkTypes,
    ...dnsTypes,
    ...recordTypes,
    ...identityTypes,
    ...authorizationTypes,
    ...registryTypes,
    ...vaultTypes,
    ...storageTypes,
    ...containerTypes,
    ...accountTypes,
    ...deploymentTypes,
    ...monitorTypes,
  ],
  functions: azureFunctions,
  refusals: (token) => azureNativeRefusals[token],
  quotas: azureNativeQuotas,
  /** `azure-native:network/v20240501:Subnet` is `azure-native:network:Subnet` under a fixed API version. */
  canonicalToken: (token) => token.replace(/\/v\d{8}\w*(?=:)/, ""),
  fold: (value) => value.toLowerCase(),
  connect,
  providerReplaceOn: (before, after) => ["subscriptionId"].filter((key) => before[key] !== after[key]),
  contains: (outer, inner) => inner.key !== outer.key && isInside(inner.id, outer.id),
  place: (inputs, { scope, region }, type) => ({
    scope,
    region: type.regional ? (knownString(inputs.location) ?? region) : "",
  }),
  minted: [
    {
      pattern: /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i,
      refusal: (id) => `ResourceGroupNotFound: Resource group '${id.split("/").at(-1)}' could not be found.`,
    },
    {
      pattern: resourceId,
      refusal: (id) => `ResourceNotFound: The Resource '${id}' was not found.`,
    },
  ],
};

/** The subscription is what the configuration says; no login of this machine is looked at. */
function connect(config: Properties): { scope: string; region: string; problems: readonly Problem[] } {
  const scope = knownString(config.subscriptionId) ?? "";
  const missing = scope === "" && !isUnknown(config.subscriptionId);
  const reason =
    "no subscription: the sandbox reads no login, so subscriptionId of the azure-native provider is needed";
  return {
    scope,
    region: knownString(config.location) ?? "",
    problems: missing ? [{ property: "subscriptionId", reason }] : [],
  };
}
