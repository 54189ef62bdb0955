import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { nearest } from "../../components/plan/problem.ts";
import type { Plan } from "../../components/plan/types.ts";
import { readConfig } from "../../infra/config/read.ts";
import { planStack } from "../../infra/planning/index.ts";
import { readSources } from "../../infra/sources.ts";
import { projectRoot } from "../setup/toolchain.mjs";

/** A mistake of the person at the keyboard: shown without a stack trace. */
export class UsageError extends Error {}

/** Somebody stopped a run: not a failure, and not a success. */
export class InterruptedError extends Error {}

/** The stack files of this checkout. */
export const stacksFolder = join(projectRoot, "stacks");

/** @throws UsageError when there is no such environment */
export function checkStack(stack: string, folder = stacksFolder): void {
  if (!existsSync(folder)) throw new UsageError(`There is no folder ${folder} with stack files.`);
  if (existsSync(join(folder, `Pulumi.${stack}.yaml`))) return;
  const known = readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const near = nearest(stack, known);
  throw new UsageError(
    `There is no stack ${stack}: ${join(folder, `Pulumi.${stack}.yaml`)} does not exist. Stacks: ${known.join(", ")}.${near === undefined ? "" : ` Did you mean ${near}?`}`,
  );
}

/** Plans a stack from its files. @throws ConfigError with everything that is wrong in them */
export function loadPlan(stack: string, asOf: string, folder = stacksFolder): Plan {
  checkStack(stack, folder);
  return planStack(readConfig(readSources(folder, stack, asOf)));
}

/**
 * The day at which the sandbox judges ages and retirements: that of the catalogue's facts, so that the shipped stacks
 * mean the same for ever.
 */
export function sandboxDay(folder = stacksFolder): string {
  const file = join(folder, "models.yaml");
  if (!existsSync(file)) return today();
  // Whatever else is wrong in the file is told by whoever reads all of it.
  const date = parseDocument(readFileSync(file, "utf8")).getIn(["snapshot", "date"]);
  return typeof date === "string" && isDay(date) ? date : today();
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** @throws UsageError when it is no day */
export function parseDay(text: string): string {
  if (isDay(text)) return text;
  throw new UsageError(`${text} is not a day; write YYYY-MM-DD.`);
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
