import { hoursPerMonth, type Priced, sum } from "./cost.ts";
import { controlPlanePrices, machinePrices, natPrices, type Price, privateEndpointPrices } from "./prices.ts";
import type { Cloud, Location, Profile } from "./types.ts";

/** Shape of the CPU pool's machines: room for gateway, controllers and what the cloud puts on every node. */
export const systemShapes: Readonly<Record<Cloud, string>> = {
  azure: "Standard_D4ds_v5",
  aws: "m7i.xlarge",
  gcp: "e2-standard-4",
};

/**
 * What a location costs a month while nobody asks it anything: machines of the CPU pool, control plane, address
 * translation, private endpoint of the model service. Storage, addresses and traffic are not in it. Unknown as soon as
 * one price is.
 */
export function baseCost(location: Location, profile: Profile, hasCluster: boolean): Priced {
  const { cloud, region, zones } = location;
  const nodes = hasCluster ? profile.systemNodes.min : 0;
  const translations = profile.zoneRedundant && cloud === "aws" ? zones.length : 1;
  const freePlane = cloud === "azure" && !profile.zoneRedundant;
  const machines = machinePrices[cloud][region]?.[systemShapes[cloud]];
  return sum([
    ...(nodes === 0 ? [] : [monthly(machines, nodes)]),
    ...(hasCluster && !freePlane ? [monthly(controlPlanePrices[cloud], 1)] : []),
    monthly(natPrices[cloud], natPrices[cloud].per === "machine-hour" ? nodes : translations),
    monthly(privateEndpointPrices[cloud], privateEndpointPrices[cloud].per === "zone-hour" ? zones.length : 1),
  ]);
}

function monthly(price: Price | undefined, count: number): Priced {
  if (price === undefined) return { usd: null, date: null };
  return { usd: price.usd === null ? null : price.usd * count * hoursPerMonth, date: price.date };
}
