import { profiles } from "../../components/plan/profiles.ts";
import { accessOf, gatewayHost, type Router, routeOf } from "../../components/plan/routing.ts";
import type { Gateway, Path, Plan, Profile, Workload } from "../../components/plan/types.ts";
import { gatewayLocations } from "../config/checks/environment.ts";
import type { Config } from "../config/read.ts";
import { type ResolvedWorkload, resolve } from "../config/resolve.ts";
import { independenceOf } from "./dependencies.ts";
import { locationOf, planLocation } from "./locations.ts";
import { planPath } from "./paths.ts";

/** Computes the whole plan from checked configuration. No engine, no clock, no network: the same input, the same plan. */
export function planStack(config: Config): Plan {
  const { overlay } = config;
  const profile = profiles[overlay.environment];
  const resolved = resolve(config);
  const used = new Set(resolved.flatMap((workload) => workload.paths.map((path) => path.entry.location)));
  const locations = Object.entries(overlay.locations)
    .filter(([name]) => used.has(name))
    .map(([name, entry]) => locationOf(name, entry));
  const zones = new Map(overlay.entry.zones.map((zone) => [zone.location, zone.name]));
  const routers: Router[] = gatewayLocations(resolved).map((location) => ({
    location,
    host: gatewayHost(zones.get(location) ?? ""),
  }));
  const hostOf = (location: string) => routers.find((router) => router.location === location)?.host;
  const paths = resolved.map((workload) =>
    workload.paths.map((path) => planPath(workload, path, { environment: overlay.environment, gatewayHost: hostOf })),
  );
  const gateways = routers.map((router) =>
    planGateway(router, zones.get(router.location) ?? "", resolved, paths, routers, profile),
  );
  return {
    environment: overlay.environment,
    asOf: config.asOf,
    profile,
    tags: { environment: overlay.environment, ...overlay.tags },
    contact: overlay.entry.contact,
    runnerCidrs: overlay.access.runnerCidrs,
    clientCidrs: overlay.access.clientCidrs,
    clientIssuers: overlay.access.clientIssuers,
    locations: locations.map((location) =>
      planLocation(location, profile, gateways.find((gateway) => gateway.location === location.name) ?? null),
    ),
    workloads: resolved.map((workload, index) => {
      const own = paths[index] ?? [];
      const independence = independenceOf(own, locations, gateways, config.asOf);
      return planWorkload(workload, own, independence, config.slos[workload.entry.type] ?? null);
    }),
    access: accessOf(
      gateways.flatMap((gateway) => gateway.routes),
      paths.flat(),
    ),
  };
}

function planGateway(
  router: Router,
  zone: string,
  workloads: readonly ResolvedWorkload[],
  paths: readonly (readonly Path[])[],
  routers: readonly Router[],
  profile: Profile,
): Gateway {
  const routes = workloads.flatMap(
    (workload, index) => routeOf(workload.name, paths[index] ?? [], router, routers) ?? [],
  );
  return { ...router, zone, replicas: profile.gatewayReplicas, routes };
}

function planWorkload(
  { name, entry }: ResolvedWorkload,
  paths: readonly Path[],
  independence: Workload["independence"],
  slo: Workload["slo"],
): Workload {
  const { type, tier, domain, residency, requires, traffic, human, decision, recovery } = entry;
  return {
    name,
    type,
    tier,
    domain,
    residency,
    requires,
    traffic,
    ...human,
    decision,
    slo,
    drillEveryDays: recovery.drillEveryDays,
    paths,
    independence,
  };
}
