import { entryOf } from "../../../components/plan/lookup.ts";
import { type Problem, suggest } from "../../../components/plan/problem.ts";
import type { ResolvedPath, ResolvedWorkload, StackInput } from "../resolve.ts";
import { inWorkload, placeOf } from "./where.ts";

/** Roles, vendors and contracts: the two-cloud minimum as it is written. */
export function checkPaths(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  return workloads.flatMap((workload) => [
    ...checkRoles(input, workload),
    ...checkVendors(input, workload),
    ...workload.paths.flatMap((path) => checkContract(input, path)),
  ]);
}

function checkRoles(input: StackInput, { name, entry, paths }: ResolvedWorkload): Problem[] {
  const problems: Problem[] = [];
  const primaries = paths.filter((path) => path.entry.role === "primary");
  const value = `${paths.length} ${paths.length === 1 ? "path" : "paths"}: ${paths.map((path) => path.entry.role).join(", ")}`;
  const at = { ...inWorkload(input, name, "paths"), value };
  if (primaries.length === 0) {
    problems.push({
      ...at,
      message: `${name} has no primary`,
      allowed: "exactly one path with role: primary",
      fix: "make one path the primary",
    });
  }
  for (const path of primaries.slice(1)) {
    problems.push({
      ...placeOf(input, path, "role"),
      value: "primary",
      message: `${name} has another primary (paths[${primaries[0]?.index}])`,
      allowed: "exactly one primary, the others fallbacks",
      fix: "make this one role: fallback",
    });
  }
  if (entry.tier === "critical" && paths.length === primaries.length && primaries.length < 2) {
    problems.push({
      ...at,
      message: `${name} is critical and has no fallback`,
      allowed: "one primary and at least one fallback in another cloud",
      fix: "add a path with role: fallback in another cloud, or lower the tier",
    });
  }
  return problems;
}

/** One vendor's outage, price or end must not take every path: another vendor, or weights that nobody can withdraw. */
function checkVendors(input: StackInput, { name, entry, paths }: ResolvedWorkload): Problem[] {
  if (entry.tier !== "critical" || paths.length < 2) return [];
  const models = paths.flatMap((path) => path.model ?? []);
  const [first] = models;
  if (first === undefined || models.length < paths.length) return [];
  if (models.some((model) => model.weights === "open" || model.vendor !== first.vendor)) return [];
  return [
    {
      ...inWorkload(input, name, "paths"),
      value: paths.map((path) => path.entry.model).join(", "),
      message: `every path of ${name} is served by a closed model of ${first.vendor}: they fail together`,
      allowed: "at least one path with a model of another vendor, or with open weights",
      fix: "change the model of a fallback",
    },
  ];
}

function checkContract(input: StackInput, path: ResolvedPath): Problem[] {
  const known = Object.keys(input.contracts);
  const { contract } = path.entry;
  const at = { ...placeOf(input, path, "contract"), value: contract };
  const found = entryOf(input.contracts, contract);
  if (found === undefined) {
    const fix = suggest(contract, known, "use one of these, or add it to stacks/contracts.yaml");
    return [{ ...at, message: "this contract is not in stacks/contracts.yaml", allowed: known.join(", "), fix }];
  }
  const allowed = `a contract that runs on ${input.asOf}`;
  if (found.start > input.asOf)
    return [{ ...at, message: `this contract begins on ${found.start}`, allowed, fix: "use another, or wait" }];
  if (found.end === null || found.end >= input.asOf) return [];
  return [{ ...at, message: `this contract ended on ${found.end}`, allowed, fix: "renew it or use another" }];
}
