import { once } from "node:events";
import { createInterface } from "node:readline";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { call } from "./caller.ts";
import { isWhole } from "./faults/checks.ts";
import { type FaultResult, judge } from "./faults/judge.ts";
import { faults } from "./faults/table.ts";
import type { Fault } from "./faults/types.ts";
import type { GatewayBinaries } from "./gateway.ts";
import { perform } from "./perform.ts";
import type { DrillRoute } from "./routes.ts";
import { openStage, type Stage } from "./stage.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

/** One gateway in a process of its own: some of the faults, on each of its routes. */

/** What it reads from its input, JSON on one line. The input's end is the end of the cell. */
export interface CellTask {
  readonly objects: readonly KubernetesObject[];
  readonly binaries: GatewayBinaries;
  /** Ids out of the table, in this order. */
  readonly faults: readonly string[];
  /** Workloads to drill, and whether their callers take streams. */
  readonly workloads: Readonly<Record<string, { readonly streamed: boolean }>>;
}

/** What it writes, a line each. */
export type CellEvent =
  | { readonly kind: "ready" }
  | { readonly kind: "began"; readonly workload: string; readonly fault: string }
  | { readonly kind: "result"; readonly workload: string; readonly result: FaultResult; readonly timeline: Timeline }
  | { readonly kind: "failed"; readonly message: string };

const open = new Set<Stage>();

async function main(): Promise<void> {
  const input = createInterface(process.stdin);
  const [line] = (await once(input, "line")) as [string];
  input.on("close", () => leave(1));
  const task = JSON.parse(line) as CellTask;
  const chosen = task.faults.flatMap((id) => faults.find((fault) => fault.id === id) ?? []);
  const resolved = chosen.filter(({ unresolved }) => unresolved !== true);
  const unresolved = chosen.filter((fault) => fault.unresolved === true);
  if (resolved.length > 0) await onStage(task, resolved, () => new Set());
  if (unresolved.length > 0) {
    await onStage(task, unresolved, (routes) => new Set(routes.flatMap(({ paths }) => paths[0]?.name ?? [])));
  }
}

async function onStage(
  task: CellTask,
  chosen: readonly Fault[],
  unresolvedIn: (routes: readonly DrillRoute[]) => ReadonlySet<string>,
): Promise<void> {
  const stage = await openStage({ objects: task.objects, binaries: task.binaries, unresolvedIn });
  open.add(stage);
  try {
    const routes = stage.routes.filter(
      ({ workload, paths }) => task.workloads[workload] !== undefined && paths.length > 1,
    );
    for (const route of routes) await warm(stage, route);
    tell({ kind: "ready" });
    await Promise.all(
      routes.map((route) => allOn(stage, route, chosen, task.workloads[route.workload]?.streamed ?? true)),
    );
  } finally {
    open.delete(stage);
    await stage.close();
  }
}

/** Ends what was started, also when a person has had enough. */
async function leave(code: number): Promise<never> {
  for (const stage of open) await stage.close();
  process.exit(code);
}

async function allOn(stage: Stage, route: DrillRoute, chosen: readonly Fault[], streamed: boolean): Promise<void> {
  for (const fault of chosen.filter(({ applies }) => applies?.(route) ?? true)) {
    tell({ kind: "began", workload: route.workload, fault: fault.id });
    const seen = await perform(stage, { route, streamed }, fault);
    tell({ kind: "result", workload: route.workload, result: judge(fault, seen), timeline: timelineOf(seen) });
  }
}

/** The proxies get their configuration a moment after they listen. */
async function warm(stage: Stage, route: DrillRoute): Promise<void> {
  const ends = Date.now() + 30_000;
  for (const { pinned, name } of route.paths) {
    for (;;) {
      const answer = await call(stage.caller, { model: pinned, stream: false, limitSeconds: 10 });
      if (isWhole(answer) || stage.unresolved.has(name)) break;
      if (Date.now() > ends) {
        throw new Error(
          `${pinned} does not answer while all is well: ${answer.status ?? "no answer"} ${answer.error ?? ""}`.trim(),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function tell(event: CellEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void leave(1));
try {
  await main();
  await leave(0);
} catch (error) {
  tell({ kind: "failed", message: (error as Error).message });
  await leave(1);
}
