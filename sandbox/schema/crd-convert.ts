/**
 * From the OpenAPI schema of a custom resource definition to the language of `types.ts`. Structure, closed sets, patterns and
 * bounds are kept. CEL rules (`x-kubernetes-validations`) and other combinations (`anyOf`, `oneOf`, `not`) are not: only a real API server checks those.
 */
import type { CrdVersion, Literal, NumberBounds, Prop, Properties, StringBounds, Type } from "./types.ts";

/** The part of a structural OpenAPI schema that is read. */
export interface OpenApi {
  type?: string;
  properties?: Record<string, OpenApi>;
  required?: string[];
  additionalProperties?: OpenApi | boolean;
  items?: OpenApi;
  enum?: Literal[];
  allOf?: { enum?: Literal[]; pattern?: string }[];
  default?: unknown;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
}

/** The properties of an object schema. One with a default is never missing: the API server fills it in first. */
export function propertiesOf(schema: OpenApi): Properties {
  const required = new Set(schema.required);
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, value]): [string, Prop] => {
      const type = typeOf(value);
      return [name, required.has(name) && value.default === undefined ? { type, required: true } : { type }];
    }),
  );
}

function typeOf(schema: OpenApi): Type {
  if (schema["x-kubernetes-int-or-string"]) return { union: ["integer", stringOf(schema)] };
  const values = closedSet(schema);
  if (values !== undefined) return { enum: values };
  switch (schema.type) {
    case "object":
      return objectOf(schema);
    case "array":
      return defined({
        array: schema.items === undefined ? ("any" as const) : typeOf(schema.items),
        minItems: schema.minItems,
        maxItems: schema.maxItems,
      });
    case "string":
      return stringOf(schema);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return "boolean";
    case undefined:
      return "any";
  }
  throw new Error(`a definition has the unknown type "${schema.type}"`);
}

/** The allowed values, where the schema lists them. Envoy Gateway's manifests hold some of them twice, in `allOf`. */
function closedSet(schema: OpenApi): Literal[] | undefined {
  if (schema.enum !== undefined) return schema.enum;
  const sets = (schema.allOf ?? []).flatMap((part) => (part.enum === undefined ? [] : [part.enum]));
  return sets[0]?.filter((value) => sets.every((set) => set.includes(value)));
}

function objectOf(schema: OpenApi): Type {
  const preserve = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (schema.properties !== undefined) {
    const object = propertiesOf(schema);
    return preserve ? { object, preserveUnknown: true } : { object };
  }
  const values = schema.additionalProperties;
  if (typeof values === "object") return { map: typeOf(values) };
  // Without properties and without `preserve`, the API server drops every key: such fields are switches (`http3: {}`).
  return preserve || values === true ? { map: "any" } : { object: {} };
}

function stringOf({ minLength, maxLength, pattern, allOf = [] }: OpenApi): Type {
  const found = [pattern, ...allOf.map((part) => part.pattern)].filter((each) => each !== undefined);
  const string: StringBounds = defined({ minLength, maxLength, patterns: found.length === 0 ? undefined : found });
  return Object.keys(string).length === 0 ? "string" : { string };
}

function numberOf({ type, minimum, maximum }: OpenApi): Type {
  const bounds: NumberBounds = defined({ minimum, maximum });
  if (Object.keys(bounds).length === 0) return type === "integer" ? "integer" : "number";
  return { number: type === "integer" ? { integer: true, ...bounds } : bounds };
}

/** The same object without its undefined members. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never;
}

/**
 * Moves every object that occurs more than once into `definitions`, named after the place where it occurs first. Envoy's
 * definitions repeat the pod specification and the backend settings a dozen times.
 */
export function shareObjects(kinds: Record<string, CrdVersion>): Record<string, Properties> {
  const uses = new Map<string, { name: string; count: number }>();
  const roots = Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [id, { fields }] of roots) countObjects(fields, id, uses);
  const definitions: Record<string, Properties> = {};
  for (const [, version] of roots) version.fields = replaceObjects(version.fields, uses, definitions);
  return definitions;
}

type Uses = Map<string, { name: string; count: number }>;

function countObjects(properties: Properties, path: string, uses: Uses): void {
  for (const [name, { type }] of Object.entries(properties)) countIn(type, `${path}.${name}`, uses);
}

function countIn(type: Type, path: string, uses: Uses): void {
  if (typeof type !== "object") return;
  if ("array" in type) countIn(type.array, `${path}[]`, uses);
  else if ("map" in type) countIn(type.map, `${path}{}`, uses);
  else if ("object" in type && isShareable(type)) {
    const key = JSON.stringify(type);
    const use = uses.get(key);
    // What is inside a repeated object is counted once: it is shared with its parent.
    if (use !== undefined) use.count += 1;
    else {
      uses.set(key, { name: path, count: 1 });
      countObjects(type.object, path, uses);
    }
  } else if ("object" in type) countObjects(type.object, path, uses);
}

function replaceObjects(properties: Properties, uses: Uses, definitions: Record<string, Properties>): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, prop]) => [
      name,
      { ...prop, type: replaceIn(prop.type, uses, definitions) },
    ]),
  );
}

function replaceIn(type: Type, uses: Uses, definitions: Record<string, Properties>): Type {
  if (typeof type !== "object") return type;
  if ("array" in type) return { ...type, array: replaceIn(type.array, uses, definitions) };
  if ("map" in type) return { map: replaceIn(type.map, uses, definitions) };
  if (!("object" in type)) return type;
  const use = isShareable(type) ? uses.get(JSON.stringify(type)) : undefined;
  if (use === undefined || use.count < 2) return { ...type, object: replaceObjects(type.object, uses, definitions) };
  if (definitions[use.name] === undefined) definitions[use.name] = replaceObjects(type.object, uses, definitions);
  return { ref: use.name };
}

/** Definitions hold properties only, so an object with a flag of its own stays where it is. */
function isShareable(type: { object: Properties; preserveUnknown?: true }): boolean {
  return type.preserveUnknown === undefined && Object.keys(type.object).length > 0;
}
