import { entryOf } from "../../../components/plan/lookup.ts";
import type { Problem } from "../../../components/plan/problem.ts";
import type { ResolvedPath, StackInput } from "../resolve.ts";
import { prefix } from "../schema.ts";

type Place = Pick<Problem, "file" | "path">;

/** Where a person wrote a path's value: in the environment's overrides if it is there, otherwise in workloads.yaml. */
export function placeOf(input: StackInput, path: ResolvedPath, ...keys: string[]): Place {
  const { workload, index } = path;
  const { location } = path.entry;
  const override = entryOf(entryOf(input.overlay.overrides, workload)?.paths ?? {}, location);
  const value = keys.reduce<unknown>((owner, key) => (owner as Record<string, unknown> | undefined)?.[key], override);
  if (override !== undefined && value !== undefined)
    return inEnvironment(input, "overrides", workload, "paths", location, ...keys);
  return inWorkload(input, workload, "paths", index, ...keys);
}

/** A value of a workload itself. */
export function inWorkload(input: StackInput, workload: string, ...keys: (string | number)[]): Place {
  return { file: input.files.workloads, path: [workload, ...keys] };
}

/** A value of the environment's file. */
export function inEnvironment(input: StackInput, key: string, ...keys: (string | number)[]): Place {
  return { file: input.files.environment, path: ["config", `${prefix}${key}`, ...keys] };
}
