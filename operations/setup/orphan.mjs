/**
 * Noticing that npm is gone. Who ends `npm start` by ending npm alone does not reach us: npm and the shell that it
 * runs scripts with pass nothing on when they are killed, and little otherwise.
 */
import { readFileSync } from "node:fs";
import { processStart } from "./lock.mjs";

const everyMs = 500;

/**
 * Calls back once when npm, or the shell between npm and us, has ended. Does nothing when npm did not start us: who
 * starts us in the background and leaves means us to go on.
 * @param {() => void} onOrphaned
 * @param {NodeJS.ProcessEnv} env
 */
export function whenOrphaned(onOrphaned, env) {
  if (env.npm_lifecycle_event === undefined || process.platform !== "linux") return;
  const shell = process.ppid;
  const starters = [shell, parentOf(shell)].map((pid) => ({ pid, start: processStart(pid) }));
  const timer = setInterval(() => {
    if (starters.every(({ pid, start }) => start === null || processStart(pid) === start)) return;
    clearInterval(timer);
    onOrphaned();
  }, everyMs);
  timer.unref();
}

function parentOf(pid) {
  const found = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0);
}
