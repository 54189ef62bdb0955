import { entryOf } from "./lookup.ts";
import type { Cloud } from "./types.ts";

/**
 * The regions of the three clouds: geography for residency, metro for independence, zones for spreading. A region that
 * is not here is not known to the program; it is added with its source.
 */

/** Legal areas. `eu` is the European Union; neighbours of it count by themselves. */
export const geographies = ["eu", "us", "uk", "ch", "no", "ca"] as const;
export type Geography = (typeof geographies)[number];

export interface Region {
  /** Legal area that requests stay in. */
  readonly geography: Geography;
  /**
   * What two regions could lose together. Where a vendor names no more than a state or country, that name stands: the
   * coarser it is, the more counts as shared.
   */
  readonly metro: string;
  /** As the cloud names them: Azure 1 to 3, AWS and GCP the letter after the region. */
  readonly zones: readonly string[];
}

/** Where the tables below come from. */
export const regionSources: Readonly<Record<Cloud, { readonly source: string; readonly date: string | null }>> = {
  azure: {
    source: "MicrosoftDocs/azure-docs articles/reliability/regions-list.md (zone support, physical location)",
    date: "2025-03-21",
  },
  aws: {
    source:
      "zones: skypilot-org/skypilot-catalog v8/aws/vms.csv at 00148f2a (undated; zone ids, whose letters differ between " +
      "accounts); places: the names under which AWS lists its regions",
    date: null,
  },
  gcp: {
    source:
      "zones: skypilot-org/skypilot-catalog v8/gcp/vms.csv at 006059e0 (undated); places: " +
      "Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml at dac31281 (2026-08-20)",
    date: null,
  },
};

const three = ["1", "2", "3"] as const;
const abc = ["a", "b", "c"] as const;

const azure = {
  swedencentral: { geography: "eu", metro: "gavle", zones: three },
  northeurope: { geography: "eu", metro: "dublin", zones: three },
  westeurope: { geography: "eu", metro: "amsterdam", zones: three },
  francecentral: { geography: "eu", metro: "paris", zones: three },
  germanywestcentral: { geography: "eu", metro: "frankfurt", zones: three },
  italynorth: { geography: "eu", metro: "milan", zones: three },
  polandcentral: { geography: "eu", metro: "warsaw", zones: three },
  spaincentral: { geography: "eu", metro: "madrid", zones: three },
  norwayeast: { geography: "no", metro: "oslo", zones: three },
  switzerlandnorth: { geography: "ch", metro: "zurich", zones: three },
  uksouth: { geography: "uk", metro: "london", zones: three },
  eastus: { geography: "us", metro: "virginia", zones: three },
  eastus2: { geography: "us", metro: "virginia", zones: three },
  centralus: { geography: "us", metro: "iowa", zones: three },
  southcentralus: { geography: "us", metro: "texas", zones: three },
  westus2: { geography: "us", metro: "washington-state", zones: three },
  westus3: { geography: "us", metro: "phoenix", zones: three },
  canadacentral: { geography: "ca", metro: "toronto", zones: three },
} as const;

const aws = {
  "eu-west-1": { geography: "eu", metro: "dublin", zones: abc },
  "eu-central-1": { geography: "eu", metro: "frankfurt", zones: abc },
  "eu-north-1": { geography: "eu", metro: "stockholm", zones: abc },
  "eu-west-3": { geography: "eu", metro: "paris", zones: abc },
  "eu-south-1": { geography: "eu", metro: "milan", zones: abc },
  "eu-south-2": { geography: "eu", metro: "zaragoza", zones: abc },
  "eu-central-2": { geography: "ch", metro: "zurich", zones: abc },
  "eu-west-2": { geography: "uk", metro: "london", zones: abc },
  "us-east-1": { geography: "us", metro: "virginia", zones: ["a", "b", "c", "d", "e", "f"] },
  "us-east-2": { geography: "us", metro: "ohio", zones: abc },
  "us-west-1": { geography: "us", metro: "california", zones: abc }, // an account sees two of the three
  "us-west-2": { geography: "us", metro: "oregon", zones: ["a", "b", "c", "d"] },
  "ca-central-1": { geography: "ca", metro: "montreal", zones: ["a", "b", "d"] },
} as const;

const gcp = {
  "europe-west4": { geography: "eu", metro: "eemshaven", zones: abc },
  "europe-west1": { geography: "eu", metro: "saint-ghislain", zones: ["b", "c", "d"] },
  "europe-west3": { geography: "eu", metro: "frankfurt", zones: abc },
  "europe-west8": { geography: "eu", metro: "milan", zones: abc },
  "europe-west9": { geography: "eu", metro: "paris", zones: abc },
  "europe-west10": { geography: "eu", metro: "berlin", zones: abc },
  "europe-west12": { geography: "eu", metro: "turin", zones: abc },
  "europe-north1": { geography: "eu", metro: "hamina", zones: abc },
  "europe-north2": { geography: "eu", metro: "stockholm", zones: abc },
  "europe-central2": { geography: "eu", metro: "warsaw", zones: abc },
  "europe-southwest1": { geography: "eu", metro: "madrid", zones: abc },
  "europe-west6": { geography: "ch", metro: "zurich", zones: abc },
  "europe-west2": { geography: "uk", metro: "london", zones: abc },
  "us-central1": { geography: "us", metro: "iowa", zones: ["a", "b", "c", "f"] },
  "us-east1": { geography: "us", metro: "south-carolina", zones: ["b", "c", "d"] },
  "us-east4": { geography: "us", metro: "virginia", zones: abc },
  "us-east5": { geography: "us", metro: "ohio", zones: abc },
  "us-west1": { geography: "us", metro: "oregon", zones: abc },
  "us-west4": { geography: "us", metro: "las-vegas", zones: abc },
  "northamerica-northeast1": { geography: "ca", metro: "montreal", zones: abc },
} as const;

export const regions: Readonly<Record<Cloud, Readonly<Record<string, Region>>>> = { azure, aws, gcp };

/** The facts of a region; undefined when the table does not have it. */
export function regionOf(cloud: Cloud, region: string): Region | undefined {
  return entryOf(regions[cloud], region);
}

export function regionNames(cloud: Cloud): string[] {
  return Object.keys(regions[cloud]);
}
