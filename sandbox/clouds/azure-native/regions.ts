/** Azure's public regions. Source, unless it says otherwise: https://learn.microsoft.com/azure/reliability/regions-list */
import type { Problem } from "../../cloud.ts";
import { asList, knownString } from "../../values.ts";

export const REGIONS = "https://learn.microsoft.com/azure/reliability/regions-list";

const withZones = [
  ...["australiaeast", "austriaeast", "brazilsouth", "canadacentral", "centralindia", "centralus", "chilecentral"],
  ...["eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral", "indonesiacentral", "israelcentral"],
  ...["italynorth", "japaneast", "japanwest", "koreacentral", "malaysiawest", "mexicocentral", "newzealandnorth"],
  ...["northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth", "southcentralus"],
  ...["southeastasia", "spaincentral", "swedencentral", "switzerlandnorth", "uaenorth", "uksouth", "westeurope"],
  ...["westus2", "westus3"],
];

const withoutZones = [
  ...["australiacentral", "australiacentral2", "australiasoutheast", "brazilsoutheast", "canadaeast", "francesouth"],
  ...["germanynorth", "jioindiacentral", "jioindiawest", "koreasouth", "northcentralus", "norwaywest"],
  ...["southafricawest", "southindia", "swedensouth", "switzerlandwest", "uaecentral", "ukwest", "westcentralus"],
  ...["westindia", "westus"],
];

const known: ReadonlySet<string> = new Set([...withZones, ...withoutZones]);

/** Every region with zones has three of them. */
const ZONES = ["1", "2", "3"];

/** `West Europe` is `westeurope`. */
export function regionName(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

/** A location that is no region. */
export function regionProblems(location: unknown, arm: string): Problem[] {
  const text = knownString(location);
  if (text === undefined || known.has(regionName(text))) return [];
  const reason = `LocationNotAvailableForResourceType: The provided location '${text}' is not available for resource type '${arm}'`;
  const fix = "Write a region as Azure names it, as swedencentral";
  return [{ property: "location", kind: "placement", reason, fix, source: REGIONS }];
}

/** Zones that the region does not have. */
export function zoneProblems(zones: unknown, location: unknown, property: string, code: string): Problem[] {
  const region = knownString(location);
  if (region === undefined || !known.has(regionName(region))) return [];
  const offered = withZones.includes(regionName(region)) ? ZONES : [];
  const missing = asList(zones).filter((zone) => knownString(zone) !== undefined && !offered.includes(String(zone)));
  if (missing.length === 0) return [];
  const reason = `${code}: The zone(s) '${missing.join(", ")}' are not supported in ${region}, which has ${offered.join(", ") || "none"}`;
  const fix =
    offered.length === 0 ? "Leave the zones out, or choose a region that has them" : "Choose among these zones";
  return [{ property, kind: "placement", reason, fix, source: REGIONS }];
}
