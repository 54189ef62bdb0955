/** Namespaces, and the kinds that hold data or an identity. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, joinPath, knownString, mapValues, type Properties } from "../../values.ts";
import { NAMESPACE } from "./existing.ts";
import { annotationsOf, labelsOf } from "./metadata.ts";
import { objectType, replaceIt } from "./object.ts";
import { LEVELS } from "./pod-security.ts";
import { bytesOf, invalid, required, tooLong } from "./problems.ts";

const namespace = objectType({
  token: NAMESPACE,
  namespaced: false,
  names: "label",
  check: securityProblems,
  outputs: () => ({ spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } }),
});

const configMap = objectType({
  token: "kubernetes:core/v1:ConfigMap",
  namespaced: true,
  // The provider replaces rather than changes it, so that what reads it is rolled.
  replaceOn: ["data", "binaryData"],
  check: configMapProblems,
  refuse: thawProblems,
});

const secret = objectType({
  token: "kubernetes:core/v1:Secret",
  namespaced: true,
  replaceOn: ["data", "stringData", "type"],
  secretOutputs: ["data", "stringData"],
  check: secretProblems,
  refuse: thawProblems,
  outputs: (inputs) => {
    const plain = mapValues(asObject(inputs.stringData), (value) => (isUnknown(value) ? value : base64(String(value))));
    const data = { ...asObject(inputs.data), ...plain };
    return { type: inputs.type ?? "Opaque", ...(Object.keys(data).length === 0 ? {} : { data }) };
  },
});

const serviceAccount = objectType({ token: "kubernetes:core/v1:ServiceAccount", namespaced: true });

export const coreTypes: readonly ResourceType[] = [namespace, configMap, secret, serviceAccount];

/** https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces */
function securityProblems(inputs: Properties): Problem[] {
  return Object.entries(labelsOf(inputs.metadata))
    .filter(([key]) => /^pod-security\.kubernetes\.io\/(enforce|audit|warn)$/.test(key))
    .filter(([, level]) => !LEVELS.some((known) => known === level))
    .map(([key, level]) =>
      invalid(joinPath("metadata.labels", key), level, `must be one of ${LEVELS.join(", ")}`, "Write one of them"),
    );
}

/** All values of a ConfigMap, or of a Secret, together. */
const DATA_BYTES = 1024 * 1024;

function configMapProblems(inputs: Properties): Problem[] {
  const [data, binary] = [asObject(inputs.data), asObject(inputs.binaryData)];
  const both = Object.keys(data).filter((key) => binary[key] !== undefined);
  return [
    ...keyProblems(data, "data"),
    ...keyProblems(binary, "binaryData"),
    ...base64Problems(binary, "binaryData"),
    ...both.map((key) => invalid(joinPath("data", key), key, "duplicate of key present in binaryData")),
    ...(bytesOf(data) + bytesOf(binary, "base64") > DATA_BYTES
      ? [tooLong("", DATA_BYTES, "Share it out among several, or mount a volume")]
      : []),
  ];
}

/** What a Secret of a type must hold: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
const TYPE_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

function secretProblems(inputs: Properties): Problem[] {
  const [data, plain] = [asObject(inputs.data), asObject(inputs.stringData)];
  const kept = Object.fromEntries(Object.entries(data).filter(([key]) => plain[key] === undefined));
  const isLarge = bytesOf(kept, "base64") + bytesOf(plain) > DATA_BYTES;
  return [
    ...keyProblems(data, "data"),
    ...keyProblems(plain, "stringData"),
    ...base64Problems(data, "data"),
    ...typeProblems(inputs, data, plain),
    ...(isLarge ? [tooLong("data", DATA_BYTES, "Share it out among several, or keep it in a vault")] : []),
  ];
}

function typeProblems(inputs: Properties, data: Properties, plain: Properties): Problem[] {
  const type = knownString(inputs.type);
  if (type === undefined || isUnknown(inputs.data) || isUnknown(inputs.stringData)) return [];
  const held = { ...data, ...plain };
  if (type === "kubernetes.io/basic-auth" && held.username === undefined && held.password === undefined) {
    return [required("data.username", `a Secret of type ${type} has username or password`)];
  }
  const owner = "kubernetes.io/service-account.name";
  if (type === "kubernetes.io/service-account-token" && annotationsOf(inputs)[owner] === undefined) {
    const metadata = asObject(inputs.metadata);
    if (isUnknown(inputs.metadata) || isUnknown(metadata.annotations)) return [];
    if (asObject(metadata.annotations)[owner] !== undefined) return [];
    return [required(joinPath("metadata.annotations", owner), `a Secret of type ${type} names its service account`)];
  }
  return (TYPE_KEYS[type] ?? [])
    .filter((key) => held[key] === undefined)
    .map((key) => required(joinPath("data", key), `a Secret of type ${type} has it`, "Give it, in data or stringData"));
}

function keyProblems(data: Properties, property: string): Problem[] {
  return Object.keys(data)
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === "." || key === "..")
    .map((key) => {
      const reason = `key "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`;
      return { property, kind: "limit", reason, fix: "Rename the key; a volume may still show it under another path" };
    });
}

function base64Problems(data: Properties, path: string): Problem[] {
  return Object.entries(data).flatMap(([key, value]) => {
    const text = knownString(value);
    if (text === undefined || Buffer.from(text, "base64").toString("base64") === text) return [];
    const fix = path === "data" ? "Encode the value, or use stringData" : "Encode the value, or use data";
    return [{ property: joinPath(path, key), kind: "required", reason: "BadRequest: illegal base64 data", fix }];
  });
}

/** What was made immutable stays so: https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable */
function thawProblems(inputs: Properties, { before }: Context): Problem[] {
  if (before?.immutable !== true || inputs.immutable === true) return [];
  const reason = "Invalid: Forbidden: field is immutable when `immutable` is set";
  return [{ property: "immutable", kind: "immutable", reason, fix: replaceIt }];
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
