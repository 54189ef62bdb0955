import { at, type Graph, listAt, type Node, unknown } from "./graph.ts";
import { type ClusterObject, clusterOf, isBeside, objectsOf, targetsOf } from "./kubernetes.ts";
import { onceOf, perGraph } from "./memo.ts";
import type { DeclaredPath } from "./paths.ts";
import { backendsOf, failoverList, groups, type Route, routesOf } from "./routes.ts";

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
  const listing = routesTo(graph, path);
  const first = listing.filter((route) => failoverList(route)[0]?.path?.id === path.id);
  return (first.length > 0 ? first : listing).map((route) => wayOf(graph, route));
}

/** The routes that list a path. */
export function routesTo(graph: Graph, path: DeclaredPath): readonly Route[] {
  return routesByPath(graph).get(path.id) ?? [];
}

const routesByPath = onceOf((graph): ReadonlyMap<string, readonly Route[]> => {
  const found = new Map<string, Route[]>();
  for (const route of routesOf(graph)) {
    for (const id of new Set(failoverList(route).flatMap(({ path }) => path?.id ?? []))) {
      found.set(id, [...(found.get(id) ?? []), route]);
    }
  }
  return found;
});

function wayOf(graph: Graph, route: Route): Way {
  const { object } = route;
  const gateways = objectsOf(graph, groups.gateway, "Gateway").filter((gateway) => isBeside(gateway, object));
  const records = gateways.flatMap(hostsOf).flatMap((host) => recordsOf(graph, host));
  return {
    route,
    cluster: object.cluster,
    starts: [
      ...new Set([
        object.node.urn,
        ...ownObjects(graph, route),
        ...besides(graph, `${object.cluster} ${object.namespace}`),
        ...records.map(({ urn }) => urn),
      ]),
    ],
    hasEntry: records.length > 0,
  };
}

/**
 * What a route needs of its own: the backends that it lists and the policies that are for it or for them. Those of other
 * workloads lie beside it and serve these.
 */
export function ownObjects(graph: Graph, route: Route): string[] {
  const { object } = route;
  const backends = backendsOf(route).flatMap(({ service, backend }) =>
    [service, backend].filter((one) => one !== undefined),
  );
  const names = new Set([object, ...backends].map(({ name }) => name));
  return [
    ...backends.map(({ node }) => node.urn),
    ...policiesIn(graph, `${object.cluster} ${object.namespace}`)
      .filter((policy) => policy.names?.some((target) => names.has(target as string)) ?? true)
      .map(({ urn }) => urn),
  ];
}

/** Kinds of which every workload has its own in the gateway's namespace. */
const perRoute: readonly (readonly [string, string])[] = [
  [groups.ai, "AIGatewayRoute"],
  [groups.ai, "AIServiceBackend"],
  [groups.ai, "BackendSecurityPolicy"],
  [groups.envoy, "Backend"],
  [groups.envoy, "BackendTrafficPolicy"],
  [groups.gateway, "BackendTLSPolicy"],
];

/** Policies of routes and backends in a namespace, with the names that they are for; unknown: for any. */
const policiesIn = perGraph((graph, place: string) =>
  perRoute
    .filter(([, kind]) => kind.endsWith("Policy"))
    .flatMap(([group, kind]) => objectsOf(graph, group, kind))
    .filter(({ cluster, namespace }) => `${cluster} ${namespace}` === place)
    .map((one) => {
      const found = targetsOf(one);
      const names = found === unknown ? undefined : found.map((target) => at(target, "name"));
      return { urn: one.node.urn, names };
    }),
);

/** Everything else in the gateway's namespace, and the charts that were installed in its cluster. */
const besides = perGraph((graph, place: string): string[] => {
  const own = new Set(perRoute.flatMap(([group, kind]) => objectsOf(graph, group, kind).map(({ node }) => node.urn)));
  return graph
    .ofType(/^kubernetes:/)
    .filter((node) => {
      const [cluster, namespace] = [clusterOf(graph, node), at(node.props, "metadata", "namespace")];
      if (isChart(node)) return place.startsWith(`${cluster} `);
      return `${cluster} ${String(namespace === unknown ? undefined : namespace)}` === place && !own.has(node.urn);
    })
    .map(({ urn }) => urn);
});

const isChart = (node: Node) => node.type === "kubernetes:helm.sh/v3:Release";

/** Names that a gateway listens for. */
export function hostsOf(gateway: ClusterObject): string[] {
  const listeners = listAt(gateway.node.props, "spec", "listeners");
  if (typeof listeners === "symbol") return [];
  return listeners.map((listener) => at(listener, "hostname")).filter((host) => typeof host === "string");
}

/** DNS records that answer for a name. */
export const recordsOf: (graph: Graph, host: string) => Node[] = perGraph((graph, host: string) => {
  const wanted = host.replace(/\.$/, "").toLowerCase();
  const plain = (name: unknown) => (typeof name === "string" ? name.replace(/\.$/, "").toLowerCase() : undefined);
  return [
    ...graph.ofType("aws:route53/record:Record").filter((node) => plain(at(node.props, "name")) === wanted),
    ...graph.ofType("gcp:dns/recordSet:RecordSet").filter((node) => plain(at(node.props, "name")) === wanted),
    ...graph
      .ofType(/^azure-native:(dns|network)(\/v[^:]+)?:RecordSet$/)
      .filter((node) => azureRecordNames(graph, node).includes(wanted)),
  ];
});

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
