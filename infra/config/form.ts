import { z } from "zod";
import type { Path } from "./issues.ts";

/**
 * A file's form as JSON Schema: the same text that editors get (./publish.ts), and what error messages and repairs look
 * things up in.
 */
export interface Form {
  readonly type?: "string" | "number" | "integer" | "boolean" | "array" | "object" | "null";
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  /** Of a table, the form of its entries; false: no further keys. */
  readonly additionalProperties?: Form | false;
  readonly propertyNames?: Form;
  readonly items?: Form;
  readonly oneOf?: readonly Form[];
  readonly anyOf?: readonly Form[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly examples?: readonly unknown[];
}

export function formOf(schema: z.ZodType): Form {
  return z.toJSONSchema(schema, { io: "input" }) as Form;
}

/** The form of what stands at a path, whose way leads through the branches that the value has chosen. */
export function formAt(form: Form, path: Path, value: unknown): Form | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return form;
  const here = branchOf(form, value);
  const next =
    typeof step === "number" ? here.items : (here.properties?.[step] ?? (here.additionalProperties || undefined));
  return next && formAt(next, rest, childOf(value, step));
}

/** The keys that may stand in the set of keys at a path. */
export function keysAt(form: Form, path: Path, value: unknown): string[] {
  const here = formAt(form, path, value);
  return here === undefined ? [] : keysOf(branchOf(here, valueAt(value, path)));
}

function keysOf(form: Form): string[] {
  return [...Object.keys(form.properties ?? {}), ...(form.propertyNames?.enum ?? []).map(String)];
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce(childOf, root);
}

function childOf(value: unknown, step: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

/** Of "this or null" the first; of a choice by a key the branch whose key has the value. */
function branchOf(form: Form, value: unknown): Form {
  const branches = form.anyOf ?? form.oneOf ?? [form];
  return branches.find((branch) => chooses(branch, value)) ?? branches[0] ?? form;
}

function chooses(branch: Form, value: unknown): boolean {
  const fixed = Object.entries(branch.properties ?? {}).filter(([, form]) => form.const !== undefined);
  return fixed.length > 0 && fixed.every(([key, form]) => childOf(value, key) === form.const);
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a set of keys",
  null: "nothing",
};

/** What the form takes, in a few words. */
export function kindOf(form: Form | undefined): string {
  const [choice] = form?.anyOf ?? form?.oneOf ?? [];
  return choice === undefined ? (kinds[form?.type ?? ""] ?? "a value") : kindOf(choice);
}

/** What the form takes, with its values, keys or an example. */
export function wordsOf(form: Form | undefined): string {
  if (form?.anyOf !== undefined) return form.anyOf.map(wordsOf).join(", or ");
  if (form?.enum !== undefined) return form.enum.map(String).join(", ");
  const kind = kindOf(form);
  if (form?.oneOf !== undefined) return `${kind}, first of all ${fixedKeys(form.oneOf)}`;
  const keys = form === undefined ? [] : keysOf(form);
  if (keys.length > 0) return `${kind}: ${keys.join(", ")}`;
  const example = form?.examples?.[0];
  return example === undefined ? kind : `${kind}, such as ${String(example)}`;
}

/** `cloud: azure, aws, gcp`: the key that decides over the others, and what it can be. */
function fixedKeys(branches: readonly Form[]): string {
  const fixed = branches.flatMap((branch) =>
    Object.entries(branch.properties ?? {}).filter(([, form]) => form.const !== undefined),
  );
  const keys = [...new Set(fixed.map(([key]) => key))];
  return keys
    .map((key) => `${key}: ${fixed.flatMap(([other, form]) => (other === key ? [String(form.const)] : [])).join(", ")}`)
    .join("; ");
}

/**
 * A made-up value of a form; another variant gives another value where the form has room for one. Undefined for a table
 * of named things: which names others rely on can't be made up.
 */
export function sampleOf(form: Form, variant: number): unknown {
  const choices = form.oneOf ?? form.anyOf;
  if (choices !== undefined) return sampleOf(choices[variant % choices.length] as Form, variant);
  if (form.const !== undefined) return form.const;
  if (form.enum !== undefined) return form.enum[variant % form.enum.length];
  switch (form.type) {
    case "boolean":
      return variant % 2 === 0;
    case "number":
    case "integer":
      return numberOf(form, [1, 1e9, 0][variant % 3] ?? 1);
    case "string":
      return form.examples?.[variant % form.examples.length] ?? `made-up-${variant}`;
    case "array":
      return [sampleOf(form.items ?? {}, variant)];
    case "object":
      return form.properties === undefined ? undefined : objectOf(form, variant);
    default:
      return null;
  }
}

/** With the optional keys too, so that it hides whatever would stand in for them. */
function objectOf(form: Form, variant: number): unknown {
  const entries = Object.entries(form.properties ?? {}).map(([key, each]) => [key, sampleOf(each, variant)] as const);
  const made = entries.filter(([, value]) => value !== undefined);
  return form.required?.some((key) => !made.some(([name]) => name === key)) ? undefined : Object.fromEntries(made);
}

function numberOf(form: Form, wanted: number): number {
  const step = form.type === "integer" ? 1 : 0.5;
  const least = Math.max(form.minimum ?? -Infinity, (form.exclusiveMinimum ?? -Infinity) + step);
  const most = Math.min(form.maximum ?? Infinity, (form.exclusiveMaximum ?? Infinity) - step);
  return Math.min(Math.max(wanted, least), most);
}
