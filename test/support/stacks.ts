/** The shipped stack files, as they are and with slips in them. */

import type { Problem } from "../../components/plan/problem.ts";
import { ConfigError } from "../../infra/config/error.ts";
import { type Config, readConfig, type SharedFile, type Sources } from "../../infra/config/read.ts";
import { readSources } from "../../infra/sources.ts";

export type Environment = "dev" | "staging" | "prod";

/** The day on which the shipped stacks are judged in tests: that of the catalogue's snapshot. */
export const asOf = "2026-11-21";

const folder = new URL("../../stacks", import.meta.url).pathname;

export function shipped(environment: Environment): Sources {
  return readSources(folder, environment, asOf);
}

/** The environment's own file, by this name in an edit. */
type FileName = SharedFile | "environment";

/** Replaces a text that occurs once in a file; `null` empties the file. */
export type Edit = readonly [file: FileName, from: string | null, to: string];

/** The shipped files with edits made one after the other. @throws when a text to replace does not occur exactly once */
export function edited(environment: Environment, ...edits: readonly Edit[]): Sources {
  return edits.reduce(apply, shipped(environment));
}

function apply(sources: Sources, [file, from, to]: Edit): Sources {
  const text = textOf(sources, file);
  if (from !== null && text.split(from).length !== 2) {
    throw new Error(`${JSON.stringify(from)} occurs ${text.split(from).length - 1} times in ${file}`);
  }
  const changed = from === null ? to : text.replace(from, () => to);
  return withText(sources, file, changed);
}

/** The files with one of them replaced. */
export function withText(sources: Sources, file: FileName, text: string): Sources {
  if (file === "environment") return { ...sources, environment: { text } };
  return { ...sources, shared: { ...sources.shared, [file]: text } };
}

export function textOf(sources: Sources, file: FileName): string {
  if (file !== "environment") return sources.shared[file];
  if (!("text" in sources.environment)) throw new Error("the environment was given as values");
  return sources.environment.text;
}

/** What is wrong with the files; nothing, when they are right. Any other error goes on. */
export function problemsIn(sources: Sources): readonly Problem[] {
  return errorIn(sources)?.problems ?? [];
}

/** The error of files that are wrong. */
export function errorIn(sources: Sources): ConfigError | undefined {
  try {
    readConfig(sources);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

export function configOf(environment: Environment): Config {
  return readConfig(shipped(environment));
}
