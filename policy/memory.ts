import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * What the pack takes of the machine. The host gets every resource twice, one by one and then all in one message, and
 * most of what it reads is garbage a moment later; by itself the heap would grow to several times its use.
 */

/** Resources from which on memory is worth the time that it costs: 5,000 took 670 MiB, and take 410 MiB and 3 s more. */
const many = 2500;

setFlagsFromString("--heap-growing-percent=40");

/** A resource was read, the so many-th. From thousands on the heap stays as small as it can be. */
export function readResource(count: number): void {
  if (count !== many) return;
  setFlagsFromString("--optimize-for-size");
  setFlagsFromString("--heap-growing-percent=20");
}

/** The message with so many resources was read: of thousands, what they were read from weighs as much as they do. */
export function readMessage(count: number): void {
  if (count < many) return;
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
