/** Rows of the kinds that run nothing: data, access, storage, bounds, policies. */
import type { RefusalRow } from "../../../cloud.ts";
import { DOCS, invalidBy, objectRow, standsAlone } from "./row.ts";

const RBAC = "/reference/access-authn-authz/rbac/";
const VOLUMES = "/concepts/storage/persistent-volumes/";
const PROTECTION = `${DOCS}${VOLUMES}#storage-object-in-use-protection`;

export const objectRows: Readonly<Record<string, RefusalRow>> = {
  "kubernetes:core/v1:Namespace": objectRow("/concepts/overview/working-with-objects/namespaces/", {
    reference: standsAlone,
    limit: invalidBy("/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces"),
    inUse: { none: "deleting a namespace deletes what is in it" },
  }),
  "kubernetes:core/v1:ConfigMap": objectRow("/concepts/configuration/configmap/", {
    immutable: invalidBy("/concepts/configuration/configmap/#configmap-immutable"),
  }),
  "kubernetes:core/v1:Secret": objectRow("/concepts/configuration/secret/", {
    required: invalidBy("/concepts/configuration/secret/#secret-types"),
    immutable: invalidBy("/concepts/configuration/secret/#secret-immutable"),
  }),
  "kubernetes:core/v1:ServiceAccount": objectRow("/concepts/security/service-accounts/", {
    limit: invalidBy("/concepts/overview/working-with-objects/labels/#syntax-and-character-set"),
  }),
  "kubernetes:core/v1:Service": objectRow("/concepts/services-networking/service/", {
    immutable: invalidBy("/concepts/services-networking/service/#choosing-your-own-ip-address"),
  }),
  "kubernetes:core/v1:PersistentVolume": objectRow(VOLUMES, {
    reference: standsAlone,
    inUse: { code: "kubernetes.io/pv-protection", source: PROTECTION },
  }),
  "kubernetes:core/v1:PersistentVolumeClaim": objectRow(`${VOLUMES}#persistentvolumeclaims`, {
    reference: { code: "FailedBinding", source: `${DOCS}${VOLUMES}#binding` },
    inUse: { code: "kubernetes.io/pvc-protection", source: PROTECTION },
  }),
  "kubernetes:storage.k8s.io/v1:StorageClass": objectRow("/concepts/storage/storage-classes/", {
    reference: { none: "that its provisioner runs is not asked when a class is made" },
    inUse: { none: "claims and volumes keep the name of a class that is gone" },
  }),
  "kubernetes:core/v1:ResourceQuota": objectRow("/concepts/policy/resource-quotas/"),
  "kubernetes:core/v1:LimitRange": objectRow("/concepts/policy/limit-range/"),
  "kubernetes:rbac.authorization.k8s.io/v1:Role": objectRow(`${RBAC}#role-and-clusterrole`, {
    inUse: { none: "a binding may name a role that is gone: it gives nobody anything then" },
  }),
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": objectRow(`${RBAC}#role-and-clusterrole`, {
    reference: standsAlone,
    inUse: { none: "a binding may name a role that is gone: it gives nobody anything then" },
  }),
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": objectRow(`${RBAC}#rolebinding-and-clusterrolebinding`, {
    immutable: invalidBy(`${RBAC}#clusterrolebinding-example`),
    inUse: { none: "nothing names a binding" },
  }),
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": objectRow(
    `${RBAC}#rolebinding-and-clusterrolebinding`,
    {
      immutable: invalidBy(`${RBAC}#clusterrolebinding-example`),
      reference: { none: "an administrator may bind a role and subjects that come later" },
      inUse: { none: "nothing names a binding" },
    },
  ),
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": objectRow("/concepts/services-networking/network-policies/", {
    inUse: { none: "nothing names a network policy" },
  }),
  "kubernetes:policy/v1:PodDisruptionBudget": objectRow("/tasks/run-application/configure-pdb/", {
    inUse: { none: "nothing names a budget" },
  }),
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": objectRow("/tasks/run-application/horizontal-pod-autoscale/", {
    inUse: { none: "nothing names an autoscaler" },
  }),
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": objectRow(
    "/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass",
    {
      reference: standsAlone,
      inUse: { none: "pods keep the priority that they got from a class that is gone" },
    },
  ),
};
