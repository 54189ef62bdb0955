import { maxZones } from "../../../components/plan/addresses.ts";
import { entryOf } from "../../../components/plan/lookup.ts";
import { type Problem, suggest } from "../../../components/plan/problem.ts";
import { regionNames, regionOf } from "../../../components/plan/regions.ts";
import { minZones } from "../../../components/plan/support.ts";
import { clouds } from "../../../components/plan/words.ts";
import type { ResolvedWorkload, StackInput } from "../resolve.ts";
import { environments, type LocationEntry, prefix } from "../schema.ts";
import { inEnvironment } from "./where.ts";

/** The environment's own file: regions and zones exist, names point at something. */
export function checkEnvironment(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return [
    ...checkName(input),
    ...Object.entries(input.overlay.locations).flatMap(([name, location]) => checkLocation(input, name, location)),
    ...checkZones(input, workloads),
    ...checkTwice(input),
    ...checkProjects(input),
    ...checkPerimeters(input, workloads),
    ...checkOverrides(input),
  ];
}

/** A file copied from another environment must not bring that one's size and protection along. */
function checkName(input: StackInput): Problem[] {
  const { environment } = input.overlay;
  const named = environments.find((name) => input.files.environment.endsWith(`/Pulumi.${name}.yaml`));
  if (named === undefined || named === environment) return [];
  const at = { ...inEnvironment(input, "environment"), value: environment };
  return [
    { ...at, message: `this file is that of ${named}`, allowed: named, fix: `write ${named}, or rename the file` },
  ];
}

function checkLocation(input: StackInput, name: string, location: LocationEntry): Problem[] {
  const region = regionOf(location.cloud, location.region);
  if (region === undefined) return [unknownRegion(input, name, location)];
  const at = inEnvironment(input, "locations", name, "zones");
  const problems: Problem[] = location.zones.flatMap((zone, index) => {
    if (region.zones.includes(zone)) return [];
    const fix = "use the names in the list";
    const message = `${location.region} has no such zone`;
    return [{ file: at.file, path: [...at.path, index], value: zone, message, allowed: region.zones.join(", "), fix }];
  });
  if (problems.length > 0) return problems;
  const [least, most] = [minZones[location.cloud], Math.min(maxZones, region.zones.length)];
  const distinct = new Set(location.zones).size;
  if (distinct !== location.zones.length) {
    problems.push({
      ...at,
      value: location.zones,
      message: "a zone is named twice",
      allowed: "each zone once",
      fix: "remove the second",
    });
  } else if (distinct < least || distinct > most) {
    const fix = distinct < least ? "add a zone" : "remove a zone";
    problems.push({
      ...at,
      value: location.zones,
      message: `${location.cloud} takes ${least} to ${most} zones here`,
      allowed: `${least} to ${most} of ${region.zones.join(", ")}`,
      fix,
    });
  }
  return problems;
}

function unknownRegion(input: StackInput, name: string, { cloud, region }: LocationEntry): Problem {
  const known = regionNames(cloud);
  const at = { ...inEnvironment(input, "locations", name, "region"), value: region, allowed: known.join(", ") };
  const other = clouds.find((each) => regionOf(each, region) !== undefined);
  if (other !== undefined)
    return { ...at, message: `this is a region of ${other}, and the location is in ${cloud}`, fix: "use one of these" };
  return { ...at, message: `this region of ${cloud} is not known`, fix: suggest(region, known, "use one of these") };
}

/** Every location with a gateway needs a zone for its name; every zone a location. */
function checkZones(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const { locations, entry } = input.overlay;
  const known = Object.keys(locations);
  const strays = entry.zones.flatMap((zone, index) => {
    if (known.includes(zone.location)) return [];
    const at = { ...inEnvironment(input, "entry", "zones", index, "location"), value: zone.location };
    const message = `this location is not under ${prefix}locations`;
    return [{ ...at, message, allowed: known.join(", "), fix: suggest(zone.location, known, "use one of these") }];
  });
  // A zone whose location has a slip is not missing as well.
  if (strays.length > 0) return strays;
  const homeless = gatewayLocations(workloads).filter(
    (name) => known.includes(name) && !entry.zones.some((zone) => zone.location === name),
  );
  return homeless.map((name) => ({
    ...inEnvironment(input, "entry", "zones"),
    value: entry.zones.map((zone) => zone.location).join(", "),
    message: `the gateway in ${name} has no DNS zone`,
    allowed: "a zone for each location with a gateway: those of critical workloads and of model servers",
    fix: `add { name: <a name that you own>, location: ${name} }`,
  }));
}

