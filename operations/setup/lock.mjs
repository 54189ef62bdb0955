/**
 * A lock between set-ups that survives being killed: a folder that exists while somebody holds it, with a note inside
 * of who that is. The note is put in place together with the folder (rename of a full folder is atomic, and fails
 * where a full folder is), so no lock is ever without an owner.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const heartbeatMs = 2_000;
/** A holder on another machine (a shared home) can only be judged by its heartbeat. */
const silentElsewhereMs = 120_000;
/** Where the start time of a process cannot be read, its number may have been given to another one. */
const silentUnknownMs = 600_000;
/** Far longer than anybody needs from reading a dead owner's note to acting on it. */
const tombstoneMs = 60_000;

/**
 * Whether a lock's owner is gone. Pure.
 * @param {{host: string, pid: number, processStart: string | null}} owner who holds the lock, by its own note
 * @param {{host: string, alive: boolean, processStart: string | null, silentMs: number}} seen this host; whether a
 *   process of the owner's number runs here and when that one started; how long ago the owner last gave a sign
 * @returns {boolean} true when the lock may be taken over
 */
export function isAbandoned(owner, seen) {
  if (owner.host !== seen.host) return seen.silentMs > silentElsewhereMs;
  if (!seen.alive) return true;
  if (owner.processStart !== null && seen.processStart !== null) return owner.processStart !== seen.processStart;
  return seen.silentMs > silentUnknownMs;
}

/**
 * Runs `work` while holding the lock; waits for a living holder, takes over from a dead one.
 * @template T
 * @param {string} folder the lock's path; its parent is made when absent
 * @param {(lock: {watch(pid: number | undefined): void}) => Promise<T>} work `watch` notes a long-running child, so
 *   that whoever takes over from a killed set-up ends the child that outlived it
 * @param {{onWait?: (owner: {pid: number, host: string}, waitedMs: number) => void, pollMs?: number}} [options]
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, { onWait = () => {}, pollMs = 250 } = {}) {
  const token = randomBytes(8).toString("hex");
  const note = { token, host: hostname(), pid: process.pid, processStart: processStart(process.pid), child: null };
  const startedAt = Date.now();
  mkdirSync(dirname(folder), { recursive: true });
  while (!tryAcquire(folder, note)) {
    const owner = readOwner(folder);
    if (owner !== undefined && isAbandoned(owner, look(owner, folder)) && (await takeAway(folder, owner))) continue;
    if (owner !== undefined) onWait(owner, Date.now() - startedAt);
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => touch(folder), heartbeatMs);
  heartbeat.unref();
  const release = () => {
    clearInterval(heartbeat);
    process.off("exit", release);
    if (readOwner(folder)?.token === token) removeWhole(folder, `${folder}.${token}`);
    removeOldTombstones(folder);
  };
  process.on("exit", release);
  try {
    return await work({ watch: (pid) => writeNote(folder, { ...note, child: describeProcess(pid) }) });
  } finally {
    release();
  }
}

function tryAcquire(folder, note) {
  const prepared = `${folder}.${note.token}`;
  rmSync(prepared, { recursive: true, force: true });
  mkdirSync(prepared);
  writeNote(prepared, note);
  try {
    renameSync(prepared, folder);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    // EPERM: what Windows answers where a folder is in the way.
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) return false;
    throw error;
  }
}

/** Removes a folder so that nobody sees half of it. */
function removeWhole(folder, aside) {
  renameSync(folder, aside);
  rmSync(aside, { recursive: true, force: true });
}

/**
 * Moves a dead owner's lock out of the way. The new name belongs to that owner, so of two that try, one fails: the
 * second cannot take away the lock which the first has meanwhile made for itself.
 */
async function takeAway(folder, owner) {
  try {
    // Its age as a tombstone counts from now.
    utimesSync(folder, new Date(), new Date());
    renameSync(folder, `${folder}.${owner.token}.gone`);
  } catch {
    return false;
  }
  await endOrphan(owner);
  return true;
}

/** Ends what a killed set-up had started (npm, go): it would write into the folders that the next one fills. */
async function endOrphan({ host, child }) {
  if (child === null || child === undefined || host !== hostname()) return;
  const same = () => child.processStart !== null && processStart(child.pid) === child.processStart;
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    if (!same()) return;
    try {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < 3_000 && same(); waited += 50) await sleep(50);
  }
}

function removeOldTombstones(folder) {
  if (!existsSync(dirname(folder))) return;
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.`)) continue;
    const path = join(dirname(folder), name);
    if (ageMs(path) > tombstoneMs) rmSync(path, { recursive: true, force: true });
  }
}

function look(owner, folder) {
  const silentMs = ageMs(join(folder, "owner.json"));
  return { host: hostname(), alive: isAlive(owner.pid), processStart: processStart(owner.pid), silentMs };
}

function isAlive(pid) {
  // A killed process whose parent has not collected it yet still has a number; only its start time is hidden.
  if (process.platform === "linux" && processStart(pid) === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function describeProcess(pid) {
  return pid === undefined ? null : { pid, processStart: processStart(pid) };
}

/** When a process started, in a form that only compares with itself; null when it is gone or cannot be told. */
export function processStart(pid) {
  if (process.platform === "linux") return linuxProcessStart(pid);
  if (process.platform === "win32") return null;
  const ps = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return ps.status === 0 && ps.stdout.trim() !== "" ? ps.stdout.trim() : null;
}

function linuxProcessStart(pid) {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // The name in the second field may hold spaces and brackets: count from behind it. Z and X are dead.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}

function readOwner(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
  } catch {
    return undefined;
  }
}

function writeNote(folder, note) {
  try {
    writeFileSync(join(folder, "owner.json.new"), JSON.stringify(note));
    renameSync(join(folder, "owner.json.new"), join(folder, "owner.json"));
  } catch (error) {
    // Taken away while this process was stopped for minutes: there is no lock left to write into.
    if (error.code !== "ENOENT") throw error;
  }
}

function touch(folder) {
  const now = new Date();
  try {
    utimesSync(join(folder, "owner.json"), now, now);
  } catch {
    // Taken away, as above.
  }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
