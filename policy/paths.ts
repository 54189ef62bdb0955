import type { Cloud } from "../components/plan/types.ts";
import { cloudOf, identityTypes, isAddress, issuerTypes } from "./clouds.ts";
import { at, type Chain, closureOf, type Graph, type Node } from "./graph.ts";
import { clusterOf } from "./kubernetes.ts";
import { onceOf } from "./memo.ts";

/** Inference paths as the program declares them, with what they stand on. */

export interface DeclaredPath {
  readonly node: Node;
  /** `<workload>/<location>`, or the resource's name where it says nothing. */
  readonly id: string;
  readonly workload: string;
  readonly critical: boolean;
  readonly role: unknown;
  readonly constants: Readonly<Record<string, unknown>>;
}

export const pathType = "twocloud:index:InferencePath";

export const pathsOf: (graph: Graph) => readonly DeclaredPath[] = onceOf((graph) =>
  graph.ofType(pathType).map((node) => ({
    node,
    id: textAt(node, "pathId") ?? node.name,
    workload: textAt(node, "workload") ?? `the workload of ${node.name}`,
    // Who does not say what it is counts as what is judged hardest.
    critical: !["standard", "experimental"].includes(String(textAt(node, "tier"))),
    role: at(node.props, "role"),
    constants: node.props,
  })),
);

function textAt(node: Node, key: string): string | undefined {
  const value = at(node.props, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A workload with its paths; critical as soon as one of them says so. */
export interface DeclaredWorkload {
  readonly name: string;
  readonly critical: boolean;
  readonly paths: readonly DeclaredPath[];
}

export const workloadsOf: (graph: Graph) => readonly DeclaredWorkload[] = onceOf((graph) => {
  const groups = Map.groupBy(pathsOf(graph), (path) => path.workload);
  return [...groups].map(([name, paths]) => ({ name, critical: paths.some((path) => path.critical), paths }));
});

/** What a path needs: itself, its children, and everything that these were made from. */
export function needsOf(graph: Graph, path: DeclaredPath): Map<string, Chain> {
  return neededBy(graph, [path.node.urn]);
}

/**
 * What resources need, followed as far as a failure would travel. Left out are the edges by which clouds only know of
 * each other:
 * - a static address of another cloud on an allow-list: without it one caller less can call;
 * - an identity in another cloud that an object in a cluster is told of: it serves calls to that cloud;
 * - another cloud's issuer whose tokens a gateway accepts: it serves calls from that cloud.
 */
export function neededBy(graph: Graph, starts: readonly string[]): Map<string, Chain> {
  const home = homeOf(graph);
  return closureOf(graph, starts, (from, to) => {
    const [here, there] = [home(from), cloudOf(to)];
    if (there === undefined || here === there) return true;
    if (isAddress(to)) return false;
    if (here === undefined || !from.type.startsWith("kubernetes:")) return true;
    if (identityTypes.test(to.type)) return false;
    return !(from.type.endsWith(":SecurityPolicy") && issuerTypes.test(to.type));
  });
}

/** The cloud of a resource: its own, or that of the cluster which an object is in. */
export const homeOf: (graph: Graph) => (node: Node) => Cloud | undefined = onceOf((graph) => {
  const found = new Map<string, Cloud | undefined>();
  return (node) => {
    const own = cloudOf(node);
    if (own !== undefined || node.provider === undefined) return own;
    if (!found.has(node.provider)) {
      const cluster = graph.nodes.get(clusterOf(graph, node));
      found.set(node.provider, cluster === undefined ? undefined : cloudOf(cluster));
    }
    return found.get(node.provider);
  };
});

/** The clouds that a set of resources is made in. */
export function cloudsIn(graph: Graph, urns: Iterable<string>): Set<Cloud> {
  const clouds = new Set<Cloud>();
  for (const urn of urns) {
    const node = graph.nodes.get(urn);
    const cloud = node === undefined ? undefined : cloudOf(node);
    if (cloud !== undefined) clouds.add(cloud);
  }
  return clouds;
}
