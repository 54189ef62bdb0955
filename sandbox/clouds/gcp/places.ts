/** Regions, and where things can be. */
import type { Problem } from "../../cloud.ts";
import { nearest } from "../../schema/suggest.ts";
import { isUnknown, knownString } from "../../values.ts";
import { wrong } from "./answers.ts";

export const REGIONS_PAGE = "https://cloud.google.com/compute/docs/regions-zones";

/** https://cloud.google.com/compute/docs/regions-zones */
export const regions: readonly string[] = [
  ...["africa-south1", "asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"],
  ...["asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2", "asia-southeast3"],
  ...["australia-southeast1", "australia-southeast2"],
  ...["europe-central2", "europe-north1", "europe-north2", "europe-southwest1", "europe-west1", "europe-west2"],
  ...["europe-west3", "europe-west4", "europe-west6", "europe-west8", "europe-west9", "europe-west10", "europe-west12"],
  ...["me-central1", "me-central2", "me-west1"],
  ...["northamerica-northeast1", "northamerica-northeast2", "northamerica-south1"],
  ...["southamerica-east1", "southamerica-west1"],
  ...["us-central1", "us-east1", "us-east4", "us-east5", "us-south1", "us-west1", "us-west2", "us-west3", "us-west4"],
];

/** Where a type can be besides regions, and the page that says so. */
export interface Offer {
  /** Locations that are no regions: `eu`, `global`; compared in lower case. */
  readonly also: readonly string[];
  /** True if a zone will do as well. */
  readonly zones?: true;
  readonly source: string;
}

export const regionsOnly: Offer = { also: [], source: REGIONS_PAGE };

/** What is wrong with the place, which the provider's own region stands for where the input is absent. */
export function placeProblems(property: string, given: unknown, fallback: string, offer: Offer): Problem[] {
  const { also, zones, source } = offer;
  if (isUnknown(given)) return [];
  const place = (knownString(given) ?? fallback).toLowerCase();
  if (place === "") {
    const fix = `Give ${property}, or give the provider a region`;
    return [wrong(property, "required", `no ${property}, and the provider has no region`, { kind: "required", fix })];
  }
  const region = zones === true ? place.replace(/-[a-z]$/, "") : place;
  if (regions.includes(region) || also.includes(place)) return [];
  const near = nearest(place, [...regions, ...also]);
  const fix =
    near === undefined ? `Write a region${also.length > 0 ? `, or ${also.join(" or ")}` : ""}` : `Write ${near}`;
  return [wrong(property, "invalid", `'${place}' is no place that Google has`, { kind: "placement", fix, source })];
}
