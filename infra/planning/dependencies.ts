import {
  type Dependency,
  daysBetween,
  judge,
  type PathDependencies,
  retirementWindowDays,
} from "../../components/plan/independence.ts";
import { carries } from "../../components/plan/sizing.ts";
import type { Gateway, Independence, Location, Path } from "../../components/plan/types.ts";

/** Whether the workload's fallbacks stand when its primary falls, as far as the stack files tell. */
export function independenceOf(
  paths: readonly Path[],
  locations: readonly Location[],
  gateways: readonly Gateway[],
  asOf: string,
): Independence {
  const primary = paths.find((path) => path.role === "primary");
  if (primary === undefined) return { fallbacks: [], holds: false, shared: [] };
  const fallbacks = paths.filter((path) => path.role === "fallback");
  const needs = (path: Path) => dependenciesOf(path, primary, locations, gateways, asOf);
  return judge(needs(primary), fallbacks.map(needs));
}

/**
 * What a path needs, by dimension. Things that a location has one of are named after the location, since each location
 * brings its own cluster, keys, registry, network and logs.
 */
function dependenciesOf(
  path: Path,
  primary: Path,
  locations: readonly Location[],
  gateways: readonly Gateway[],
  asOf: string,
): PathDependencies {
  const location = locations.find((candidate) => candidate.name === path.location);
  if (location === undefined) throw new Error(`${path.id}: no location`);
  const ways = gateways.filter((gateway) =>
    gateway.routes.some((route) => route.edges.some((edge) => edge.path === path.id)),
  );
  // A path that several gateways serve needs none of them in particular.
  const onlyWay = ways.length === 1 ? ways : [];
  return {
    path: path.id,
    dependencies: [
      { dimension: "cloud", node: location.cloud },
      { dimension: "account", node: `${location.cloud} ${location.account}` },
      { dimension: "region", node: `${location.cloud} ${location.region}` },
      { dimension: "metro", node: location.metro },
      ...(path.openWeights ? [] : [{ dimension: "vendor" as const, node: path.vendor }]),
      ...retirementClock(path, primary, asOf),
      { dimension: "identity-issuer", node: `cluster of ${location.name}` },
      { dimension: "keys", node: `keys of ${location.name}` },
      { dimension: "registry", node: `registry of ${location.name}` },
      {
        dimension: "weights",
        node: path.selfHosted ? `weights in ${location.name}` : `${path.model} at ${location.cloud}`,
      },
      ...onlyWay.flatMap((gateway) => [
        { dimension: "gateway" as const, node: `gateway of ${gateway.location}` },
        { dimension: "entry" as const, node: `zone ${gateway.zone}` },
      ]),
      { dimension: "network", node: `network of ${location.name}` },
      ...peak(path, primary),
      { dimension: "telemetry", node: `logs of ${location.name}` },
      { dimension: "state-backend", node: "state of this stack" },
    ],
  };
}

/** The primary's peak brings down a fallback that does not carry its share: they are lost together. */
function peak(path: Path, primary: Path): Dependency[] {
  if (path !== primary && carries(path.capacity) !== false) return [];
  return [{ dimension: "capacity", node: `peak of ${primary.workload}` }];
}

/**
 * Two models that retire within a month of each other share a clock, whose name is the primary's date; once that is less
 * than a month away, there is no time left to replace both. Weights of one's own do not retire. A date that nobody states
 * is unknown.
 */
function retirementClock(path: Path, primary: Path, asOf: string): Dependency[] {
  if (path.managed === null || primary.managed === null) return [];
  if (path === primary)
    return primary.retires === null ? [] : [{ dimension: "retirement", node: clockOf(primary.retires) }];
  if (path.retires === null || primary.retires === null) return [{ dimension: "retirement", node: "" }];
  if (Math.abs(daysBetween(primary.retires, path.retires)) > retirementWindowDays) return [];
  const level = daysBetween(asOf, primary.retires) <= retirementWindowDays ? "hard" : "soft";
  return [{ dimension: "retirement", node: clockOf(primary.retires), level }];
}

const clockOf = (date: string): string => `around ${date}`;
