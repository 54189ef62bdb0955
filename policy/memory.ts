import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * What the pack takes of the machine. The host gets every resource twice, one by one and then all in one message, and
 * most of what it reads is garbage a moment later; by itself the heap would grow to several times its use.
 */

/** Resources from which on memory is worth the time that it costs: 5,000 took 670 MiB, and take 410 MiB and 3 s more. */
const many = 2500;

setFlagsFromString("--heap-growing-percent=40");

let seen = 0;

/** Counts a resource. From thousands on the heap stays as small as it can be. */
export function countResource(): void {
  seen += 1;
  if (seen !== many) return;
  setFlagsFromString("--optimize-for-size");
  setFlagsFromString("--heap-growing-percent=20");
}

/** The message with all resources has just been read: of thousands, what it was read from weighs as much as they do. */
export function forgetMessage(): void {
  if (seen < many) return;
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
