import type { Demand } from "./index.ts";
import type { Want } from "./want.ts";

/** Where the kinds that run pods keep the pod. */
const podsOf: readonly { readonly types: Demand["types"]; readonly spec: string }[] = [
  {
    types: [
      "kubernetes:apps/v1:Deployment",
      "kubernetes:apps/v1:StatefulSet",
      "kubernetes:apps/v1:DaemonSet",
      "kubernetes:apps/v1:ReplicaSet",
      "kubernetes:batch/v1:Job",
    ],
    spec: "spec.template.spec",
  },
  { types: ["kubernetes:batch/v1:CronJob"], spec: "spec.jobTemplate.spec.template.spec" },
  { types: ["kubernetes:core/v1:Pod"], spec: "spec" },
];

/** A demand on a property of pods, whatever kind runs them. */
export function ofPods(path: string, wants: Want, fix: string): Demand[] {
  return podsOf.map(({ types, spec }) => ({ types, any: [{ path: `${spec}.${path}`, wants }], fix }));
}

/** A demand on a property of every container of pods; of those that run before the others as well. */
export function ofContainers(path: string, wants: Want, fix: string): Demand[] {
  return ["containers[]", "initContainers[]"].flatMap((list) => ofPods(`${list}.${path}`, wants, fix));
}

/** A demand that the pod or else each of its containers has to meet. */
export function ofPodsOrContainers(path: string, wants: Want, fix: string): Demand[] {
  return podsOf.map(({ types, spec }) => ({
    types,
    any: [
      { path: `${spec}.${path}`, wants },
      { path: `${spec}.containers[].${path}`, wants },
    ],
    fix,
  }));
}
