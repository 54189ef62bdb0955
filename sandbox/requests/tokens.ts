/** Tokens of service accounts that a gateway shows to others: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#serviceaccount-token-volume-projection */
import type { StoredResource } from "../store.ts";
import { asList, asObject, knownString, valueAt, valuesAt } from "../values.ts";
import type { GatewayPods } from "./clusters.ts";
import { type Held, namespaceOf, objectsIn, specOf } from "./held.ts";
import { namespaceLabels, type Pods } from "./pods.ts";
import { processorOf } from "./signing.ts";

export interface Token {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

type Values = Readonly<Record<string, unknown>>;

/** The token that the proxies' pod has at a path: the processor mounts a volume of the pod there. */
export function mountedToken(held: Held, from: GatewayPods, file: string): Token | undefined {
  const mounts = objectsIn(valueAt(specOf(processorOf(held, from)), "extProc.kubernetes.volumeMounts"));
  const mount = mounts.find(({ mountPath }) => file.startsWith(`${String(mountPath)}/`));
  const deployment = asObject(valueAt(specOf(from.proxy), "provider.kubernetes"));
  const volume = objectsIn(valueAt(deployment, "envoyDeployment.pod.volumes")).find(({ name }) => name === mount?.name);
  const token = projectedIn(volume).find(({ path }) => `${String(mount?.mountPath)}/${String(path)}` === file);
  const account = knownString(valueAt(deployment, "envoyServiceAccount.name"));
  if (token === undefined || account === undefined) return undefined;
  return { ...issuedTo(from, from.pods.namespace, account), audience: String(token.audience) };
}

/** Content of a file that a ConfigMap gives the proxies' pod. */
export function mountedText(held: Held, from: GatewayPods, file: string): string | undefined {
  const key = file.split("/").at(-1) ?? "";
  const volumes = objectsIn(valueAt(specOf(from.proxy), "provider.kubernetes.envoyDeployment.pod.volumes"));
  const names = volumes.flatMap((volume) =>
    [...valuesAt(volume, "projected.sources[].configMap.name"), ...valuesAt(volume, "configMap.name")].map(
      ({ value }) => value,
    ),
  );
  const maps = held.objects(from.cluster.inside, "core", "ConfigMap");
  const map = maps.find((one) => names.includes(one.name) && namespaceOf(one) === from.pods.namespace);
  return knownString(asObject(map?.outputs.data)[key]);
}

/** The proxies' own identity. */
export function proxyAccount({ pods, proxy }: GatewayPods): { namespace: string; name: string } {
  const name = valueAt(specOf(proxy), "provider.kubernetes.envoyServiceAccount.name");
  return { namespace: pods.namespace, name: String(name) };
}

/** Who keeps a token in a Secret. */
export interface Writer {
  readonly deployment: StoredResource;
  readonly pods: Pods;
  /** Values of its environment. */
  readonly settings: readonly string[];
  /** Tokens that it is given for others than the API server. */
  readonly tokens: readonly Token[];
}

/** Workloads that name the Secret and may write it. */
export function writersOf(held: Held, from: GatewayPods, secret: string): Writer[] {
  const { inside } = from.cluster;
  const namespace = namespaceOf(from.gateway);
  const accounts = accountsThatWrite(held, inside, namespace, secret);
  return held
    .objects(inside, "apps", "Deployment")
    .filter((one) => namespaceOf(one) === namespace)
    .flatMap((deployment) => {
      const pod = asObject(valueAt(deployment.outputs, "spec.template.spec"));
      const settings = valuesAt(pod, "containers[].env[].value").map(({ value }) => String(value));
      const account = String(pod.serviceAccountName ?? "default");
      if (!settings.includes(secret) || !accounts.includes(account)) return [];
      const audiences = objectsIn(pod.volumes).flatMap((volume) =>
        projectedIn(volume).flatMap(({ audience }) => knownString(audience) ?? []),
      );
      const tokens = audiences.map((audience) => ({ ...issuedTo(from, namespace, account), audience }));
      const labels = asObject(valueAt(deployment.outputs, "spec.template.metadata.labels"));
      const pods = {
        namespace,
        namespaceLabels: namespaceLabels(held, inside, namespace),
        labels,
        title: deployment.id,
      };
      return [{ deployment, pods, settings, tokens }];
    });
}

/** https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
function accountsThatWrite(held: Held, inside: string, namespace: string, secret: string): string[] {
  const rbac = (kind: string) =>
    held.objects(inside, "rbac.authorization.k8s.io", kind).filter((one) => namespaceOf(one) === namespace);
  const roles = rbac("Role").filter(({ outputs }) => objectsIn(outputs.rules).some((rule) => mayWrite(rule, secret)));
  return rbac("RoleBinding")
    .filter(({ outputs }) => roles.some(({ name }) => name === asObject(outputs.roleRef).name))
    .flatMap(({ outputs }) => objectsIn(outputs.subjects))
    .filter((subject) => subject.kind === "ServiceAccount" && subject.namespace === namespace)
    .map(({ name }) => String(name));
}

function mayWrite({ resources, resourceNames, verbs }: Values, secret: string): boolean {
  const names = asList(resourceNames);
  const may = asList(verbs).some((verb) => ["*", "patch", "update"].includes(String(verb)));
  return may && asList(resources).includes("secrets") && (names.length === 0 || names.includes(secret));
}

function projectedIn(volume: unknown): Values[] {
  return valuesAt(volume, "projected.sources[].serviceAccountToken").map(({ value }) => asObject(value));
}

function issuedTo({ cluster }: GatewayPods, namespace: string, account: string): Omit<Token, "audience"> {
  return { issuer: cluster.network.issuer(cluster.resource), subject: `system:serviceaccount:${namespace}:${account}` };
}
