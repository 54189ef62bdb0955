import type { Dimension, Independence, Shared } from "./types.ts";

/**
 * Whether a fallback can be lost together with the primary. The same comparison serves the plan (nodes are names from
 * the stack files) and the policy (nodes are resources): only where the nodes come from differs.
 */

/** One thing that a path needs. */
export interface Dependency {
  readonly dimension: Dimension;
  /** What it is; two paths with the same node share it. An empty node means unknown, and unknown counts as shared. */
  readonly node: string;
}

/** All that one path needs. */
export interface PathDependencies {
  readonly path: string;
  readonly dependencies: readonly Dependency[];
}

/** `hard`: sharing it disqualifies the fallback. `soft`: it is reported. */
export const levels: Readonly<Record<Dimension, "hard" | "soft">> = {
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
  const shared = new Map<string, { dependency: Dependency; paths: string[] }>();
  const verdicts = fallbacks.map((fallback) => {
    const common = commonTo(primary, fallback);
    for (const dependency of common) {
      const key = `${dependency.dimension} ${dependency.node}`;
      const entry = shared.get(key) ?? { dependency, paths: [primary.path] };
      entry.paths.push(fallback.path);
      shared.set(key, entry);
    }
    const fatal = common.filter(({ dimension }) => levels[dimension] === "hard" && dimension !== "vendor");
    return {
      path: fallback.path,
      independent: fatal.length === 0,
      sameVendor: common.some(({ dimension }) => dimension === "vendor"),
    };
  });
  const otherVendor = verdicts.some((verdict) => !verdict.sameVendor);
  return {
    fallbacks: verdicts.map(({ path, independent }) => ({ path, independent })),
    holds: verdicts.some((verdict) => verdict.independent) && otherVendor,
    shared: [...shared.values()].map(({ dependency, paths }) => describe(dependency, paths, otherVendor)),
  };
}

function commonTo(left: PathDependencies, right: PathDependencies): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const dependency of left.dependencies) {
    const match = right.dependencies.find(
      (other) => other.dimension === dependency.dimension && same(other.node, dependency.node),
    );
    if (match !== undefined) found.set(`${dependency.dimension} ${dependency.node}`, dependency);
  }
  for (const dependency of right.dependencies) {
    if (dependency.node === "") found.set(`${dependency.dimension} `, dependency);
  }
  return [...found.values()];
}

const same = (left: string, right: string): boolean => left === "" || right === "" || left === right;

function describe(dependency: Dependency, paths: readonly string[], otherVendor: boolean): Shared {
  const { dimension, node } = dependency;
  const level = dimension === "vendor" && otherVendor ? "soft" : levels[dimension];
  return { dimension, level, node: node === "" ? "unknown" : node, paths, fix: fixes[dimension] };
}

/** Days between two retirements within which they count as one clock. */
export const retirementWindowDays = 30;

const day = 24 * 60 * 60 * 1000;

/** Whole days from one date to another, YYYY-MM-DD. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / day);
}
