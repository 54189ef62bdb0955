import { parse, stringify } from "yaml";

/**
 * A stack of many workloads for measurements: copies of the shipped ones under other names, in turn. Everything else of
 * a copy is its model's, so that a workload costs the same wherever it stands in the list.
 * @param text the shipped `workloads.yaml`
 * @param count how many workloads
 * @throws Error when the file has no workload to copy
 */
export function manyWorkloads(text: string, count: number): string {
  const models = Object.entries(parse(text) as Record<string, unknown>);
  const copies = Array.from({ length: count }, (_, index) => {
    const model = models[index % models.length];
    if (model === undefined) throw new Error("workloads.yaml has no workload; the benchmark copies those that it has.");
    const [name, workload] = model;
    return [copyName(name, index), withSpare(workload)] as const;
  });
  return stringify(Object.fromEntries(copies), { aliasDuplicateObjects: false });
}

/** The shipped workload has a waiver for its single replica; its copies have none, and two. */
function withSpare(workload: unknown): unknown {
  const { paths = [], ...others } = workload as { readonly paths?: readonly Scaled[] };
  const spare = paths.map((path) =>
    path.replicas === undefined
      ? path
      : { ...path, replicas: { ...path.replicas, min: Math.max(2, path.replicas.min) } },
  );
  return spare.length === 0 ? workload : { ...others, paths: spare };
}

interface Scaled {
  readonly replicas?: { readonly min: number };
}

/** The number says which copy it is: names stay apart, and as short as a workload's name must be. */
function copyName(name: string, index: number): string {
  return `${name.slice(0, 20)}-${String(index + 1).padStart(3, "0")}`;
}

/** Quotas so many times as large: the sandbox refuses what goes beyond them. @param text the shipped `quotas.yaml` */
export function grantedTimes(text: string, times: number): string {
  const more = (value: unknown): unknown => {
    if (typeof value === "number") return value * times;
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, more(each)]));
  };
  return stringify(more(parse(text)));
}