/** What must be there once: two gateways under one name, or two signers under one, would hide each other. */
function checkTwice(input: StackInput): Problem[] {
  const { entry, access } = input.overlay;
  const lists = [
    { keys: ["entry", "zones"], key: "name", values: entry.zones.map((zone) => zone.name) },
    { keys: ["entry", "zones"], key: "location", values: entry.zones.map((zone) => zone.location) },
    { keys: ["access", "clientIssuers"], key: "name", values: access.clientIssuers.map((issuer) => issuer.name) },
  ] as const;
  return lists.flatMap(({ keys: [first, second], key, values }) =>
    values.flatMap((value, index) => {
      const before = values.indexOf(value);
      if (before === index) return [];
      const at = { ...inEnvironment(input, first, second, index, key), value };
      return [
        {
          ...at,
          message: `this ${key} stands in ${second}[${before}] already`,
          allowed: `each ${key} once`,
          fix: "remove one, or change it",
        },
      ];
    }),
  );
}

/**
 * Which models may be called, what is logged of it and who is trusted is set for a GCP project as a whole: two locations
 * in one would overwrite each other.
 */
function checkProjects(input: StackInput): Problem[] {
  const locations = Object.entries(input.overlay.locations);
  return locations.flatMap(([name, location], index) => {
    if (location.cloud !== "gcp") return [];
    const before = locations
      .slice(0, index)
      .find(([, other]) => "project" in other && other.project === location.project);
    if (before === undefined) return [];
    return [
      {
        ...inEnvironment(input, "locations", name, "project"),
        value: location.project,
        message: `this project is that of ${before[0]}; rules on models hold for a project as a whole`,
        allowed: "a project of its own for each location",
        fix: "use another project",
      },
    ];
  });
}

/**
 * Locations that get a gateway: those that serve a critical workload; those of model servers, whose only way in it is;
 * and the primary's of a workload with none of these.
 */
export function gatewayLocations(workloads: readonly ResolvedWorkload[]): string[] {
  const found = new Set<string>();
  for (const { entry, paths } of workloads) {
    for (const path of paths) {
      const needed = entry.tier === "critical" || path.entry.serving === "self-hosted";
      if (needed && path.location !== undefined) found.add(path.entry.location);
    }
  }
  for (const { paths } of workloads) {
    if (paths.some((path) => found.has(path.entry.location))) continue;
    const primary = paths.find((path) => path.entry.role === "primary");
    if (primary?.location !== undefined) found.add(primary.entry.location);
  }
  return [...found];
}

/** Vertex is open to the internet unless a service perimeter closes it; only then may other clouds' gateways be let in. */
function checkPerimeters(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const gateways = gatewayLocations(workloads);
  return Object.entries(input.overlay.locations).flatMap(([name, location]) => {
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

function checkOverrides(input: StackInput): Problem[] {
  const known = Object.keys(input.workloads);
  return Object.entries(input.overlay.overrides).flatMap(([name, override]): Problem[] => {
    const workload = entryOf(input.workloads, name);
    const at = { ...inEnvironment(input, "overrides", name), value: name };
    if (workload === undefined) {
      const message = `there is no such workload in ${input.files.workloads}`;
      return [{ ...at, message, allowed: known.join(", "), fix: suggest(name, known, "remove it") }];
    }
    const locations = workload.paths.map((path) => path.location);
    // A path whose location has a slip may be the one that is meant.
    if (locations.some((location) => !Object.hasOwn(input.overlay.locations, location))) return [];
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
