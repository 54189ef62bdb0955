import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { changed, changesOf, errorsOf } from "../../operations/engine/events.ts";
import { unknownTo } from "../../operations/engine/recover.ts";
import { exportState } from "../../operations/engine/state.ts";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";
import { inSandbox, type Scratch } from "./session.ts";

/** The engine killed at a moment that nobody chose, with everything that it had started. */

export interface Kill {
  readonly operation: "up" | "destroy";
  /** Milliseconds after the engine began to ask the clouds. */
  readonly after: number;
}

/** Random moments, first of `up`, then of `destroy`, in turn. */
export function randomKills(count: number): Kill[] {
  return Array.from({ length: count }, (_, index) => ({
    operation: index % 2 === 0 ? "up" : "destroy",
    after: Math.round(Math.random() * (index % 2 === 0 ? 8000 : 4000)),
  }));
}

/**
 * Kills, repairs, and brings to the end: after each kill nothing exists that the state does not know, and nothing was
 * made twice.
 */
export async function surviveKill(scratch: Scratch, { operation, after }: Kill): Promise<void> {
  const log = join(scratch.folder, "requests.log");
  // A destroy begins with everything there, an up with nothing.
  const before = operation === "destroy" ? "up" : "destroy";
  await toTheEnd(scratch, log, before);
  // A fast machine may be done by then: again, sooner.
  for (let delay = after; !(await killDuring(scratch, log, operation, delay)); delay = Math.floor(delay / 2)) {
    expect(delay, "the engine is done before it can be killed").toBeGreaterThan(0);
    await toTheEnd(scratch, log, before);
  }
  await toTheEnd(scratch, log, "up");
  expect(aliveTwice(log)).toEqual([]);
}

async function toTheEnd(scratch: Scratch, log: string, operation: "up" | "destroy"): Promise<void> {
  await inSandbox(
    scratch,
    "dev",
    async ({ engine, store }) => {
      const outcome = await engine.run(operation, []);
      expect(errorsOf(outcome.events)).toEqual([]);
      expect(outcome.code, outcome.output).toBe(0);
      const state = await exportState(engine);
      expect(state.pending_operations ?? []).toEqual([]);
      expect(unknownTo(state, store)).toEqual([]);
      const custom = (state.resources ?? []).filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
      expect(store.count()).toBe(custom.length);
      if (operation === "destroy") expect(custom).toEqual([]);
      else expect(changed(changesOf((await engine.run("preview", [])).events))).toBe(0);
    },
    { requestLog: log },
  );
}

/** @returns whether the engine was killed before it came to its end */
async function killDuring(
  scratch: Scratch,
  log: string,
  operation: Kill["operation"],
  after: number,
): Promise<boolean> {
  const script = join(projectRoot, "test", "support", "bring-up.ts");
  const args = [scratch.folder, scratch.stacks, "dev", operation, log];
  const child = spawn(nodeBinary(), ["--disable-warning=ExperimentalWarning", script, ...args], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const method = operation === "up" ? "create" : "delete";
  const before = linesOf(log).filter((line) => line.method === method).length;
  while (!over && linesOf(log).filter((line) => line.method === method).length === before) await sleep(50);
  await sleep(after);
  const engine = over ? undefined : engineOf(child.pid ?? 0);
  // A group of its own, with the program, the pack and the language host.
  if (engine !== undefined) process.kill(-engine, "SIGKILL");
  await ended;
  return engine !== undefined;
}

/** The engine that a command runs: the child of its that is called pulumi. */
function engineOf(command: number): number | undefined {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/));
  const found = rows.find(([, parent, name = ""]) => Number(parent) === command && /(^|\/)pulumi$/.test(name));
  return found === undefined ? undefined : Number(found[0]);
}

interface Line {
  readonly method: string;
  readonly about: string;
  readonly preview?: true;
  readonly error?: string;
}

function linesOf(log: string): Line[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
}

/** URNs of which two existed at a time, by what the clouds did. No run of these tests replaces anything. */
function aliveTwice(log: string): string[] {
  const alive = new Map<string, number>();
  const twice = new Set<string>();
  for (const { method, about, preview, error } of linesOf(log)) {
    if (error !== undefined || preview === true) continue;
    if (method === "create") alive.set(about, (alive.get(about) ?? 0) + 1);
    if (method === "delete") alive.set(about, Math.max(0, (alive.get(about) ?? 0) - 1));
    if ((alive.get(about) ?? 0) > 1) twice.add(about);
  }
  return [...twice];
}
