import { at, type Graph, listAt, unknown } from "./graph.ts";
import { type ClusterObject, coordinatesOf, objectsOf } from "./kubernetes.ts";
import { onceOf } from "./memo.ts";
import { type DeclaredPath, pathsOf } from "./paths.ts";

/** Gateways' routes: which backends they list, in which order, and what each leads to. */

export const groups = {
  ai: "aigateway.envoyproxy.io",
  envoy: "gateway.envoyproxy.io",
  gateway: "gateway.networking.k8s.io",
} as const;

/** One backend in a rule of a route. */
export interface Listed {
  /** Name of the AIServiceBackend; undefined when it is not known. */
  readonly name: string | undefined;
  /** What the rule refers to where that is no AIServiceBackend (`InferencePool`). */
  readonly kind: string;
  readonly priority: number;
  readonly modelName: unknown;
  /** The objects behind the name, where the program has them. */
  readonly service: ClusterObject | undefined;
  readonly backend: ClusterObject | undefined;
  /** The path that the objects say they serve. */
  readonly path: DeclaredPath | undefined;
}

export interface Route {
  readonly object: ClusterObject;
  /** Backends of each rule, first to last; `unknown` when the cloud has to tell. */
  readonly rules: readonly (readonly Listed[])[] | typeof unknown;
}

export const routesOf: (graph: Graph) => readonly Route[] = onceOf((graph) => {
  const world = {
    services: indexed(objectsOf(graph, groups.ai, "AIServiceBackend")),
    backends: indexed(objectsOf(graph, groups.envoy, "Backend")),
    paths: byName(pathsOf(graph)),
  };
  return objectsOf(graph, groups.ai, "AIGatewayRoute").map((object) => ({ object, rules: rulesOf(object, world) }));
});

interface World {
  /** By cluster, namespace and name. */
  readonly services: ReadonlyMap<string, ClusterObject>;
  readonly backends: ReadonlyMap<string, ClusterObject>;
  /** By the names that labels give them. */
  readonly paths: ReadonlyMap<unknown, DeclaredPath>;
}

/** The first of each name counts. */
function indexed(objects: readonly ClusterObject[]): Map<string, ClusterObject> {
  return new Map([...objects].reverse().map((one) => [coordinatesOf(one, one.name), one]));
}

function byName(paths: readonly DeclaredPath[]): Map<unknown, DeclaredPath> {
  return new Map(
    [...paths].reverse().flatMap((path) => [
      [path.id.replaceAll("/", "-"), path],
      [path.node.name, path],
    ]),
  );
}

/** The object of that name beside another one; both namespaces have to be known. */
function beside(objects: ReadonlyMap<string, ClusterObject>, other: ClusterObject, name: unknown) {
  return other.namespace === undefined || typeof name !== "string"
    ? undefined
    : objects.get(coordinatesOf(other, name));
}

function rulesOf(object: ClusterObject, world: World): Route["rules"] {
  const rules = listAt(object.node.props, "spec", "rules");
  if (rules === unknown) return unknown;
  const lists = rules.map((rule) => listAt(rule, "backendRefs"));
  if (lists.some((list) => list === unknown || list.includes(unknown))) return unknown;
  return lists.map((list) =>
    [...(list as unknown[])]
      .map((ref) => listed(object, ref, world))
      .sort((left, right) => left.priority - right.priority),
  );
}

const serviceKind = "AIServiceBackend";

function listed(route: ClusterObject, ref: unknown, { services, backends, paths }: World): Listed {
  const name = at(ref, "name");
  const priority = at(ref, "priority");
  const kind = String(at(ref, "kind") ?? serviceKind);
  const service = kind === serviceKind ? beside(services, route, name) : undefined;
  const backend = service === undefined ? undefined : backendOf(service, backends);
  return {
    name: typeof name === "string" ? name : undefined,
    kind,
    priority: typeof priority === "number" ? priority : 0,
    modelName: at(ref, "modelNameOverride"),
    service,
    backend,
    path: pathServed([backend, service], name, paths),
  };
}

function backendOf(service: ClusterObject, backends: World["backends"]): ClusterObject | undefined {
  const ref = at(service.node.props, "spec", "backendRef");
  return at(ref, "kind") === "Backend" ? beside(backends, service, at(ref, "name")) : undefined;
}

function pathServed(
  objects: readonly (ClusterObject | undefined)[],
  name: unknown,
  paths: World["paths"],
): DeclaredPath | undefined {
  const labels = objects.map((object) => at(object?.node.props, "metadata", "labels", "twocloud/path"));
  const said = [...labels, name].find((value) => typeof value === "string");
  return paths.get(said);
}

/** All backends that a route lists, each once. */
export function backendsOf(route: Route): Listed[] {
  if (route.rules === unknown) return [];
  const all = route.rules.flat();
  return all.filter((one, index) => all.findIndex((other) => other.name === one.name) === index);
}

/** The list that a request of the workload goes through: the longest; the others pin single paths. */
export function failoverList(route: Route): readonly Listed[] {
  if (route.rules === unknown) return [];
  return route.rules.reduce<readonly Listed[]>((longest, rule) => (rule.length > longest.length ? rule : longest), []);
}

/** How many priorities a request can go through. */
export function prioritiesOf(list: readonly Listed[]): number {
  return new Set(list.map(({ priority }) => priority)).size;
}

/** Name that a backend connects to; `unknown` or undefined when it has none, or not exactly one. */
export function hostOf(backend: ClusterObject): unknown {
  const endpoints = listAt(backend.node.props, "spec", "endpoints");
  if (endpoints === unknown) return unknown;
  return endpoints.length === 1 ? at(endpoints[0], "fqdn", "hostname") : undefined;
}
