import { type ClusterObject, isBeside, targets } from "./kubernetes.ts";

/** The traffic policy of a route: it targets the HTTPRoute that the controller makes of the route, by the same name. */
export function policyOf(route: ClusterObject, policies: readonly ClusterObject[]): ClusterObject | undefined {
  return policies.find((policy) => isBeside(policy, route) && targets(policy, "HTTPRoute", route.name));
}
