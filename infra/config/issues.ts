import type { z } from "zod";
import { type Problem, suggest } from "../../components/plan/problem.ts";

export type Path = readonly (string | number)[];
export type Repaired = readonly Path[];
type Issue = z.core.$ZodIssue;

/** What the schema library found, in a person's words. */
export function problemsOf(file: string, error: z.ZodError, value: unknown, schema: z.ZodType): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(file, issue, value, schema));
}

function problemsOfIssue(file: string, issue: Issue, root: unknown, schema: z.ZodType): Problem[] {
  const path = issue.path as Path;
  const value = valueAt(root, path);
  const at = { file, path };
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(schema, path, root);
      return issue.keys.map((key) => ({
        file,
        path: [...path, key],
        value: valueAt(root, [...path, key]),
        message: `the key ${key} is not known here`,
        allowed: known.length > 0 ? known.join(", ") : "no further keys",
        fix: suggest(key, known, "remove it"),
      }));
    }
    case "invalid_type":
      if (value === undefined) return [{ ...at, message: "this is missing", allowed: kindOf(issue.expected), fix: "add it" }];
      return [{ ...at, value, message: `this is ${kindOf(typeName(value))}`, allowed: kindOf(issue.expected), fix: fixType(issue.expected, value) }];
    case "invalid_value": {
      const values = issue.values.map(String);
      const missing = value === undefined;
      return [{ ...at, ...(missing ? {} : { value }), message: missing ? "this is missing" : "this value is not known", allowed: values.join(", "), fix: suggest(value, values, "use one of these") }];
    }
    case "invalid_union": {
      const branches = issue.errors.flat();
      if (issue.discriminator !== undefined) {
        const options = (issue as { options?: unknown[] }).options?.map(String) ?? ["azure", "aws", "gcp"];
        return [{ ...at, value, message: "this value is not known", allowed: options.join(", "), fix: suggest(value, options, "use one of these") }];
      }
      return [{ ...at, value, message: branches[0]?.message ?? "this fits none of the forms", fix: "see the file's schema in docs/schema" }];
    }
    case "invalid_key":
      return [{ ...at, message: "this name has a wrong form", allowed: issue.issues[0]?.message ?? "a name", fix: "rename it" }];
    case "too_small":
      if (issue.origin === "array") return [{ ...at, value, message: "this list is empty", allowed: `at least ${issue.minimum}`, fix: "add an entry" }];
      if (issue.origin === "string") return [{ ...at, value, message: "this is empty", allowed: "a text", fix: "fill it in" }];
      return [{ ...at, value, message: "this is too small", allowed: `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`, fix: "raise it" }];
    case "too_big":
      return [{ ...at, value, message: "this is too large", allowed: `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`, fix: "lower it" }];
    case "invalid_format": {
      const form = formats[issue.format] ?? issue.message;
      return [{ ...at, value, message: "this has a wrong form", allowed: form, fix: "write it in that form" }];
    }
    default:
      return [{ ...at, value, message: issue.message, fix: "see the file's schema in docs/schema" }];
  }
}

const formats: Readonly<Record<string, string>> = {
  email: "a mail address: team@example.com",
  url: "an https address",
};

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a set of keys",
  record: "a set of keys",
  null: "nothing",
  undefined: "nothing",
};

const kindOf = (type: string): string => kinds[type] ?? type;

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function fixType(expected: string, value: unknown): string {
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) {
    return `write a text; if ${String(value)} is meant as one, put it in quotes`;
  }
  if (expected === "array") return "put it into a list: [ … ]";
  return `write ${kindOf(expected)}`;
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step], root);
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: Path, root: unknown): string[] {
  let current: unknown = schema;
  let value = root;
  for (const step of path) {
    current = descend(current, step, value);
    value = valueAt(value, [step]);
  }
  return Object.keys((pick(unwrap(current), value) as { shape?: object })?.shape ?? {});
}

function descend(schema: unknown, step: string | number, value: unknown): unknown {
  const inner = pick(unwrap(schema), value) as { shape?: Record<string, unknown>; valueType?: unknown; element?: unknown } | undefined;
  if (inner?.shape !== undefined) return inner.shape[step];
  return typeof step === "number" ? inner?.element : inner?.valueType;
}

function unwrap(schema: unknown): unknown {
  let current = schema as { unwrap?: () => unknown; type?: string; def?: { type?: string } } | undefined;
  while (current && (current.def?.type === "optional" || current.def?.type === "default" || current.def?.type === "nullable")) {
    current = current.unwrap?.() as typeof current;
  }
  return current;
}

/** Of a union by discriminator, the branch that the value chose. */
function pick(schema: unknown, value: unknown): unknown {
  const union = schema as { def?: { type?: string; discriminator?: string }; options?: { shape: Record<string, { value?: unknown }> }[] } | undefined;
  const discriminator = union?.def?.discriminator;
  if (discriminator === undefined) return schema;
  const wanted = valueAt(value, [discriminator]);
  return union?.options?.find((option) => option.shape[discriminator]?.value === wanted);
}

/**
 * Mends what can be mended, so that the rest of the file can be checked in the same run: unknown keys go, a wrong type
 * becomes the nearest right one. Nothing is ever built from a mended file.
 */
export function repair(value: unknown, error: z.ZodError): { value: unknown; repaired: Repaired } {
  const mended = structuredClone(value);
  const repaired: Path[] = [];
  for (const issue of error.issues) {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
      const owner = valueAt(mended, path) as Record<string, unknown>;
      for (const key of issue.keys) delete owner[key];
      continue;
    }
    const owner = valueAt(mended, path.slice(0, -1)) as Record<string | number, unknown> | undefined;
    const step = path.at(-1);
    const replacement = plausible(issue, valueAt(value, path));
    if (owner === undefined || owner === null || step === undefined || replacement === undefined) continue;
    owner[step] = replacement;
    repaired.push(path);
  }
  return { value: mended, repaired };
}

function plausible(issue: Issue, value: unknown): unknown {
  if (issue.code === "invalid_value") return issue.values[0];
  if (issue.code === "too_small" && issue.origin === "string") return "repaired";
  if (issue.code === "too_small" && issue.origin !== "array") return Number(issue.minimum) + (issue.inclusive ? 0 : 1);
  if (issue.code === "too_big" && issue.origin !== "array") return issue.inclusive ? issue.maximum : Number(issue.maximum) / 2;
  if (issue.code === "invalid_format") return samples[issue.format];
  if (issue.code !== "invalid_type") return undefined;
  const samplesOfType: Record<string, unknown> = { string: `x${typeof value === "object" ? "" : (value ?? "")}`, number: 1, int: 1, boolean: false };
  return samplesOfType[issue.expected];
}

const samples: Readonly<Record<string, string>> = {
  email: "repaired@example.com",
  url: "https://repaired.example.com",
  regex: "x-repaired",
};
