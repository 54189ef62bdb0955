import { type Override, overrideOf } from "../../components/gateway/override.ts";
import { securityPolicy } from "../../components/gateway/render/access.ts";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import { clientTrafficPolicy, gatewayClass, gatewayObject } from "../../components/gateway/render/proxy.ts";
import { renderRoute } from "../../components/gateway/render/route.ts";
import type { Gateway, Plan, PlannedLocation } from "../../components/plan/types.ts";
import { callsThrough, routeArgs } from "../../infra/layers/gateways.ts";
import { UsageError } from "../commands/load.ts";
import type { State, StateResource } from "../engine/state.ts";

/** What one gateway is made of, as the cluster holds it. */
export interface GatewayObjects {
  readonly location: string;
  readonly objects: readonly KubernetesObject[];
}

/** The gateway of one location, or all where none is named. @throws UsageError when there is none in that location */
export function gatewaysThere<T extends { readonly location: string }>(
  gateways: readonly T[],
  location: string | undefined,
  stack: string,
): readonly T[] {
  if (location === undefined) return gateways;
  const found = gateways.filter((gateway) => gateway.location === location);
  if (found.length > 0) return found;
  const known = gateways.map((gateway) => gateway.location).join(", ");
  throw new UsageError(`There is no gateway in ${location}; ${stack} has gateways in ${known || "no location"}.`);
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
  const found = resources.flatMap((resource) => {
    const location = parts.get(resource.parent ?? "");
    const object = objectOf(resource);
    return location === undefined || object === undefined ? [] : [{ location, object }];
  });
  return [...Map.groupBy(found, ({ location }) => location)].map(([location, own]) => ({
    location,
    objects: own.map(({ object }) => object),
  }));
}

function objectOf({ inputs }: StateResource): KubernetesObject | undefined {
  const { apiVersion, kind, metadata, spec } = inputs ?? {};
  if (!drilled.includes(String(kind))) return undefined;
  return { apiVersion, kind, metadata, spec } as KubernetesObject;
}

/** Names that the gateway among these objects listens for, its own first; none where there is no gateway. */
export function hostsOf(objects: readonly KubernetesObject[]): string[] {
  const gateway = objects.find(({ kind }) => kind === "Gateway");
  const listeners = (gateway?.spec.listeners ?? []) as readonly { readonly hostname?: string }[];
  return listeners.flatMap(({ hostname }) => hostname ?? []);
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
    .filter(({ gateway: other }) => other !== null && callsThrough(plan, other, location.name))
    .map((peer) => ({ name: peer.name, cloud: peer.cloud, issuerUrl: `https://issuer.${peer.name}.invalid` }));
  return [
    { ...shape, metadata: { name } } as KubernetesObject,
    gatewayObject(gateway.host, location.cloud),
    clientTrafficPolicy(),
    securityPolicy(gateway.host, plan.clientIssuers, callers),
    ...gateway.routes.flatMap((route) => renderRoute(routeArgs(plan, gateway, route))),
  ];
}
