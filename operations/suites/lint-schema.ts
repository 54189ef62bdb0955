import type { Path } from "../../infra/config/issues.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { FoundTie } from "./lint.ts";
import { schemaFacts, schemaKeywordFacts } from "./lint-facts.ts";

/** Where a JSON Schema that answers are held to is one that a vendor refuses, or does not hold them to. */
export function lintSchema(at: Path, schema: JsonSchema): FoundTie[] {
  const parts = [...partsOf(at, schema)];
  return [
    ...("anyOf" in schema ? [{ path: [...at, "anyOf"], value: "anyOf", fact: schemaFacts.rootChoice }] : []),
    ...parts.flatMap(({ path, part }) => [...keywords(path, part), ...object(path, part)]),
    ...parts
      .filter(({ part }) => isRecursive(part.$ref, schema))
      .map(({ path, part }) => ({
        path: [...path, "$ref"],
        value: String(part.$ref),
        fact: schemaFacts.recursive,
      })),
  ];
}

function keywords(path: Path, part: JsonSchema): FoundTie[] {
  return Object.keys(part).flatMap((keyword) =>
    schemaKeywordFacts
      .filter((fact) => fact.keywords.includes(keyword))
      .map((fact) => ({ path: [...path, keyword], value: keyword, fact })),
  );
}

function object(path: Path, part: JsonSchema): FoundTie[] {
  const { type, properties, required, additionalProperties } = part;
  const isObject = type === "object" || (Array.isArray(type) && type.includes("object")) || isTable(properties);
  if (!isObject) return [];
  const names = isTable(properties) ? Object.keys(properties) : [];
  const missing = names.filter((name) => !(Array.isArray(required) && required.includes(name)));
  return [
    ...(additionalProperties === false
      ? []
      : [
          {
            path: [...path, "additionalProperties"],
            value: JSON.stringify(additionalProperties) ?? "(missing)",
            fact: schemaFacts.open,
          },
        ]),
    ...missing.map((name) => ({ path: [...path, "properties", name], value: name, fact: schemaFacts.optional })),
  ];
}

interface Part {
  readonly path: Path;
  readonly part: JsonSchema;
}

/** Keywords by what stands below them. */
const tables = ["properties", "patternProperties", "$defs", "dependentSchemas"];
const lists = ["anyOf", "allOf", "oneOf", "prefixItems"];
const single = [
  ...["items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"],
  ...["not", "if", "then", "else"],
];

/** A schema and all schemas in it. */
function* partsOf(path: Path, part: unknown): Generator<Part> {
  if (!isTable(part)) return;
  yield { path, part };
  for (const key of single) yield* partsOf([...path, key], part[key]);
  for (const key of [...tables, ...lists]) {
    const below = part[key];
    const steps =
      Array.isArray(below) && lists.includes(key) ? below.entries() : Object.entries(isTable(below) ? below : {});
    for (const [step, each] of steps) yield* partsOf([...path, key, step], each);
  }
}

/** Whether what a reference names leads back to it. */
function isRecursive(reference: unknown, root: JsonSchema): boolean {
  const waiting = typeof reference === "string" ? [reference] : [];
  const visited = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (visited.has(next)) continue;
    visited.add(next);
    for (const { part } of partsOf([], target(next, root))) {
      if (part.$ref === reference) return true;
      if (typeof part.$ref === "string") waiting.push(part.$ref);
    }
  }
  return false;
}

/** What a reference inside the schema names, `#` or `#/$defs/name`. */
function target(reference: string, root: JsonSchema): unknown {
  const steps = reference
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>((owner, step) => (isTable(owner) ? owner[step] : undefined), root);
}

function isTable(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
