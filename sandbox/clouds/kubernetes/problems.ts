/**
 * Problems in the API server's words. It answers with a reason (`Invalid`, `Forbidden`, …:
 * https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason); what is wrong with a field has a type of its own
 * within that (https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field#ErrorType).
 */
import type { Problem } from "../../cloud.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";

export function required(property: string, detail: string, fix = "Give it a value"): Problem {
  return { property, kind: "required", reason: `Required value: ${detail}`, fix };
}

export function invalid(property: string, value: unknown, detail: string, fix?: string): Problem {
  const reason = `Invalid value: ${JSON.stringify(value)}: ${detail}`;
  return { property, kind: "limit", reason, ...(fix === undefined ? {} : { fix }) };
}

/** A field's `Forbidden` is still an invalid object, not a refused request: the code says so. */
export function forbidden(property: string, detail: string, fix = "Leave it out"): Problem {
  return { property, kind: "limit", reason: `Invalid: Forbidden: ${detail}`, fix };
}

export function tooLong(property: string, bytes: number, fix: string): Problem {
  return { property, kind: "limit", reason: `Too long: may not be more than ${bytes} bytes`, fix };
}

/** Nothing when the value is absent, not known yet, or one of those. */
export function oneOf(property: string, value: unknown, supported: readonly string[]): Problem[] {
  const text = knownString(value);
  if (text === undefined || supported.includes(text)) return [];
  const values = supported.map((each) => JSON.stringify(each)).join(", ");
  const reason = `Unsupported value: ${JSON.stringify(text)}: supported values: ${values}`;
  return [{ property, kind: "limit", reason, fix: "Write one of them" }];
}

/** Nothing when the value is absent, not known yet, or in the range. */
export function between(property: string, value: unknown, least: number, most = Number.POSITIVE_INFINITY): Problem[] {
  if (typeof value !== "number" || (value >= least && value <= most)) return [];
  const range =
    most === Number.POSITIVE_INFINITY
      ? `must be greater than or equal to ${least}`
      : `must be between ${least} and ${most}, inclusive`;
  return [invalid(property, value, range)];
}

/** Names or numbers that occur twice. */
export function repeated(values: readonly unknown[], property: string): Problem[] {
  const twice = values.filter(
    (value, index) => value !== undefined && !isUnknown(value) && values.indexOf(value) !== index,
  );
  return [...new Set(twice)].map((value) => ({
    property,
    kind: "limit",
    reason: `Duplicate value: ${JSON.stringify(value)}`,
    fix: "Give each a value of its own",
  }));
}

/** What the waiting provider reports of something that never comes up: reason of an event or of a condition. */
export function unfinished(property: string, reason: string, source: string, fix?: string): Problem {
  return { property, kind: "reference", reason, source, ...(fix === undefined ? {} : { fix }) };
}

/** The bytes of all values of a map that are known. */
export function bytesOf(values: Properties, encoding: BufferEncoding = "utf8"): number {
  return Object.values(values).reduce<number>((sum, value) => {
    const text = knownString(value);
    return sum + (text === undefined ? 0 : Buffer.byteLength(text, encoding));
  }, 0);
}
