import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { nodeBinary } from "../setup/toolchain.mjs";

/** A script in a process, a network and a home of its own, where the machine allows that. */

/**
 * The gateway takes fixed ports, some of them on every address. In a network namespace they meet nobody's, so several run
 * at once; without (macOS, most containers) they run one after the other in the machine's own network.
 */
const apart: readonly string[] = [
  "unshare",
  "--map-root-user",
  "--net",
  "--mount",
  "--pid",
  "--fork",
  "--kill-child",
  "sh",
  "-c",
];

/**
 * The gateway writes its own certificates below the home that the user database gives, whatever HOME says: two at once
 * would write over each other's, and over a person's. So each sees a database in which home is a folder of its own.
 */
const inside = 'ip link set lo up && mount --bind "$1" /etc/passwd && shift && exec "$@"';

/** True when gateways can be run side by side. */
export function canRunApart(): boolean {
  const home = newHome();
  try {
    const [command = "", ...args] = [...apart, inside, "sh", home.database, "true"];
    return spawnSync(command, args, { stdio: "ignore" }).status === 0;
  } finally {
    home.remove();
  }
}

function newHome(): { readonly database: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "twocloud-drill-home-"));
  const database = join(folder, "passwd");
  writeFileSync(database, `root:x:0:0:root:${folder}:/bin/sh\n`);
  return { database, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ScriptOptions<Event> {
  /** File of the script. It reads its task, JSON on one line, and ends when its input does. */
  readonly script: string;
  readonly task: unknown;
  readonly isApart: boolean;
  /** Called with each line that it writes, read as JSON; not with what it says of its own failure. */
  readonly onEvent: (event: Event) => void;
  /** Ends it when it fires. */
  readonly signal: AbortSignal;
}

/** Resolves when the script has ended. @throws Error with what it said of its failure, unless it was told to end */
export async function runScript<Event>(options: ScriptOptions<Event>): Promise<void> {
  const { script, task, isApart, onEvent, signal } = options;
  const own = [nodeBinary(), "--disable-warning=ExperimentalWarning", script];
  const home = newHome();
  const line = isApart ? [...apart, inside, "sh", home.database, ...own] : own;
  const [command = "", ...args] = line;
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  let failure = "";
  let words = "";
  child.stderr.on("data", (data: Buffer) => {
    words += data.toString();
  });
  child.stdin.on("error", () => {});
  // The line stays open: its end tells the script that nobody waits for it.
  child.stdin.write(`${JSON.stringify(task)}\n`);
  const abort = (): void => void child.stdin.end();
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  createInterface(child.stdout).on("line", (text) => {
    const event = JSON.parse(text) as Event | Failed;
    if (signal.aborted) return; // what is seen while everything ends says nothing
    if (isFailed(event)) failure = event.message;
    else onEvent(event);
  });
  const code = await closed(child).finally(() => {
    home.remove();
    signal.removeEventListener("abort", abort);
  });
  if (code !== 0 && !signal.aborted) throw new Error(failure || words.trim() || `exit code ${code}`);
}

interface Failed {
  readonly kind: "failed";
  readonly message: string;
}

function isFailed(event: unknown): event is Failed {
  return (event as Partial<Failed>).kind === "failed";
}

function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}
