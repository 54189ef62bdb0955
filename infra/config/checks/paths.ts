import { type Problem, suggest } from "../../../components/plan/problem.ts";
import type { ResolvedPath, ResolvedWorkload, StackInput } from "../resolve.ts";
import { inWorkload, placeOf } from "./where.ts";

/** Roles, locations and contracts: the two-cloud minimum as it is written. */
export function checkPaths(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return workloads.flatMap((workload) => [
    ...checkRoles(input, workload),
    ...checkClouds(input, workload),
    ...workload.paths.flatMap((path) => [...checkLocation(input, workload, path), ...checkContract(input, path)]),
  ]);
}

function checkRoles(input: StackInput, { name, entry, paths }: ResolvedWorkload): Problem[] {
  const problems: Problem[] = [];
  const primaries = paths.filter((path) => path.entry.role === "primary");
  const at = inWorkload(input, name, "paths");
  if (primaries.length === 0) {
    problems.push({ ...at, message: "no path is the primary", allowed: "exactly one", fix: "give one path role: primary" });
  }
  for (const path of primaries.slice(1)) {
    problems.push({
      ...placeOf(input, path, "role"),
      value: "primary",
      message: `${name} has a second primary`,
      allowed: "exactly one primary, the others fallbacks",
      fix: "make this one role: fallback",
    });
  }
  if (entry.tier === "critical" && !paths.some((path) => path.entry.role === "fallback")) {
    problems.push({
      ...at,
      message: `${name} is critical and has no fallback`,
      allowed: "one primary and at least one fallback in another cloud",
      fix: "add a path with role: fallback in another cloud, or lower the tier",
    });
  }
  return problems;
}

function checkClouds(input: StackInput, { name, entry, paths }: ResolvedWorkload): Problem[] {
  if (entry.tier !== "critical") return [];
  const cloud = paths.find((path) => path.entry.role === "primary")?.location?.cloud;
  if (cloud === undefined) return [];
  return paths
    .filter((path) => path.entry.role === "fallback" && path.location?.cloud === cloud)
    .map((path) => ({
      ...placeOf(input, path, "location"),
      value: path.entry.location,
      message: `this fallback of ${name} is in the primary's cloud (${cloud}): they fail together`,
      allowed: namesOf(input, (other) => other !== cloud),
      fix: "put it into another cloud",
    }));
}

function checkLocation(input: StackInput, workload: ResolvedWorkload, path: ResolvedPath): Problem[] {
  if (input.overlay === undefined) return [];
  const { location } = path.entry;
  const at = { ...placeOf(input, path, "location"), value: location };
  if (path.location === undefined) {
    const known = Object.keys(input.overlay.locations);
    const fix = suggest(location, known, `use one of these, or add it to ${input.files.environment}`);
    return [{ ...at, message: "this location is not known here", allowed: known.join(", "), fix }];
  }
  const before = workload.paths.slice(0, path.index).find((other) => other.entry.location === location);
  if (before === undefined) return [];
  const message = `${workload.name} has another path in this location (paths[${before.index}])`;
  return [{ ...at, message, allowed: "one path of a workload in each location", fix: "use another location" }];
}

function checkContract(input: StackInput, path: ResolvedPath): Problem[] {
  const known = Object.keys(input.contracts);
  const { contract } = path.entry;
  const at = { ...placeOf(input, path, "contract"), value: contract };
  const found = input.contracts[contract];
  if (found === undefined) {
    const fix = suggest(contract, known, "use one of these, or add it to stacks/contracts.yaml");
    return [{ ...at, message: "this contract is not known", allowed: known.join(", "), fix }];
  }
  if (found.end === null || found.end >= input.asOf) return [];
  return [{ ...at, message: `this contract ended on ${found.end}`, allowed: `one that runs on ${input.asOf}`, fix: "renew it or use another" }];
}

function namesOf(input: StackInput, accept: (cloud: string) => boolean): string {
  const fitting = Object.entries(input.overlay?.locations ?? {}).filter(([, location]) => accept(location.cloud));
  return fitting.map(([name]) => name).join(", ") || "a location in another cloud";
}
