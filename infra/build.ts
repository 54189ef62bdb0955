import type { Images } from "../components/plan/catalogue.ts";
import type { Plan } from "../components/plan/types.ts";
import { buildClusters } from "./layers/clusters.ts";
import { buildAccesses } from "./layers/federation.ts";
import { buildEntries, buildGateways } from "./layers/gateways.ts";
import { buildLocations } from "./layers/locations.ts";
import { buildModelServices } from "./layers/models.ts";
import { type Neighbour, neighboursOf } from "./layers/neighbours.ts";
import { buildNetworks } from "./layers/networks.ts";
import { buildPaths } from "./layers/paths.ts";
import type { Room } from "./pace.ts";
import type { KeptLocation } from "./without.ts";

/**
 * Builds everything that the plan says, layer by layer; each layer gets what the ones before it made.
 * @param kept locations that are left as they are, with what the others have of them
 * @param room waited for before each of the things that grow with the workloads
 * @returns what each location shows to the others
 */
export async function build(
  plan: Plan,
  images: Images,
  kept: ReadonlyMap<string, KeptLocation>,
  room: Room,
): Promise<ReadonlyMap<string, Neighbour>> {
  const places = buildLocations(plan, kept);
  const networks = buildNetworks(plan, places);
  const clusters = buildClusters(plan, places, networks, Object.keys(images.images));
  const neighbours = neighboursOf(networks, clusters, kept);
  const services = buildModelServices(plan, places, networks, neighbours);
  const accesses = buildAccesses(plan, places, networks, neighbours, services);
  const entries = buildEntries(plan, places, networks, clusters);
  const gateways = await buildGateways(plan, places, { clusters, entries, accesses, neighbours, images }, room);
  await buildPaths(plan, places, { networks, clusters, services, accesses, gateways, images }, room);
  return neighbours;
}
