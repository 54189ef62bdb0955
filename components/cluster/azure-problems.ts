import { retentionProblems, zoneProblems } from "../azure.ts";
import { locationProblems } from "../check.ts";
import { formatCidr, parseCidr } from "../plan/addresses.ts";
import { nodeRangeProblems, runnerProblems, versionProblems } from "./checks.ts";
import type { ClusterArgs } from "./types.ts";

/** Checks and arithmetic of an AKS cluster's arguments. Pure. */

/** https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges */
const mostAuthorizedRanges = 200;

export function problemsOf(args: ClusterArgs): string[] {
  const { location, version, subnets } = args;
  const problems = [
    ...locationProblems("azure", location),
    ...zoneProblems(location),
    ...retentionProblems(args.logRetentionDays),
    ...sizeProblems(args),
    ...runnerProblems(args.runnerCidrs),
    ...rangeCountProblems(args.runnerCidrs),
  ];
  if (location.tenant === undefined) {
    problems.push(`location ${location.name} has no tenant: write the Entra tenant's id, the key vault belongs to it`);
  }
  problems.push(...versionProblems("AKS", version));
  for (const kind of ["pods", "services"] as const) {
    if (parseCidr(subnets[kind]) === undefined) {
      problems.push(`subnets.${kind} is "${subnets[kind]}"; it takes an IPv4 range, as 10.20.128.0/17`);
    }
  }
  return problems;
}

function sizeProblems({ minNodes, maxNodes, subnets, zoneRedundant }: ClusterArgs): string[] {
  const problems = nodeRangeProblems({ minNodes, maxNodes });
  const zones = subnets.nodes.map(({ zone }) => zone);
  if (zones.length === 0) problems.push("subnets.nodes is empty; nodes need one subnet a zone");
  if (zoneRedundant && maxNodes < zones.length) {
    problems.push(`maxNodes is ${maxNodes}; the zones ${zones.join(", ")} have a pool each: at least ${zones.length}`);
  }
  return problems;
}

function rangeCountProblems(runnerCidrs: readonly string[]): string[] {
  if (runnerCidrs.length <= mostAuthorizedRanges) return [];
  return [`runnerCidrs has ${runnerCidrs.length} ranges; AKS takes ${mostAuthorizedRanges}: join neighbours`];
}

/** The n-th address of the services' range. */
export function serviceAddress(services: string, index: number): string {
  const range = parseCidr(services);
  if (range === undefined) throw new RangeError(`${services} is no IPv4 range`);
  return formatCidr({ first: range.first + index, prefix: 32 }).replace("/32", "");
}
