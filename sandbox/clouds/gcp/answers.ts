/**
 * Google's answers, in the words in which the provider prints them: `googleapi: Error 400: …, badRequest`.
 * The reasons: https://cloud.google.com/storage/docs/json_api/v1/status-codes and
 * https://cloud.google.com/dns/docs/error-messages; the statuses of newer APIs: https://cloud.google.com/apis/design/errors
 */
import type { Problem, RefusalKind } from "../../cloud.ts";
import { isUnknown } from "../../values.ts";

const statuses = {
  required: 400,
  invalid: 400,
  badRequest: 400,
  failedPrecondition: 400,
  invalidFieldValue: 400,
  invalidValue: 400,
  invalidRecordCount: 400,
  cnameResourceRecordSetConflict: 400,
  recordTypeDisallowedAtZoneApex: 400,
  containerNotEmpty: 400,
  resourceInUseByAnotherResource: 400,
  forbidden: 403,
  accessNotConfigured: 403,
  notFound: 404,
  alreadyExists: 409,
  conflict: 409,
  conditionNotMet: 412,
} as const;

export type Reason = keyof typeof statuses;

export function answer(reason: Reason, text: string): string {
  return `googleapi: Error ${statuses[reason]}: ${text}, ${reason}`;
}

/** The code alone, as it stands in the refusal table. */
export function codeOf(reason: Reason): string {
  return `googleapi: Error ${statuses[reason]}, ${reason}`;
}

/** One thing that is wrong; `limit` is the kind where nothing else fits. */
export function wrong(
  property: string,
  reason: Reason,
  text: string,
  { kind, ...more }: { kind?: RefusalKind; fix?: string; source?: string } = {},
): Problem {
  return { property, reason: answer(reason, text), kind: kind ?? "limit", ...more };
}

/** A problem for what a table of allowed values does not have; nothing where the value is absent or unknown. */
export function oneOf(property: string, value: unknown, allowed: readonly string[], reason: Reason): Problem[] {
  if (typeof value !== "string" || isUnknown(value) || allowed.includes(value)) return [];
  return [
    wrong(property, reason, `'${value}' is none of ${allowed.join(", ")}`, { fix: `Write ${allowed.join(" or ")}` }),
  ];
}
