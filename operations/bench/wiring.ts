import { SIGNATURE } from "../../sandbox/wire.ts";
import type { RegisteredResource } from "./flat.ts";

/** How the flat program writes down a resource's inputs: constants, and what comes from another resource. */

/** Resources by URN, with the variable that holds each. */
export type Known = ReadonlyMap<string, { readonly resource: RegisteredResource; readonly variable: string }>;

/** A text that another resource has in its outputs, and the expression that takes it from there. */
export interface Need {
  readonly variable: string;
  readonly text: string;
  readonly expression: string;
}

export interface Scope {
  readonly known: Known;
  /** What the values of a property may come from. */
  readonly wanted: (property: string) => readonly Need[];
}

/** A resource's inputs as an expression. */
export function inputsOf(resource: RegisteredResource, { known, wanted }: Scope): string {
  const properties = Object.entries(resource.inputs ?? {}).filter(([key]) => !key.startsWith("__"));
  const written = properties.map(([key, value]) => {
    const text = expressionOf(value, wanted(key));
    const missing = (resource.propertyDependencies?.[key] ?? [])
      .flatMap((urn) => known.get(urn)?.variable ?? [])
      .filter((variable) => !new RegExp(`\\b${variable}\\.`).test(text));
    const order = missing.map((variable) => `${variable}.urn`).join(", ");
    return `${JSON.stringify(key)}: ${missing.length === 0 ? text : `after(${text}, [${order}])`}`;
  });
  return `{ ${written.join(", ")} }`;
}

/** Shorter texts occur in others by chance. */
const shortest = 6;

/** The texts that only the cloud could tell, longest first. */
export function needsOf(urns: readonly string[], known: Known): Need[] {
  const needs = urns.flatMap((urn) => {
    const found = known.get(urn);
    if (found === undefined || !found.resource.custom) return [];
    const { resource, variable } = found;
    const given = new Set(textsOf(resource.inputs ?? {}).map(({ text }) => text));
    const told = textsOf(resource.outputs ?? {}).filter(({ text, path }) => !given.has(text) && path[0] !== "id");
    const id = { variable, text: resource.id ?? "", expression: `${variable}.id` };
    return [id, ...told.map(({ text, path }) => ({ variable, text, expression: reading(variable, path) }))];
  });
  return needs
    .filter(({ text }) => text.length >= shortest)
    .sort((left, right) => right.text.length - left.text.length);
}

function reading(variable: string, [property, ...rest]: readonly (string | number)[]): string {
  const top = `${variable}.${property}`;
  return rest.length === 0 ? top : `at(${top}, ${JSON.stringify(rest)})`;
}

interface Text {
  readonly text: string;
  readonly path: readonly (string | number)[];
}

function textsOf(value: unknown, path: readonly (string | number)[] = []): Text[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((each, index) => textsOf(each, [...path, index]));
  if (value === null || typeof value !== "object" || isSecret(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, [...path, key]));
}

/** A value as an expression, with the texts of other resources taken from them. */
export function expressionOf(value: unknown, needs: readonly Need[]): string {
  if (typeof value === "string") return textIn(value, needs);
  if (Array.isArray(value)) return `[${value.map((each) => expressionOf(each, needs)).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isSecret(value)) return `pulumi.secret(${expressionOf(JSON.parse(value.plaintext), needs)})`;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return `{ ${entries.map(([key, each]) => `${JSON.stringify(key)}: ${expressionOf(each, needs)}`).join(", ")} }`;
}

function textIn(text: string, needs: readonly Need[]): string {
  const whole = needs.find((need) => need.text === text);
  if (whole !== undefined) return whole.expression;
  const parts = split(text, needs);
  return parts.length === 1 ? JSON.stringify(text) : `pulumi.concat(${parts.join(", ")})`;
}

function split(text: string, needs: readonly Need[]): string[] {
  const need = needs.find((candidate) => text.includes(candidate.text));
  if (need === undefined) return text === "" ? [] : [JSON.stringify(text)];
  const start = text.indexOf(need.text);
  const rest = text.slice(start + need.text.length);
  return [...split(text.slice(0, start), needs), need.expression, ...split(rest, needs)];
}

/** How a state with its secrets shown writes a secret. */
interface Secret {
  readonly plaintext: string;
}

function isSecret(value: object): value is Secret {
  return SIGNATURE in value && "plaintext" in value;
}

/** A constant as an expression; undefined where there is nothing to write. */
export function textOf(value: unknown): string | undefined {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0)
    ? undefined
    : JSON.stringify(value);
}
