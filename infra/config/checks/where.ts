import type { Problem } from "../../../components/plan/problem.ts";
import type { ResolvedPath, StackInput } from "../resolve.ts";

type Place = Pick<Problem, "file" | "path">;

/** Where a person wrote a path's value: in the environment's overrides if it is there, otherwise in workloads.yaml. */
export function placeOf(input: StackInput, path: ResolvedPath, ...keys: string[]): Place {
  const location = path.entry.location;
  const override = input.overlay?.overrides[path.workload]?.paths?.[location] as Record<string, unknown> | undefined;
  const [first, second] = keys;
  const value = first === undefined ? undefined : override?.[first];
  const overrides = second === undefined ? value !== undefined : (value as Record<string, unknown> | undefined)?.[second] !== undefined;
  if (overrides) return { file: input.files.environment, path: ["overrides", path.workload, "paths", location, ...keys] };
  return { file: input.files.workloads, path: [path.workload, "paths", path.index, ...keys] };
}

/** A value of a workload itself. */
export function inWorkload(input: StackInput, workload: string, ...keys: (string | number)[]): Place {
  return { file: input.files.workloads, path: [workload, ...keys] };
}

/** A value of the environment's file. */
export function inEnvironment(input: StackInput, ...keys: (string | number)[]): Place {
  return { file: input.files.environment, path: keys };
}
