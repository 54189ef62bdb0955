/**
 * What the cloud would say of a resource's inputs before it looks at any other resource: missing, unknown and mistyped
 * properties and values outside a closed set. Every problem is reported, not the first one.
 */
import { isObject, joinPath } from "../values.ts";
import { describeType, describeValue, oneOf } from "./describe.ts";
import { leafProblems, mistyped, range } from "./leaf.ts";
import { nearest } from "./suggest.ts";
import type { Prop, Properties, ResourceSchema, Type } from "./types.ts";

export interface Problem {
  /** `vpcConfig.subnetIds[0]`; empty for the inputs as a whole. */
  path: string;
  /** What was given, when it is a single value. Absent for a missing property and for anything inside a secret. */
  value?: string | number | boolean;
  /** What is wrong, what is allowed and the likely fix; never holds a secret. */
  message: string;
}

export interface ValidateOptions {
  /** True for a value that is not known yet. Such a value is accepted anywhere. @default nothing is unknown */
  isUnknown?: (value: unknown) => boolean;
  /** The paths of the values that are secret, as `decode` lists them: they and what is inside them are never shown. @default none */
  secrets?: readonly string[];
}

type Definitions = Record<string, Properties>;

/** Where the walk is, and whether what lies there is secret. */
interface Place {
  path: string;
  secret: boolean;
}

/** What the walk needs everywhere. */
interface Walk {
  definitions: Definitions;
  isUnknown: (value: unknown) => boolean;
  secrets: ReadonlySet<string>;
  problems: Problem[];
}

/** Keys that the engine adds to what the program wrote. */
const engineKeys = new Set(["__defaults", "__internal"]);

/** Further keys that the engine adds to a provider's own configuration. */
const providerKeys = new Set(["version", "pluginDownloadURL"]);

/**
 * Checks `inputs` against `schema.inputs`. Nulls count as absent. A provider's own configuration may hold JSON texts where the schema
 * has another type than a string: that is how the SDKs send it.
 * @param definitions The schema's own: `schema.definitions`.
 * @returns the problems, empty when there are none. Never throws on a bad input.
 */
export function validateInputs(
  schema: ResourceSchema,
  definitions: Definitions,
  inputs: unknown,
  options: ValidateOptions = {},
): Problem[] {
  const walk: Walk = {
    definitions,
    isUnknown: options.isUnknown ?? (() => false),
    secrets: new Set(options.secrets),
    problems: [],
  };
  const given = schema.kind === "provider" ? decoded(inputs, schema.inputs) : inputs;
  checkObject(withoutKeys(given, engineKeys), { object: schema.inputs }, { path: "", secret: false }, walk);
  return walk.problems;
}

function withoutKeys(inputs: unknown, keys: ReadonlySet<string>): unknown {
  if (!isObject(inputs)) return inputs;
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !keys.has(key)));
}

