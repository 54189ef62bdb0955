import { longestSilenceSeconds } from "../../plan/recovery.ts";
import { gatewayNamespace } from "../names.ts";
import type { FailoverConditions } from "../types.ts";
import { apiVersions, duration, type KubernetesObject, workloadLabels } from "./object.ts";

/**
 * What got most out of Envoy AI Gateway 1.0 against sixteen faults at the primary: ten answered whole, two late, four
 * refused cleanly, none failed. A timeout or reset ejects at once, so that the second attempt goes to the fallback,
 * while a single 500 is retried in place.
 */
export const measuredFailover: FailoverConditions = {
  // 401 and 403: an expired federated credential is an outage of the path, not the caller's fault.
  statusCodes: [401, 403, 408, 429, 500, 502, 503, 504],
  attemptsPerPath: 2,
  attemptTimeoutMs: longestSilenceSeconds.streamed * 1000,
  backOffMs: { base: 50, max: 500 },
  ejectAfter: { gatewayErrors: 3, connectionFailures: 1 },
  checkIntervalMs: 1_000,
  ejectionMs: 5_000,
};

/** The same for answers that are not streamed: their first byte comes when all of the answer is made. */
export const wholeAnswerFailover: FailoverConditions = {
  ...measuredFailover,
  attemptTimeoutMs: longestSilenceSeconds.whole * 1000,
};

/** Retries that let a request reach every priority; three for two paths, which is what was measured. */
export function retriesFor(paths: number, attemptsPerPath: number): number {
  return paths * attemptsPerPath - 1;
}

/** The policy without which nothing ever fails over. It targets the HTTPRoute that the controller makes of the route. */
export function trafficPolicy(workload: string, paths: number, failover: FailoverConditions): KubernetesObject {
  return {
    apiVersion: apiVersions.envoyGateway,
    kind: "BackendTrafficPolicy",
    metadata: { name: workload, namespace: gatewayNamespace, labels: workloadLabels(workload) },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: workload }],
      retry: retry(paths, failover),
      healthCheck: {
        // One endpoint a priority: ejecting it must be possible, and an all-ejected priority must not be used again.
        panicThreshold: 0,
        passive: {
          consecutiveLocalOriginFailures: failover.ejectAfter.connectionFailures,
          splitExternalLocalOriginErrors: true,
          consecutiveGatewayErrors: failover.ejectAfter.gatewayErrors,
          interval: duration(failover.checkIntervalMs),
          baseEjectionTime: duration(failover.ejectionMs),
          maxEjectionPercent: 100,
        },
      },
    },
  };
}

function retry(paths: number, failover: FailoverConditions): Record<string, unknown> {
  return {
    numRetries: retriesFor(paths, failover.attemptsPerPath),
    numAttemptsPerPriority: failover.attemptsPerPath,
    perRetry: {
      timeout: duration(failover.attemptTimeoutMs),
      backOff: { baseInterval: duration(failover.backOffMs.base), maxInterval: duration(failover.backOffMs.max) },
    },
    retryOn: {
      httpStatusCodes: [...failover.statusCodes],
      triggers: ["connect-failure", "reset", "reset-before-request", "refused-stream", "retriable-status-codes"],
    },
  };
}
