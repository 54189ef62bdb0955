import type { Access, Edge, Path, Route } from "./types.ts";

/** A gateway, as far as routing needs it. */
export interface Router {
  readonly location: string;
  readonly host: string;
}

/** Public name of the gateway whose zone has this name. */
export function gatewayHost(zone: string): string {
  return `gateway.${zone}`;
}

/** Port of every path outside the cluster. */
const tlsPort = 443;

/** Port on which a model server listens inside its cluster. */
export const serverPort = 8000;

/** Name of a path's model server inside its cluster. */
export function serverHost(path: Pick<Path, "name">): string {
  return `${path.name}.${path.name}.svc.cluster.local`;
}

/**
 * What one gateway tries for one workload. The gateway at the primary keeps the order of the roles; a gateway at a
 * fallback begins with its own path, since a client that reaches it has usually lost the primary's cloud. A gateway
 * without a path of the workload gets no route.
 */
export function routeOf(
  workload: string,
  paths: readonly Path[],
  gateway: Router,
  gateways: readonly Router[],
): Route | undefined {
  const own = paths.filter((path) => path.location === gateway.location);
  if (own.length === 0) return undefined;
  const byRole = [...paths].sort((left, right) => rank(left) - rank(right));
  const ordered = [...own, ...byRole.filter((path) => !own.includes(path))];
  return { workload, edges: ordered.flatMap((path) => edgeOf(path, gateway, gateways) ?? []) };
}

const rank = (path: Path): number => (path.role === "primary" ? 0 : 1);

/** How a gateway reaches a path; undefined when it can't. */
export function edgeOf(path: Path, gateway: Router, gateways: readonly Router[]): Edge | undefined {
  const at = { gateway: gateway.location, path: path.id };
  const here = path.location === gateway.location;
  if (path.managed !== null) {
    return { ...at, kind: here ? "private-endpoint" : "public-endpoint", host: path.managed.host, port: tlsPort };
  }
  if (here) return { ...at, kind: "in-cluster", host: serverHost(path), port: serverPort };
  const target = gateways.find((candidate) => candidate.location === path.location);
  return target && { ...at, kind: "gateway-hop", host: target.host, port: tlsPort };
}

/** The rights that the routes need: each gateway to call the managed models of each location on its lists. */
export function accessOf(routes: readonly Route[], paths: readonly Path[]): Access[] {
  const found = new Map<string, { gateway: string; target: string; paths: string[] }>();
  for (const edge of routes.flatMap((route) => route.edges)) {
    const path = paths.find((candidate) => candidate.id === edge.path);
    if (path === undefined || path.managed === null) continue;
    const key = `${edge.gateway} ${path.location}`;
    const entry = found.get(key) ?? { gateway: edge.gateway, target: path.location, paths: [] };
    entry.paths.push(path.id);
    found.set(key, entry);
  }
  return [...found.values()];
}
