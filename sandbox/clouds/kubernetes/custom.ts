/** Custom resources: of any kind whose definition the sandbox has, in a cluster where a chart installed it. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { chartKinds } from "../../schema/crds.ts";
import { crdFor } from "../../schema/load.ts";
import { asObject } from "../../values.ts";
import { installedGroups } from "./helm.ts";
import { objectType } from "./object.ts";
import { aiGatewayRules } from "./rules/ai-gateway.ts";
import { certManagerRules } from "./rules/cert-manager.ts";
import { envoyGatewayRules } from "./rules/envoy-gateway.ts";
import { gatewayApiRules } from "./rules/gateway-api.ts";
import type { RulesByKind } from "./rules/rule.ts";

const rules: RulesByKind = { ...gatewayApiRules, ...envoyGatewayRules, ...aiGatewayRules, ...certManagerRules };

/** The type of a custom resource by its token; undefined when no definition serves that version of that kind. */
export function customType(token: string): ResourceType | undefined {
  const [, apiVersion = "", kind = ""] = token.split(":");
  const definition = crdFor(apiVersion, kind);
  if (definition === undefined) return undefined;
  const { group, scope } = definition;
  const { check, ...own } = rules[`${group}/${kind}`] ?? {};
  return objectType({
    token,
    namespaced: scope === "Namespaced",
    ...own,
    ...(check === undefined ? {} : { check: (inputs) => check(asObject(inputs.spec)) }),
    refuse: (_, context) => definitionProblems(apiVersion, kind, group, context),
  });
}

function definitionProblems(apiVersion: string, kind: string, group: string, context: Context): Problem[] {
  if (installedGroups(context).has(group)) return [];
  const charts = [...new Set(chartKinds.filter((entry) => entry.group === group).map(({ chart }) => chart))];
  const reason = `NotFound: no matches for kind "${kind}" in version "${apiVersion}": the cluster has no such custom resource definition`;
  const fix = `Install one of the charts ${charts.join(", ")} first, and let this depend on it`;
  return [{ property: "kind", kind: "reference", reason, fix }];
}
