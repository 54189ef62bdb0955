import { at } from "../../graph.ts";
import { objectsOf, titleOf } from "../../kubernetes.ts";
import { groups, routesOf } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";
import { policyOf } from "../../traffic.ts";

const name = "route-traffic-policy";

export const routeTrafficPolicy: Rule = {
  name,
  description:
    "Every gateway route has a traffic policy with retries and passive health checks. Without one, priorities do nothing: no request ever fails over.",
  severity: "critical",
  tags: ["gateway", "failover"],
  remediationSteps:
    "Create a BackendTrafficPolicy in the route's cluster and namespace that targets the HTTPRoute of the route's name, with spec.retry and spec.healthCheck.passive; InferenceRoute does.",
  url: explainedAt(name),
  references: ["EU AI Act Art. 15(4)"],
  reads: [
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", path: "spec.targetRefs" },
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", path: "spec.retry" },
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", path: "spec.healthCheck.passive" },
  ],
  validateStack: judging((graph) => {
    const policies = objectsOf(graph, groups.envoy, "BackendTrafficPolicy");
    return routesOf(graph).flatMap(({ object }): Finding[] => {
      const policy = policyOf(object, policies);
      const urn = object.node.urn;
      if (policy === undefined) {
        return [
          {
            message: `${titleOf(object)} has no BackendTrafficPolicy: nothing ever fails over. Fix: add one in the same cluster and namespace that targets HTTPRoute ${object.name ?? "of the route's name"}.`,
            urn,
          },
        ];
      }
      const missing = [["retry"], ["healthCheck", "passive"]].filter(
        (path) => !isObject(at(policy.node.props, "spec", ...path)),
      );
      return missing.map((path) => ({
        message: `${titleOf(policy)} of ${titleOf(object)} has no spec.${path.join(".")}. Fix: add it; the measured values are in components/gateway/render/traffic.ts.`,
        urn: policy.node.urn,
      }));
    });
  }),
};

function isObject(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length > 0;
}
