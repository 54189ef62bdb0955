import { at, listAt, type Node, unknown } from "../../graph.ts";
import { objectsOf, titleOf } from "../../kubernetes.ts";
import { failoverList, groups, prioritiesOf, type Route, routesOf } from "../../routes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";
import { policyOf } from "../../traffic.ts";

const name = "retry-budget";

const codes = [429, 500, 502, 503, 504];
const triggers = ["connect-failure", "reset", "retriable-status-codes"];

export const retryBudget: Rule = {
  name,
  description:
    "A traffic policy retries on 429, 500, 502, 503 and 504, on refused and reset connections, and often enough to reach every priority of its route: numRetries is at least numAttemptsPerPriority × priorities − 1.",
  severity: "critical",
  tags: ["gateway", "failover"],
  remediationSteps:
    "Complete spec.retry of the BackendTrafficPolicy: httpStatusCodes, triggers, numAttemptsPerPriority and numRetries; components/gateway/render/traffic.ts has measured values.",
  url: explainedAt(name),
  reads: [
    {
      type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy",
      path: "spec.retry.retryOn.httpStatusCodes",
    },
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", path: "spec.retry.retryOn.triggers" },
    { type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", path: "spec.retry.numRetries" },
  ],
  validateStack: judging((graph) => {
    const policies = objectsOf(graph, groups.envoy, "BackendTrafficPolicy");
    return routesOf(graph).flatMap((route) => {
      const policy = policyOf(route.object, policies);
      if (policy === undefined) return [];
      return problemsOf(policy.node, route).map(
        (text): Finding => ({ message: `${titleOf(policy)}: ${text}`, urn: policy.node.urn }),
      );
    });
  }),
};

function problemsOf(policy: Node, route: Route): string[] {
  const retry = at(policy.props, "spec", "retry");
  return [
    ...lacking("httpStatusCodes", listAt(retry, "retryOn", "httpStatusCodes"), codes),
    ...lacking("triggers", listAt(retry, "retryOn", "triggers"), triggers),
    ...budgetProblems(at(retry, "numRetries"), at(retry, "numAttemptsPerPriority"), route),
  ];
}

function lacking(key: string, found: readonly unknown[] | typeof unknown, needed: readonly unknown[]): string[] {
  const missing = found === unknown ? needed : needed.filter((one) => !found.includes(one));
  return missing.length === 0
    ? []
    : [`spec.retry.retryOn.${key} lacks ${missing.join(", ")}. Fix: add ${missing.length === 1 ? "it" : "them"}.`];
}

function budgetProblems(retries: unknown, attempts: unknown, route: Route): string[] {
  if (route.rules === unknown)
    return [
      `the priorities of ${titleOf(route.object)} are not known, so nobody can tell whether the retries reach them. Fix: list its backends as plain constants.`,
    ];
  const priorities = prioritiesOf(failoverList(route));
  if (typeof attempts !== "number" || attempts < 1) {
    return [
      `spec.retry.numAttemptsPerPriority is ${shown(attempts)}: all retries would stay on the first priority. Fix: write 1 or more.`,
    ];
  }
  const needed = attempts * priorities - 1;
  if (typeof retries === "number" && retries >= needed) return [];
  return [
    `spec.retry.numRetries is ${shown(retries)}; ${attempts} attempts on each of ${priorities} priorities need at least ${needed}. Fix: write ${needed}.`,
  ];
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : value === unknown ? "not known" : JSON.stringify(value);
}
