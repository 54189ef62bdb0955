/** Names of things in the cloud: made up when the program gives none, and held against the cloud's rule. */
import type { NameRule, Problem } from "./cloud.ts";
import { isUnknown, knownString, type Properties, valueAt, withValueAt } from "./values.ts";

/** Top-level input in which bridged providers note what they filled in themselves. */
export const FILLED_IN = "__defaults";

export interface NamingRequest {
  readonly inputs: Properties;
  /** The inputs that the resource has now; undefined when it is about to be made. */
  readonly before: Properties | undefined;
  readonly logicalName: string;
  /** Random bytes of the engine: the same for every attempt at the same step. */
  readonly seed: Uint8Array;
  /** The engine's own naming settings, if the user configured any. */
  readonly configured?: { readonly mode: "propose" | "enforce" | "disable"; readonly name: string };
}

export interface Naming {
  readonly inputs: Properties;
  /** Path of the name if it was made up here. */
  readonly filledIn?: string;
  readonly problems: readonly Problem[];
}

/** Fills in a missing name, as the provider would: the name that the resource has, or a new one. */
export function withName(rule: NameRule, request: NamingRequest): Naming {
  const { inputs, before, configured } = request;
  if (rule.auto === undefined || valueAt(inputs, rule.property) !== undefined) return { inputs, problems: [] };
  const kept = before === undefined ? undefined : valueAt(before, rule.property);
  if (kept === undefined && configured?.mode === "disable") {
    const reason = `automatic naming is disabled for this project: give ${rule.property} a value`;
    return { inputs, problems: [{ property: rule.property, reason }] };
  }
  const name = kept ?? newName(rule, request);
  return { inputs: withValueAt(inputs, rule.property, name), filledIn: rule.property, problems: [] };
}

/** What is wrong with the name; nothing when it is absent or unknown. */
export function nameProblems(rule: NameRule, inputs: Properties): Problem[] {
  const name = knownString(valueAt(inputs, rule.property));
  if (name === undefined) return [];
  const { pattern, allowed, minLength = 1, maxLength = Number.POSITIVE_INFINITY } = rule;
  const reasons: string[] = [];
  if (name.length < minLength) reasons.push(`is ${name.length} characters long; at least ${minLength} are needed`);
  if (name.length > maxLength) reasons.push(`is ${name.length} characters long; at most ${maxLength} are allowed`);
  if (pattern !== undefined && !pattern.test(name)) reasons.push(`is not allowed: ${allowed ?? pattern.source}`);
  return reasons.map((reason) => ({ property: rule.property, reason: `"${name}" ${reason}`, source: rule.source }));
}

function newName(rule: NameRule, { inputs, logicalName, seed, configured }: NamingRequest): string {
  if (configured !== undefined && configured.name !== "") return configured.name;
  const { separator = "-", digits = 7, transform, prefixProperty } = rule.auto ?? {};
  const random = Buffer.from(seed).toString("hex").padEnd(digits, "0").slice(0, digits);
  const prefix = prefixProperty === undefined ? undefined : inputs[prefixProperty];
  if (typeof prefix === "string") return isUnknown(prefix) ? prefix : `${prefix}${random}`;
  const room = (rule.maxLength ?? Number.POSITIVE_INFINITY) - separator.length - digits;
  const base = transform === undefined ? logicalName : transform(logicalName);
  return `${base.slice(0, Math.max(0, room))}${separator}${random}`;
}
