/** Moves a part of what workloads have to be into the environment's overrides, with something else in its place. */
import type { Dice } from "./arbitrary-dice.ts";
import type { Path, Workload } from "./arbitrary-workloads.ts";

type Entry = Record<string, unknown>;

export interface Split {
  /** As it stands in workloads.yaml. */
  readonly written: Entry;
  /** As it stands in the environment's file; undefined: nothing is overridden. */
  readonly override: Entry | undefined;
}

/** Other values of the right form: what is overridden must not matter. */
const others: Readonly<Record<string, readonly unknown[]>> = {
  peakRequestsPerSecond: [0.01, 5000],
  inputTokens: [3, 100_000],
  outputTokens: [3, 100_000],
  fallbackShare: [0, 1],
  timeObjectiveSeconds: [1, 100_000],
  drillEveryDays: [1, 1000],
  min: [0, 400],
  max: [1, 400],
  standby: ["hot", "warm", "cold"],
  tokensPerMinute: [1, 1_000_000_000],
};

export function split(dice: Dice, workload: Workload): Split {
  if (dice.chance(40)) return { written: workload, override: undefined };
  const traffic = moved(dice, { ...workload.traffic }, 50);
  const recovery = moved(dice, { ...workload.recovery }, 50);
  const paths = workload.paths.map((path) => splitPath(dice, path));
  const changed = Object.fromEntries(
    paths.flatMap(({ location, override }) => (override ? [[location, override]] : [])),
  );
  const override = {
    ...(traffic.override && { traffic: traffic.override }),
    ...(recovery.override && { recovery: recovery.override }),
    ...(Object.keys(changed).length > 0 && { paths: changed }),
  };
  return {
    written: {
      ...workload,
      traffic: traffic.written,
      recovery: recovery.written,
      paths: paths.map(({ written }) => written),
    },
    override: Object.keys(override).length > 0 || dice.chance(20) ? override : undefined,
  };
}

function splitPath(dice: Dice, path: Path): Split & { readonly location: string } {
  const { replicas, standby, tokensPerMinute, ...rest } = path;
  const own = moved(dice, { standby, tokensPerMinute }, 40, true);
  const counts = splitReplicas(dice, replicas);
  const override = { ...own.override, ...(counts.override && { replicas: counts.override }) };
  return {
    location: path.location,
    written: { ...rest, ...own.written, ...(counts.written && { replicas: counts.written }) },
    override: Object.keys(override).length > 0 ? override : undefined,
  };
}

function splitReplicas(dice: Dice, replicas: Path["replicas"]): { written?: Entry; override?: Entry | undefined } {
  if (replicas === undefined) return {};
  // An override that says both needs nothing beneath it.
  if (dice.chance(10)) return { override: { ...replicas } };
  return moved(dice, { ...replicas }, 40);
}

/** @param droppable whether what is overridden can be left out of the file itself */
function moved(
  dice: Dice,
  values: Entry,
  percent: number,
  droppable = false,
): { written: Entry; override: Entry | undefined } {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  const chosen = new Set(present.filter(() => dice.chance(percent)).map(([key]) => key));
  const written = present.flatMap(([key, value]): [string, unknown][] => {
    if (!chosen.has(key)) return [[key, value]];
    return droppable && dice.chance(50) ? [] : [[key, dice.pick(others[key] ?? [value])]];
  });
  const override = present.filter(([key]) => chosen.has(key));
  return {
    written: Object.fromEntries(written),
    override: override.length > 0 ? Object.fromEntries(override) : undefined,
  };
}
