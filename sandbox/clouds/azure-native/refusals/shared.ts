/** What rows of the refusal table for azure-native have in common. */
import type { DocumentedRefusal, RefusalRow } from "../../../cloud.ts";
import { NAME_RULES } from "../common.ts";
import { REGIONS } from "../regions.ts";
import { TAGS } from "../tags.ts";

export const learn = "https://learn.microsoft.com";

/** The codes that any service of Azure Resource Manager answers with. */
export const ARM = `${learn}/azure/azure-resource-manager/troubleshooting/common-deployment-errors`;

export const arm = (code: string): DocumentedRefusal => ({ code, source: ARM });

/** Which properties replace a resource: the provider's own page of it. */
export function replaced(page: string, code = "PropertyChangeNotAllowed"): DocumentedRefusal {
  return { code, source: `https://www.pulumi.com/registry/packages/azure-native/api-docs/${page}/` };
}

/** What holds for whatever is in a resource group. */
export const inGroup = {
  required: arm("InvalidRequestContent"),
  reference: arm("ResourceGroupNotFound"),
  name: { code: "InvalidParameter", source: NAME_RULES },
  limit: { code: "BadRequest", source: TAGS },
  inUse: { code: "ScopeLocked", source: `${learn}/azure/azure-resource-manager/management/lock-resources` },
} as const satisfies Partial<RefusalRow>;

/** What stands in a region by itself. */
export const standing = {
  ...inGroup,
  placement: { code: "LocationNotAvailableForResourceType", source: REGIONS },
} as const satisfies Partial<RefusalRow>;

/** What is inside of something else. */
export const inside = { ...inGroup, reference: arm("ParentResourceNotFound") } as const satisfies Partial<RefusalRow>;

/** Names of the network's own types. */
export const networkName = { code: "InvalidResourceName", source: `${NAME_RULES}#microsoftnetwork` } as const;
