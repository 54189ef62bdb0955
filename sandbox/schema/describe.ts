/** Types and values in words, for messages. */
import type { Type } from "./types.ts";

/** At most this many values of a set are listed. */
const listed = 12;

/** What a value has to be: `a string`, `a list of numbers`, `"Allow" or "Deny"`. */
export function describeType(type: Type): string {
  if (typeof type === "string") return scalars[type];
  if ("enum" in type) return oneOf(type.enum.map((value) => JSON.stringify(value)));
  if ("string" in type) return "a string";
  if ("number" in type) return type.number.integer ? "a whole number" : "a number";
  if ("array" in type) return `a list (each item ${describeType(type.array)})`;
  if ("map" in type) return `an object (each value ${describeType(type.map)})`;
  if ("union" in type) return oneOf(type.union.map(describeType));
  return "an object";
}

const scalars: Record<Extract<Type, string>, string> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  any: "any value",
  asset: "a file or archive",
};

/** `a, b or c`. */
export function oneOf(names: readonly string[], word: "or" | "and" = "or"): string {
  const shown = names.length > listed ? [...names.slice(0, listed), `${names.length - listed} more`] : names;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} ${word} ${last}`;
}

/** What a value is: `the string "3"`, `a list`. Long strings are cut. */
export function describeValue(value: unknown): string {
  if (typeof value === "string")
    return `the string ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return `${value}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
