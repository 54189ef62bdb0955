/** What all Kubernetes objects share: names, namespaces, labels, the metadata that the API server adds. */
import { isDeepStrictEqual } from "node:util";
import type { Connection, Context, NameRule, Problem, ResourceType } from "../../cloud.ts";
import { asObject, isUnknown, type Properties, valueAt } from "../../values.ts";
import { namespaceExists } from "./existing.ts";
import { namespaceOf, partsOf } from "./metadata.ts";
import { metadataProblems, type NameForm, nameRule } from "./names.ts";
import { countProblems } from "./quota-use.ts";

/** A field that the API server does not change, although the provider tries it instead of replacing the object. */
export interface FixedField {
  readonly path: string;
  /** The API server's answer. Default: `field is immutable` */
  readonly reason?: string;
  /** True if it may still be set where it was not. Default: false */
  readonly onceSet?: true;
}

/** A Kubernetes kind: the builder adds ids, names, metadata and the checks of every object. */
export interface ObjectType
  extends Omit<ResourceType, "id" | "name" | "outputs" | "regional" | "replaceOn" | "defaults"> {
  /** False: the object belongs to the cluster as a whole. */
  readonly namespaced: boolean;
  /** What a name may look like. Default: `subdomain` */
  readonly names?: NameForm;
  /** What the API server adds besides metadata. */
  readonly outputs?: ResourceType["outputs"];
  /**
   * Fields besides name and namespace that the provider replaces the object for:
   * https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go
   */
  readonly replaceOn?: readonly string[];
  readonly fixed?: readonly FixedField[];
}

export function objectType({
  namespaced,
  names = "subdomain",
  outputs,
  replaceOn = [],
  fixed = [],
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
    replaceOn: ["metadata.name", ...(namespaced ? ["metadata.namespace"] : []), ...replaceOn],
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
      ...(namespaced ? countProblems(rest.token, inputs, context) : []),
      ...fixedProblems(fixed, inputs, context),
      ...(refuse?.(inputs, context) ?? []),
    ],
  };
}

/** What to do about a field that can't be changed, where the provider does not replace the object by itself. */
export const replaceIt = 'Replace the object ("pulumi up --replace" with its URN), or keep the value';

/** `namespace/name`, or the name alone for objects of the cluster. */
function objectId(inputs: Properties, connection: Connection, namespaced: boolean): string {
  const name = String(asObject(inputs.metadata).name);
  return namespaced ? `${namespaceOf(inputs, connection)}/${name}` : name;
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
  const reason = `NotFound: namespaces "${namespace}" not found`;
  const fix = "Create the Namespace first, and let this depend on it";
  return [{ property: "metadata.namespace", kind: "reference", reason, fix }];
}

/** A value that is left out again is not seen: what stands then is the default, which may be what stood before. */
function fixedProblems(fixed: readonly FixedField[], inputs: Properties, { before }: Context): Problem[] {
  if (before === undefined) return [];
  return fixed.flatMap(({ path, reason = "field is immutable", onceSet }) => {
    const given = valueAt(inputs, path);
    const held = valueAt(before, path);
    if (given === undefined || (held === undefined && onceSet === true) || isDeepStrictEqual(given, held)) return [];
    return [{ property: path, kind: "immutable" as const, reason: `Invalid: ${reason}`, fix: replaceIt }];
  });
}
