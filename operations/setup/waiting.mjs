/** What people see while another set-up holds a lock. */
import { duration } from "./decide.mjs";
import { say } from "./run.mjs";

const repeatMs = 15_000;

/**
 * A callback for withLock that says at once, and then every fifteen seconds, whom we wait for.
 * @param {string} doing what the other one does, as in "installing packages"
 * @returns {(owner: {pid: number, host: string}, waitedMs: number) => void}
 */
export function sayWaiting(doing) {
  let nextMs = 0;
  return (owner, waitedMs) => {
    if (waitedMs < nextMs) return;
    nextMs = waitedMs + repeatMs;
    const so = waitedMs < 1_000 ? "" : ` (${duration(waitedMs)} so far)`;
    say(`another set-up (process ${owner.pid} on ${owner.host}) is ${doing} here; waiting for it${so}`);
  };
}
