import { formatCidr, overlap, parseCidr, type Range } from "../plan/addresses.ts";
import type { Subnets } from "../plan/types.ts";

/** How the plan's ranges, cut for zonal subnets, become the one subnet that GCP has in a region. */

/** Names of the subnet's further ranges; network and cluster must agree on them. */
export const secondaryRanges = { pods: "pods", services: "services" } as const;

/**
 * The smallest range around all the given ones: `10.0.0.0/20` and `10.0.16.0/20` make `10.0.0.0/19`. A further zone
 * makes it larger, which GCP does in place.
 *
 * @throws RangeError when there is none, or one is not an IPv4 range
 */
export function enclosingCidr(cidrs: readonly string[]): string {
  const ranges = cidrs.map(parsed);
  const first = Math.min(...ranges.map((range) => range.first));
  const last = Math.max(...ranges.map((range) => range.first + 2 ** (32 - range.prefix) - 1));
  let prefix = Math.min(32, ...ranges.map((range) => range.prefix));
  while (prefix > 0 && Math.floor(first / 2 ** (32 - prefix)) !== Math.floor(last / 2 ** (32 - prefix))) prefix--;
  if (ranges.length === 0) throw new RangeError("no range to enclose");
  const size = 2 ** (32 - prefix);
  return formatCidr({ first: Math.floor(first / size) * size, prefix });
}

/** What is wrong with building one regional subnet from these ranges. */
export function rangeProblems(subnets: Subnets): string[] {
  const zonal = (["nodes", "endpoints"] as const).flatMap((kind) =>
    subnets[kind].map(({ zone, cidr }) => ({ path: `${kind} in zone ${zone}`, cidr })),
  );
  const single = (["pods", "services", "controlPlane"] as const).map((path) => ({ path, cidr: subnets[path] }));
  const malformed = [...zonal, ...single].filter(({ cidr }) => parseCidr(cidr) === undefined);
  const problems = malformed.map(({ path, cidr }) => `subnets.${path}: "${cidr}" is not an IPv4 range`);
  for (const kind of ["nodes", "endpoints"] as const) {
    if (subnets[kind].length === 0) problems.push(`subnets.${kind} is empty; it needs at least one range`);
  }
  if (problems.length > 0) return problems;
  const enclosed = (["nodes", "endpoints"] as const).map((path) => ({
    path,
    cidr: enclosingCidr(subnets[path].map(({ cidr }) => cidr)),
  }));
  return [...overlapProblems([...enclosed, ...single]), ...controlPlaneProblems(subnets.controlPlane)];
}

function overlapProblems(ranges: readonly { path: string; cidr: string }[]): string[] {
  return ranges.flatMap((left, index) =>
    ranges
      .slice(index + 1)
      .filter((right) => overlap(parsed(left.cidr), parsed(right.cidr)))
      .map((right) => `subnets.${left.path} ${left.cidr} overlaps subnets.${right.path} ${right.cidr}`),
  );
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/legacy/network-isolation */
function controlPlaneProblems(cidr: string): string[] {
  return parsed(cidr).prefix === 28 ? [] : [`subnets.controlPlane is ${cidr}; GKE takes a /28`];
}

function parsed(cidr: string): Range {
  const range = parseCidr(cidr);
  if (range === undefined) throw new RangeError(`"${cidr}" is not an IPv4 range`);
  return range;
}
