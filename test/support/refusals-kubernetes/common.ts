import type { Properties } from "../../../sandbox/values.ts";
import { withValueAt } from "../../../sandbox/values.ts";
import { clusterIn } from "../../sandbox/cluster.ts";
import type { Bench, RefusalSuite, Refused } from "../sandbox-refusals.ts";

/** What the refusal suites of Kubernetes share: a cluster for each case, and cases that every kind has. */

/** A cluster with one pool of processors, in an account of its own. */
export const connect: RefusalSuite["connect"] = async (box, round) => {
  const account = String(200_000_000_000 + round);
  return { account, provider: await clusterIn(box, "main", { account }) };
};

export const types = {
  namespace: "kubernetes:core/v1:Namespace",
  configMap: "kubernetes:core/v1:ConfigMap",
  secret: "kubernetes:core/v1:Secret",
  serviceAccount: "kubernetes:core/v1:ServiceAccount",
  service: "kubernetes:core/v1:Service",
  volume: "kubernetes:core/v1:PersistentVolume",
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
  storageClass: "kubernetes:storage.k8s.io/v1:StorageClass",
  resourceQuota: "kubernetes:core/v1:ResourceQuota",
  limitRange: "kubernetes:core/v1:LimitRange",
  pod: "kubernetes:core/v1:Pod",
  deployment: "kubernetes:apps/v1:Deployment",
  statefulSet: "kubernetes:apps/v1:StatefulSet",
  daemonSet: "kubernetes:apps/v1:DaemonSet",
  job: "kubernetes:batch/v1:Job",
  cronJob: "kubernetes:batch/v1:CronJob",
  priorityClass: "kubernetes:scheduling.k8s.io/v1:PriorityClass",
  release: "kubernetes:helm.sh/v3:Release",
} as const;

/** A copy in which one value is another; `undefined` takes it away. */
export function put(path: string, value: unknown): NonNullable<Refused["change"]> {
  return (inputs) => withoutAbsent(withValueAt(inputs, path, value));
}

function withoutAbsent(inputs: Properties): Properties {
  return JSON.parse(JSON.stringify(inputs)) as Properties;
}

export const misspelt = (field: string): Refused => ({
  kind: "required",
  when: `a field that it does not have: ${field}`,
  change: put(field, true),
  code: "Invalid: ",
  says: `unknown property "${field.split(".").at(-1)}"`,
});

export const without = (path: string, says = path): Refused => ({
  kind: "required",
  when: `nothing at ${path}`,
  change: put(path, undefined),
  code: "Invalid: ",
  says,
});

export const renamed: Refused = {
  kind: "immutable",
  when: "another name for what exists",
  change: put("metadata.name", "other"),
  code: "Invalid: ",
  says: "metadata.name",
};

/** A field that the provider replaces the object for. */
export const replaced = (path: string, value: unknown, says = path): Refused => ({
  kind: "immutable",
  when: `another ${path} for what exists`,
  change: put(path, value),
  code: "Invalid: ",
  says,
});

export const badName = (name = "Not a name"): Refused => ({
  kind: "name",
  when: `the name "${name.slice(0, 20)}"`,
  change: put("metadata.name", name),
  code: "Invalid: ",
  says: name.length > 50 ? "at most" : "is not allowed",
});

export const takenBy = (type: string): Refused => ({
  kind: "name",
  when: "a name that another has",
  first: ({ make }, inputs) => make(type, inputs, "first"),
  code: "AlreadyExists: ",
  says: "already",
});

export const elsewhere: Refused = {
  kind: "reference",
  when: "a namespace that is not there",
  change: put("metadata.namespace", "nowhere"),
  code: "NotFound: ",
  says: 'namespaces "nowhere" not found',
};

export const longLabel: Refused = {
  kind: "limit",
  when: "a label of 64 characters",
  change: put("metadata.labels", { team: "x".repeat(64) }),
  code: "Invalid: ",
  says: 'of "team": at most 63',
};

/** A rule of the kind's own, broken by one value. */
export const wrong = (path: string, value: unknown, says: string, code = "Invalid: "): Refused => ({
  kind: "limit",
  when: `${path} ${JSON.stringify(value)?.slice(0, 60) ?? "absent"}`,
  change: put(path, value),
  code,
  says,
});

const restricted = { name: "web", image: "registry.example.com/web:1" };

/** A pod that runs anywhere. */
export const podSpec: Properties = { containers: [restricted] };

/** A controller of such pods. */
export function controller(changes: Properties = {}): Properties {
  const labels = { app: "web" };
  return {
    metadata: { name: "web" },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec }, ...changes },
  };
}

/** Installs what brings the definitions of the custom kinds. */
export async function installDefinitions({ make }: Bench): Promise<void> {
  const release = (chart: string, values: Properties = {}) => ({
    name: chart,
    chart: `oci://charts.example.com/${chart}`,
    version: "1.0.0",
    values,
  });
  await make(types.release, release("cert-manager", { crds: { enabled: true } }), "cert-manager");
  await make(types.release, release("gateway-helm"), "gateway-helm");
  await make(types.release, release("ai-gateway-crds-helm"), "ai-gateway-crds-helm");
}
