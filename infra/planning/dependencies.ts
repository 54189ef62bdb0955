import { daysBetween, judge, type PathDependencies, retirementWindowDays } from "../../components/plan/independence.ts";
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
      ...(carries(path.capacity) === false ? [{ dimension: "capacity" as const, node: "" }] : []),
      { dimension: "telemetry", node: `logs of ${location.name}` },
      { dimension: "state-backend", node: "state of this stack" },
    ],
  };
}

/** Two models that retire within a month of each other share a clock: the primary's date is its name. */
function retirementClock(path: Path, primary: Path, asOf: string) {
  if (path.retires === null || primary.retires === null) return [];
  const near = Math.abs(daysBetween(primary.retires, path.retires)) <= retirementWindowDays;
  if (!near && daysBetween(asOf, path.retires) > retirementWindowDays) return [];
  return [{ dimension: "retirement" as const, node: near ? `around ${primary.retires}` : path.retires }];
}
