import { setMaxListeners } from "node:events";
import { InterruptedError, UsageError } from "../../commands/load.ts";
import { checkSpend, type Estimate, estimateOf } from "./estimate.ts";
import type { LiveResult } from "./judge.ts";
import { type LiveLimits, liveLimits } from "./limits.ts";
import { loadTargets, probeLoad } from "./load.ts";
import { commandFor, type OverrideSwitch, type Switching, switchOver } from "./override.ts";
import { callPinned } from "./pinned.ts";
import { type LivePath, type LiveRoute, type LiveScope, liveRoutes } from "./routes.ts";

/** What a live drill found. Plain JSON. */
export interface LiveDrill {
  readonly stack: string;
  readonly evidence: "live";
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly estimate: Estimate;
  /** Workloads that somebody has pinned: nothing was done to them. */
  readonly refused: readonly { readonly workload: string; readonly gateway: string; readonly because: string }[];
  readonly routes: readonly LiveDrilled[];
}

/** One workload in one gateway. */
export interface LiveDrilled {
  /** Location of the gateway. */
  readonly gateway: string;
  readonly workload: string;
  /** Ids of the paths in the order in which the gateway tries them. */
  readonly paths: readonly string[];
  /** Nothing failed, and what was promised was kept. */
  readonly passed: boolean;
  readonly results: readonly LiveResult[];
}

export interface LiveDrillOptions extends LiveScope {
  readonly override: OverrideSwitch;
  /** Probe how much the fallbacks carry. */
  readonly load: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LiveProgress) => void;
  /** @default {@link liveLimits} */
  readonly limits?: LiveLimits;
}

export interface LiveProgress {
  readonly done: number;
  readonly total: number;
  readonly gateway: string;
  readonly workload: string;
  readonly result: LiveResult;
}

/** One thing that is done, in order. */
interface Step {
  readonly route: LiveRoute;
  readonly path: LivePath;
  readonly run: typeof callPinned | typeof switchOver | typeof probeLoad;
}

/** What it would take. Calls nobody. @throws UsageError when something is missing or it costs too much */
export function preparedDrill(scope: LiveScope, load: boolean, limits = liveLimits) {
  const routes = liveRoutes(scope);
  const estimate = estimateOf(routes, load, limits);
  checkSpend(estimate, load, limits);
  return { routes, estimate };
}

/**
 * Calls every path through every gateway, pins each workload to each of its fallbacks, and lets it go.
 * @throws UsageError when it can't begin, takes too long, or an override can't be cleared; InterruptedError when the
 * signal ended it: no override of its own is left then
 */
export async function liveDrill(options: LiveDrillOptions): Promise<LiveDrill> {
  const { stack, override, load, onProgress, limits = liveLimits } = options;
  const { routes, estimate } = preparedDrill(options, load, limits);
  const refused = await overridden(routes, options);
  const free = routes.filter(({ workload }) => refused.every((one) => one.workload !== workload.name));
  if (free.length === 0) throw new UsageError(refused.map(({ because }) => because).join("\n"));
  const steps = stepsOf(free, load);
  const results = new Map<LiveRoute, LiveResult[]>();
  await bounded(options, limits, async (signal) => {
    const switching: Switching = { stack, override, limits, signal };
    for (const [index, { route, path, run }] of steps.entries()) {
      signal.throwIfAborted();
      const result = await run(route, path, switching);
      results.set(route, [...(results.get(route) ?? []), result]);
      onProgress({
        ...{ done: index + 1, total: steps.length },
        ...{ gateway: route.gateway, workload: route.workload.name, result },
      });
    }
  });
  const at = new Date().toISOString();
  return { stack, evidence: "live", at, estimate, refused, routes: free.map((route) => drilled(route, results)) };
}

function stepsOf(routes: readonly LiveRoute[], load: boolean): Step[] {
  const targets = load ? loadTargets(routes) : [];
  return routes.flatMap((route) => [
    ...route.paths.map((path): Step => ({ route, path, run: callPinned })),
    ...route.paths.slice(1).map((path): Step => ({ route, path, run: switchOver })),
    ...targets.filter((target) => target.route === route).map((target): Step => ({ ...target, run: probeLoad })),
  ]);
}

function drilled(route: LiveRoute, found: ReadonlyMap<LiveRoute, readonly LiveResult[]>): LiveDrilled {
  const { gateway, workload, paths } = route;
  const results = found.get(route) ?? [];
  const passed = results.every(({ verdict }) => verdict !== "fail");
  return { gateway, workload: workload.name, paths: paths.map(({ id }) => id), passed, results };
}

/** What somebody has pinned is never touched. @throws UsageError with every gateway that does not say */
async function overridden(
  routes: readonly LiveRoute[],
  { override, stack }: LiveDrillOptions,
): Promise<LiveDrill["refused"]> {
  const problems: string[] = [];
  const found: LiveDrill["refused"][number][] = [];
  for (const { gateway, workload } of routes) {
    const { name } = workload;
    try {
      if (!(await override.active(gateway, name))) continue;
      const because = `${name} is not drilled: somebody has pinned it in the gateway of ${gateway} by an override, which stays as it is. Wait until it is over: ${commandFor("list", stack)}`;
      found.push({ workload: name, gateway, because });
    } catch (error) {
      problems.push(`  - ${name} in ${gateway}: ${(error as Error).message}`);
    }
  }
  if (problems.length === 0) return found;
  throw new UsageError(
    `Nobody was called: these gateways don't say whether a person has pinned a workload:\n${problems.join("\n")}`,
  );
}

/** Ends the work when somebody stops it, or it takes too long. */
async function bounded(
  { stack, signal }: LiveDrillOptions,
  { drillMinutes }: LiveLimits,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  // Every call under way listens.
  setMaxListeners(0, controller.signal);
  const left = "No override of the drill is left, and no receipt was written.";
  const stop = () => controller.abort(new InterruptedError(`The live drill of ${stack} was interrupted. ${left}`));
  const late = new UsageError(
    `The live drill of ${stack} took longer than ${drillMinutes} minutes and was ended. ${left} Drill a part at a time: --workload <name>`,
  );
  const timer = setTimeout(() => controller.abort(late), drillMinutes * 60_000);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
