/** Volumes, claims to them, and the classes that they are made by. https://kubernetes.io/docs/concepts/storage/persistent-volumes/ */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, type Properties } from "../../values.ts";
import { bindingProblems, growthProblems } from "./binding.ts";
import { CLAIM, STORAGE_CLASS, VOLUME } from "./existing.ts";
import { claimRefusals } from "./limits.ts";
import { namespaceOf, namespaceOfHeld } from "./metadata.ts";
import { objectType } from "./object.ts";
import { DAEMON_SET, DEPLOYMENT, POD, podPathOf, podsOf, STATEFUL_SET } from "./pod-template.ts";
import { bytesOf, forbidden, oneOf, required, tooLong } from "./problems.ts";
import { amountProblems } from "./quantity.ts";

/** What a volume may be. A change of it is another volume. */
const SOURCES = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
] as const;

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES = ["Block", "Filesystem"];
/** All parameters of a class together. */
const PARAMETER_BYTES = 256 * 1024;

const volume = objectType({
  token: VOLUME,
  namespaced: false,
  replaceOn: SOURCES.map((source) => `spec.${source}`),
  fixed: [{ path: "spec.volumeMode" }, { path: "spec.nodeAffinity", onceSet: true }],
  check: volumeProblems,
  outputs: (inputs) => ({
    spec: { volumeMode: "Filesystem", ...asObject(inputs.spec) },
    status: { phase: asObject(inputs.spec).claimRef === undefined ? "Available" : "Bound" },
  }),
  inUse: [
    {
      by: CLAIM,
      path: "spec.volumeName",
      refusal: (id, claim) =>
        `kubernetes.io/pv-protection: volume ${id} is bound to claim ${claim}: it stays Terminating until the claim is gone, and the wait ends in an error`,
    },
  ],
});

const claim = objectType({
  token: CLAIM,
  namespaced: true,
  replaceOn: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  fixed: ["spec.volumeMode", "spec.dataSource", "spec.dataSourceRef"].map((path) => ({
    path,
    reason:
      "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
  })),
  check: claimProblems,
  refuse: (inputs, context) => [
    ...bindingProblems(inputs, context),
    ...growthProblems(inputs, context),
    ...claimRefusals(asObject(inputs.spec), namespaceOf(inputs, context.connection), context),
  ],
  outputs: (inputs) => {
    const { accessModes, resources } = asObject(inputs.spec);
    return {
      spec: { volumeMode: "Filesystem", ...asObject(inputs.spec) },
      status: { phase: "Bound", accessModes, capacity: asObject(resources).requests },
    };
  },
  // Names of claims are names in a namespace: pods name them without it.
  handles: ({ metadata }) => [{ by: "claim", value: String(asObject(metadata).name) }],
  // A Job's pods are done when it is, and a CronJob has none of its own.
  inUse: [POD, DEPLOYMENT, STATEFUL_SET, DAEMON_SET].map((by) => ({
    by,
    path: `${podPathOf(by)}.volumes[].persistentVolumeClaim.claimName`,
    counts: (held, user) =>
      namespaceOfHeld(held.outputs) === namespaceOfHeld(user.outputs) &&
      (by === DAEMON_SET || podsOf(by, user.inputs)?.count !== 0),
    refusal: (id, user) =>
      `kubernetes.io/pvc-protection: pods of ${user} use claim ${id}: it stays Terminating until they are gone, and the wait ends in an error`,
  })),
});

const storageClass = objectType({
  token: STORAGE_CLASS,
  namespaced: false,
  replaceOn: ["parameters", "provisioner"],
  fixed: [
    { path: "reclaimPolicy", reason: "Forbidden: updates to reclaimPolicy are forbidden" },
    { path: "volumeBindingMode" },
  ],
  check: classProblems,
  outputs: (inputs) => ({
    reclaimPolicy: inputs.reclaimPolicy ?? "Delete",
    volumeBindingMode: inputs.volumeBindingMode ?? "Immediate",
  }),
});

export const storageTypes: readonly ResourceType[] = [volume, claim, storageClass];

function modeProblems(spec: Properties): Problem[] {
  const modes = asList(spec.accessModes);
  return [
    ...(modes.length === 0 && !isUnknown(spec.accessModes)
      ? [required("spec.accessModes", "at least 1 access mode is required")]
      : []),
    ...modes.flatMap((mode, index) => oneOf(`spec.accessModes[${index}]`, mode, ACCESS_MODES)),
    ...(modes.includes("ReadWriteOncePod") && modes.length > 1
      ? [forbidden("spec.accessModes", "may not use ReadWriteOncePod with other access modes", "Keep one of them")]
      : []),
    ...oneOf("spec.volumeMode", spec.volumeMode, VOLUME_MODES),
  ];
}

function volumeProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const sources = SOURCES.filter((source) => spec[source] !== undefined);
  const sized = asObject(spec.capacity).storage !== undefined || isUnknown(spec.capacity);
  return [
    ...modeProblems(spec),
    ...(sized ? [] : [required("spec.capacity.storage", "a volume has a size", "Write its size, such as 10Gi")]),
    ...amountProblems(spec.capacity, "spec.capacity"),
    ...(sources.length === 0 ? [required("spec", "must specify a volume type", "Say what it is, such as csi")] : []),
    ...sources
      .slice(1)
      .map((source) =>
        forbidden(`spec.${source}`, "may not specify more than 1 volume type", "Make two volumes of it"),
      ),
    ...oneOf("spec.persistentVolumeReclaimPolicy", spec.persistentVolumeReclaimPolicy, ["Delete", "Recycle", "Retain"]),
  ];
}

function claimProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const { requests } = asObject(spec.resources);
  const sized = asObject(requests).storage !== undefined || isUnknown(spec.resources) || isUnknown(requests);
  return [
    ...modeProblems(spec),
    ...(sized ? [] : [required("spec.resources.requests.storage", "a claim asks for a size")]),
    ...amountProblems(requests, "spec.resources.requests"),
  ];
}

function classProblems(inputs: Properties): Problem[] {
  const parameters = asObject(inputs.parameters);
  const size = bytesOf(parameters) + Buffer.byteLength(Object.keys(parameters).join(""));
  const isLarge = size > PARAMETER_BYTES || Object.keys(parameters).length > 512;
  return [
    ...oneOf("reclaimPolicy", inputs.reclaimPolicy, ["Delete", "Retain"]),
    ...oneOf("volumeBindingMode", inputs.volumeBindingMode, ["Immediate", "WaitForFirstConsumer"]),
    ...(isLarge ? [tooLong("parameters", PARAMETER_BYTES, "Give fewer or shorter parameters")] : []),
  ];
}
