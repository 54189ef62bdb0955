/** Custom resources: of any kind whose definition the sandbox has, in a cluster where a chart installed it. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { chartKinds } from "../../schema/crds.ts";
import { crdFor } from "../../schema/load.ts";
import { installedGroups } from "./helm.ts";
import { objectType } from "./object.ts";

/** The type of a custom resource by its token; undefined when no definition serves that version of that kind. */
export function customType(token: string): ResourceType | undefined {
  const [, apiVersion = "", kind = ""] = token.split(":");
  const definition = crdFor(apiVersion, kind);
  if (definition === undefined) return undefined;
  const { group, scope } = definition;
  return objectType({
    token,
    namespaced: scope === "Namespaced",
    refuse: (_, context) => definitionProblems(apiVersion, kind, group, context),
  });
}

function definitionProblems(apiVersion: string, kind: string, group: string, context: Context): Problem[] {
  if (installedGroups(context).has(group)) return [];
  const charts = [...new Set(chartKinds.filter((entry) => entry.group === group).map(({ chart }) => chart))];
  const reason =
    `no matches for kind "${kind}" in version "${apiVersion}": the cluster has no such custom resource definition; ` +
    `install one of the charts ${charts.join(", ")} first, and let this depend on it`;
  return [{ property: "kind", reason }];
}
