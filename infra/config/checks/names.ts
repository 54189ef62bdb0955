import { clusterNamespaces } from "../../../components/gateway/names.ts";
import type { Problem } from "../../../components/plan/problem.ts";
import type { ResolvedPath, ResolvedWorkload, StackInput } from "../resolve.ts";
import { placeOf } from "./where.ts";

/** Paths are named `<workload>-<location>`: one name for each, and none that something else has. */
export function checkNames(input: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  const paths = workloads.flatMap((workload) => workload.paths);
  return [...checkApart(input, paths), ...checkNamespaces(input, paths)];
}

const nameOf = ({ workload, entry }: ResolvedPath): string => `${workload}-${entry.location}`;

/** `chat` in `eu-main` and `chat-eu` in `main` would be the same resource. */
function checkApart(input: StackInput, paths: readonly ResolvedPath[]): Problem[] {
  const first = new Map<string, ResolvedPath>();
  return paths.flatMap((path) => {
    const name = nameOf(path);
    const before = first.get(name) ?? path;
    first.set(name, before);
    // Two paths in one location have a problem of their own.
    if (before.workload === path.workload) return [];
    return [
      {
        ...placeOf(input, path, "location"),
        value: path.entry.location,
        message: `this path and that of ${before.workload} in ${before.entry.location} would both be called ${name}`,
        allowed: "workload and location that make another name together",
        fix: "rename one of the workloads or locations",
      },
    ];
  });
}

/** A self-hosted path has a Kubernetes namespace of its name. */
function checkNamespaces(input: StackInput, paths: readonly ResolvedPath[]): Problem[] {
  const taken = (name: string) => name.startsWith("kube-") || clusterNamespaces.includes(name);
  return paths.flatMap((path) => {
    const name = nameOf(path);
    if (path.entry.serving !== "self-hosted" || !taken(name)) return [];
    return [
      {
        ...placeOf(input, path, "location"),
        value: path.entry.location,
        message: `this path would be served in the namespace ${name}, which belongs to the cluster`,
        allowed: `no name that begins with kube-; not ${clusterNamespaces.join(", ")}`,
        fix: "rename the workload or the location",
      },
    ];
  });
}
