/** Routes of gateways and the backends that they list: https://aigateway.envoyproxy.io/docs/ */
import type { StoredResource } from "../store.ts";
import { asObject, knownString, valueAt, valuesAt } from "../values.ts";
import { type Drop, drop } from "./causes.ts";
import { type GatewayPods, gatewayNamed } from "./clusters.ts";
import { type Held, namespaceOf, objectsIn, specOf } from "./held.ts";
import type { Cluster } from "./network.ts";
import { tcp } from "./ports.ts";
import type { Call } from "./target.ts";

const AI = "aigateway.envoyproxy.io";

/** A route of a cluster, with its gateway; undefined when that is not there. */
export interface Route {
  readonly route: StoredResource;
  readonly gateway: GatewayPods | undefined;
}

export function routesOf(held: Held, cluster: Cluster): Route[] {
  return held.objects(cluster.inside, AI, "AIGatewayRoute").map((route) => {
    const [parent] = objectsIn(specOf(route).parentRefs);
    const namespace = knownString(parent?.namespace) ?? namespaceOf(route);
    return { route, gateway: gatewayNamed(held, cluster, namespace, parent?.name) };
  });
}

/** A backend as a rule of a route lists it. */
export interface Listed {
  readonly route: StoredResource;
  /** Name of the AIServiceBackend. */
  readonly name: string;
  /** The model name that the gateway writes into the request. */
  readonly model: string;
}

/** The backends of a route, each model once, as they are tried. @param model only those of the rules for that model name */
export function backendsOf({ route }: Pick<Route, "route">, model?: string): Listed[] {
  const rules = objectsIn(specOf(route).rules).filter((rule) => model === undefined || namesIn(rule).includes(model));
  const listed = rules.flatMap((rule) =>
    objectsIn(rule.backendRefs)
      .toSorted((one, other) => Number(one.priority ?? 0) - Number(other.priority ?? 0))
      .map(({ name, modelNameOverride }) => ({
        route,
        name: String(name),
        model: knownString(modelNameOverride) ?? model ?? namesIn(rule)[0] ?? "",
      })),
  );
  return [...new Map(listed.map((one) => [`${one.name} ${one.model}`, one])).values()];
}

/** Model names that a rule is for: the gateway keeps the one of the request's body in this header. */
function namesIn(rule: Readonly<Record<string, unknown>>): string[] {
  return valuesAt(rule, "matches[].headers[]")
    .map(({ value }) => asObject(value))
    .filter(({ name }) => name === "x-ai-eg-model")
    .map(({ value }) => String(value));
}

/** The request that a gateway sends to a backend, or why it can't. */
export function callFor(held: Held, from: GatewayPods, listed: Listed): { call: Call } | { drop: Drop } {
  const { route, name, model } = listed;
  const { inside } = from.cluster;
  const beside = (group: string, kind: string, wanted: unknown) =>
    held.objects(inside, group, kind).find((one) => one.name === wanted && namespaceOf(one) === namespaceOf(route));
  const service = beside(AI, "AIServiceBackend", name);
  const backend = beside("gateway.envoyproxy.io", "Backend", valueAt(specOf(service), "backendRef.name"));
  const [endpoint] = objectsIn(specOf(backend).endpoints);
  const { hostname, port } = asObject(endpoint?.fqdn);
  const host = knownString(hostname);
  if (backend === undefined || host === undefined) {
    const why = `its backend ${name} ${backend === undefined ? "is not there" : "names no host"}`;
    return { drop: drop("noBackend", service ?? route, why, "Make the AIServiceBackend and its Backend by host name") };
  }
  return {
    call: { from, backend, host, port: tcp(Number(port)), model, credential: credentialOf(held, inside, listed) },
  };
}

/** What signs the requests to a backend. */
function credentialOf(held: Held, inside: string, { route, name }: Listed): StoredResource | undefined {
  return held
    .objects(inside, AI, "BackendSecurityPolicy")
    .filter((policy) => namespaceOf(policy) === namespaceOf(route))
    .find((policy) => objectsIn(specOf(policy).targetRefs).some((target) => target.name === name));
}