/** A provider's configuration with its JSON texts read, and without what the engine adds. */
function decoded(inputs: unknown, properties: Properties): unknown {
  if (!isObject(inputs)) return inputs;
  const entries = Object.entries(inputs).filter(([key]) => !providerKeys.has(key) || Object.hasOwn(properties, key));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const type = Object.hasOwn(properties, key) ? properties[key]?.type : undefined;
      return [key, type === undefined || type === "string" || typeof value !== "string" ? value : parsed(value)];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Checks a value that may be not known yet. */
function checkType(value: unknown, type: Type, at: Place, walk: Walk): void {
  if (type === "any" || walk.isUnknown(value)) return;
  if (typeof type === "string" || "enum" in type || "string" in type || "number" in type) {
    for (const message of leafProblems(value, type, at.secret)) report(walk, at, value, message);
  } else if ("ref" in type) checkObject(value, { object: definition(type.ref, walk) }, at, walk);
  else if ("object" in type) checkObject(value, type, at, walk);
  else if ("array" in type) checkArray(value, type, at, walk);
  else if ("map" in type) checkMap(value, type, at, walk);
  else checkUnion(value, type, at, walk);
}

function checkObject(value: unknown, type: Extract<Type, { object: Properties }>, at: Place, walk: Walk): void {
  if (!isObject(value)) {
    report(walk, at, value, mistyped(value, type, at.secret));
    return;
  }
  const properties = type.object;
  for (const name in properties) {
    const prop = properties[name] as Prop;
    const given = value[name];
    if (!isAbsent(given)) checkType(given, prop.type, inside(at, joinPath(at.path, name), walk, prop.secret), walk);
    else if (prop.required) walk.problems.push({ path: joinPath(at.path, name), message: missing(name, prop) });
  }
  if (type.preserveUnknown) return;
  for (const [name, given] of Object.entries(value)) {
    if (Object.hasOwn(properties, name) || isAbsent(given)) continue;
    const place = inside(at, joinPath(at.path, name), walk);
    report(walk, place, given, unknownProperty(name, properties, value));
  }
}

function missing(name: string, prop: Prop): string {
  return `required property "${name}" is missing: set it to ${describeType(prop.type)}`;
}

function unknownProperty(name: string, properties: Properties, given: Record<string, unknown>): string {
  const names = Object.keys(properties).sort();
  // A property that is set as well is not what the unknown one was meant to be.
  const near = nearest(
    name,
    names.filter((candidate) => isAbsent(given[candidate])),
  );
  if (near !== undefined) return `unknown property "${name}": did you mean "${near}"?`;
  return `unknown property "${name}": ${names.length === 0 ? "none is allowed here" : `allowed are ${oneOf(names, "and")}`}`;
}

function checkArray(value: unknown, type: Extract<Type, { array: Type }>, at: Place, walk: Walk): void {
  if (!Array.isArray(value)) {
    report(walk, at, value, mistyped(value, type, at.secret));
    return;
  }
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = type;
  if (value.length < minItems || value.length > maxItems) {
    report(walk, at, value, `${describeValue(value)} of ${value.length}: ${range(minItems, maxItems)} are allowed`);
  }
  value.forEach((item, index) => {
    const place = inside(at, `${at.path}[${index}]`, walk);
    if (isAbsent(item)) report(walk, place, item, "an item of a list cannot be null: leave it out");
    else checkType(item, type.array, place, walk);
  });
}

function checkMap(value: unknown, type: Extract<Type, { map: Type }>, at: Place, walk: Walk): void {
  if (!isObject(value)) {
    report(walk, at, value, mistyped(value, type, at.secret));
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (!isAbsent(item)) checkType(item, type.map, inside(at, joinPath(at.path, key), walk), walk);
  }
}

/** A value has to fit one member. When it fits none, the problems are those of the member that it comes nearest to. */
function checkUnion(value: unknown, type: Extract<Type, { union: Type[] }>, at: Place, walk: Walk): void {
  const attempts = type.union.map((member) => {
    const problems: Problem[] = [];
    checkType(value, member, at, { ...walk, problems });
    return problems;
  });
  if (attempts.some((problems) => problems.length === 0)) return;
  // A problem at the place itself means that the value is of another kind than the member.
  const deeper = attempts.filter((problems) => problems.every(({ path }) => path !== at.path));
  const [best] = deeper.sort((a, b) => a.length - b.length);
  const patterned =
    typeof value === "string" ? type.union.findIndex((m) => typeof m === "object" && "string" in m) : -1;
  if (best !== undefined) walk.problems.push(...best);
  else if (patterned >= 0) walk.problems.push(...(attempts[patterned] ?? []));
  else report(walk, at, value, mistyped(value, type, at.secret));
}

/** The place of a member: secret if its parent is, if the SDK says so, or if the program does. */
function inside(at: Place, path: string, walk: Walk, marked = false): Place {
  return { path, secret: at.secret || marked || walk.secrets.has(path) };
}

function definition(name: string, walk: Walk): Properties {
  const found = walk.definitions[name];
  if (found === undefined) throw new Error(`the schema refers to "${name}", which it does not define`);
  return found;
}

function report(walk: Walk, at: Place, value: unknown, message: string): void {
  const single = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  walk.problems.push(single && !at.secret ? { path: at.path, value, message } : { path: at.path, message });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
