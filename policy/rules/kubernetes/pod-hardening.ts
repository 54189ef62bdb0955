import { demanding } from "../../demand/index.ts";
import { ofContainers, ofPods, ofPodsOrContainers } from "../../demand/pods.ts";
import { is, oneOf, orAbsent, type Want } from "../../demand/want.ts";
import { at, unknown } from "../../graph.ts";

const noHostPath: Want = {
  text: "volumes, none of them a hostPath",
  accepts: (found) =>
    found === undefined ||
    (Array.isArray(found) && found.every((one) => one !== unknown && at(one, "hostPath") === undefined)),
  good: [{ name: "scratch", emptyDir: {} }],
  bad: [[{ name: "host", hostPath: { path: "/" } }]],
};

export const podHardening = demanding(
  {
    name: "pod-hardening",
    description:
      "A pod runs without root, without more rights than it was started with, behind the runtime's seccomp filter, and sees nothing of its machine: neither folders nor namespaces.",
    severity: "high",
    tags: ["kubernetes"],
    references: ["95edb821-ddaf-4404-9732-666045e056b4", "1c6e92c9-99f0-4e55-9cf2-0c234dc48f99", "PSS restricted"],
    remediationSteps:
      "Set runAsNonRoot true and seccompProfile RuntimeDefault on the pod, allowPrivilegeEscalation false and privileged false on each container, and mount no hostPath.",
  },
  [
    ...ofContainers("securityContext.privileged", orAbsent(is(false)), "set it to false"),
    ...ofContainers("securityContext.allowPrivilegeEscalation", is(false), "set it to false; absent means true"),
    ...ofPodsOrContainers("securityContext.runAsNonRoot", is(true), "set it to true on the pod"),
    ...ofPodsOrContainers(
      "securityContext.seccompProfile.type",
      oneOf("RuntimeDefault", "Localhost"),
      "set it to RuntimeDefault on the pod",
    ),
    ...ofPods("volumes", noHostPath, "use a volume of the cluster's instead of a folder of its machine"),
    ...["hostNetwork", "hostPID", "hostIPC"].flatMap((key) => ofPods(key, orAbsent(is(false)), "leave it out")),
  ],
);
