import { plain, unknown } from "../graph.ts";
import { explainedAt, type Finding, type ResourceRule } from "../rule.ts";
import { never, type Want } from "./want.ts";

/**
 * Rules about resources one by one, as data: which properties have to be what. From the same data come the judging, the
 * message, the page and the tests. They are asked before each resource is made, in a preview and in an update alike.
 */

/** One property, and what it has to be. */
export interface Choice {
  /** From the resource's inputs: `properties.model.version`; `[]` is every element of a list. */
  readonly path: string;
  readonly wants: Want;
}

export interface Demand {
  /** Type tokens, without the API version of azure-native. */
  readonly types: readonly [string, ...string[]];
  /** One of them has to hold. */
  readonly any: readonly [Choice, ...Choice[]];
  /** Of which resources it is demanded. @default all of the types */
  readonly when?: (props: Readonly<Record<string, unknown>>) => boolean;
  /** What to do, as an imperative sentence without its full stop. */
  readonly fix: string;
}

/** One property of some types. */
export function demand(types: string | Demand["types"], path: string, wants: Want, fix: string): Demand {
  return { types: typeof types === "string" ? [types] : types, any: [{ path, wants }], fix };
}

/** A rule that demands, without its level. */
export function demanding(
  fields: Omit<ResourceRule, "validateResource" | "demands" | "url">,
  demands: readonly Demand[],
): ResourceRule {
  const types = new Set(demands.flatMap((one) => one.types));
  return {
    ...fields,
    url: explainedAt(fields.name),
    demands,
    validateResource: (args, report) => {
      if (!types.has(withoutVersion(args.type))) return;
      for (const { message } of unmet(args.type, args.name, plain(args.props), demands)) report(message, args.urn);
    },
  };
}

/** What is demanded of a resource and does not hold. */
function unmet(
  type: string,
  name: string,
  props: Readonly<Record<string, unknown>>,
  demands: readonly Demand[],
): Finding[] {
  const token = withoutVersion(type);
  return demands
    .filter((one) => one.types.includes(token) && (one.when?.(props) ?? true))
    .flatMap((one) =>
      violations(one, props).map((text) => ({ message: `${name} (${token}): ${text}. Fix: ${one.fix}.` })),
    );
}

function violations({ any }: Demand, props: Readonly<Record<string, unknown>>): string[] {
  if (any.some(({ wants }) => wants === never)) return ["is made, which is never right"];
  const judged = any.map((choice) => ({
    choice,
    wrong: valuesAt(props, choice.path).filter(({ value }) => !choice.wants.accepts(value)),
  }));
  if (judged.some(({ wrong }) => wrong.length === 0)) return [];
  if (any.length === 1) {
    return judged.flatMap(({ choice, wrong }) =>
      wrong.map((found) => `${wrongText(found)}; allowed: ${choice.wants.text}`),
    );
  }
  const found = judged.flatMap(({ wrong }) => wrong.map(wrongText));
  const allowed = any.map(({ path, wants }) => `${path} ${wants.text}`);
  return [`${found.join(", ")}; allowed: ${allowed.join("; or ")}`];
}

/** A value with the place that it was found at. */
interface Found {
  readonly path: string;
  readonly value: unknown;
}

function wrongText({ path, value }: Found): string {
  if (value === unknown) return `${path} is not known before it is made`;
  return value === undefined || value === null ? `${path} is absent` : `${path} is ${shown(value)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, each) => (each === unknown ? "not known yet" : each)) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/**
 * The values at a path. Where a step on the way is unknown, the value is; where one is absent, so is the value, but of a
 * list that is absent there are no elements.
 */
export function valuesAt(props: Readonly<Record<string, unknown>>, path: string): Found[] {
  let found: Found[] = [{ path: "", value: props }];
  for (const step of path.split(".")) {
    const [, key = step, each] = /^(.*?)(\[\])?$/.exec(step) ?? [];
    found = found.map((one) => ({
      path: joined(one.path, key),
      value: key === "" ? one.value : below(one.value, key),
    }));
    if (each !== undefined) found = found.flatMap(elements);
  }
  return found;
}

const joined = (path: string, key: string): string => (path === "" ? key : key === "" ? path : `${path}.${key}`);

function below(value: unknown, key: string): unknown {
  if (value === unknown) return unknown;
  return value === null || typeof value !== "object" ? undefined : (value as Record<string, unknown>)[key];
}

function elements({ path, value }: Found): Found[] {
  if (value === unknown) return [{ path, value }];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).map(([key, each]) => ({
    path: Array.isArray(value) ? `${path}[${key}]` : joined(path, key),
    value: each,
  }));
}

/** Azure's types carry their API version in the middle. */
export function withoutVersion(type: string): string {
  return type.replace(/^(azure-native:[^/:]+)\/v[^:]+:/, "$1:");
}

/** Resources that must not be at all. */
export function forbidden(types: Demand["types"], fix: string): Demand {
  return { types, any: [{ path: "", wants: never }], fix };
}
