/** What people see while another set-up holds a lock. See waiting.mjs. */

/** A callback for withLock that says at once, and then every fifteen seconds, whom we wait for. */
export declare function sayWaiting(
  doing: string,
): (owner: { readonly pid: number; readonly host: string }, waitedMs: number) => void;
