import { setTimeout as after } from "node:timers/promises";
import { UsageError } from "../../commands/load.ts";
import type { Received } from "../client.ts";
import { type Asking, ask, problemOf } from "./answer.ts";
import { type LiveResult, measuresOf, unanswered } from "./judge.ts";
import type { LivePath, LiveRoute } from "./routes.ts";

/** The gateways' own switch, which pins a workload to one path. Gateways and paths are meant by their locations. */
export interface OverrideSwitch {
  /**
   * Pins a workload in one gateway. It has to be gone at `untilMs`, milliseconds since the epoch: whoever finds it later
   * may take it away, whatever became of the drill.
   * @throws Error when it can't, or when the workload is pinned already: then that stays as it is
   */
  pin(gateway: string, workload: string, location: string, untilMs: number): Promise<void>;
  /** Takes back what {@link pin} set, and nothing that somebody else has put in its place. @throws Error when it can't */
  clear(gateway: string, workload: string): Promise<void>;
  /** Whether the workload is pinned there, by whomever. @throws Error when nobody can tell */
  active(gateway: string, workload: string): Promise<boolean>;
}

export interface Switching extends Asking {
  readonly stack: string;
  readonly override: OverrideSwitch;
}

/** How often it is tried to clear an override, and the time between, milliseconds. */
const clearAttempts = 3;
const clearAgainMs = 1000;

/**
 * Pins a workload to one of its fallbacks, sees that it answers, and lets it go.
 * @throws UsageError when the override can't be cleared; the signal's reason, after it was cleared
 */
export async function switchOver(route: LiveRoute, path: LivePath, switching: Switching): Promise<LiveResult> {
  const { gateway, workload, paths } = route;
  const { override, limits, stack } = switching;
  const [first] = paths;
  const without = (other: LivePath) => (name: string) => !other.names.includes(name);
  const own = path.names.filter(without(first));
  const told = { fault: `override:${path.location}`, title: `pinned to ${path.location} by an override` };
  const failed = (because: string, received: readonly Received[] = []): LiveResult => ({
    ...{ ...told, verdict: "fail", because },
    measures: { ...measuresOf(received, own), settleSeconds: null, returnSeconds: null },
  });
  if (own.length === 0) {
    return failed(`its answers carry the model names of ${first.id}, so that nobody can tell who answered`);
  }
  const untilMs = Date.now() + limits.override.seconds * 1000;
  try {
    await override.pin(gateway, workload.name, path.location, untilMs);
  } catch (error) {
    return failed(
      `the override can't be set: ${(error as Error).message}. See whether something of it is left: ${commandFor("list", stack)}`,
    );
  }
  let held: Held;
  try {
    switching.signal.throwIfAborted();
    held = await holdTo(own, route, untilMs, switching);
  } finally {
    await cleared(route, path, untilMs, switching);
  }
  const returnSeconds = await waitFor(
    first.names.filter(without(path)),
    route,
    limits.override.returnSeconds,
    switching,
  );
  const measures = measuresOf(held.received, own);
  const { settleSeconds } = held;
  const broken = [
    ...(settleSeconds === null
      ? [`${path.id} did not answer within ${limits.override.settleSeconds} s: ${held.last}`]
      : measures.calls < limits.override.calls
        ? [`${measures.calls} of ${limits.override.calls} calls were made before the override ended`]
        : []),
    ...unanswered(measures),
    ...(returnSeconds.seconds === null
      ? [
          `${first.id} did not answer again within ${limits.override.returnSeconds} s after the override was cleared: ${returnSeconds.last}. See whether something of it is left: ${commandFor("list", stack)}`,
        ]
      : []),
  ];
  return {
    ...told,
    verdict: broken.length > 0 ? "fail" : "pass",
    because: broken.join("; ") || null,
    measures: { ...measures, settleSeconds, returnSeconds: returnSeconds.seconds },
  };
}

interface Held {
  readonly settleSeconds: number | null;
  /** What was wrong with the last call that did not yet reach the path. */
  readonly last: string | null;
  readonly received: readonly Received[];
}

async function holdTo(
  names: readonly string[],
  route: LiveRoute,
  untilMs: number,
  switching: Switching,
): Promise<Held> {
  const { override, callSeconds } = switching.limits;
  const { seconds: settleSeconds, last } = await waitFor(names, route, override.settleSeconds, switching);
  const received: Received[] = [];
  while (settleSeconds !== null && received.length < override.calls) {
    const left = (untilMs - Date.now()) / 1000;
    if (left <= 0) break;
    received.push(
      await ask(route, { model: route.workload.name, limitSeconds: Math.min(callSeconds, left) }, switching),
    );
  }
  return { settleSeconds, last, received };
}

/** Asks by the workload's own name until one of these models answers; seconds null: it does not. */
async function waitFor(
  names: readonly string[],
  route: LiveRoute,
  seconds: number,
  switching: Switching,
): Promise<{ readonly seconds: number | null; readonly last: string | null }> {
  const start = Date.now();
  const passed = () => (Date.now() - start) / 1000;
  let last: string | null = null;
  do {
    const limitSeconds = Math.max(1, Math.min(switching.limits.callSeconds, seconds - passed()));
    last = problemOf(await ask(route, { model: route.workload.name, limitSeconds }, switching), names);
    if (last === null) return { seconds: Math.round(passed() * 1000) / 1000, last };
    const pause = switching.limits.override.askEverySeconds * 1000;
    await after(pause, undefined, { signal: switching.signal }).catch(() => switching.signal.throwIfAborted());
  } while (passed() < seconds);
  return { seconds: null, last };
}

/** Also when the drill is ended, so no signal stops it. @throws UsageError that says what to do by hand */
async function cleared(
  route: LiveRoute,
  path: LivePath,
  untilMs: number,
  { override, stack }: Switching,
): Promise<void> {
  const { gateway, workload } = route;
  let problem = "it is still there";
  for (let attempt = 1; attempt <= clearAttempts; attempt++) {
    if (attempt > 1) await after(clearAgainMs);
    try {
      await override.clear(gateway, workload.name);
      if (!(await override.active(gateway, workload.name))) return;
    } catch (error) {
      problem = (error as Error).message;
    }
  }
  throw new UsageError(
    `${workload.name} stays pinned to ${path.location} in the gateway of ${gateway}: the override can't be cleared: ${problem}. The drill is ended, and no receipt was written.
Clear it by hand: ${commandFor("clear", stack)} --workload ${workload.name} --gateway ${gateway}
From ${new Date(untilMs).toISOString()} on it counts as expired, and this ends it, too: ${commandFor("sweep", stack)}`,
  );
}

export function commandFor(what: "list" | "clear" | "sweep", stack: string): string {
  return `npm run twocloud -- override --${what} --stack ${stack}`;
}
