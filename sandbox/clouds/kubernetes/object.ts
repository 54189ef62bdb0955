/** What all Kubernetes objects share: names, namespaces, labels, the metadata that the API server adds. */
import type { Connection, Context, NameRule, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties } from "../../values.ts";
import { namespaceExists } from "./existing.ts";
import { metadataProblems, type NameForm, nameRule } from "./names.ts";

/** A Kubernetes kind: the builder adds ids, names, metadata and the checks of every object. */
export interface ObjectType
  extends Omit<ResourceType, "id" | "name" | "outputs" | "regional" | "replaceOn" | "defaults"> {
  /** False: the object belongs to the cluster as a whole. */
  readonly namespaced: boolean;
  /** What a name may look like. Default: `subdomain` */
  readonly names?: NameForm;
  /** What the API server adds besides metadata. */
  readonly outputs?: ResourceType["outputs"];
  /** Fields besides name and namespace that cannot be changed in place. */
  readonly replaceOn?: readonly string[];
}

export function objectType({
  namespaced,
  names = "subdomain",
  outputs,
  replaceOn = [],
  check,
  refuse,
  ...rest
}: ObjectType): ResourceType {
  const { apiVersion, kind } = partsOf(rest.token);
  const name: NameRule = nameRule(names);
  return {
    ...rest,
    regional: false,
    name,
    defaults: { apiVersion, kind },
    replaceOn: ["metadata.name", "metadata.namespace", ...replaceOn],
    id: (inputs, { connection }) => objectId(inputs, connection, namespaced),
    outputs: (inputs, context) => ({
      ...outputs?.(inputs, context),
      metadata: metadataOf(inputs, context, namespaced),
    }),
    check: (inputs, connection) => [
      ...metadataProblems(inputs, namespaced),
      ...(isUnknown(inputs.spec) ? [] : (check?.(inputs, connection) ?? [])),
    ],
    refuse: (inputs, context) => [
      ...(namespaced ? namespaceProblems(inputs, context) : []),
      ...(refuse?.(inputs, context) ?? []),
    ],
  };
}

/** `apiVersion` and `kind` of a type token: the core group is written `core/v1` there and `v1` in the API. */
export function partsOf(token: string): { apiVersion: string; kind: string } {
  const [, version = "", kind = ""] = token.split(":");
  return { apiVersion: version.replace(/^core\//, ""), kind };
}

/** `namespace/name`, or the name alone for objects of the cluster. */
function objectId(inputs: Properties, connection: Connection, namespaced: boolean): string {
  const name = String(asObject(inputs.metadata).name);
  return namespaced ? `${namespaceOf(inputs, connection)}/${name}` : name;
}

/** Where the object goes: as it says itself, as its provider says, or `default`. */
export function namespaceOf(inputs: Properties, connection: Connection): string {
  return String(asObject(inputs.metadata).namespace ?? connection.config.namespace ?? "default");
}

/** The object's name, for messages. */
export function nameOf(inputs: Properties): string {
  return String(asObject(inputs.metadata).name);
}

function metadataOf(inputs: Properties, context: Context, namespaced: boolean): Properties {
  const before = asObject(context.before?.metadata);
  return {
    ...asObject(inputs.metadata),
    ...(namespaced ? { namespace: namespaceOf(inputs, context.connection) } : {}),
    uid: uuidOf(context),
    creationTimestamp: context.createdAt,
    resourceVersion:
      before.resourceVersion === undefined
        ? context.digits(6, "resourceVersion")
        : String(Number(before.resourceVersion) + 1),
    ...(inputs.spec === undefined ? {} : { generation: Number(before.generation ?? 0) + 1 }),
  };
}

function uuidOf(context: Context): string {
  const hex = context.hex(32, "uid");
  if (isUnknown(hex)) return hex;
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}

function namespaceProblems(inputs: Properties, context: Context): Problem[] {
  const namespace = namespaceOf(inputs, context.connection);
  if (namespaceExists(namespace, context)) return [];
  return [
    {
      property: "metadata.namespace",
      reason: `namespaces "${namespace}" not found: create the Namespace first, and let this depend on it`,
    },
  ];
}

/** The metadata's labels that are known. */
export function labelsOf(metadata: unknown): Record<string, string> {
  const entries = Object.entries(asObject(asObject(metadata).labels));
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (knownString(value) === undefined ? [] : [[key, String(value)]])),
  );
}
