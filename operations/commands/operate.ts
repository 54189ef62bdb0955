import { relative } from "node:path";
import type { Engine, Operation, Outcome, Run } from "../engine/engine.ts";
import { failureText } from "../report/failure.ts";
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
    const { stack, engineLog } = engine.files;
    const log = relative(projectRoot, engineLog);
    throw new UsageError(failureText({ operation, stack, locations, log, ...outcome }));
  } finally {
    progress.end();
  }
}
