/** Which cluster a kubernetes provider talks to. */
import { parse } from "yaml";
import type { CloudPackage, Problem } from "../../cloud.ts";
import { asList, asObject, asString, isUnknown, knownString, type Properties } from "../../values.ts";

/** Clusters of any cloud; each publishes its API server as handle `endpoint`. */
export const CLUSTERS: readonly string[] = [
  "aws:eks/cluster:Cluster",
  "azure-native:containerservice:ManagedCluster",
  "gcp:container/cluster:Cluster",
];

/** Why a cluster cannot be talked to: no cluster of the sandbox has that endpoint. */
export const unreachable: NonNullable<CloudPackage["unreachable"]> = ({ scope }, find) => {
  if (find(CLUSTERS, scope, "endpoint") !== undefined) return undefined;
  const host = scope.replace(/^https?:\/\//, "");
  return (
    `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: ` +
    `Get "${scope}/openapi/v2": dial tcp: lookup ${host}: no such host (the sandbox holds no cluster with this endpoint)`
  );
};

/** The cluster is the one that the provider's kubeconfig names; no kubeconfig of this machine is looked at. */
export function connect(config: Properties): { scope: string; region: string; problems: readonly Problem[] } {
  if (isUnknown(config.kubeconfig)) return { scope: "", region: "", problems: [] };
  const endpoint = endpointOf(config);
  const reason =
    "the kubeconfig of the kubernetes provider names no API server: its content is needed (YAML or JSON, with " +
    "clusters[].cluster.server and the current context), not a path; the sandbox reads no kubeconfig of this machine";
  return {
    scope: endpoint ?? "",
    region: "",
    problems: endpoint === undefined ? [{ property: "kubeconfig", reason }] : [],
  };
}

function endpointOf(config: Properties): string | undefined {
  const kubeconfig = asObject(readConfig(config.kubeconfig));
  const named = (list: unknown, name: unknown): Properties =>
    asObject(
      asList(list)
        .map(asObject)
        .find((entry) => entry.name === name),
    );
  const context = asObject(named(kubeconfig.contexts, config.context ?? kubeconfig["current-context"]).context);
  const cluster = asObject(named(kubeconfig.clusters, config.cluster ?? context.cluster).cluster);
  return knownString(cluster.server)?.replace(/\/$/, "");
}

function readConfig(value: unknown): unknown {
  const text = asString(value);
  if (text === undefined) return value;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
