/** What the API server finds wrong with the description of a pod, seen by itself. */
import type { Problem } from "../../cloud.ts";
import { asList, asObject, containsUnknown, isUnknown, joinPath, knownString, type Properties } from "../../values.ts";
import { innerNameProblems } from "./names.ts";
import { type ContainerAt, containersOf } from "./pod-template.ts";
import { between, forbidden, invalid, oneOf, repeated, required } from "./problems.ts";
import { amountOf, amountProblems } from "./quantity.ts";

/**
 * Mounts without volumes, names that occur twice, amounts that do not fit.
 * @param restartPolicies those that the kind allows; the first is what an absent one becomes
 */
export function podProblems(spec: Properties, path: string, restartPolicies: readonly string[]): Problem[] {
  const volumes = containsUnknown(spec.volumes)
    ? undefined
    : asList(spec.volumes).map((volume) => asObject(volume).name);
  const containers = containersOf(spec, path);
  return [
    ...(Array.isArray(spec.containers) && spec.containers.length === 0
      ? [required(`${path}.containers`, "a pod needs a container")]
      : []),
    ...restartProblems(spec.restartPolicy, `${path}.restartPolicy`, restartPolicies),
    ...between(`${path}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds, 0),
    ...repeated(volumes ?? [], `${path}.volumes`),
    ...asList(spec.volumes).flatMap((volume, index) => volumeProblems(volume, `${path}.volumes[${index}]`)),
    ...repeated(
      containers.map(({ container }) => container.name),
      `${path}.containers`,
    ),
    ...containers.flatMap((container) => containerProblems(container)),
    ...containers.flatMap(({ container, at }) => (volumes === undefined ? [] : mountProblems(container, at, volumes))),
  ];
}

function restartProblems(given: unknown, property: string, allowed: readonly string[]): Problem[] {
  if (given !== undefined || allowed.includes("Always")) return oneOf(property, given, allowed);
  const values = allowed.map((each) => JSON.stringify(each)).join(", ");
  return [required(property, `valid values: ${values}`, "Write one of them: what is absent means Always")];
}

function volumeProblems(volume: unknown, at: string): Problem[] {
  const { name, ...sources } = asObject(volume);
  const given = Object.keys(sources);
  const tooMany = given
    .slice(1)
    .map((source) => forbidden(`${at}.${source}`, "may not specify more than 1 volume type", "Make two volumes of it"));
  return [...innerNameProblems(name, `${at}.name`), ...tooMany];
}

function containerProblems({ container, at }: ContainerAt): Problem[] {
  const ports = asList(container.ports).map(asObject);
  const missing = container.image === undefined ? [required(`${at}.image`, "a container needs an image")] : [];
  return [
    ...missing,
    ...innerNameProblems(container.name, `${at}.name`),
    ...oneOf(`${at}.imagePullPolicy`, container.imagePullPolicy, ["Always", "IfNotPresent", "Never"]),
    ...ports.flatMap(({ containerPort }, index) =>
      between(`${at}.ports[${index}].containerPort`, containerPort, 1, 65535),
    ),
    ...repeated(
      ports.map(({ name }) => name),
      `${at}.ports`,
    ),
    ...resourceProblems(asObject(container.resources), `${at}.resources`),
  ];
}

/** https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/: what has a domain can't be overcommitted. */
function resourceProblems({ requests, limits }: Properties, at: string): Problem[] {
  const most = asObject(limits);
  const disagreeing = Object.entries(asObject(requests)).flatMap(([name, value]) => {
    const property = joinPath(`${at}.requests`, name);
    const isWhole = name.includes("/");
    if (most[name] === undefined) {
      if (!isWhole || isUnknown(limits)) return [];
      return [required(joinPath(`${at}.limits`, name), "Limit must be set for non overcommitable resources")];
    }
    const [asked, limit] = [amountOf(value), amountOf(most[name])];
    if (asked === undefined || limit === undefined || asked === limit) return [];
    if (isWhole) return [invalid(property, value, `must be equal to ${name} limit of ${most[name]}`)];
    return asked < limit
      ? []
      : [invalid(property, value, `must be less than or equal to ${name} limit of ${most[name]}`)];
  });
  return [...amountProblems(requests, `${at}.requests`), ...amountProblems(limits, `${at}.limits`), ...disagreeing];
}

function mountProblems(container: Properties, at: string, volumes: readonly unknown[]): Problem[] {
  const mounts = asList(container.volumeMounts).map(asObject);
  const unmatched = mounts.flatMap((mount, index) => {
    const name = knownString(mount.name);
    if (name === undefined || volumes.includes(name)) return [];
    const reason = `Invalid: Not found: "${name}"`;
    const fix = `Mount a volume of the pod (${volumes.join(", ") || "it has none"}), or add one of that name`;
    const source = "https://kubernetes.io/docs/concepts/storage/volumes/";
    return [{ property: `${at}.volumeMounts[${index}].name`, kind: "reference" as const, reason, fix, source }];
  });
  const paths = mounts.map(({ mountPath }) => mountPath);
  return [
    ...unmatched,
    ...paths.flatMap((path, index) =>
      path !== undefined && !isUnknown(path) && paths.indexOf(path) !== index
        ? [invalid(`${at}.volumeMounts[${index}].mountPath`, path, "must be unique")]
        : [],
    ),
  ];
}
