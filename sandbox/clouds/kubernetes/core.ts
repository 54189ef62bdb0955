/** Kinds of the core group that run nothing themselves. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, asString, isUnknown, knownString, mapValues, type Properties } from "../../values.ts";
import { inCluster, NAMESPACE } from "./existing.ts";
import { labelProblems } from "./names.ts";
import { objectType } from "./object.ts";

const namespace = objectType({
  token: NAMESPACE,
  namespaced: false,
  names: "label",
  outputs: () => ({ spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } }),
});

const configMap = objectType({
  token: "kubernetes:core/v1:ConfigMap",
  namespaced: true,
  // The provider replaces rather than changes it, so that what reads it is rolled.
  replaceOn: ["data", "binaryData", "immutable"],
  check: (inputs) => [...dataProblems(inputs.data, "data"), ...dataProblems(inputs.binaryData, "binaryData")],
});

const secret = objectType({
  token: "kubernetes:core/v1:Secret",
  namespaced: true,
  replaceOn: ["data", "stringData", "type", "immutable"],
  secretOutputs: ["data", "stringData"],
  check: (inputs) => [
    ...dataProblems(inputs.data, "data"),
    ...dataProblems(inputs.stringData, "stringData"),
    ...base64Problems(inputs.data),
  ],
  outputs: (inputs) => {
    const plain = mapValues(asObject(inputs.stringData), (value) => (isUnknown(value) ? value : base64(String(value))));
    const data = { ...asObject(inputs.data), ...plain };
    return { type: inputs.type ?? "Opaque", ...(Object.keys(data).length === 0 ? {} : { data }) };
  },
});

const serviceAccount = objectType({ token: "kubernetes:core/v1:ServiceAccount", namespaced: true });

const service = objectType({
  token: "kubernetes:core/v1:Service",
  namespaced: true,
  names: "service",
  replaceOn: ["spec.clusterIP"],
  check: serviceProblems,
  outputs: serviceOutputs,
  handles: ({ status }) => {
    const [ingress] = asList(asObject(asObject(status).loadBalancer).ingress);
    const address = knownString(asObject(ingress).ip);
    return address === undefined ? [] : [{ by: "address", value: address }];
  },
});

const volume = objectType({
  token: "kubernetes:core/v1:PersistentVolume",
  namespaced: false,
  replaceOn: ["spec.csi", "spec.claimRef", "spec.volumeMode"],
  outputs: (inputs) => ({
    spec: { volumeMode: "Filesystem", ...asObject(inputs.spec) },
    status: { phase: asObject(inputs.spec).claimRef === undefined ? "Available" : "Bound" },
  }),
});

const claim = objectType({
  token: "kubernetes:core/v1:PersistentVolumeClaim",
  namespaced: true,
  replaceOn: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName", "spec.volumeMode"],
  outputs: (inputs) => {
    const { accessModes, resources } = asObject(inputs.spec);
    return {
      spec: { volumeMode: "Filesystem", ...asObject(inputs.spec) },
      status: { phase: "Bound", accessModes, capacity: asObject(resources).requests },
    };
  },
  refuse: (inputs, context) => volumeProblems(inputs, context),
});

const limitRange = objectType({ token: "kubernetes:core/v1:LimitRange", namespaced: true });

const resourceQuota = objectType({
  token: "kubernetes:core/v1:ResourceQuota",
  namespaced: true,
  outputs: (inputs) => ({ status: { hard: asObject(inputs.spec).hard } }),
});

export const coreTypes: readonly ResourceType[] = [
  namespace,
  configMap,
  secret,
  serviceAccount,
  service,
  volume,
  claim,
  limitRange,
  resourceQuota,
];

function serviceProblems(inputs: Properties): Problem[] {
  const spec = asObject(inputs.spec);
  const ports = asList(spec.ports).map(asObject);
  const problems = labelProblems(spec.selector, "spec.selector");
  if (ports.length === 0 && spec.clusterIP !== "None" && spec.type !== "ExternalName" && !isUnknown(spec.ports)) {
    problems.push({ property: "spec.ports", reason: "Required value: a Service needs at least one port" });
  }
  if (ports.length > 1 && ports.some(({ name }) => name === undefined)) {
    problems.push({ property: "spec.ports", reason: "Required value: each of several ports needs a name" });
  }
  if (spec.loadBalancerSourceRanges !== undefined && spec.type !== "LoadBalancer" && !isUnknown(spec.type)) {
    problems.push({
      property: "spec.loadBalancerSourceRanges",
      reason: "Forbidden: may only be used when type is 'LoadBalancer'",
    });
  }
  return problems;
}

function serviceOutputs(inputs: Properties, context: Context): Properties {
  const spec = asObject(inputs.spec);
  const before = asObject(context.before?.spec);
  const clusterIP = spec.clusterIP ?? before.clusterIP ?? clusterAddress(context);
  return {
    spec: {
      type: "ClusterIP",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ...spec,
      clusterIP,
      clusterIPs: [clusterIP],
    },
    status: { loadBalancer: spec.type === "LoadBalancer" ? { ingress: [{ ip: publicAddress(spec, context) }] } : {} },
  };
}

/** An address of the cluster's own range; which one that is, is the cluster's secret. */
function clusterAddress(context: Context): string {
  const hex = context.hex(4, "clusterIP");
  if (isUnknown(hex)) return hex;
  return `10.0.${Number.parseInt(hex.slice(0, 2), 16)}.${1 + (Number.parseInt(hex.slice(2), 16) % 254)}`;
}

function publicAddress(spec: Properties, context: Context): string {
  const asked = asString(spec.loadBalancerIP);
  const [kept] = asList(asObject(asObject(context.before?.status).loadBalancer).ingress);
  return asked ?? knownString(asObject(kept).ip) ?? context.address("status");
}

function dataProblems(data: unknown, property: string): Problem[] {
  return Object.keys(asObject(data))
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === "." || key === "..")
    .map((key) => ({
      property,
      reason: `key "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
    }));
}

function base64Problems(data: unknown): Problem[] {
  return Object.entries(asObject(data)).flatMap(([key, value]) => {
    const text = knownString(value);
    if (text === undefined || Buffer.from(text, "base64").toString("base64") === text) return [];
    return [{ property: `data.${key}`, reason: "illegal base64 data: encode the value, or use stringData" }];
  });
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** A claim on a volume that does not exist stays pending, and the provider's wait ends in an error. */
function volumeProblems(inputs: Properties, context: Context): Problem[] {
  const name = knownString(asObject(inputs.spec).volumeName);
  if (name === undefined || inCluster(context, "kubernetes:core/v1:PersistentVolume", name) !== undefined) return [];
  return [{ property: "spec.volumeName", reason: `PersistentVolumeClaim stays pending: volume "${name}" not found` }];
}
