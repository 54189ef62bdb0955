import {
  degradedName,
  type Override,
  overriddenWorkload,
  overrideOf,
  pinName,
} from "../../components/gateway/override.ts";
import { apiVersions, type KubernetesObject } from "../../components/gateway/render/object.ts";
import { degradedObjects, pinObjects, standingBy } from "../../components/gateway/render/override.ts";
import type { ObjectName } from "./cluster.ts";

/** What is done to one gateway, step by step: at every moment each request has one place to go to. */

export type Step =
  | {
      readonly kind: "apply";
      readonly objects: readonly KubernetesObject[];
      /** The HTTPRoute by whose status is seen that the gateway has taken it up. */
      readonly route: string;
      readonly change: string;
      /** See `Applied`. */
      readonly force: boolean;
      /** What it means when the gateway does not take it up; null: the next step is done all the same. */
      readonly otherwise: string | null;
    }
  /** Waits until the gateway's processors know the backends of what was applied. */
  | { readonly kind: "settle" }
  | { readonly kind: "remove"; readonly objects: readonly ObjectName[] };

export interface StepsOptions {
  /** What the gateway's namespace holds. */
  readonly objects: readonly KubernetesObject[];
  readonly override: Override;
  /** What happens to users in the degraded mode. */
  readonly mode: string;
  /** Any text that no earlier change had. */
  readonly change: string;
}

/** Puts an override in force, in place of another if there is one. @throws Error naming all that is not deployed */
export function stepsTo({ objects, override, mode, change }: StepsOptions): Step[] {
  const { workload, path } = override;
  const pin = pinIn(objects, workload);
  const inForce = applied(change, "it may come into force later; to take it back, clear it");
  if (path === null) {
    const route = degradedName(workload);
    return [
      { ...inForce, objects: degradedObjects({ objects, override, mode, change }), route },
      ...(pin === undefined ? [] : withdrawal(pin, `${change}-standing-by`)),
    ];
  }
  const route = pinName(workload);
  const before = pin === undefined ? null : (overrideOf(pin) ?? null);
  const render = (now: Override | null, name: string) => pinObjects({ objects, override, inForce: now, change: name });
  const target = render(override, change);
  const prepared = `${change}-prepared`;
  const isKnown = before !== null && pin !== undefined && sameBackends(pin, target);
  const preparation: Step[] = [
    { ...applied(prepared, "nothing was switched"), objects: render(before, prepared), route },
    { kind: "settle" },
  ];
  return [
    ...(isKnown ? [] : preparation),
    { ...inForce, objects: target, route },
    ...(isDegraded(objects, workload) ? [removal(degradedParts(workload))] : []),
  ];
}

/** Takes a workload's overrides away, and what is left of those that were not made to the end. */
export function stepsAway(objects: readonly KubernetesObject[], workload: string, change: string): Step[] {
  const pin = pinIn(objects, workload);
  const own = objects.filter((object) => overriddenWorkload(object) === workload);
  const degraded = own.some(({ metadata }) => metadata.name === degradedName(workload));
  const pinned = own.some(({ metadata }) => metadata.name === pinName(workload));
  return [
    ...(degraded ? [removal(degradedParts(workload))] : []),
    ...(pin !== undefined ? withdrawal(pin, change) : pinned ? [removal(pinParts(workload))] : []),
  ];
}

const applied = (change: string, otherwise: string) => ({ kind: "apply", change, force: false, otherwise }) as const;

const removal = (objects: readonly ObjectName[]): Step => ({ kind: "remove", objects });

/**
 * No request is on the route any more when it goes: the processor forgets its backends before the proxies do. Whoever
 * has changed it meanwhile, and whether or not it is taken up: it goes.
 */
function withdrawal(pin: KubernetesObject, change: string): Step[] {
  const { name } = pin.metadata;
  const objects = [standingBy(pin, change)];
  const step: Step = { kind: "apply", objects, route: name, change, force: true, otherwise: null };
  const workload = overriddenWorkload(pin) ?? "";
  return [...(overrideOf(pin) === undefined ? [] : [step]), removal(pinParts(workload))];
}

function pinParts(workload: string): ObjectName[] {
  const name = pinName(workload);
  return [
    { apiVersion: apiVersions.aiGateway, kind: "AIGatewayRoute", name },
    { apiVersion: apiVersions.envoyGateway, kind: "BackendTrafficPolicy", name },
  ];
}

/** The route before its filter, without which it would answer 500. */
function degradedParts(workload: string): ObjectName[] {
  const name = degradedName(workload);
  return [
    { apiVersion: apiVersions.gateway, kind: "HTTPRoute", name },
    { apiVersion: apiVersions.envoyGateway, kind: "HTTPRouteFilter", name },
  ];
}

function pinIn(objects: readonly KubernetesObject[], workload: string): KubernetesObject | undefined {
  return objects.find(
    (object) =>
      object.kind === "AIGatewayRoute" &&
      object.metadata.name === pinName(workload) &&
      overriddenWorkload(object) === workload,
  );
}

function isDegraded(objects: readonly KubernetesObject[], workload: string): boolean {
  return objects.some((object) => overrideOf(object)?.workload === workload && overrideOf(object)?.path === null);
}

/** The processor knows backends by the place of their rule. */
function sameBackends(pin: KubernetesObject, target: readonly KubernetesObject[]): boolean {
  const route = target.find(({ kind }) => kind === pin.kind);
  return JSON.stringify(backendsOf(pin)) === JSON.stringify(route === undefined ? [] : backendsOf(route));
}

function backendsOf({ spec }: KubernetesObject): string[][] {
  const rules = spec.rules as readonly {
    readonly backendRefs: readonly { name: string; modelNameOverride: string }[];
  }[];
  return rules.map(({ backendRefs }) => backendRefs.map((ref) => `${ref.name} ${ref.modelNameOverride}`));
}
