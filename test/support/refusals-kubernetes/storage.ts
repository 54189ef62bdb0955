/** Cases of volumes, claims and their classes. */

import type { Accepted, RefusedTypes } from "../sandbox-refusals.ts";
import {
  badName,
  controller,
  elsewhere,
  misspelt,
  podSpec,
  put,
  renamed,
  replaced,
  takenBy,
  types,
  without,
  wrong,
} from "./common.ts";

const { volume, claim, storageClass, deployment, pod, limitRange, resourceQuota } = types;

const size = { storage: "10Gi" };
const volumeSpec = {
  accessModes: ["ReadOnlyMany"],
  capacity: size,
  storageClassName: "",
  csi: { driver: "efs.csi.aws.com", volumeHandle: "fs-1" },
};

export const accepted: Accepted = {
  [volume]: () => ({ metadata: { name: "weights" }, spec: volumeSpec }),
  [claim]: async ({ make }) => {
    await make(volume, { metadata: { name: "weights" }, spec: volumeSpec });
    return {
      metadata: { name: "weights" },
      spec: {
        accessModes: ["ReadOnlyMany"],
        storageClassName: "",
        volumeName: "weights",
        resources: { requests: size },
      },
    };
  },
  [storageClass]: () => ({
    metadata: { name: "fast" },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3" },
    reclaimPolicy: "Delete",
  }),
};

const claimOf = (volumeName: string) => ({
  metadata: { name: "weights" },
  spec: { accessModes: ["ReadOnlyMany"], storageClassName: "", volumeName, resources: { requests: size } },
});

const mounting = { ...podSpec, volumes: [{ name: "weights", persistentVolumeClaim: { claimName: "weights" } }] };

export const refused: RefusedTypes = {
  [volume]: [
    takenBy(volume),
    badName(),
    replaced("spec.csi", { driver: "efs.csi.aws.com", volumeHandle: "fs-2" }, "spec.csi"),
    replaced("spec.volumeMode", "Block"),
    without("spec.capacity"),
    without("spec.csi", "must specify a volume type"),
    wrong("spec.hostPath", { path: "/" }, "may not specify more than 1 volume type"),
    wrong("spec.persistentVolumeReclaimPolicy", "Keep", 'supported values: "Delete", "Recycle", "Retain"'),
    {
      kind: "inUse",
      when: "deleting a volume that a claim is bound to",
      afterwards: ({ make }, { id }) => make(claim, claimOf(id)),
      code: "kubernetes.io/pv-protection: ",
      says: "is bound to claim default/weights",
    },
  ],
  [claim]: [
    elsewhere,
    renamed,
    replaced("spec.accessModes", ["ReadWriteOnce"], "spec.accessModes"),
    replaced("spec.dataSource", { kind: "PersistentVolumeClaim", name: "x" }, "spec is immutable after creation"),
    { ...replaced("spec.resources.requests.storage", "5Gi"), says: "field can not be less than status.capacity" },
    without("spec.resources", "a claim asks for a size"),
    without("spec.accessModes", "at least 1 access mode is required"),
    wrong("spec.accessModes", ["ReadWriteOncePod", "ReadOnlyMany"], "may not use ReadWriteOncePod with other access"),
    {
      kind: "reference",
      when: "a volume that is not there",
      change: put("spec.volumeName", "none"),
      code: "FailedBinding: ",
      says: 'volume "none" not found',
    },
    {
      kind: "reference",
      when: "more than the volume has",
      change: put("spec.resources.requests.storage", "20Gi"),
      code: "VolumeMismatch: ",
      says: "requested PV is too small",
    },
    {
      kind: "reference",
      when: "a volume that is kept for another claim",
      first: ({ make }) =>
        make(volume, {
          metadata: { name: "kept" },
          spec: { ...volumeSpec, claimRef: { namespace: "default", name: "other" } },
        }),
      change: put("spec.volumeName", "kept"),
      code: "FailedBinding: ",
      says: "already bound to a different claim",
    },
    {
      kind: "reference",
      when: "a class that is not there",
      change: async (inputs, bench) =>
        put("spec.storageClassName", "fast")(await put("spec.volumeName", undefined)(inputs, bench), bench),
      code: "ProvisioningFailed: ",
      says: 'storageclass.storage.k8s.io "fast" not found',
    },
    {
      kind: "reference",
      when: "no class in a cluster without a default one",
      change: put("spec", { accessModes: ["ReadWriteOnce"], resources: { requests: size } }),
      code: "FailedBinding: ",
      says: "no storage class is set",
    },
    {
      kind: "limit",
      when: "more than the namespace's limit range allows",
      first: ({ make }) =>
        make(limitRange, {
          metadata: { name: "small" },
          spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "1Gi" } }] },
        }),
      code: "Forbidden: ",
      says: "maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 10Gi",
    },
    {
      kind: "limit",
      when: "more than the namespace's quota has room for",
      first: ({ make }) =>
        make(resourceQuota, { metadata: { name: "disks" }, spec: { hard: { "requests.storage": "5Gi" } } }),
      code: "Forbidden: ",
      says: "exceeded quota: disks, requested: requests.storage=10Gi, used: requests.storage=0, limited: requests.storage=5Gi",
    },
    {
      kind: "inUse",
      when: "deleting a claim that a Deployment's pods use",
      afterwards: ({ make }) =>
        make(deployment, {
          ...controller({
            selector: { matchLabels: { app: "web" } },
            template: { metadata: { labels: { app: "web" } }, spec: mounting },
          }),
        }),
      code: "kubernetes.io/pvc-protection: ",
      says: "pods of default/web use claim default/weights",
    },
    {
      kind: "inUse",
      when: "deleting a claim that a pod uses",
      afterwards: ({ make }) => make(pod, { metadata: { name: "one" }, spec: mounting }),
      code: "kubernetes.io/pvc-protection: ",
      says: "pods of default/one use claim default/weights",
    },
  ],
  [storageClass]: [
    takenBy(storageClass),
    badName(),
    replaced("provisioner", "file.csi.azure.com"),
    replaced("parameters", { type: "io2" }, "parameters"),
    replaced("reclaimPolicy", "Retain", "updates to reclaimPolicy are forbidden"),
    misspelt("volumeBinding"),
    wrong("reclaimPolicy", "Recycle", 'supported values: "Delete", "Retain"'),
    wrong("parameters", { type: "x".repeat(256 * 1024) }, "may not be more than 262144 bytes"),
  ],
};
