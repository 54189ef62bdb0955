/** What a cluster holds: what the program made, what every cluster has from the start, what controllers make. */
import type { Context } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asObject, type Properties } from "../../values.ts";

const BUILT_IN_NAMESPACES = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);
const BUILT_IN_PRIORITIES = new Set(["system-node-critical", "system-cluster-critical"]);

export const NAMESPACE = "kubernetes:core/v1:Namespace";
export const RELEASE = "kubernetes:helm.sh/v3:Release";
export const VOLUME = "kubernetes:core/v1:PersistentVolume";
export const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
export const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
export const PRIORITY_CLASS = "kubernetes:scheduling.k8s.io/v1:PriorityClass";

/** True for the namespaces of every cluster, of the program, and of Helm releases that bring theirs. */
export function namespaceExists(name: string, context: Context): boolean {
  return (
    BUILT_IN_NAMESPACES.has(name) || namespaceObject(name, context) !== undefined || broughtByRelease(name, context)
  );
}

/** The Namespace object if the program made it. */
export function namespaceObject(name: string, context: Context): StoredResource | undefined {
  return inCluster(context, NAMESPACE, name);
}

function broughtByRelease(namespace: string, context: Context): boolean {
  return context.all(RELEASE).some(({ inputs }) => inputs.createNamespace === true && inputs.namespace === namespace);
}

/** Every namespace has a service account `default`. */
export function serviceAccountExists(namespace: string, name: string, context: Context): boolean {
  return (
    name === "default" || inCluster(context, "kubernetes:core/v1:ServiceAccount", `${namespace}/${name}`) !== undefined
  );
}

/** The data's keys of a ConfigMap; undefined when there is none. Every namespace has one with the API server's authority. */
export function configMapKeys(namespace: string, name: string, context: Context): string[] | undefined {
  if (name === "kube-root-ca.crt") return ["ca.crt"];
  const found = inCluster(context, "kubernetes:core/v1:ConfigMap", `${namespace}/${name}`);
  return found === undefined ? undefined : [...keys(found.inputs.data), ...keys(found.inputs.binaryData)];
}

/** True for the program's Secrets and for those that cert-manager makes for a Certificate. */
export function secretExists(namespace: string, name: string, context: Context): boolean {
  if (inCluster(context, "kubernetes:core/v1:Secret", `${namespace}/${name}`) !== undefined) return true;
  return context
    .all("kubernetes:cert-manager.io/v1:Certificate")
    .some(
      ({ inputs }) => asObject(inputs.spec).secretName === name && asObject(inputs.metadata).namespace === namespace,
    );
}

export function claimExists(namespace: string, name: string, context: Context): boolean {
  return inCluster(context, CLAIM, `${namespace}/${name}`) !== undefined;
}

export function priorityClassExists(name: string, context: Context): boolean {
  return BUILT_IN_PRIORITIES.has(name) || inCluster(context, PRIORITY_CLASS, name) !== undefined;
}

/** A look-up that never leaves the cluster: ids such as `default/x` exist in every one. */
export function inCluster(context: Context, type: string, id: string): StoredResource | undefined {
  const found = context.find(type, id);
  return found?.placement.scope === context.placement.scope ? found : undefined;
}

function keys(data: unknown): string[] {
  return Object.keys(asObject(data));
}

/** The labels of a namespace, none for those that the program did not make. */
export function namespaceLabels(name: string, context: Context): Properties {
  return asObject(asObject(namespaceObject(name, context)?.inputs.metadata).labels);
}
