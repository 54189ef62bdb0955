import { type Problem, suggest } from "../../../components/plan/problem.ts";
import { regionOf } from "../../../components/plan/regions.ts";
import { type ResolvedPath, type ResolvedWorkload, type StackInput, unplaced } from "../resolve.ts";
import { placeOf } from "./where.ts";

/**
 * Where the paths run. A path whose location is wrong is judged by nothing that follows from the location: there is one
 * thing to mend, and one problem says so.
 */
export function placePaths(
  input: StackInput,
  workloads: readonly ResolvedWorkload[],
): { problems: Problem[]; workloads: ResolvedWorkload[] } {
  const problems: Problem[] = [];
  const placed = workloads.map((workload) => ({
    ...workload,
    paths: workload.paths.map((path) => {
      const wrong = problemOf(input, workload, path);
      if (wrong !== undefined) problems.push(wrong);
      return wrong === undefined && path.region !== undefined ? path : unplaced(path);
    }),
  }));
  return { problems, workloads: placed };
}

function problemOf(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem | undefined {
  const words =
    unknownLocation(input, path) ??
    sameCloud(input, workload, path) ??
    sameLocation(workload, path) ??
    outside(input, workload, path);
  return words && { ...placeOf(input, path, "location"), value: path.entry.location, ...words };
}

type Words = Pick<Problem, "message" | "allowed" | "fix"> & { readonly value?: unknown };

function unknownLocation(input: StackInput, { entry, location }: ResolvedPath): Words | undefined {
  if (location !== undefined) return undefined;
  const known = Object.keys(input.overlay.locations);
  return {
    message: `this location is not in ${input.files.environment}`,
    allowed: known.join(", "),
    fix: suggest(entry.location, known, `use one of these, or add it to ${input.files.environment}`),
  };
}

function sameCloud(input: StackInput, { name, entry, paths }: ResolvedWorkload, path: ResolvedPath): Words | undefined {
  if (entry.tier !== "critical" || path.entry.role !== "fallback") return undefined;
  const cloud = paths.find((other) => other.entry.role === "primary")?.location?.cloud;
  if (cloud === undefined || path.location?.cloud !== cloud) return undefined;
  return {
    message: `this fallback of ${name} is in the primary's cloud (${cloud}): they fail together`,
    allowed: namesOf(input, (other) => other.cloud !== cloud) || "a location in another cloud",
    fix: "put it into another cloud",
  };
}

function sameLocation({ name, paths }: ResolvedWorkload, path: ResolvedPath): Words | undefined {
  const before = paths.slice(0, path.index).find((other) => other.entry.location === path.entry.location);
  if (before === undefined) return undefined;
  return {
    message: `${name} has another path in this location (paths[${before.index}])`,
    allowed: "one path of a workload in each location",
    fix: "use another location",
  };
}

function outside(input: StackInput, { name, entry }: ResolvedWorkload, path: ResolvedPath): Words | undefined {
  const { location, region } = path;
  if (location === undefined || region === undefined || region.geography === entry.residency) return undefined;
  const inside = namesOf(input, (other) => regionOf(other.cloud, other.region)?.geography === entry.residency);
  return {
    value: `${path.entry.location} (${location.region}, ${region.geography})`,
    message: `this location is outside the residency of ${name}, ${entry.residency}`,
    allowed: inside || `a location whose region is in ${entry.residency}`,
    fix: "move the path or the location's region; change the residency only if law and contracts allow it",
  };
}

function namesOf(
  input: StackInput,
  accept: (location: { cloud: "azure" | "aws" | "gcp"; region: string }) => boolean,
): string {
  const fitting = Object.entries(input.overlay.locations).filter(([, location]) => accept(location));
  return fitting.map(([name]) => name).join(", ");
}
