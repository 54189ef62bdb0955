/** Whether a claim ever gets its volume. The provider waits for it five minutes, and gives up. */
import type { Context, Problem } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { inCluster, STORAGE_CLASS, VOLUME } from "./existing.ts";
import { annotationsOf, nameOf, namespaceOf } from "./metadata.ts";
import { AKS, clusterOf, EKS, GKE } from "./nodes.ts";
import { forbidden, unfinished } from "./problems.ts";
import { amountOf } from "./quantity.ts";

const SOURCE = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding";
const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

interface BuiltIn {
  readonly classes: readonly string[];
  /** The one that a claim gets which names none. Absent: there is no such class until somebody makes one. */
  readonly default?: string;
  readonly source: string;
}

/** The classes that a cluster of each cloud has from the start. */
const BUILT_IN: Readonly<Record<string, BuiltIn>> = {
  // Since version 1.30 gp2 is not marked as default any more.
  [EKS]: {
    classes: ["gp2"],
    source: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-extended.html",
  },
  [AKS]: {
    classes: [
      "default",
      "managed",
      "managed-premium",
      "managed-csi",
      "managed-csi-premium",
      "azurefile",
      "azurefile-premium",
      "azurefile-csi",
      "azurefile-csi-premium",
    ],
    default: "default",
    source: "https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes",
  },
  [GKE]: {
    classes: ["standard", "standard-rwo", "premium-rwo"],
    default: "standard-rwo",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#storageclasses",
  },
};

function builtInOf(context: Context): BuiltIn | undefined {
  const cluster = clusterOf(context);
  return cluster === undefined ? undefined : BUILT_IN[cluster.type];
}

/** Why a new claim stays pending. */
export function bindingProblems(inputs: Properties, context: Context): Problem[] {
  if (context.before !== undefined) return [];
  const spec = asObject(inputs.spec);
  const name = knownString(spec.volumeName);
  if (name !== undefined) return volumeProblems(inputs, spec, name, context);
  const wanted = knownString(spec.storageClassName);
  if (wanted === "") return unclassedProblems(inputs, spec, context);
  return classProblems(wanted, context);
}

function volumeProblems(inputs: Properties, spec: Properties, name: string, context: Context): Problem[] {
  const property = "spec.volumeName";
  const volume = inCluster(context, VOLUME, name);
  if (volume === undefined) {
    const reason = `FailedBinding: volume "${name}" not found: the claim stays Pending`;
    return [unfinished(property, reason, SOURCE, "Make the PersistentVolume first, and take its name")];
  }
  const { claimRef } = asObject(volume.inputs.spec);
  if (!isFor(claimRef, inputs, context)) {
    const { namespace, name: other } = asObject(claimRef);
    const reason = `FailedBinding: volume "${name}" already bound to a different claim: it is kept for ${namespace}/${other}`;
    return [unfinished(property, reason, SOURCE, "Name a volume that is free, or change its claimRef")];
  }
  // A claim that names no class gets the default one before anybody looks for its volume.
  const classed = { ...spec, storageClassName: spec.storageClassName ?? builtInOf(context)?.default ?? "" };
  return mismatches(volume, classed).map((mismatch) =>
    unfinished(
      property,
      `VolumeMismatch: Cannot bind to requested volume "${name}": ${mismatch}`,
      SOURCE,
      "Ask for what the volume is, or name another",
    ),
  );
}

/** What of a volume does not fit the claim. */
function mismatches(volume: StoredResource, claim: Properties): string[] {
  const spec = asObject(volume.inputs.spec);
  const asked = amountOf(asObject(asObject(claim.resources).requests).storage) ?? 0;
  const offered = asList(spec.accessModes);
  return [
    ...(asked > (amountOf(asObject(spec.capacity).storage) ?? 0) ? ["requested PV is too small"] : []),
    ...((spec.storageClassName ?? "") === (claim.storageClassName ?? "") ? [] : ["storageClassName does not match"]),
    ...((spec.volumeMode ?? "Filesystem") === (claim.volumeMode ?? "Filesystem") ? [] : ["incompatible volumeMode"]),
    ...(asList(claim.accessModes).every((mode) => offered.includes(mode)) ? [] : ["incompatible accessMode"]),
  ];
}

/** A volume may say for which claim alone it is. */
function isFor(claimRef: unknown, inputs: Properties, context: Context): boolean {
  if (claimRef === undefined) return true;
  const { namespace, name } = asObject(claimRef);
  return namespace === namespaceOf(inputs, context.connection) && name === nameOf(inputs);
}

function unclassedProblems(inputs: Properties, spec: Properties, context: Context): Problem[] {
  const fitting = context
    .all(VOLUME)
    .filter((volume) => mismatches(volume, spec).length === 0)
    .filter((volume) => isFor(asObject(volume.inputs.spec).claimRef, inputs, context));
  return fitting.length > 0 ? [] : [unprovided("Make a PersistentVolume that fits first, or name a class", SOURCE)];
}

function classProblems(wanted: string | undefined, context: Context): Problem[] {
  const builtIn = builtInOf(context);
  if (builtIn === undefined) return [];
  if (wanted === undefined) {
    const made = context.all(STORAGE_CLASS).some(({ inputs }) => annotationsOf(inputs)[IS_DEFAULT] === "true");
    if (made || builtIn.default !== undefined) return [];
    return [unprovided("Name a StorageClass: this cluster has no default one", builtIn.source)];
  }
  if (builtIn.classes.includes(wanted) || inCluster(context, STORAGE_CLASS, wanted) !== undefined) return [];
  const reason = `ProvisioningFailed: storageclass.storage.k8s.io "${wanted}" not found`;
  const fix = `Make the StorageClass first, or name one that the cluster has: ${builtIn.classes.join(", ")}`;
  return [unfinished("spec.storageClassName", reason, builtIn.source, fix)];
}

function unprovided(fix: string, source: string): Problem {
  const reason = "FailedBinding: no persistent volumes available for this claim and no storage class is set";
  return unfinished("spec.storageClassName", reason, source, fix);
}

/** A claim does not shrink, and grows where its class lets it. */
export function growthProblems(inputs: Properties, context: Context): Problem[] {
  const property = "spec.resources.requests.storage";
  const sizeOf = (object: Properties | undefined) =>
    amountOf(asObject(asObject(asObject(object?.spec).resources).requests).storage);
  const [before, after] = [sizeOf(context.before), sizeOf(inputs)];
  if (before === undefined || after === undefined || before === after) return [];
  if (after < before) {
    return [forbidden(property, "field can not be less than status.capacity", "Copy the data to a smaller claim")];
  }
  const className = knownString(asObject(inputs.spec).storageClassName);
  const held = className === undefined ? undefined : inCluster(context, STORAGE_CLASS, className);
  if (className !== "" && (held === undefined || held.inputs.allowVolumeExpansion === true)) return [];
  const reason =
    "Forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
  const fix = "Set allowVolumeExpansion of the StorageClass";
  return [
    {
      property,
      kind: "limit",
      reason,
      fix,
      source: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims",
    },
  ];
}
