import { at, type Graph, listAt, type Node } from "./graph.ts";
import { type ClusterObject, clusterOf, isBeside, objectsOf } from "./kubernetes.ts";
import type { DeclaredPath } from "./paths.ts";
import { failoverList, groups, type Route, routesOf } from "./routes.ts";

/** How callers come to a path: through which gateways, and by which names. */

export interface Way {
  readonly route: Route;
  /** URN of the cluster that the gateway runs in. */
  readonly cluster: string;
  /** Where the way begins: the route, the gateway's objects, its controllers, and the records of its name. */
  readonly starts: readonly string[];
  /** False when nothing in the program answers for the gateway's name. */
  readonly hasEntry: boolean;
}

/**
 * The ways that a path depends on: the gateway that lists it first. Where none does, a path that one gateway alone
 * lists depends on that one; with several it depends on none in particular, but needs one of them, so all count.
 */
export function waysTo(graph: Graph, path: DeclaredPath): Way[] {
  const listing = routesOf(graph).filter((route) => failoverList(route).some((one) => one.path?.id === path.id));
  const first = listing.filter((route) => failoverList(route)[0]?.path?.id === path.id);
  return (first.length > 0 ? first : listing).map((route) => wayOf(graph, route));
}

function wayOf(graph: Graph, route: Route): Way {
  const { object } = route;
  const gateways = objectsOf(graph, groups.gateway, "Gateway").filter((gateway) => isBeside(gateway, object));
  const records = gateways.flatMap(hostsOf).flatMap((host) => recordsOf(graph, host));
  return {
    route,
    cluster: object.cluster,
    starts: [object.node.urn, ...besides(graph, object), ...records.map(({ urn }) => urn)],
    hasEntry: records.length > 0,
  };
}

/** Everything in the gateway's namespace, and the charts that were installed in its cluster. */
function besides(graph: Graph, route: ClusterObject): string[] {
  const inCluster = graph.ofType(/^kubernetes:/).filter((node) => clusterOf(graph, node) === route.cluster);
  return inCluster
    .filter((node) => isChart(node) || at(node.props, "metadata", "namespace") === route.namespace)
    .map(({ urn }) => urn);
}

const isChart = (node: Node) => node.type === "kubernetes:helm.sh/v3:Release";

/** Names that a gateway listens for. */
export function hostsOf(gateway: ClusterObject): string[] {
  const listeners = listAt(gateway.node.props, "spec", "listeners");
  if (typeof listeners === "symbol") return [];
  return listeners.map((listener) => at(listener, "hostname")).filter((host) => typeof host === "string");
}

/** DNS records that answer for a name. */
export function recordsOf(graph: Graph, host: string): Node[] {
  const wanted = host.replace(/\.$/, "").toLowerCase();
  const plain = (name: unknown) => (typeof name === "string" ? name.replace(/\.$/, "").toLowerCase() : undefined);
  return [
    ...graph.ofType("aws:route53/record:Record").filter((node) => plain(at(node.props, "name")) === wanted),
    ...graph.ofType("gcp:dns/recordSet:RecordSet").filter((node) => plain(at(node.props, "name")) === wanted),
    ...graph
      .ofType(/^azure-native:(dns|network)(\/v[^:]+)?:RecordSet$/)
      .filter((node) => azureRecordNames(graph, node).includes(wanted)),
  ];
}

/** Azure splits a name into zone and the rest; the zone may be another resource's. */
function azureRecordNames(graph: Graph, record: Node): string[] {
  const relative = at(record.inputs ?? record.props, "relativeRecordSetName");
  const zones = (record.propertyDependencies.zoneName ?? []).map((urn) =>
    at(graph.nodes.get(urn)?.inputs ?? graph.nodes.get(urn)?.props, "zoneName"),
  );
  return [at(record.props, "zoneName"), ...zones]
    .filter((zone) => typeof zone === "string")
    .map((zone) => `${String(relative)}.${zone}`.toLowerCase());
}
