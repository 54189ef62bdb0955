import { relative } from "node:path";
import type { Engine, Operation, Outcome, Run } from "../engine/engine.ts";
import { errorsOf, violationsOf } from "../engine/events.ts";
import { createProgress, type ProgressOutput } from "../report/progress.ts";
import { projectRoot } from "../setup/toolchain.mjs";
import { InterruptedError, UsageError } from "./load.ts";

/**
 * Runs one operation and shows its progress.
 * @throws InterruptedError when somebody stopped it; UsageError with what the rules, the engine or a cloud said
 */
export async function operate(
  engine: Engine,
  locations: readonly string[],
  operation: Operation,
  part: { readonly args: readonly string[]; readonly run: Pick<Run, "environment" | "rules"> } = { args: [], run: {} },
  out: ProgressOutput = process.stdout,
): Promise<Outcome> {
  const progress = createProgress(out, [...locations], operation);
  try {
    const outcome = await engine.run(operation, part.args, {
      ...part.run,
      onEvent: (event) => progress.event(event),
    });
    if (outcome.ok && outcome.events.some((event) => event.summaryEvent !== undefined)) return outcome;
    progress.end();
    if (outcome.interrupted) {
      throw new InterruptedError(
        `The ${operation} was interrupted. What was done is kept; the same command goes on from there.`,
      );
    }
    throw new UsageError(failureOf(operation, outcome, engine.files.engineLog));
  } finally {
    progress.end();
  }
}

/** What went wrong: first what a rule says, then what the engine or a cloud says. */
function failureOf(operation: Operation, outcome: Outcome, log: string): string {
  const violations = violationsOf(outcome.events).filter((violation) => violation.level === "mandatory");
  const rules = violations.map((violation) => `  ${violation.rule}: ${indented(violation.message)}`);
  const errors = errorsOf(outcome.events).filter((message) => message !== `${operation} failed`);
  const parts = [
    `The ${operation} failed.`,
    ...(rules.length > 0 ? ["", "Refused by policy:", ...rules] : []),
    ...(errors.length > 0 ? ["", ...errors.map((message) => `  ${indented(message)}`)] : []),
    ...(rules.length + errors.length === 0 ? ["", outcome.output.trim()] : []),
    "",
    `Everything that the engine said: ${relative(projectRoot, log)}`,
  ];
  return parts.join("\n");
}

const indented = (text: string): string => text.trim().replaceAll("\n", "\n  ");
