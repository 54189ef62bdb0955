import { kubernetesVersions } from "../../components/cluster/versions.ts";
import { planSubnets } from "../../components/plan/addresses.ts";
import { baseCost, systemShapes } from "../../components/plan/base.ts";
import { regionOf } from "../../components/plan/regions.ts";
import type { Gateway, Location, PlannedLocation, Profile } from "../../components/plan/types.ts";
import type { LocationEntry } from "../config/schema.ts";

/** Subscription, account or project: what the cloud calls the owner of the resources. */
export function accountOf(location: LocationEntry): string {
  switch (location.cloud) {
    case "azure":
      return location.subscription;
    case "aws":
      return location.account;
    case "gcp":
      return location.project;
  }
}

/** A location with the facts of its region. */
export function locationOf(name: string, entry: LocationEntry): Location {
  const region = regionOf(entry.cloud, entry.region);
  if (region === undefined) throw new Error(`${name}: the region ${entry.region} was not checked`);
  return {
    name,
    cloud: entry.cloud,
    account: accountOf(entry),
    ...(entry.cloud === "azure" ? { tenant: entry.tenant } : {}),
    ...(entry.cloud === "gcp" ? { projectNumber: entry.projectNumber } : {}),
    ...(entry.cloud === "gcp" && entry.accessPolicy !== undefined ? { accessPolicy: entry.accessPolicy } : {}),
    region: entry.region,
    zones: entry.zones,
    cidr: entry.cidr,
    geography: region.geography,
    metro: region.metro,
  };
}

/** What is built in a location. */
export function planLocation(location: Location, profile: Profile, gateway: Gateway | null): PlannedLocation {
  const base = baseCost(location, profile, gateway !== null);
  return {
    ...location,
    subnets: planSubnets(location.cidr, location.zones),
    kubernetesVersion: kubernetesVersions[location.cloud].version,
    systemShape: systemShapes[location.cloud],
    baseUsdPerMonth: base.usd,
    priceDate: base.date,
    gateway,
  };
}
