import { issuerTypes } from "./clouds.ts";
import { at, closureOf, type Graph, type Node, unknown } from "./graph.ts";
import { perGraph } from "./memo.ts";

/** Objects of Kubernetes, by the cluster that they are in. */

/** An object with its coordinates; a coordinate that is not known is undefined. */
export interface ClusterObject {
  readonly node: Node;
  /** URN of the cluster, or of the provider where that does not come from a cluster of the program. */
  readonly cluster: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

/** All objects of a kind, whatever its API version; `group` is empty for the core API. */
export function objectsOf(graph: Graph, group: string, kind: string): readonly ClusterObject[] {
  return objectsLike(graph, `^kubernetes:${(group === "" ? "core" : group).replaceAll(".", "\\.")}/[^:]+:${kind}$`);
}

const objectsLike = perGraph((graph, pattern: string): readonly ClusterObject[] =>
  graph.ofType(new RegExp(pattern)).map((node) => objectOf(graph, node)),
);

/** Cluster, namespace and a name, as one text. */
export function coordinatesOf({ cluster, namespace }: ClusterObject, name: string | undefined): string {
  return `${cluster} ${namespace} ${name}`;
}

export function objectOf(graph: Graph, node: Node): ClusterObject {
  const name = at(node.props, "metadata", "name");
  const namespace = at(node.props, "metadata", "namespace");
  return {
    node,
    cluster: clusterOf(graph, node),
    name: typeof name === "string" ? name : undefined,
    namespace: typeof namespace === "string" ? namespace : namespaceByReference(graph, node, namespace),
  };
}

/** A namespace that is not known yet is the one that the object was made from. */
function namespaceByReference(graph: Graph, node: Node, value: unknown): string | undefined {
  if (value !== unknown && at(node.props, "metadata") !== unknown) return undefined;
  const madeFrom = (node.propertyDependencies.metadata ?? []).flatMap((urn) => graph.nodes.get(urn) ?? []);
  const [only, ...others] = madeFrom.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
  const name = others.length === 0 ? at(only?.props, "metadata", "name") : undefined;
  return typeof name === "string" ? name : undefined;
}

/** Finds the object that another one names: same cluster, same namespace. */
export function named(
  objects: readonly ClusterObject[],
  beside: ClusterObject,
  name: unknown,
): ClusterObject | undefined {
  return objects.find((one) => one.name === name && isBeside(one, beside));
}

/** Same cluster and namespace, both known. */
export function isBeside(one: ClusterObject, other: ClusterObject): boolean {
  return one.cluster === other.cluster && one.namespace === other.namespace && one.namespace !== undefined;
}

/** The cluster that an object is in, told by what its provider's client configuration was made from. */
export function clusterOf(graph: Graph, node: Node): string {
  return node.provider === undefined ? "" : clusterBehind(graph, node.provider);
}

const clusterBehind = perGraph((graph, urn: string): string => {
  const provider = graph.nodes.get(urn);
  if (provider === undefined) return "";
  const made = provider.dependencies.flatMap((urn) => graph.nodes.get(urn) ?? []);
  const cluster = made.find((candidate) => issuerTypes.test(candidate.type));
  return cluster?.urn ?? indirectCluster(graph, provider) ?? provider.urn;
});

/** A configuration that a function of a cluster's outputs handed out may name the cluster only at second hand. */
function indirectCluster(graph: Graph, provider: Node): string | undefined {
  const found = [...closureOf(graph, [provider.urn]).keys()].filter((urn) =>
    issuerTypes.test(graph.nodes.get(urn)?.type ?? ""),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** Namespace and name for a message. */
export function titleOf({ node, namespace, name }: ClusterObject): string {
  const kind = node.type.split(":").at(-1) ?? node.type;
  return `${kind} ${namespace ?? "?"}/${name ?? node.name}`;
}

/** What a policy targets: `targetRefs`, or the older `targetRef`. */
export function targetsOf({ node }: ClusterObject): readonly unknown[] | typeof unknown {
  const many = at(node.props, "spec", "targetRefs");
  if (many === unknown) return unknown;
  const one = at(node.props, "spec", "targetRef");
  return [...(Array.isArray(many) ? many : []), ...(one === undefined ? [] : [one])];
}

/** Whether a policy targets an object of that kind and name. */
export function targets(policy: ClusterObject, kind: string, name: string | undefined): boolean {
  const found = targetsOf(policy);
  if (found === unknown || name === undefined) return false;
  return found.some((target) => at(target, "kind") === kind && at(target, "name") === name);
}
