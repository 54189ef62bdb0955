/** The part of the Pod Security Standards that concerns our pods: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
import type { Problem } from "../../cloud.ts";
import { asList, asObject, isUnknown, type Properties } from "../../values.ts";
import { type ContainerAt, containersOf } from "./pod-template.ts";

/** What a namespace may enforce, the strictest last. */
export const LEVELS = ["privileged", "baseline", "restricted"] as const;

const SOURCE = "https://kubernetes.io/docs/concepts/security/pod-security-admission/";

/** The volume types that `restricted` allows; `baseline` refuses only the machine's own folders. */
const VOLUMES = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
  "image",
]);

const BASELINE_CAPABILITIES = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

/** Why a namespace that enforces the level does not admit the pod. */
export function podSecurityProblems(level: string | undefined, spec: Properties, path: string): Problem[] {
  if (level !== "baseline" && level !== "restricted") return [];
  const strict = level === "restricted";
  const pod = asObject(spec.securityContext);
  const reasons = [
    ...["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true).map((field) => `${field}=true`),
    ...asList(spec.volumes).flatMap((volume) => volumeReasons(asObject(volume), strict)),
    ...containersOf(spec, path).flatMap((container) => [
      ...baselineReasons(container),
      ...(strict ? restrictedReasons(container, pod) : []),
    ]),
  ];
  return reasons.map((reason) => ({
    property: path,
    kind: "limit",
    reason: `Forbidden: violates PodSecurity "${level}:latest": ${reason}`,
    fix: "Give the pod less, or run it in a namespace that enforces a lower level",
    source: SOURCE,
  }));
}

function volumeReasons(volume: Properties, strict: boolean): string[] {
  return Object.keys(volume)
    .filter((key) => key !== "name" && (strict ? !VOLUMES.has(key) : key === "hostPath"))
    .map((type) =>
      strict
        ? `volume "${volume.name}" uses restricted volume type "${type}"`
        : `hostPath volumes (volume "${volume.name}")`,
    );
}

const saying = (container: Properties) => (reason: string) => `container "${container.name}" must ${reason}`;

function addedBeyond(container: Properties, allowed: ReadonlySet<string>): string[] {
  const { add } = asObject(asObject(container.securityContext).capabilities);
  return asList(add)
    .filter((capability) => !isUnknown(capability))
    .map(String)
    .filter((capability) => !allowed.has(capability));
}

function baselineReasons({ container }: ContainerAt): string[] {
  const of = saying(container);
  const hostPorts = asList(container.ports).flatMap((port) => asObject(port).hostPort ?? []);
  const added = addedBeyond(container, BASELINE_CAPABILITIES);
  return [
    ...(asObject(container.securityContext).privileged === true ? [of("not set securityContext.privileged=true")] : []),
    ...(hostPorts.length === 0 ? [] : [of(`not use hostPort ${hostPorts.join(", ")}`)]),
    ...(added.length === 0 ? [] : [of(`not add capabilities ${added.join(", ")}`)]),
  ];
}

function restrictedReasons({ container }: ContainerAt, pod: Properties): string[] {
  const of = saying(container);
  const own = asObject(container.securityContext);
  const dropped = asList(asObject(own.capabilities).drop);
  const added = addedBeyond(container, new Set(["NET_BIND_SERVICE"])).filter((each) => BASELINE_CAPABILITIES.has(each));
  const seccomp = asObject(own.seccompProfile).type ?? asObject(pod.seccompProfile).type;
  return [
    ...(own.allowPrivilegeEscalation === false ? [] : [of("set securityContext.allowPrivilegeEscalation=false")]),
    ...(dropped.includes("ALL") ? [] : [of('set securityContext.capabilities.drop=["ALL"]')]),
    ...(added.length === 0 ? [] : [of(`not add capabilities ${added.join(", ")}`)]),
    ...((own.runAsNonRoot ?? pod.runAsNonRoot) === true ? [] : [of("set securityContext.runAsNonRoot=true")]),
    ...((own.runAsUser ?? pod.runAsUser) === 0 ? [of("not set runAsUser=0")] : []),
    ...(seccomp === "RuntimeDefault" || seccomp === "Localhost"
      ? []
      : [of('set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"')]),
  ];
}
