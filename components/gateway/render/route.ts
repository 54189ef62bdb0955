import { gatewayName, gatewayNamespace, pinnedModel } from "../names.ts";
import type { InferenceRouteArgs } from "../types.ts";
import { backendObjects, type Hop, hopProblems, modelNameOf } from "./backend.ts";
import { apiVersions, duration, type KubernetesObject, quoted, workloadLabels } from "./object.ts";
import { measuredFailover, trafficPolicy } from "./traffic.ts";

/** The header in which the gateway keeps the model name that it read from the request's body. */
export const modelHeader = "x-ai-eg-model";

/** A route holds at most so many rules (CRD): one for the workload, one for each path. */
const maxRules = 15;

const defaultTimeoutSeconds = 300;

/**
 * Everything that Kubernetes must hold for one workload in one gateway, as plain constants: the route, its traffic
 * policy and each path's backend. The same input gives the same objects, in the same order.
 *
 * @throws Error with every problem of the arguments.
 */
export function renderRoute(args: InferenceRouteArgs): KubernetesObject[] {
  const hops = hopsOf(args);
  const failover = args.failover ?? measuredFailover;
  return [
    routeObject(args.route.workload, hops, args.requestTimeoutSeconds ?? defaultTimeoutSeconds),
    trafficPolicy(args.route.workload, hops.length, failover),
    ...hops.flatMap(backendObjects),
  ];
}

function routeObject(workload: string, hops: readonly Hop[], timeoutSeconds: number): KubernetesObject {
  const timeouts = { request: duration(timeoutSeconds * 1000) };
  const rule = (model: string, listed: readonly Hop[]) => ({
    matches: [{ headers: [{ type: "Exact", name: modelHeader, value: model }] }],
    backendRefs: listed.map((hop, priority) => ({
      name: hop.path.name,
      modelNameOverride: modelNameOf(hop),
      priority,
      weight: 1,
    })),
    timeouts,
    modelsOwnedBy: "twocloud",
  });
  return {
    apiVersion: apiVersions.aiGateway,
    kind: "AIGatewayRoute",
    metadata: { name: workload, namespace: gatewayNamespace, labels: workloadLabels(workload) },
    spec: {
      parentRefs: [{ name: gatewayName, kind: "Gateway", group: "gateway.networking.k8s.io" }],
      rules: [
        rule(workload, hops),
        // One rule a path that lists nothing else: what another gateway passed on ends here, on this location's own
        // path, and a live drill can ask for the fallback alone.
        ...hops.map((hop) => rule(pinnedModel(workload, hop.path.location), [hop])),
      ],
    },
  };
}

function hopsOf(args: InferenceRouteArgs): Hop[] {
  const { gateway, route, requestTimeoutSeconds = defaultTimeoutSeconds } = args;
  const problems: string[] = [];
  const hops = route.edges.flatMap((edge): Hop[] => {
    const path = args.paths.find(({ id }) => id === edge.path);
    const location = args.locations.find(({ name }) => name === path?.location);
    if (path === undefined)
      problems.push(`${edge.path}: no such path; the workload has ${quoted(args.paths.map(({ id }) => id))}`);
    else if (location === undefined)
      problems.push(
        `${edge.path}: its location "${path.location}" is not among ${quoted(args.locations.map(({ name }) => name))}`,
      );
    return path === undefined || location === undefined ? [] : [{ edge, path, location }];
  });
  if (route.edges.length === 0) problems.push("it lists no path: a route needs at least one that the gateway reaches");
  if (hops.length >= maxRules) problems.push(`${hops.length} paths: a route holds at most ${maxRules - 1}`);
  if (!(requestTimeoutSeconds > 60))
    problems.push(`requestTimeoutSeconds ${requestTimeoutSeconds}: streams need more than 60`);
  for (const { edge } of hops.filter(({ edge }) => edge.gateway !== gateway.location)) {
    problems.push(`${edge.path}: the edge starts at the gateway of "${edge.gateway}"`);
  }
  problems.push(...hops.flatMap(hopProblems), ...sharedNames(hops));
  if (problems.length > 0) {
    throw new Error(
      `route "${route.workload}" of gateway "${gateway.location}":\n${problems.map((text) => `  - ${text}`).join("\n")}`,
    );
  }
  return hops;
}

/** Which path served is told by the request model alone, so no two paths may have the same one, nor a pinned one. */
function sharedNames(hops: readonly Hop[]): string[] {
  const seen = new Map<string, string>();
  return hops.flatMap((hop) => {
    const model = modelNameOf(hop);
    const earlier = seen.get(model);
    seen.set(model, hop.path.id);
    if (earlier === undefined) return [];
    return [
      `${hop.path.id}: model name "${model}" is already that of ${earlier}; metrics tell paths apart by it, so give one of them a deployment or profile of another name`,
    ];
  });
}
