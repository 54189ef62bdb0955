import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { nodeBinary } from "../setup/toolchain.mjs";
import type { CellEvent, CellTask } from "./cell.ts";
import { faults } from "./faults/table.ts";
import type { Fault } from "./faults/types.ts";

/** Gateways side by side, each in a network of its own where the machine allows that. */

/** A cell with where its gateway belongs. */
export interface Cell extends CellTask {
  readonly location: string;
}

export interface CellsOptions {
  readonly onEvent: (cell: Cell, event: CellEvent) => void;
  /** Ends everything when it fires. */
  readonly signal: AbortSignal;
}

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

/** How many gateways run at once: they wait most of the time. */
export function cellsAtOnce(isApart: boolean): number {
  return isApart ? Math.max(2, 2 * availableParallelism()) : 1;
}

/**
 * Shares out faults, so that no cell takes much longer than another.
 * @param seconds about how long a cell may take
 */
export function shared(all: readonly Fault[], seconds: number): string[][] {
  const bins: { ids: string[]; seconds: number }[] = [];
  for (const fault of [...all].sort((left, right) => right.seconds - left.seconds)) {
    const bin = bins.find((candidate) => candidate.seconds + fault.seconds <= seconds);
    if (bin === undefined) bins.push({ ids: [fault.id], seconds: fault.seconds });
    else {
      bin.ids.push(fault.id);
      bin.seconds += fault.seconds;
    }
  }
  return bins.map(({ ids }) => ids);
}

/** Runs all cells. @throws Error of the first that fails, when the others have been ended */
export async function runCells(cells: readonly Cell[], { onEvent, signal }: CellsOptions): Promise<void> {
  const isApart = canRunApart();
  // Load is measured one gateway at a time: two would measure the machine.
  const heavy = cells.filter(isHeavy);
  const light = cells.filter((cell) => !isHeavy(cell));
  const stop = new AbortController();
  const ends = AbortSignal.any([signal, stop.signal]);
  const work = async (take: () => Cell | undefined): Promise<void> => {
    for (let cell = take(); cell !== undefined && !ends.aborted; cell = take()) {
      await runCell(cell, isApart, { onEvent, signal: ends });
    }
  };
  const workers = Array.from({ length: Math.min(cells.length, cellsAtOnce(isApart)) }, (_, index) =>
    work(() => (index === 0 ? heavy.shift() : undefined) ?? light.shift()).catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(workers);
  const failure = ended.find((one) => one.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

function isHeavy(cell: Cell): boolean {
  return cell.faults.some((id) => faults.find((fault) => fault.id === id)?.calls.kind === "load");
}

async function runCell(cell: Cell, isApart: boolean, { onEvent, signal }: CellsOptions): Promise<void> {
  const own = [nodeBinary(), "--disable-warning=ExperimentalWarning", join(import.meta.dirname, "cell.ts")];
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
  // The line stays open: its end tells the cell that nobody waits for it.
  child.stdin.write(`${JSON.stringify(cell)}\n`);
  const abort = (): void => void child.stdin.end();
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  createInterface(child.stdout).on("line", (text) => {
    const event = JSON.parse(text) as CellEvent;
    if (signal.aborted) return; // what is seen while everything ends says nothing
    if (event.kind === "failed") failure = event.message;
    onEvent(cell, event);
  });
  const code = await closed(child).finally(() => {
    home.remove();
    signal.removeEventListener("abort", abort);
  });
  if (code !== 0 && !signal.aborted)
    throw new Error(`gateway of ${cell.location}: ${failure || words.trim() || `exit code ${code}`}`);
}

function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}
