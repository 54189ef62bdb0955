/** Helm releases: what a chart brings is known for the charts whose definitions the sandbox has. */
import { gzipSync } from "node:zlib";
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { groupsInstalledBy } from "../../schema/crds.ts";
import { crdSchema } from "../../schema/load.ts";
import { asObject, containsUnknown, knownString, type Properties } from "../../values.ts";
import { namespaceExists, RELEASE } from "./existing.ts";
import { pluralOf } from "./metadata.ts";
import { poolsOf } from "./nodes.ts";

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
  check: (inputs) => [...chartProblems(inputs), ...versionProblems(inputs), ...sizeProblems(inputs)],
  refuse: (inputs, context) => [
    ...nameProblems(inputs, context),
    ...namespaceProblems(inputs, context),
    ...needProblems(inputs, context),
    ...machineProblems(inputs, context),
  ],
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
  /** True if only who waits for the release sees it fail. Default: Helm itself refuses */
  readonly waits?: true;
  /** What happens without. */
  readonly refusal: string;
  readonly fix: string;
}

/** What charts need of others, and cannot come up without. */
const NEEDS: readonly ChartNeed[] = [
  {
    chart: "ai-gateway-helm",
    group: "aigateway.envoyproxy.io",
    waits: true,
    refusal:
      "context deadline exceeded: the controller never becomes ready: its custom resource definitions are missing",
    fix: "Install ai-gateway-crds-helm first",
  },
  {
    chart: "ai-gateway-helm",
    group: "gateway.envoyproxy.io",
    waits: true,
    refusal:
      "context deadline exceeded: the controller never becomes ready: the definitions of Envoy Gateway are missing",
    fix: "Install gateway-helm first",
  },
  {
    chart: "ai-gateway-helm",
    group: "cert-manager.io",
    when: "controller.mutatingWebhook.certManager.enable",
    refusal:
      'unable to build kubernetes objects from release manifest: no matches for kind "Certificate" in version "cert-manager.io/v1" ensure CRDs are installed first',
    fix: "Install cert-manager with crds.enabled first",
  },
];

function needProblems(inputs: Properties, context: Context): Problem[] {
  const installed = installedGroups(context);
  return NEEDS.filter(({ chart }) => chart === chartName(inputs))
    .filter(({ waits }) => waits !== true || inputs.skipAwait !== true)
    .filter(({ when }) => when === undefined || at(inputs.values, when) === true)
    .filter(({ group }) => !installed.has(group))
    .map(({ refusal, fix }) => ({ property: "chart", kind: "reference", reason: refusal, fix }));
}

/** Charts that hold definitions only, and run nothing. */
const RUNS_NOTHING = /-crds(-helm)?$/;

/** Helm waits until what it installed runs, and without any machine nothing ever does. */
function machineProblems(inputs: Properties, context: Context): Problem[] {
  const isWaitedFor = inputs.skipAwait !== true || inputs.atomic === true;
  if (!isWaitedFor || RUNS_NOTHING.test(chartName(inputs)) || poolsOf(context)?.length !== 0) return [];
  const reason = "context deadline exceeded: the cluster has no node pool, so that no pod of the chart is ever placed";
  return [{ property: "chart", kind: "placement", reason, fix: "Make a node pool first, and let this depend on it" }];
}

function nameProblems(inputs: Properties, context: Context): Problem[] {
  const id = `${namespaceOf(inputs)}/${inputs.name}`;
  if (context.before !== undefined || context.all(RELEASE).every((held) => held.id !== id)) return [];
  return [{ property: "name", kind: "name", reason: "cannot re-use a name that is still in use" }];
}

function namespaceProblems(inputs: Properties, context: Context): Problem[] {
  const namespace = namespaceOf(inputs);
  if (inputs.createNamespace === true || namespaceExists(namespace, context)) return [];
  const reason = `create: failed to create: namespaces "${namespace}" not found`;
  return [{ property: "namespace", kind: "reference", reason, fix: "Create it first, or set createNamespace" }];
}

/** A bare name needs a repository to be looked up in. */
function chartProblems(inputs: Properties): Problem[] {
  const chart = knownString(inputs.chart);
  const repository = asObject(inputs.repositoryOpts).repo;
  if (chart === undefined || repository !== undefined || /^(oci|https?):\/\/|^[./]|\.tgz$/.test(chart)) return [];
  const reason = `failed to locate chart "${chart}"`;
  const fix = `Give repositoryOpts.repo, or a whole address such as oci://…/${chart}`;
  return [{ property: "chart", kind: "required", reason, fix }];
}

/** A version or a range of versions: https://helm.sh/docs/helm/helm_install/ */
const CONSTRAINT = /^\s*([=<>!~^|,\s-]*v?(\d+|[xX*])(\.(\d+|[xX*])){0,2}([-+][0-9A-Za-z.+-]+)?\s*)+$/;

function versionProblems(inputs: Properties): Problem[] {
  const version = knownString(inputs.version);
  if (version === undefined || version === "" || CONSTRAINT.test(version)) return [];
  const reason = `improper constraint: ${version}`;
  return [
    { property: "version", kind: "limit", reason, fix: "Write a version such as 1.2.3, or a range such as ^1.2" },
  ];
}

/** Helm keeps each revision, compressed, in a Secret: https://helm.sh/docs/topics/advanced/#storage-backends */
const SECRET_BYTES = 1024 * 1024;

function sizeProblems(inputs: Properties): Problem[] {
  const { values } = inputs;
  if (values === undefined || containsUnknown(values)) return [];
  const text = JSON.stringify(values);
  if (text.length <= SECRET_BYTES / 2) return [];
  const stored = gzipSync(text).toString("base64").length;
  if (stored <= SECRET_BYTES) return [];
  const reason = `Secret "sh.helm.release.v1.${inputs.name}.v1" is invalid: data: Too long: may not be more than ${SECRET_BYTES} bytes`;
  return [
    {
      property: "values",
      kind: "limit",
      reason,
      fix: "Keep what is large out of the values: in a ConfigMap of its own",
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
    return groups.includes(group) ? [`${pluralOf(kind)}.${group}`] : [];
  });
  return [...new Set(kinds)].sort();
}

function at(values: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => asObject(value)[key], values);
}
