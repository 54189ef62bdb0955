/** The checks of single values: kind, closed set, pattern and bounds. */
import { describeType, describeValue } from "./describe.ts";
import { nearest } from "./suggest.ts";
import type { Literal, NumberBounds, StringBounds, Type } from "./types.ts";

/** A type whose values hold no further values. */
export type Leaf = Exclude<Type, object> | { enum: Literal[] } | { string: StringBounds } | { number: NumberBounds };

/**
 * What is wrong with a value, in words; empty when nothing is.
 * @param secret The value must not be shown.
 */
export function leafProblems(value: unknown, type: Leaf, secret: boolean): string[] {
  if (typeof type === "string") return scalarFits(value, type) ? [] : [mistyped(value, type, secret)];
  if ("enum" in type) return enumProblems(value, type, secret);
  if ("string" in type) {
    return typeof value === "string" ? stringProblems(value, type.string, secret) : [mistyped(value, type, secret)];
  }
  const fits = type.number.integer ? Number.isInteger(value) : typeof value === "number";
  return fits ? numberProblems(value as number, type.number, secret) : [mistyped(value, type, secret)];
}

/** That a value is of another kind than its type, with the fix where only the quotes are wrong. */
export function mistyped(value: unknown, type: Type, secret: boolean): string {
  return `expected ${describeType(type)}, got ${shown(value, secret)}${hint(value, type)}`;
}

/** `at least 1`, `at most 15` or `1 to 15`. */
export function range(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return `at least ${least}`;
  return least <= 0 ? `at most ${most}` : `${least} to ${most}`;
}

function scalarFits(value: unknown, type: Extract<Type, string>): boolean {
  switch (type) {
    case "any":
      return true;
    case "asset":
      return typeof value === "object";
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function hint(value: unknown, type: Type): string {
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return ": put it in quotes";
  if (typeof value !== "string") return "";
  const numeric = type === "number" || type === "integer" || (typeof type === "object" && "number" in type);
  if (numeric && value.trim() !== "" && Number.isFinite(Number(value))) return ": write it without quotes";
  return type === "boolean" && (value === "true" || value === "false") ? ": write it without quotes" : "";
}

function enumProblems(value: unknown, type: { enum: Literal[] }, secret: boolean): string[] {
  if (type.enum.some((allowed) => allowed === value)) return [];
  const near = typeof value === "string" && !secret ? nearest(value, type.enum.map(String)) : undefined;
  return [mistyped(value, type, secret) + (near === undefined ? "" : `: did you mean "${near}"?`)];
}

function stringProblems(value: string, bounds: StringBounds, secret: boolean): string[] {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, patterns = [] } = bounds;
  const found: string[] = [];
  if (value.length < minLength || value.length > maxLength) {
    found.push(`${shown(value, secret)} has ${value.length} characters: ${range(minLength, maxLength)} are allowed`);
  }
  for (const pattern of patterns) {
    if (!compiled(pattern).test(value)) found.push(`${shown(value, secret)} does not match the pattern ${pattern}`);
  }
  return found;
}

function numberProblems(value: number, bounds: NumberBounds, secret: boolean): string[] {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = bounds;
  if (value >= minimum && value <= maximum) return [];
  const allowed =
    Number.isFinite(minimum) && Number.isFinite(maximum) ? `${minimum} to ${maximum}` : range(minimum, maximum);
  return [`${shown(value, secret)} is out of bounds: ${allowed} is allowed`];
}

function shown(value: unknown, secret: boolean): string {
  return secret ? `a secret ${Array.isArray(value) ? "list" : typeof value}` : describeValue(value);
}

const compiledPatterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = compiledPatterns.get(pattern) ?? new RegExp(pattern);
  compiledPatterns.set(pattern, known);
  return known;
}
