/** Azure in the sandbox. */
import type { CloudPackage, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";

const resourceGroup: ResourceType = {
  token: "azure-native:resources:ResourceGroup",
  regional: false,
  id: (inputs, { placement }) => `/subscriptions/${placement.scope}/resourceGroups/${inputs.resourceGroupName}`,
  name: {
    property: "resourceGroupName",
    pattern: /^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$/u,
    allowed: "letters, digits, underscores, parentheses, hyphens and dots, not ending with a dot",
    maxLength: 90,
    source: "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    auto: { separator: "", digits: 8 },
  },
  overwrites: true,
  replaceOn: ["resourceGroupName", "location"],
  outputs: (inputs) => ({
    name: inputs.resourceGroupName,
    type: "Microsoft.Resources/resourceGroups",
    properties: { provisioningState: "Succeeded" },
  }),
};

export const azureNative: CloudPackage = {
  name: "azure-native",
  types: [resourceGroup],
  functions: {},
  /** `azure-native:network/v20240501:Subnet` is `azure-native:network:Subnet` under a fixed API version. */
  canonicalToken: (token) => token.replace(/\/v\d{8}\w*(?=:)/, ""),
  fold: (value) => value.toLowerCase(),
  connect,
  minted: [
    {
      pattern: /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i,
      refusal: (id) => `ResourceGroupNotFound: Resource group '${id.split("/").at(-1)}' could not be found.`,
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
