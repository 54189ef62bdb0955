/** What the API server, the scheduler's admission and the kubelet find wrong with a pod. */
import type { Context, Problem } from "../../cloud.ts";
import { asList, asObject, containsUnknown, knownString, type Properties } from "../../values.ts";
import {
  claimExists,
  configMapKeys,
  namespaceLabels,
  priorityClassExists,
  secretExists,
  serviceAccountExists,
} from "./existing.ts";
import { restrictedProblems } from "./pod-security.ts";

/** Problems that the pod shows by itself: mounts without volumes, names that occur twice. */
export function podProblems(spec: Properties, path: string): Problem[] {
  const volumes = containsUnknown(spec.volumes)
    ? undefined
    : asList(spec.volumes).map((volume) => asObject(volume).name);
  const containers = containersOf(spec, path);
  return [
    ...repeated(volumes ?? [], `${path}.volumes`),
    ...repeated(
      containers.map(({ container }) => container.name),
      `${path}.containers`,
    ),
    ...containers.flatMap(({ container, at }) => (volumes === undefined ? [] : mountProblems(container, at, volumes))),
  ];
}

/** A pod that names what does not exist never starts: the provider waits for it and gives up. */
export function podReferences(spec: Properties, path: string, namespace: string, context: Context): Problem[] {
  const account = knownString(spec.serviceAccountName) ?? "default";
  const priority = knownString(spec.priorityClassName);
  const level = namespaceLabels(namespace, context)["pod-security.kubernetes.io/enforce"];
  return [
    ...(serviceAccountExists(namespace, account, context)
      ? []
      : [
          {
            property: `${path}.serviceAccountName`,
            reason: `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
          },
        ]),
    ...(priority === undefined || priorityClassExists(priority, context)
      ? []
      : [{ property: `${path}.priorityClassName`, reason: `no PriorityClass with name ${priority} was found` }]),
    ...volumesOf(spec, path).flatMap((volume) => volumeReferences(volume.source, volume.at, namespace, context)),
    ...containersOf(spec, path).flatMap(({ container, at }) =>
      environmentReferences(container, at, namespace, context),
    ),
    ...(level === "restricted" ? restrictedProblems(spec, path) : []),
  ];
}

export interface ContainerAt {
  readonly container: Properties;
  readonly at: string;
}

/** Containers and init containers with their paths. */
export function containersOf(spec: Properties, path: string): ContainerAt[] {
  return ["initContainers", "containers"].flatMap((list) =>
    asList(spec[list]).map((container, index) => ({ container: asObject(container), at: `${path}.${list}[${index}]` })),
  );
}

function mountProblems(container: Properties, at: string, volumes: readonly unknown[]): Problem[] {
  return asList(container.volumeMounts).flatMap((mount, index) => {
    const name = knownString(asObject(mount).name);
    if (name === undefined || volumes.includes(name)) return [];
    return [
      {
        property: `${at}.volumeMounts[${index}].name`,
        reason: `Not found: "${name}"; the pod has the volumes ${volumes.join(", ") || "none"}`,
      },
    ];
  });
}

function repeated(names: readonly unknown[], property: string): Problem[] {
  const twice = names.filter((name, index) => knownString(name) !== undefined && names.indexOf(name) !== index);
  return [...new Set(twice)].map((name) => ({ property, reason: `Duplicate value: "${name}"` }));
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

function volumeReferences(source: Properties, at: string, namespace: string, context: Context): Problem[] {
  const configMap = asObject(source.configMap);
  const secret = asObject(source.secret);
  const claim = knownString(asObject(source.persistentVolumeClaim).claimName);
  const wanted = asList(configMap.items).map((item) => asObject(item).key);
  return [
    ...configMapProblems(configMap, configMap.name, wanted, `${at}.configMap`, namespace, context),
    ...secretProblems(secret, secret.secretName ?? secret.name, `${at}.secret`, namespace, context),
    ...(claim === undefined || claimExists(namespace, claim, context)
      ? []
      : [
          {
            property: `${at}.persistentVolumeClaim.claimName`,
            reason: `persistentvolumeclaim "${claim}" not found in namespace ${namespace}`,
          },
        ]),
  ];
}

function environmentReferences(container: Properties, at: string, namespace: string, context: Context): Problem[] {
  const single = asList(container.env).flatMap((variable, index) => {
    const from = asObject(asObject(variable).valueFrom);
    const path = `${at}.env[${index}].valueFrom`;
    const configMap = asObject(from.configMapKeyRef);
    const secret = asObject(from.secretKeyRef);
    return [
      ...configMapProblems(configMap, configMap.name, [configMap.key], `${path}.configMapKeyRef`, namespace, context),
      ...secretProblems(secret, secret.name, `${path}.secretKeyRef`, namespace, context),
    ];
  });
  const whole = asList(container.envFrom).flatMap((entry, index) => {
    const configMap = asObject(asObject(entry).configMapRef);
    const secret = asObject(asObject(entry).secretRef);
    const path = `${at}.envFrom[${index}]`;
    return [
      ...configMapProblems(configMap, configMap.name, [], `${path}.configMapRef`, namespace, context),
      ...secretProblems(secret, secret.name, `${path}.secretRef`, namespace, context),
    ];
  });
  return [...single, ...whole];
}

function configMapProblems(
  ref: Properties,
  given: unknown,
  wanted: readonly unknown[],
  at: string,
  namespace: string,
  context: Context,
): Problem[] {
  const name = knownString(given);
  if (name === undefined || ref.optional === true) return [];
  const present = configMapKeys(namespace, name, context);
  if (present === undefined)
    return [{ property: at, reason: `configmap "${name}" not found in namespace ${namespace}` }];
  return wanted
    .flatMap((key) => knownString(key) ?? [])
    .filter((key) => !present.includes(key))
    .map((key) => ({
      property: at,
      reason: `couldn't find key ${key} in ConfigMap ${namespace}/${name}, which has ${present.join(", ") || "none"}`,
    }));
}

function secretProblems(ref: Properties, given: unknown, at: string, namespace: string, context: Context): Problem[] {
  const name = knownString(given);
  if (name === undefined || ref.optional === true || secretExists(namespace, name, context)) return [];
  return [{ property: at, reason: `secret "${name}" not found in namespace ${namespace}` }];
}
