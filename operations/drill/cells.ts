import { availableParallelism } from "node:os";
import { join } from "node:path";
import { canRunApart, runScript } from "./apart.ts";
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
  const script = join(import.meta.dirname, "cell.ts");
  try {
    await runScript<CellEvent>({ script, task: cell, isApart, onEvent: (event) => onEvent(cell, event), signal });
  } catch (error) {
    throw new Error(`gateway of ${cell.location}: ${(error as Error).message}`);
  }
}
