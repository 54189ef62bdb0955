import type { EngineEvent } from "../engine/events.ts";
import { errorsOf, violationsOf } from "../engine/events.ts";
import { placeOf } from "./progress.ts";

/** A run that failed, in words: what a rule says, what the engine or a cloud says, and what to do about it. */

export interface Failure {
  readonly operation: string;
  readonly stack: string;
  readonly events: readonly EngineEvent[];
  /** What the engine printed. */
  readonly output: string;
  /** Locations of the stack. */
  readonly locations: readonly string[];
  /** File with everything that the engine said. */
  readonly log: string;
}

export function failureText({ operation, stack, events, output, locations, log }: Failure): string {
  const violations = violationsOf(events).filter((violation) => violation.level === "mandatory");
  const rules = violations.map((violation) => `  ${violation.rule}: ${indented(violation.message)}`);
  const errors = errorsOf(events).filter((message) => message !== `${operation} failed`);
  const told = rules.length + errors.length > 0 ? errors.join("\n") : output;
  const hints = hintsFor(told, errors, stack, locations);
  const parts = [
    `The ${operation} failed.`,
    ...(rules.length > 0 ? ["", "Refused by policy:", ...rules] : []),
    ...(errors.length > 0 ? ["", ...errors.map((message) => `  ${indented(message)}`)] : []),
    ...(rules.length + errors.length === 0 ? ["", output.trim()] : []),
    ...(hints.length > 0 ? ["", ...hints] : []),
    "",
    `Everything that the engine said: ${log}`,
  ];
  return parts.join("\n");
}

/** What a cloud or the network says when nobody is there. */
const noAnswer =
  /\bUNAVAILABLE\b|ServiceUnavailable|HTTP status 503|connection refused|no such host|i\/o timeout|deadline exceeded/i;

function hintsFor(told: string, errors: readonly string[], stack: string, locations: readonly string[]): string[] {
  const silent = errors.filter((message) => noAnswer.test(message)).map((message) => message.split(":")[0] ?? "");
  const down = locations.filter((location) => silent.some((name) => placeOf(name, locations) === location));
  const others = down.length > 0 && down.length < locations.length;
  return [
    ...(others
      ? [
          `${down.join(" and ")} did not answer. To go on with the others: npm run twocloud -- up --stack ${stack} --without ${down.join(" ")}`,
        ]
      : []),
    ...(/currently locked by/.test(told)
      ? [
          `Another run holds ${stack}, or one was cut off: npm run twocloud -- doctor --stack ${stack} says which it is.`,
        ]
      : []),
    ...(/pending operations|interrupted while/i.test(told)
      ? [`A run was cut off: npm run twocloud -- doctor --stack ${stack} --repair`]
      : []),
  ];
}

const indented = (text: string): string => text.trim().replaceAll("\n", "\n  ");
