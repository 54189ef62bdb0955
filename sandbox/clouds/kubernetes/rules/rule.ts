/** What a custom resource's definition, or its controller's webhook, demands beyond the form of the fields. */
import type { InUse, Problem } from "../../../cloud.ts";
import { containsUnknown, isUnknown, type Properties } from "../../../values.ts";
import type { FixedField } from "../object.ts";

export interface CustomRules {
  /** What is wrong with its `spec`. */
  readonly check?: (spec: Properties) => readonly Problem[];
  readonly fixed?: readonly FixedField[];
  readonly inUse?: readonly InUse[];
}

/** By `<group>/<Kind>`: the rules are the same in every version that is served. */
export type RulesByKind = Readonly<Record<string, CustomRules>>;

/** A rule that is broken, in the words of the definition. */
export function broken(property: string, message: string, fix: string): Problem {
  return { property, kind: "limit", reason: `Invalid value: ${message}`, fix };
}

/** Which of these fields are set. */
export function given(object: Properties, fields: readonly string[]): string[] {
  return fields.filter((field) => object[field] !== undefined);
}

/** Nothing, or the problems of an object whose values are all known. */
export function whenKnown(value: unknown, problems: () => readonly Problem[]): readonly Problem[] {
  return containsUnknown(value) ? [] : problems();
}

/** `1h30m`, `500ms` in seconds; undefined for another form. */
export function secondsOf(duration: unknown): number | undefined {
  if (typeof duration !== "string" || isUnknown(duration) || !/^(\d+(\.\d+)?(h|m|s|ms))+$/.test(duration))
    return undefined;
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (UNITS[unit] ?? 1), 0);
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
