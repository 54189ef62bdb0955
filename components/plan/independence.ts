import type { Dimension, Independence, Shared } from "./types.ts";

/**
 * Whether a fallback can be lost together with the primary. The same comparison serves the plan (nodes are names from
 * the stack files) and the policy (nodes are resources): only where the nodes come from differs.
 */

/** One thing that a path needs. */
export interface Dependency {
  readonly dimension: Dimension;
  /**
   * What it is; two paths with the same node share it. An empty node means unknown, and unknown counts as shared.
   */
  readonly node: string;
  /** Where it weighs more, or less, than its dimension usually does. @default levels[dimension] */
  readonly level?: Level;
}

/** All that one path needs. */
export interface PathDependencies {
  readonly path: string;
  readonly dependencies: readonly Dependency[];
}

/** `hard`: sharing it disqualifies the fallback. `soft`: it is reported. */
export type Level = "hard" | "soft";

export const levels: Readonly<Record<Dimension, Level>> = {
  cloud: "hard",
  account: "hard",
  region: "hard",
  metro: "soft",
  vendor: "hard",
  retirement: "soft",
  "identity-issuer": "hard",
  keys: "hard",
  registry: "hard",
  weights: "hard",
  entry: "hard",
  gateway: "hard",
  network: "soft",
  capacity: "hard",
  telemetry: "soft",
  "state-backend": "soft",
};

/** What to do about a shared thing. */
export const fixes: Readonly<Record<Dimension, string>> = {
  cloud: "put the fallback into another cloud",
  account: "put the fallback into another account",
  region: "put the fallback into another region",
  metro: "choose a region in another conurbation",
  vendor: "serve at least one path with a model of another vendor or with open weights",
  retirement: "choose a fallback model that retires at another time",
  "identity-issuer": "let the fallback's own cluster issue the tokens that its cloud trusts",
  keys: "encrypt with a key of the fallback's own cloud",
  registry: "pull images from a registry of the fallback's own cloud",
  weights: "keep the weights in a bucket of the fallback's own cloud",
  entry: "give the fallback's gateway a name in another DNS provider's zone",
  gateway: "run a gateway in the fallback's own location",
  network: "use separate networks and ways out",
  capacity: "raise replicas, quota or the declared share",
  telemetry: "send logs to a store of the same cloud",
  "state-backend": "accepted: it blocks changes, not requests",
};

/** Compares the fallbacks with the primary. Vendor is judged over all paths: one other vendor is enough. */
export function judge(primary: PathDependencies, fallbacks: readonly PathDependencies[]): Independence {
  const compared = fallbacks.map((fallback) => ({ path: fallback.path, common: commonTo(primary, fallback) }));
  const otherVendor = compared.some(({ common }) => !common.some(({ dimension }) => dimension === "vendor"));
  const verdicts = compared.map(({ path, common }) => {
    const independent = !common.some(
      (dependency) => dependency.dimension !== "vendor" && levelOf(dependency) === "hard",
    );
    return { path, independent };
  });
  return {
    fallbacks: verdicts,
    holds: otherVendor && verdicts.some((verdict) => verdict.independent),
    shared: together(compared).map(({ dependency, paths }) =>
      describe(dependency, [primary.path, ...paths], otherVendor),
    ),
  };
}

/** What two paths have in common, each thing once. What is unknown on either side counts. */
function commonTo(left: PathDependencies, right: PathDependencies): Dependency[] {
  const meets = (one: Dependency, { dependencies }: PathDependencies) =>
    one.node === "" || dependencies.some((other) => keyOf(other) === keyOf(one));
  const common = [
    ...left.dependencies.filter((dependency) => meets(dependency, right)),
    ...right.dependencies.filter((dependency) => meets(dependency, left)),
  ];
  return [...merged(common).values()];
}

/** By key, at the highest level that is said of each. */
function merged(dependencies: readonly Dependency[]): Map<string, Dependency> {
  const found = new Map<string, Dependency>();
  for (const dependency of dependencies) {
    const before = found.get(keyOf(dependency));
    if (before === undefined || levelOf(dependency) === "hard") found.set(keyOf(dependency), dependency);
  }
  return found;
}

const levelOf = ({ dimension, level }: Dependency): Level => level ?? levels[dimension];

const keyOf = ({ dimension, node }: Dependency): string => `${dimension} ${node}`;

/** Each shared thing once, with all the fallbacks that share it. */
function together(compared: readonly { path: string; common: readonly Dependency[] }[]) {
  const things = merged(compared.flatMap(({ common }) => common));
  return [...things].map(([key, dependency]) => ({
    dependency,
    paths: compared.filter(({ common }) => common.some((each) => keyOf(each) === key)).map(({ path }) => path),
  }));
}

function describe(dependency: Dependency, paths: readonly string[], otherVendor: boolean): Shared {
  const { dimension, node } = dependency;
  const level = dimension === "vendor" && otherVendor ? "soft" : levelOf(dependency);
  return { dimension, level, node: node === "" ? "unknown" : node, paths, fix: fixes[dimension] };
}

/** Days between two retirements within which they count as one clock. */
export const retirementWindowDays = 30;

const day = 24 * 60 * 60 * 1000;

/** Whole days from one date to another, YYYY-MM-DD. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / day);
}
