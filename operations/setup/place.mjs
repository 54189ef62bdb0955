/** Putting a finished program where it belongs. */
import { accessSync, chmodSync, constants, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { SetupError } from "./decide.mjs";

/**
 * The folder of programs that all checkouts share.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function cacheFolder({ XDG_CACHE_HOME: set = "", HOME: home }) {
  // A relative path is to be ignored, says the XDG specification.
  return join(isAbsolute(set) ? set : join(home || homedir(), ".cache"), "twocloud");
}

/**
 * Verifies a file where it is, then renames it: whoever looks sees the old one or a verified one.
 * @param {string} from the new file, in the same file system as `to`
 * @param {string} to
 * @param {(file: string) => Promise<boolean>} works
 * @returns {Promise<boolean>} false: it does not work, and is gone
 */
export async function placeIfWorking(from, to, works) {
  chmodSync(from, 0o755);
  if (await works(from)) {
    renameSync(from, to);
    return true;
  }
  rmSync(from, { force: true });
  return false;
}

/**
 * The same for a program that nothing else could bring.
 * @param {string} from
 * @param {string} to
 * @param {(file: string) => Promise<boolean>} works
 * @param {{what: string, fix: string}} words `what` it is, and what to do beyond trying again
 * @throws {SetupError} when it does not work
 */
export async function place(from, to, works, { what, fix }) {
  if (await placeIfWorking(from, to, works)) return;
  throw new SetupError(
    `${what} does not work: it did not start, or it answered another version`,
    `run the same command again; if it stays so, ${fix}`,
  );
}

/**
 * Makes folders that are written to.
 * @param {readonly string[]} folders
 * @param {string} variable environment variable that moves them
 * @throws {SetupError} when one cannot be made or written to
 */
export function makeWritable(folders, variable) {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
    } catch (error) {
      throw new SetupError(
        `cannot write to ${folder}: ${error.message}`,
        `make that place writable, or set ${variable} to a folder of your own, then run the same command again`,
      );
    }
  }
}
