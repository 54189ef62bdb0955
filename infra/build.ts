import type { Network } from "../components/network/types.ts";
import type { Images } from "../components/plan/catalogue.ts";
import type { Plan } from "../components/plan/types.ts";
import { type BuiltCluster, buildClusters } from "./layers/clusters.ts";
import { buildAccesses } from "./layers/federation.ts";
import { buildEntries, buildGateways } from "./layers/gateways.ts";
import { buildLocations } from "./layers/locations.ts";
import { buildModelServices } from "./layers/models.ts";
import { buildNetworks } from "./layers/networks.ts";
import { buildPaths } from "./layers/paths.ts";

/** What the inventory tells of the resources. */
export interface Built {
  readonly networks: ReadonlyMap<string, Network>;
  readonly clusters: ReadonlyMap<string, BuiltCluster>;
}

/** Builds everything that the plan says, layer by layer; each layer gets what the ones before it made. */
export function build(plan: Plan, images: Images): Built {
  const places = buildLocations(plan);
  const networks = buildNetworks(plan, places);
  const clusters = buildClusters(plan, places, networks, Object.keys(images.images));
  const services = buildModelServices(plan, places, networks);
  const accesses = buildAccesses(plan, places, networks, clusters, services);
  const entries = buildEntries(plan, places, networks, clusters);
  const gateways = buildGateways(plan, places, { networks, clusters, entries, accesses, images });
  buildPaths(plan, places, { networks, clusters, services, accesses, gateways, images });
  return { networks, clusters };
}
