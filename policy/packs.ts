import type { EnforcementLevel, StackValidationPolicy } from "@pulumi/policy";
import type { Rule } from "./rule.ts";
import { backendTls } from "./rules/gateway/backend-tls.ts";
import { retryBudget } from "./rules/gateway/retry-budget.ts";
import { routeTrafficPolicy } from "./rules/gateway/route-traffic-policy.ts";
import { noStaticKeys } from "./rules/identity/no-static-keys.ts";
import { sharedFate } from "./rules/independence/shared-fate.ts";
import { sharedFateSoft } from "./rules/independence/shared-fate-soft.ts";
import { reachability } from "./rules/network/reachability.ts";
import { fallbackRoles } from "./rules/paths/fallback-roles.ts";
import { twoCloudMinimum } from "./rules/paths/two-cloud-minimum.ts";
import { residency } from "./rules/placement/residency.ts";
import { asOf } from "./rules/run/as-of.ts";

/** Which rules hold, and how hard. Policy configuration can change the level of a rule, or of `all`. */

const at = (enforcementLevel: EnforcementLevel, ...rules: readonly Rule[]): StackValidationPolicy[] =>
  rules.map((rule) => ({ ...rule, enforcementLevel }));

/** What production demands. */
export const production: readonly StackValidationPolicy[] = [
  ...at(
    "mandatory",
    twoCloudMinimum,
    fallbackRoles,
    sharedFate,
    routeTrafficPolicy,
    retryBudget,
    backendTls,
    noStaticKeys,
    residency,
    reachability,
    asOf,
  ),
  ...at("advisory", sharedFateSoft),
];

/** The same where people try things: that a workload has its roles is advice there. */
export const baseline: readonly StackValidationPolicy[] = [
  ...at(
    "mandatory",
    twoCloudMinimum,
    sharedFate,
    routeTrafficPolicy,
    retryBudget,
    backendTls,
    noStaticKeys,
    residency,
    reachability,
    asOf,
  ),
  ...at("advisory", fallbackRoles, sharedFateSoft),
];

export const packs = { production, baseline } as const;
export type PackName = keyof typeof packs;
