import type { Plan, Workload } from "../../components/plan/types.ts";
import { UsageError } from "../commands/load.ts";
import type { CellEvent } from "./cell.ts";
import { type Cell, runCells, shared } from "./cells.ts";
import type { FaultResult } from "./faults/judge.ts";
import { faults } from "./faults/table.ts";
import type { Fault } from "./faults/types.ts";
import type { GatewayBinaries } from "./gateway.ts";
import { type GatewayObjects, gatewaysThere } from "./objects.ts";
import { type DrillRoute, routesOf } from "./routes.ts";
import type { Timeline } from "./timeline.ts";

/** What a simulated drill found. Plain JSON. */
export interface Drill {
  readonly stack: string;
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** Where the objects came from. */
  readonly source: "state" | "plan";
  readonly routes: readonly DrilledRoute[];
}

/** One workload in one gateway. */
export interface DrilledRoute {
  /** Location of the gateway. */
  readonly gateway: string;
  readonly workload: string;
  readonly critical: boolean;
  /** Whether its callers take streams. */
  readonly streamed: boolean;
  /** Names of the paths' objects in the order in which the gateway tries them. */
  readonly paths: readonly string[];
  readonly results: readonly DrilledFault[];
}

export interface DrilledFault extends FaultResult {
  readonly timeline: Timeline;
}

export interface DrillOptions {
  readonly stack: string;
  readonly plan: Plan;
  readonly source: Drill["source"];
  readonly gateways: readonly GatewayObjects[];
  readonly binaries: GatewayBinaries;
  /** Only this workload. Default: all that have a fallback */
  readonly workload?: string;
  /** Only the gateway of this location. Default: all */
  readonly gateway?: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly gateway: string;
  readonly workload: string;
  readonly result: FaultResult;
}

/** About how long one gateway process works, seconds: what a drill takes at least. */
const cellSeconds = 100;

/**
 * Runs every fault on every route.
 * @throws UsageError when there is nothing to drill; Error when a gateway does not start, with what it says
 */
export async function simulate(options: DrillOptions): Promise<Drill> {
  const { stack, source, signal, onProgress } = options;
  const staged = chosen(options);
  const cells = staged.flatMap(({ objects, location, workloads }) =>
    shared(faults, cellSeconds).map(
      (ids): Cell => ({ location, objects, binaries: options.binaries, faults: ids, workloads }),
    ),
  );
  const total = staged.flatMap(({ routes }) => routes.flatMap(faultsOf)).length;
  const results = new Map<string, DrilledFault[]>();
  let done = 0;
  const onEvent = ({ location }: Cell, event: CellEvent): void => {
    if (event.kind !== "result") return;
    const { workload, result, timeline } = event;
    const key = `${location} ${workload}`;
    results.set(key, [...(results.get(key) ?? []), { ...result, timeline }]);
    done += 1;
    onProgress({ done, total, gateway: location, workload, result });
  };
  await runCells(cells, { onEvent, signal });
  return {
    stack,
    at: new Date().toISOString(),
    source,
    routes: staged.flatMap(({ location, routes, workloads }) =>
      routes.map((route) => ({
        gateway: location,
        workload: route.workload,
        critical: workloadIn(options.plan, route.workload)?.tier === "critical",
        streamed: workloads[route.workload]?.streamed ?? true,
        paths: route.paths.map(({ name }) => name),
        results: inTableOrder(results.get(`${location} ${route.workload}`) ?? []),
      })),
    ),
  };
}

/** Faults that a route can have. */
export function faultsOf(route: DrillRoute): Fault[] {
  return faults.filter(({ applies }) => applies?.(route) ?? true);
}

function inTableOrder(results: readonly DrilledFault[]): DrilledFault[] {
  const place = ({ fault }: DrilledFault) => faults.findIndex(({ id }) => id === fault);
  return [...results].sort((left, right) => place(left) - place(right));
}

interface Staged extends GatewayObjects {
  readonly routes: readonly DrillRoute[];
  readonly workloads: Cell["workloads"];
}

function chosen({ plan, gateways, workload, gateway, stack }: DrillOptions): Staged[] {
  const wanted = gatewaysThere(gateways, gateway, stack);
  const problems: string[] = [];
  const staged = wanted.map(({ location, objects }): Staged => {
    const routes = readRoutes(location, objects, problems).filter(
      (route) => route.paths.length > 1 && (workload === undefined || route.workload === workload),
    );
    const workloads = Object.fromEntries(
      routes.map((route) => [
        route.workload,
        { streamed: workloadIn(plan, route.workload)?.requires.streaming ?? true },
      ]),
    );
    return { location, objects, routes, workloads };
  });
  if (problems.length > 0) throw new UsageError(`These gateways can't be drilled:\n${problems.join("\n")}`);
  const drilled = staged.filter(({ routes }) => routes.length > 0);
  if (drilled.length === 0) {
    const all = plan.workloads.filter(({ paths }) => paths.length > 1).map(({ name }) => name);
    throw new UsageError(
      workload === undefined
        ? `${stack} has no route with a fallback: there is nothing to drill.`
        : `No gateway of ${stack} has a route of ${workload} with a fallback; those that have one: ${all.join(", ") || "none"}.`,
    );
  }
  return drilled;
}

function readRoutes(location: string, objects: GatewayObjects["objects"], problems: string[]): DrillRoute[] {
  try {
    return routesOf(objects);
  } catch (error) {
    problems.push(`${location}:\n${(error as Error).message}`);
    return [];
  }
}

function workloadIn(plan: Plan, name: string): Workload | undefined {
  return plan.workloads.find((workload) => workload.name === name);
}
