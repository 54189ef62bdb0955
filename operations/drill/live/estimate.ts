import type { Workload } from "../../../components/plan/types.ts";
import { UsageError } from "../../commands/load.ts";
import type { LiveLimits } from "./limits.ts";
import { loadSteps, loadTargets, loadTokens } from "./load.ts";
import type { LivePath, LiveRoute } from "./routes.ts";

/** What a live drill takes at most, before anybody is called. */
export interface Estimate {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars, by the plan's prices. */
  readonly usd: number;
  /** Day of the oldest price; null: none has a day. */
  readonly priceDate: string | null;
}

/** Calls of one kind on one path. */
interface Item {
  readonly workload: Workload;
  readonly path: LivePath;
  readonly calls: number;
  readonly tokens: { readonly input: number; readonly output: number };
}

/** @throws UsageError when a price is unknown: then nobody can say what it costs */
export function estimateOf(routes: readonly LiveRoute[], load: boolean, limits: LiveLimits): Estimate {
  const items = [...routes.flatMap((route) => itemsOf(route, limits)), ...(load ? loadItems(routes, limits) : [])];
  const servers = new Map(items.map(({ path }) => [path.id, path]));
  const unknown = [...servers.values()].filter((path) => isPaid(path, load) && path.cost.peakUsdPerHour === null);
  if (unknown.length > 0) {
    throw new UsageError(
      `Nobody can say what the drill costs: stacks/models.yaml has no price for ${unknown.map(({ id }) => id).join(", ")}. Write the price with its source there, or drill another workload: --workload <name>`,
    );
  }
  const total = (of: (item: Item) => number) => items.reduce((sum, item) => sum + of(item), 0);
  const nodes = [...servers.values()].filter((path) => path.selfHosted !== null && isPaid(path, load));
  const usd = total(usdOf) + nodes.reduce((sum, { cost }) => sum + (cost.peakUsdPerHour ?? 0), 0);
  const dates = [...servers.values()].flatMap(({ cost }) => cost.priceDate ?? []).sort();
  return {
    calls: total(({ calls }) => calls),
    inputTokens: total(({ calls, tokens }) => calls * tokens.input),
    outputTokens: total(({ calls, tokens }) => calls * tokens.output),
    usd: Math.ceil(usd * 100) / 100,
    priceDate: dates[0] ?? null,
  };
}

/** @throws UsageError when it is more than allowed */
export function checkSpend({ usd, calls }: Estimate, load: boolean, limits: LiveLimits): void {
  const most = load ? limits.load.spendUsd : limits.spendUsd;
  if (usd <= most) return;
  throw new UsageError(
    `The drill would cost up to $${usd.toFixed(2)} for ${calls} calls; allowed: $${most.toFixed(2)}. Nobody was called. Drill a part at a time: --workload <name>${load ? ", or leave out --load" : ""}`,
  );
}

function itemsOf({ workload, paths }: LiveRoute, limits: LiveLimits): Item[] {
  const { callsPerPath, promptTokens, answerTokens, override } = limits;
  const tokens = { input: promptTokens, output: answerTokens };
  const item = (path: LivePath, calls: number): Item => ({ workload, path, calls, tokens });
  const waits = [override.settleSeconds, override.returnSeconds];
  const asks = waits.reduce((sum, seconds) => sum + Math.ceil(seconds / override.askEverySeconds), 0);
  const [first, ...others] = paths;
  const dearer = (path: LivePath): LivePath => (usdOf(item(path, 1)) > usdOf(item(first, 1)) ? path : first);
  return [
    ...paths.map((path) => item(path, callsPerPath)),
    ...others.flatMap((path) => [item(path, override.calls), item(dearer(path), asks)]),
  ];
}

function loadItems(routes: readonly LiveRoute[], limits: LiveLimits): Item[] {
  return loadTargets(routes).flatMap(({ route: { workload }, path }) =>
    loadSteps(workload, limits).map(({ calls }) => ({
      ...{ workload, path, calls },
      tokens: loadTokens(workload, limits),
    })),
  );
}

/** Servers of our own cost nothing more for a call, unless it starts machines: then an hour of all of them at most. */
function isPaid({ selfHosted }: LivePath, load: boolean): boolean {
  return selfHosted === null || load || selfHosted.minNodes === 0;
}

/**
 * The plan has the price of an hour at peak, of which input and output are not told apart: a request that has less of
 * both than so many mean ones costs less than these.
 */
function usdOf({ workload: { traffic }, path, calls, tokens }: Item): number {
  if (path.selfHosted !== null) return 0;
  const share = path.role === "primary" ? 1 : traffic.fallbackShare;
  const requests = traffic.peakRequestsPerSecond * share * 3600;
  // The hour's price is rounded to the cent.
  const meanUsd = ((path.cost.peakUsdPerHour ?? 0) + 0.005) / requests;
  return calls * meanUsd * Math.max(tokens.input / traffic.inputTokens, tokens.output / traffic.outputTokens);
}
