/** Kinds that say who may do what, where, and how much of it. */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, containsUnknown, type Properties } from "../../values.ts";
import { objectType } from "./object.ts";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1";

/** The role that a binding names cannot be changed: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding-example */
const binding = { names: "segment", replaceOn: ["roleRef"], check: subjectProblems } as const;

export const clusterTypes: readonly ResourceType[] = [
  objectType({ token: `${rbac}:Role`, namespaced: true, names: "segment" }),
  objectType({ token: `${rbac}:ClusterRole`, namespaced: false, names: "segment" }),
  objectType({ token: `${rbac}:RoleBinding`, namespaced: true, ...binding }),
  objectType({ token: `${rbac}:ClusterRoleBinding`, namespaced: false, ...binding }),
  objectType({ token: "kubernetes:networking.k8s.io/v1:NetworkPolicy", namespaced: true }),
  objectType({
    token: "kubernetes:policy/v1:PodDisruptionBudget",
    namespaced: true,
    check: budgetProblems,
    outputs: () => ({
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0, observedGeneration: 1 },
    }),
  }),
  objectType({
    token: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    namespaced: true,
    check: scalerProblems,
    outputs: (inputs) => {
      const { minReplicas = 1 } = asObject(inputs.spec);
      return { status: { currentReplicas: minReplicas, desiredReplicas: minReplicas } };
    },
  }),
  objectType({
    token: "kubernetes:scheduling.k8s.io/v1:PriorityClass",
    namespaced: false,
    replaceOn: ["value", "preemptionPolicy"],
  }),
  objectType({
    token: "kubernetes:storage.k8s.io/v1:StorageClass",
    namespaced: false,
    replaceOn: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
    outputs: () => ({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  }),
];

/** A service account is named with its namespace. */
function subjectProblems(inputs: Properties): Problem[] {
  return asList(inputs.subjects).flatMap((subject, index) => {
    const { kind, namespace } = asObject(subject);
    if (kind !== "ServiceAccount" || namespace !== undefined) return [];
    return [
      {
        property: `subjects[${index}].namespace`,
        reason: "Required value: a subject of kind ServiceAccount needs its namespace",
      },
    ];
  });
}

function budgetProblems(inputs: Properties): Problem[] {
  const { minAvailable, maxUnavailable } = asObject(inputs.spec);
  if (minAvailable === undefined || maxUnavailable === undefined) return [];
  return [{ property: "spec", reason: "Invalid value: minAvailable and maxUnavailable cannot be both set" }];
}

function scalerProblems(inputs: Properties): Problem[] {
  const { minReplicas = 1, maxReplicas } = asObject(inputs.spec);
  if (maxReplicas === undefined || containsUnknown([minReplicas, maxReplicas])) return [];
  if (Number(maxReplicas) >= Number(minReplicas)) return [];
  return [
    {
      property: "spec.maxReplicas",
      reason: `Invalid value: ${maxReplicas}: must be greater than or equal to minReplicas (${minReplicas})`,
    },
  ];
}
