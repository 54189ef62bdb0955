/** Helm releases: what a chart brings is known for the charts whose definitions the sandbox has. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { groupsInstalledBy } from "../../schema/crds.ts";
import { crdSchema } from "../../schema/load.ts";
import { asObject, knownString, type Properties } from "../../values.ts";
import { namespaceExists, RELEASE } from "./existing.ts";

export const release: ResourceType = {
  token: RELEASE,
  regional: false,
  id: (inputs) => `${namespaceOf(inputs)}/${inputs.name}`,
  name: {
    property: "name",
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    allowed: "lowercase letters, digits, hyphens and dots, beginning and ending with a letter or digit",
    maxLength: 53,
    source: "https://helm.sh/docs/chart_template_guide/getting_started/#adding-a-simple-template-call",
    auto: { digits: 8 },
  },
  replaceOn: ["name", "namespace"],
  check: chartProblems,
  refuse: (inputs, context) => [...namespaceProblems(inputs, context), ...needProblems(inputs, context)],
  outputs: (inputs, context) => ({
    namespace: namespaceOf(inputs),
    resourceNames: {
      "CustomResourceDefinition.apiextensions.k8s.io/apiextensions.k8s.io/v1": definitionNames(groupsOf(inputs)),
    },
    status: {
      name: inputs.name,
      namespace: namespaceOf(inputs),
      chart: chartName(inputs),
      version: inputs.version,
      revision: Number(asObject(context.before?.status).revision ?? 0) + 1,
      status: "deployed",
    },
  }),
};

/** The API groups whose definitions a release installs. */
export function groupsOf(inputs: Properties): string[] {
  const { chart, values, skipCrds } = inputs;
  return groupsInstalledBy({ chart: String(chart), values, skipCrds: skipCrds === true });
}

/** The API groups whose definitions the cluster has. */
export function installedGroups(context: Pick<Context, "all">): Set<string> {
  return new Set(context.all(RELEASE).flatMap(({ inputs }) => groupsOf(inputs)));
}

interface ChartNeed {
  readonly chart: string;
  readonly group: string;
  /** The chart's value that must be true for it. Absent: always. */
  readonly when?: string;
  /** What happens without. */
  readonly refusal: string;
}

/** What charts need of others, and cannot come up without. */
const NEEDS: readonly ChartNeed[] = [
  {
    chart: "ai-gateway-helm",
    group: "aigateway.envoyproxy.io",
    refusal:
      "the controller never becomes ready: its custom resource definitions are missing; install ai-gateway-crds-helm first",
  },
  {
    chart: "ai-gateway-helm",
    group: "gateway.envoyproxy.io",
    refusal:
      "the controller never becomes ready: the definitions of Envoy Gateway are missing; install gateway-helm first",
  },
  {
    chart: "ai-gateway-helm",
    group: "cert-manager.io",
    when: "controller.mutatingWebhook.certManager.enable",
    refusal:
      'unable to build kubernetes objects from release manifest: no matches for kind "Certificate" in version "cert-manager.io/v1" ensure CRDs are installed first',
  },
];

function needProblems(inputs: Properties, context: Context): Problem[] {
  const installed = installedGroups(context);
  return NEEDS.filter(({ chart }) => chart === chartName(inputs))
    .filter(({ when }) => when === undefined || at(inputs.values, when) === true)
    .filter(({ group }) => !installed.has(group))
    .map(({ refusal }) => ({ property: "chart", reason: refusal }));
}

function namespaceProblems(inputs: Properties, context: Context): Problem[] {
  const namespace = namespaceOf(inputs);
  if (inputs.createNamespace === true || namespaceExists(namespace, context)) return [];
  return [
    {
      property: "namespace",
      reason: `create: failed to create: namespaces "${namespace}" not found: create it first, or set createNamespace`,
    },
  ];
}

/** A bare name needs a repository to be looked up in. */
function chartProblems(inputs: Properties): Problem[] {
  const chart = knownString(inputs.chart);
  const repository = asObject(inputs.repositoryOpts).repo;
  if (chart === undefined || repository !== undefined || /^(oci|https?):\/\/|^[./]|\.tgz$/.test(chart)) return [];
  return [
    {
      property: "chart",
      reason: `failed to locate chart "${chart}": give repositoryOpts.repo, or a whole address such as oci://…/${chart}`,
    },
  ];
}

function namespaceOf(inputs: Properties): string {
  return String(inputs.namespace ?? "default");
}

function chartName(inputs: Properties): string {
  return String(inputs.chart).split("/").at(-1) ?? "";
}

/** `backends.gateway.envoyproxy.io`: the plural that the definition is named by. */
function definitionNames(groups: readonly string[]): string[] {
  const kinds = Object.keys(crdSchema().kinds).flatMap((id) => {
    const [group = "", , kind = ""] = id.split("/");
    return groups.includes(group) ? [`${plural(kind.toLowerCase())}.${group}`] : [];
  });
  return [...new Set(kinds)].sort();
}

function plural(kind: string): string {
  if (/[^aeiou]y$/.test(kind)) return `${kind.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(kind) ? `${kind}es` : `${kind}s`;
}

function at(values: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => asObject(value)[key], values);
}
