import { maxZones } from "../../../components/plan/addresses.ts";
import { regionNames, regionOf } from "../../../components/plan/regions.ts";
import { type Problem, suggest } from "../../../components/plan/problem.ts";
import { minZones } from "../../../components/plan/support.ts";
import type { ResolvedWorkload, StackInput } from "../resolve.ts";
import type { LocationEntry, Overlay } from "../schema.ts";
import { inEnvironment } from "./where.ts";

/** The environment's own file: regions and zones exist, names point at something. */
export function checkEnvironment(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const { overlay } = input;
  if (overlay === undefined) return [];
  return [
    ...Object.entries(overlay.locations).flatMap(([name, location]) => checkLocation(input, name, location)),
    ...checkZones(input, overlay, workloads),
    ...checkPerimeters(input, overlay, workloads),
    ...checkOverrides(input, overlay),
  ];
}

function checkLocation(input: StackInput, name: string, location: LocationEntry): Problem[] {
  const region = regionOf(location.cloud, location.region);
  if (region === undefined) {
    const known = regionNames(location.cloud);
    const at = { ...inEnvironment(input, "locations", name, "region"), value: location.region };
    return [{ ...at, message: `this region of ${location.cloud} is not known`, allowed: known.join(", "), fix: suggest(location.region, known, "use one of these") }];
  }
  const at = inEnvironment(input, "locations", name, "zones");
  const problems: Problem[] = location.zones.flatMap((zone, index) => {
    if (region.zones.includes(zone)) return [];
    const fix = "use these names";
    return [{ file: at.file, path: [...at.path, index], value: zone, message: `${location.region} has no such zone`, allowed: region.zones.join(", "), fix }];
  });
  const [least, most] = [minZones[location.cloud], maxZones];
  const distinct = new Set(location.zones).size;
  if (distinct !== location.zones.length) {
    problems.push({ ...at, value: location.zones, message: "a zone is named twice", allowed: "each zone once", fix: "remove the second" });
  } else if (distinct < least || distinct > most) {
    const fix = distinct < least ? "add a zone" : "remove a zone";
    problems.push({ ...at, value: location.zones, message: `${location.cloud} takes ${least} to ${most} zones here`, allowed: `${least} to ${most} of ${region.zones.join(", ")}`, fix });
  }
  return problems;
}

/** Every location with a gateway needs a zone for its name; every zone a location. */
function checkZones(input: StackInput, overlay: Overlay, workloads: readonly ResolvedWorkload[]): Problem[] {
  const known = Object.keys(overlay.locations);
  const strays = overlay.entry.zones.flatMap((zone, index) => {
    if (known.includes(zone.location)) return [];
    const at = { ...inEnvironment(input, "entry", "zones", index, "location"), value: zone.location };
    return [{ ...at, message: "this location is not known here", allowed: known.join(", "), fix: suggest(zone.location, known, "use one of these") }];
  });
  const homeless = gatewayLocations(workloads).filter((name) => name in overlay.locations && !overlay.entry.zones.some((zone) => zone.location === name));
  const missing = homeless.map((name) => ({
    ...inEnvironment(input, "entry", "zones"),
    message: `the gateway in ${name} has no DNS zone in its own cloud`,
    allowed: "one zone for each location that serves a critical workload",
    fix: `add { name: <a name that you own>, location: ${name} }`,
  }));
  return [...strays, ...missing];
}

/** Locations that get a gateway: those that serve a critical workload, and the primary's of a workload with none of these. */
export function gatewayLocations(workloads: readonly ResolvedWorkload[]): string[] {
  const locationsOf = (workload: ResolvedWorkload) => workload.paths.map((path) => path.entry.location);
  const found = new Set(workloads.filter((workload) => workload.entry.tier === "critical").flatMap(locationsOf));
  for (const workload of workloads) {
    if (locationsOf(workload).some((location) => found.has(location))) continue;
    const primary = workload.paths.find((path) => path.entry.role === "primary");
    if (primary !== undefined) found.add(primary.entry.location);
  }
  return [...found];
}

/** Vertex is open to the internet unless a service perimeter closes it; only then may other clouds' gateways be let in. */
function checkPerimeters(input: StackInput, overlay: Overlay, workloads: readonly ResolvedWorkload[]): Problem[] {
  const gateways = gatewayLocations(workloads);
  return Object.entries(overlay.locations).flatMap(([name, location]) => {
    if (location.cloud !== "gcp" || location.accessPolicy !== undefined) return [];
    const serving = workloads.find(
      (workload) =>
        workload.paths.some((path) => path.entry.location === name && path.entry.serving === "managed") &&
        workload.paths.some((path) => path.entry.location !== name && gateways.includes(path.entry.location)),
    );
    if (serving === undefined) return [];
    return [
      {
        ...inEnvironment(input, "locations", name, "accessPolicy"),
        message: `${serving.name} is called here from another cloud, and without an access policy nothing restricts who may connect`,
        allowed: "the number of the organisation's access policy, in quotes",
        fix: "look it up with: gcloud access-context-manager policies list --organization <number>",
      },
    ];
  });
}

function checkOverrides(input: StackInput, overlay: Overlay): Problem[] {
  const known = Object.keys(input.workloads);
  return Object.entries(overlay.overrides).flatMap(([name, override]): Problem[] => {
    const workload = input.workloads[name];
    const at = { ...inEnvironment(input, "overrides", name), value: name };
    if (workload === undefined) {
      return [{ ...at, message: "there is no such workload to override", allowed: known.join(", "), fix: suggest(name, known, "remove it") }];
    }
    const locations = workload.paths.map((path) => path.location);
    return Object.keys(override.paths ?? {})
      .filter((location) => !locations.includes(location))
      .map((location) => ({
        ...inEnvironment(input, "overrides", name, "paths", location),
        value: location,
        message: `${name} has no path in this location`,
        allowed: locations.join(", "),
        fix: suggest(location, locations, "remove it"),
      }));
  });
}
