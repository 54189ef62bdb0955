import { parseCidr } from "../plan/addresses.ts";

/** Checks of a cluster's arguments that all clouds have in common; each returns its problems. */

/** Who may reach the API server: IPv4 ranges, never everybody. */
export function runnerProblems(runnerCidrs: readonly string[]): string[] {
  return runnerCidrs.flatMap((cidr) => {
    const range = parseCidr(cidr);
    if (range === undefined) return [`runnerCidrs has "${cidr}"; it takes IPv4 ranges, as 192.0.2.10/32`];
    return range.prefix > 0 ? [] : [`runnerCidrs has "${cidr}", the whole internet: name the runners' ranges`];
  });
}

/** @param service the cloud's own name of its clusters */
export function versionProblems(service: "AKS" | "EKS" | "GKE", version: string): string[] {
  if (/^1\.\d{2}$/.test(version)) return [];
  return [`version is "${version}"; ${service} takes a minor version as "1.34", without a patch: quote it`];
}

export function nodeRangeProblems({ minNodes, maxNodes }: { minNodes: number; maxNodes: number }): string[] {
  const whole = Number.isInteger(minNodes) && Number.isInteger(maxNodes);
  if (whole && minNodes >= 1 && minNodes <= maxNodes) return [];
  return [`minNodes is ${minNodes} and maxNodes ${maxNodes}; at least 1, and the minimum below the maximum`];
}
