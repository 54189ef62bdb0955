/**
 * What lies in a folder outside of the project that all checkouts share: looked at, got when it is absent, by one
 * set-up at a time, and remembered.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { folderReason } from "./decide.mjs";
import { writeStamp } from "./install.mjs";
import { withLock } from "./lock.mjs";
import { makeWritable } from "./place.mjs";
import { ask, say } from "./run.mjs";
import { fileMark, readStamp, sameFile } from "./toolchain.mjs";
import { sayWaiting } from "./waiting.mjs";

/**
 * A file that the folder has to hold.
 * @typedef {object} Part
 * @property {string} name of its folder while it is made
 * @property {string} title for people, with its version
 * @property {(folder: string) => string} path
 * @property {(file: string) => Promise<boolean>} works whether it is there and what it should be
 */

/**
 * Puts the parts in place, unless the verified ones are still there unchanged.
 * @param {{name: "gateway" | "kubernetes", folder: string, parts: readonly Part[], doing: string}} wanted `name` of the
 *   stamp; `doing`: what others wait for, as in "getting Envoy"
 * @param {string} root project folder
 * @param {(missing: readonly Part[], staging: string, lock: {watch(pid: number | undefined): void}) => Promise<void>} get
 *   puts what is missing in place; `staging` holds a folder for each and is removed afterwards
 * @throws {SetupError} when the folder cannot be written, and what `get` throws
 */
export async function ensureShared({ name, folder, parts, doing }, root, get) {
  const stamp = readStamp(root, name);
  const unchanged = stamp?.files?.length === parts.length && stamp.files.every((file) => sameFile(file));
  if (folderReason(stamp, folder, unchanged) === undefined) return;
  if ((await missingParts(parts, folder)).length > 0) {
    makeWritable([folder], "XDG_CACHE_HOME");
    const lock = join(dirname(folder), `.twocloud-${basename(folder)}.lock`);
    await withLock(lock, (held) => fill({ folder, parts }, (missing, staging) => get(missing, staging, held)), {
      onWait: sayWaiting(doing),
    });
  }
  writeStamp(root, name, { folder, files: parts.map(({ path }) => fileMark(path(folder))) });
  say(`${titles(parts)}: ${folder}`);
}

async function fill({ folder, parts }, get) {
  const staging = join(folder, ".twocloud-staging");
  // What a killed set-up left.
  rmSync(staging, { recursive: true, force: true });
  const missing = await missingParts(parts, folder);
  if (missing.length === 0) return;
  say(`missing in ${folder}: ${titles(missing)}`);
  try {
    for (const { name, path } of missing) {
      mkdirSync(join(staging, name), { recursive: true });
      mkdirSync(dirname(path(folder)), { recursive: true });
    }
    await get(missing, staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function missingParts(parts, folder) {
  const working = await Promise.all(parts.map(({ path, works }) => works(path(folder))));
  return parts.filter((_, index) => !working[index]);
}

/** Whether a program is there, starts, and says what it should. */
export async function answers(file, args, expected) {
  if (!existsSync(file)) return false;
  const { code, stdout } = await ask(file, args);
  return code === 0 && stdout.includes(expected);
}

function titles(parts) {
  const all = parts.map(({ title }) => title);
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
