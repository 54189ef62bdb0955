import { accessSync, appendFileSync, constants, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { UsageError } from "../commands/load.ts";

/** What was done by whom, a line each. What is in force is told by the clusters alone. */

export interface Act {
  readonly act: "pin" | "degrade" | "clear" | "sweep";
  /** When it was done, ISO 8601. */
  readonly at: string;
  readonly stack: string;
  readonly workload: string;
  /** Location of the path that it was pinned to; null: another act. */
  readonly path: string | null;
  readonly by: string;
  /** Null where none was given: nobody has to say why an override ends. */
  readonly reason: string | null;
  readonly until: string | null;
  /** Each gateway that was meant, and `done` or what went wrong there. */
  readonly gateways: Readonly<Record<string, string>>;
}

/** A stack's record: `overrides/<stack>.jsonl` among the stack files. */
export interface OverrideRecord {
  readonly file: string;
  append(act: Act): void;
}

/** @throws UsageError when nothing could be written, before anything is done that would have to be */
export function recordIn(stacks: string, stack: string): OverrideRecord {
  const folder = join(stacks, "overrides");
  const file = join(folder, `${stack}.jsonl`);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(existsSync(file) ? file : folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `An override is recorded in ${file}, and that can't be written (${(error as Error).message}); nothing was changed.`,
    );
  }
  return { file, append: (act) => appendFileSync(file, `${canonicalize(act)}\n`) };
}
