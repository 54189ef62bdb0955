/** Cases of kinds that run nothing: data, identities, services, bounds. */

import type { Accepted, RefusedTypes } from "../sandbox-refusals.ts";
import {
  badName,
  elsewhere,
  longLabel,
  misspelt,
  put,
  renamed,
  replaced,
  takenBy,
  types,
  without,
  wrong,
} from "./common.ts";

const { namespace, configMap, secret, serviceAccount, service, resourceQuota, limitRange } = types;

export const accepted: Accepted = {
  [namespace]: () => ({ metadata: { name: "team", labels: { "pod-security.kubernetes.io/enforce": "baseline" } } }),
  [configMap]: () => ({ metadata: { name: "settings" }, data: { key: "value" }, immutable: true }),
  [secret]: () => ({
    metadata: { name: "certificate" },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": "a", "tls.key": "b" },
  }),
  [serviceAccount]: () => ({ metadata: { name: "robot" }, automountServiceAccountToken: false }),
  [service]: () => ({
    metadata: { name: "web" },
    spec: { type: "NodePort", selector: { app: "web" }, ports: [{ name: "https", port: 443, nodePort: 30443 }] },
  }),
  [resourceQuota]: () => ({ metadata: { name: "team" }, spec: { hard: { configmaps: "2", "requests.cpu": "4" } } }),
  [limitRange]: () => ({
    metadata: { name: "team" },
    spec: { limits: [{ type: "Container", max: { memory: "1Gi" }, min: { memory: "16Mi" } }] },
  }),
};

export const refused: RefusedTypes = {
  [namespace]: [
    badName("team.a"),
    badName("x".repeat(64)),
    takenBy(namespace),
    renamed,
    wrong("metadata.labels", { "pod-security.kubernetes.io/enforce": "strict" }, "must be one of privileged, baseline"),
    {
      kind: "name",
      when: "a namespace for a namespace",
      change: put("metadata.namespace", "default"),
      code: "Invalid: ",
      says: "an object of the cluster has no namespace",
    },
  ],
  [configMap]: [
    elsewhere,
    takenBy(configMap),
    replaced("data", { key: "other" }, "data"),
    replaced("immutable", false),
    wrong("data", { "a/b": "" }, "a valid config key"),
    wrong("data", { key: "x".repeat(1024 * 1024 + 1) }, "may not be more than 1048576 bytes"),
    wrong("binaryData", { key: "YQ==" }, "duplicate of key present in binaryData"),
    wrong("metadata.annotations", { note: "x".repeat(256 * 1024) }, "may not be more than 262144 bytes"),
    longLabel,
    {
      kind: "limit",
      when: "one more than the namespace's quota has room for",
      first: ({ make }) => make(resourceQuota, { metadata: { name: "few" }, spec: { hard: { configmaps: "1" } } }),
      code: "Forbidden: ",
      says: "exceeded quota: few, requested: configmaps=1, used: configmaps=1, limited: configmaps=1",
    },
  ],
  [secret]: [
    elsewhere,
    replaced("type", "Opaque"),
    replaced("stringData", { "tls.crt": "a", "tls.key": "c" }, "stringData"),
    { ...without("stringData", "a Secret of type kubernetes.io/tls has it") },
    {
      kind: "required",
      when: "data that is no base64",
      change: put("data", { more: "not base64!" }),
      code: "BadRequest: ",
      says: "illegal base64 data",
    },
    wrong("stringData", { "tls.crt": "x".repeat(1024 * 1024), "tls.key": "b" }, "may not be more than 1048576 bytes"),
  ],
  [serviceAccount]: [elsewhere, badName("Robot"), renamed, longLabel, misspelt("secret")],
  [service]: [
    elsewhere,
    badName("1st"),
    replaced("spec.clusterIP", "10.0.0.9"),
    without("spec.ports", "a Service needs at least one port"),
    wrong("spec.ports", [{ port: 65536 }], "must be between 1 and 65535, inclusive"),
    wrong("spec.ports", [{ port: 80, nodePort: 80 }], "The range of valid ports is 30000-32767"),
    wrong("spec.ports", [{ port: 80 }, { port: 81 }], "each of several ports needs a name"),
    wrong("spec.type", "Public", 'supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'),
    wrong("spec.type", "ClusterIP", "may not be used when `type` is 'ClusterIP'"),
    wrong("spec.clusterIP", "None", "may not be set to 'None' for NodePort services"),
    wrong("spec.loadBalancerSourceRanges", ["10.0.0.0/8"], "may only be used when type is 'LoadBalancer'"),
    {
      kind: "name",
      when: "a port of the machines that another has",
      first: ({ make }, inputs) => make(service, { ...inputs, metadata: { name: "other" } }),
      code: "Invalid: ",
      says: "provided port is already allocated",
    },
  ],
  [resourceQuota]: [
    elsewhere,
    renamed,
    replaced("spec.scopes", ["NotTerminating"]),
    wrong("spec.hard", { gpus: "1" }, "must be a standard resource for quota"),
    wrong("spec.scopes", ["Terminating"], "unsupported scope applied to resource"),
    wrong("spec.scopes", ["BestEffort", "NotBestEffort"], "conflicting scopes"),
    {
      kind: "required",
      when: "an amount that is none",
      change: put("spec.hard", { "requests.memory": "8 GB" }),
      code: "BadRequest: ",
      says: "quantities must match the regular expression",
    },
  ],
  [limitRange]: [
    elsewhere,
    renamed,
    wrong("spec.limits", [{ type: "Node", max: { cpu: "1" } }], "supported values"),
    wrong("spec.limits", [{ type: "Container", min: { cpu: "2" }, max: { cpu: "1" } }], "greater than max value"),
    wrong("spec.limits", [{ type: "Pod", default: { cpu: "1" } }], "may not be specified when `type` is 'Pod'"),
    {
      ...without("spec.limits"),
      change: put("spec.limits", [{ type: "PersistentVolumeClaim" }]),
      says: "storage value",
    },
  ],
};
