/** What the admission, the scheduler and the kubelet find wrong with a pod: what it names and what is not there. */
import type { Context, Problem } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import {
  claimExists,
  configMapKeys,
  namespaceLabels,
  priorityClassExists,
  secretExists,
  serviceAccountExists,
} from "./existing.ts";
import { rangeRefusals } from "./limits.ts";
import { podSecurityProblems } from "./pod-security.ts";
import { containersOf } from "./pod-template.ts";
import { unfinished } from "./problems.ts";

const DOCS = "https://kubernetes.io/docs";
/** Each of these pages says what becomes of a pod that names what is not there. */
const SOURCES = {
  account: `${DOCS}/tasks/configure-pod-container/configure-service-account/`,
  priority: `${DOCS}/concepts/scheduling-eviction/pod-priority-preemption/`,
  configMap: `${DOCS}/concepts/configuration/configmap/`,
  secret: `${DOCS}/concepts/configuration/secret/`,
  claim: `${DOCS}/concepts/storage/persistent-volumes/#claims-as-volumes`,
} as const;

/** A mount waits for what it shows: `FailedMount`. A variable does not start without: `CreateContainerConfigError`. */
type Waiting = "FailedMount" | "CreateContainerConfigError";

interface Place {
  readonly namespace: string;
  readonly context: Context;
}

/** Why the API server does not let the pod in: it answers so to whoever makes it, be it a controller. */
export function podRefusals(spec: Properties, path: string, namespace: string, context: Context): Problem[] {
  const account = knownString(spec.serviceAccountName) ?? "default";
  const priority = knownString(spec.priorityClassName);
  const level = knownString(namespaceLabels(namespace, context)["pod-security.kubernetes.io/enforce"]);
  return [
    ...(serviceAccountExists(namespace, account, context)
      ? []
      : [
          unfinished(
            `${path}.serviceAccountName`,
            `Forbidden: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
            SOURCES.account,
          ),
        ]),
    ...(priority === undefined || priorityClassExists(priority, context)
      ? []
      : [
          unfinished(
            `${path}.priorityClassName`,
            `Forbidden: no PriorityClass with name ${priority} was found`,
            SOURCES.priority,
          ),
        ]),
    ...podSecurityProblems(level, spec, path),
    ...rangeRefusals(spec, path, namespace, context),
  ];
}

/** A pod that mounts or reads what does not exist never starts: the provider waits for it and gives up. */
export function podReferences(spec: Properties, path: string, namespace: string, context: Context): Problem[] {
  const place = { namespace, context };
  return [
    ...volumesOf(spec, path).flatMap((volume) => volumeReferences(volume.source, volume.at, place)),
    ...containersOf(spec, path).flatMap(({ container, at }) => environmentReferences(container, at, place)),
  ];
}

function volumesOf(spec: Properties, path: string): { source: Properties; at: string }[] {
  return asList(spec.volumes).flatMap((volume, index) => {
    const at = `${path}.volumes[${index}]`;
    const { projected } = asObject(volume);
    const sources = asList(asObject(projected).sources).map((source, each) => ({
      source: asObject(source),
      at: `${at}.projected.sources[${each}]`,
    }));
    return [{ source: asObject(volume), at }, ...sources];
  });
}

function volumeReferences(source: Properties, at: string, place: Place): Problem[] {
  const { namespace, context } = place;
  const configMap = asObject(source.configMap);
  const secret = asObject(source.secret);
  const claim = knownString(asObject(source.persistentVolumeClaim).claimName);
  const wanted = asList(configMap.items).map((item) => asObject(item).key);
  return [
    ...configMapProblems("FailedMount", configMap, configMap.name, wanted, `${at}.configMap`, place),
    ...secretProblems("FailedMount", secret, secret.secretName ?? secret.name, `${at}.secret`, place),
    ...(claim === undefined || claimExists(namespace, claim, context)
      ? []
      : [
          unfinished(
            `${at}.persistentVolumeClaim.claimName`,
            `FailedScheduling: persistentvolumeclaim "${claim}" not found in namespace ${namespace}`,
            SOURCES.claim,
          ),
        ]),
  ];
}

function environmentReferences(container: Properties, at: string, place: Place): Problem[] {
  const waiting = "CreateContainerConfigError";
  const single = asList(container.env).flatMap((variable, index) => {
    const from = asObject(asObject(variable).valueFrom);
    const path = `${at}.env[${index}].valueFrom`;
    const configMap = asObject(from.configMapKeyRef);
    const secret = asObject(from.secretKeyRef);
    return [
      ...configMapProblems(waiting, configMap, configMap.name, [configMap.key], `${path}.configMapKeyRef`, place),
      ...secretProblems(waiting, secret, secret.name, `${path}.secretKeyRef`, place),
    ];
  });
  const whole = asList(container.envFrom).flatMap((entry, index) => {
    const configMap = asObject(asObject(entry).configMapRef);
    const secret = asObject(asObject(entry).secretRef);
    const path = `${at}.envFrom[${index}]`;
    return [
      ...configMapProblems(waiting, configMap, configMap.name, [], `${path}.configMapRef`, place),
      ...secretProblems(waiting, secret, secret.name, `${path}.secretRef`, place),
    ];
  });
  return [...single, ...whole];
}

function configMapProblems(
  waiting: Waiting,
  ref: Properties,
  given: unknown,
  wanted: readonly unknown[],
  at: string,
  { namespace, context }: Place,
): Problem[] {
  const name = knownString(given);
  if (name === undefined || ref.optional === true) return [];
  const present = configMapKeys(namespace, name, context);
  if (present === undefined) {
    const reason = `${waiting}: configmap "${name}" not found in namespace ${namespace}`;
    return [
      unfinished(at, reason, SOURCES.configMap, `Create it in namespace ${namespace} first, and let this depend on it`),
    ];
  }
  return wanted
    .flatMap((key) => knownString(key) ?? [])
    .filter((key) => !present.includes(key))
    .map((key) =>
      unfinished(
        at,
        `${waiting}: couldn't find key ${key} in ConfigMap ${namespace}/${name}, which has ${present.join(", ") || "none"}`,
        SOURCES.configMap,
        "Name a key that it has, or add that one to its data",
      ),
    );
}

function secretProblems(
  waiting: Waiting,
  ref: Properties,
  given: unknown,
  at: string,
  { namespace, context }: Place,
): Problem[] {
  const name = knownString(given);
  if (name === undefined || ref.optional === true || secretExists(namespace, name, context)) return [];
  const reason = `${waiting}: secret "${name}" not found in namespace ${namespace}`;
  return [
    unfinished(at, reason, SOURCES.secret, `Create it in namespace ${namespace} first, and let this depend on it`),
  ];
}
