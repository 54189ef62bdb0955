import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { type FaultResult, judge } from "./faults/judge.ts";
import { faults } from "./faults/table.ts";
import type { Fault } from "./faults/types.ts";
import type { GatewayBinaries } from "./gateway.ts";
import { perform } from "./perform.ts";
import type { DrillRoute } from "./routes.ts";
import { runTask, tell } from "./script.ts";
import { openStage, type Stage } from "./stage.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { warm } from "./warm.ts";

/** One gateway in a process of its own: some of the faults, on each of its routes. */

/** What it is told to do. */
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
  | { readonly kind: "result"; readonly workload: string; readonly result: FaultResult; readonly timeline: Timeline };

const open = new Set<Stage>();

async function main(task: CellTask): Promise<void> {
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
    tell<CellEvent>({ kind: "ready" });
    await Promise.all(
      routes.map((route) => allOn(stage, route, chosen, task.workloads[route.workload]?.streamed ?? true)),
    );
  } finally {
    open.delete(stage);
    await stage.close();
  }
}

async function end(): Promise<void> {
  for (const stage of open) await stage.close();
}

async function allOn(stage: Stage, route: DrillRoute, chosen: readonly Fault[], streamed: boolean): Promise<void> {
  for (const fault of chosen.filter(({ applies }) => applies?.(route) ?? true)) {
    tell<CellEvent>({ kind: "began", workload: route.workload, fault: fault.id });
    const seen = await perform(stage, { route, streamed }, fault);
    tell<CellEvent>({
      kind: "result",
      workload: route.workload,
      result: judge(fault, seen),
      timeline: timelineOf(seen),
    });
  }
}

await runTask<CellTask>(main, end);
