/** The part of Pod Security's level `restricted` that concerns our pods: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
import type { Problem } from "../../cloud.ts";
import { asList, asObject, isUnknown, type Properties } from "../../values.ts";
import { type ContainerAt, containersOf } from "./pods.ts";

/** The volume types that the level allows. */
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

/** Why a namespace that enforces `restricted` does not admit the pod. */
export function restrictedProblems(spec: Properties, path: string): Problem[] {
  const pod = asObject(spec.securityContext);
  const reasons = [
    ...["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true).map((field) => `${field}=true`),
    ...asList(spec.volumes).flatMap((volume) => volumeReasons(asObject(volume))),
    ...containersOf(spec, path).flatMap((container) => containerReasons(container, pod)),
  ];
  return reasons.map((reason) => ({ property: path, reason: `violates PodSecurity "restricted:latest": ${reason}` }));
}

function volumeReasons(volume: Properties): string[] {
  return Object.keys(volume)
    .filter((key) => key !== "name" && !VOLUMES.has(key))
    .map((type) => `volume "${volume.name}" uses restricted volume type "${type}"`);
}

function containerReasons({ container }: ContainerAt, pod: Properties): string[] {
  const own = asObject(container.securityContext);
  const of = (reason: string) => `container "${container.name}" must ${reason}`;
  const dropped = asList(asObject(own.capabilities).drop);
  const added = asList(asObject(own.capabilities).add).filter(
    (capability) => capability !== "NET_BIND_SERVICE" && !isUnknown(capability),
  );
  const seccomp = asObject(own.seccompProfile).type ?? asObject(pod.seccompProfile).type;
  return [
    ...(own.privileged === true ? [of("not set securityContext.privileged=true")] : []),
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
