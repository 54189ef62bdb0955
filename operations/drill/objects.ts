import { type Override, overrideOf } from "../../components/gateway/override.ts";
import { securityPolicy } from "../../components/gateway/render/access.ts";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { clientTrafficPolicy, gatewayClass, gatewayObject } from "../../components/gateway/render/proxy.ts";
import { renderRoute } from "../../components/gateway/render/route.ts";
import type { Gateway, Plan, PlannedLocation } from "../../components/plan/types.ts";
import { routeArgs } from "../../infra/layers/gateways.ts";
import type { State, StateResource } from "../engine/state.ts";

/** What one gateway is made of, as the cluster holds it. */
export interface GatewayObjects {
  readonly location: string;
  readonly objects: readonly KubernetesObject[];
}

/** Kinds that decide what happens to a request. How the proxies are deployed does not, so it stays behind. */
const drilled: readonly string[] = [
  "GatewayClass",
  "Gateway",
  "ClientTrafficPolicy",
  "SecurityPolicy",
  "AIGatewayRoute",
  "AIServiceBackend",
  "Backend",
  "BackendTLSPolicy",
  "BackendSecurityPolicy",
  "BackendTrafficPolicy",
];

/** The gateways that a stack has deployed, out of its exported state. */
export function gatewaysInState({ resources = [] }: State): GatewayObjects[] {
  const parts = new Map<string, string>();
  for (const { urn, type, outputs } of resources) {
    if (type === "twocloud:index:InferenceGateway") parts.set(urn, String(outputs?.location));
    if (type === "twocloud:index:InferenceRoute") parts.set(urn, String(outputs?.gateway));
  }
  const found = new Map<string, KubernetesObject[]>();
  for (const resource of resources) {
    const location = parts.get(resource.parent ?? "");
    const object = objectOf(resource);
    if (location === undefined || object === undefined) continue;
    found.set(location, [...(found.get(location) ?? []), object]);
  }
  return [...found].map(([location, objects]) => ({ location, objects }));
}

function objectOf({ inputs }: StateResource): KubernetesObject | undefined {
  const { apiVersion, kind, metadata, spec } = inputs ?? {};
  if (!drilled.includes(String(kind))) return undefined;
  return { apiVersion, kind, metadata, spec } as KubernetesObject;
}

/** Overrides in force among a gateway's objects; one that has expired is in force until it is swept. */
export function activeOverrides(objects: readonly KubernetesObject[]): Override[] {
  return objects.flatMap((object) => overrideOf(object) ?? []);
}

/** The gateways that a plan would deploy. What only a cloud can tell, the issuers of other clusters, has a made-up name. */
export function gatewaysInPlan(plan: Plan): GatewayObjects[] {
  return plan.locations.flatMap((location) =>
    location.gateway === null
      ? []
      : [{ location: location.name, objects: objectsOf(plan, location, location.gateway) }],
  );
}

function objectsOf(plan: Plan, location: PlannedLocation, gateway: Gateway): KubernetesObject[] {
  const { name, ...shape } = gatewayClass();
  const callers = plan.locations
    .filter(({ gateway: other }) =>
      other?.routes.some(({ edges }) => edges.some((edge) => leadsTo(plan, edge, location))),
    )
    .map((peer) => ({ name: peer.name, cloud: peer.cloud, issuerUrl: `https://issuer.${peer.name}.invalid` }));
  return [
    { ...shape, metadata: { name } } as KubernetesObject,
    gatewayObject(gateway.host, location.cloud),
    clientTrafficPolicy(),
    securityPolicy(gateway.host, plan.clientIssuers, callers),
    ...gateway.routes.flatMap((route) => renderRoute(routeArgs(plan, gateway, route))),
  ];
}

function leadsTo(plan: Plan, { kind, path }: { kind: string; path: string }, location: PlannedLocation): boolean {
  const paths = plan.workloads.flatMap((workload) => workload.paths);
  return kind === "gateway-hop" && paths.find(({ id }) => id === path)?.location === location.name;
}
