import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Session, type SessionOptions, withSession } from "../../operations/engine/session.ts";
import { projectRoot } from "../../operations/setup/toolchain.mjs";

/** Day at which the shipped stacks are judged in tests. */
export const testDay = "2026-11-21";

/** A folder of its own for a sandbox, with a copy of the stack files that a test may edit. */
export interface Scratch {
  readonly folder: string;
  readonly stacks: string;
  remove(): void;
}

export function scratchFolder(): Scratch {
  const root = mkdtempSync(join(tmpdir(), "twocloud-"));
  const stacks = join(root, "stacks");
  cpSync(join(projectRoot, "stacks"), stacks, { recursive: true });
  return { folder: join(root, "sandbox"), stacks, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Runs work in the sandbox of a scratch folder; environment files are the scratch's, everything else the project's. */
export function inSandbox<T>(
  scratch: Scratch,
  stack: string,
  work: (session: Session) => Promise<T>,
  more: Partial<Pick<SessionOptions, "requestLog" | "say">> = {},
): Promise<T> {
  const { folder, stacks } = scratch;
  return withSession({ stack, asOf: testDay, folder, stacks, say: () => {}, ...more }, work);
}
