import { retentionProblems, zoneProblems } from "../azure.ts";
import { locationProblems } from "../check.ts";
import { formatCidr, parseCidr } from "../plan/addresses.ts";
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
  ];
  if (location.tenant === undefined) {
    problems.push(`location ${location.name} has no tenant: write the Entra tenant's id, the key vault belongs to it`);
  }
  if (!/^1\.\d{2}$/.test(version)) {
    problems.push(`version is "${version}"; AKS takes a minor version as "1.34", without a patch: quote it`);
  }
  for (const kind of ["pods", "services"] as const) {
    if (parseCidr(subnets[kind]) === undefined) {
      problems.push(`subnets.${kind} is "${subnets[kind]}"; it takes an IPv4 range, as 10.20.128.0/17`);
    }
  }
  return problems;
}

function sizeProblems({ minNodes, maxNodes, subnets, zoneRedundant }: ClusterArgs): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(minNodes) || !Number.isInteger(maxNodes) || minNodes < 1 || minNodes > maxNodes) {
    problems.push(`minNodes is ${minNodes} and maxNodes ${maxNodes}; at least 1, and the minimum below the maximum`);
  }
  const zones = subnets.nodes.map(({ zone }) => zone);
  if (zones.length === 0) problems.push("subnets.nodes is empty; nodes need one subnet a zone");
  if (zoneRedundant && maxNodes < zones.length) {
    problems.push(`maxNodes is ${maxNodes}; the zones ${zones.join(", ")} have a pool each: at least ${zones.length}`);
  }
  return problems;
}

function runnerProblems(runnerCidrs: readonly string[]): string[] {
  const problems: string[] = [];
  for (const cidr of runnerCidrs) {
    const range = parseCidr(cidr);
    if (range === undefined) problems.push(`runnerCidrs has "${cidr}"; it takes IPv4 ranges, as 192.0.2.10/32`);
    else if (range.prefix === 0)
      problems.push(`runnerCidrs has "${cidr}", the whole internet: name the runners' ranges`);
  }
  if (runnerCidrs.length > mostAuthorizedRanges) {
    problems.push(`runnerCidrs has ${runnerCidrs.length} ranges; AKS takes ${mostAuthorizedRanges}: join neighbours`);
  }
  return problems;
}

/** The n-th address of the services' range. */
export function serviceAddress(services: string, index: number): string {
  const range = parseCidr(services);
  if (range === undefined) throw new RangeError(`${services} is no IPv4 range`);
  return formatCidr({ first: range.first + index, prefix: 32 }).replace("/32", "");
}
