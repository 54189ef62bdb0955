import { servingNamespace } from "./names.ts";
import type { SelfHostedModelServerArgs } from "./self-hosted.ts";

/** What is wrong with a model server's arguments, in words; empty if nothing is. */
export function selfHostedProblems(args: SelfHostedModelServerArgs): string[] {
  const { path, location, weights, startupSeconds, longestRequestSeconds } = args;
  const problems: string[] = [];
  const { selfHosted } = path;
  if (selfHosted === null) return [`its serving is "${path.serving}"; only a self-hosted path has a server`];
  if (path.location !== location.name)
    problems.push(`it is planned for "${path.location}" but built in "${location.name}"`);
  const namespace = servingNamespace(path.name);
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) {
    problems.push(
      `name "${namespace}" cannot be a namespace: at most 63 lower-case letters, digits and hyphens; shorten workload or location`,
    );
  }
  if (selfHosted.minReplicas < 0 || selfHosted.minReplicas > selfHosted.maxReplicas) {
    problems.push(
      `replicas ${selfHosted.minReplicas} to ${selfHosted.maxReplicas}: the minimum must lie between 0 and the maximum`,
    );
  }
  if (selfHosted.acceleratorsPerReplica > selfHosted.acceleratorsPerNode) {
    problems.push(
      `a replica takes ${selfHosted.acceleratorsPerReplica} accelerators, but one machine has ${selfHosted.acceleratorsPerNode}; choose a larger shape`,
    );
  }
  if (weights.path === "" || weights.path.startsWith("/") || weights.path.split("/").includes("..")) {
    problems.push(`weights path "${weights.path}": a folder below the volume's root, without leading slash`);
  }
  for (const { cidr } of (weights.egress ?? []).filter(({ cidr }) => cidr === "0.0.0.0/0")) {
    problems.push(`egress ${cidr} opens the server to the internet; name the addresses of the weights' storage`);
  }
  if (startupSeconds !== undefined && !(startupSeconds >= 60))
    problems.push(`startupSeconds ${startupSeconds}: at least 60`);
  if (longestRequestSeconds !== undefined && !(longestRequestSeconds > 60))
    problems.push(`longestRequestSeconds ${longestRequestSeconds}: more than 60`);
  return problems;
}
