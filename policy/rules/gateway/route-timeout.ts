import { demand, demanding } from "../../demand/index.ts";
import type { Want } from "../../demand/want.ts";

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Gateway API durations: `300s`, `5m`, `1h30m`. @returns seconds, undefined for anything else */
function secondsOf(duration: unknown): number | undefined {
  if (typeof duration !== "string" || !/^(\d+(h|m|s|ms))+$/.test(duration)) return undefined;
  return [...duration.matchAll(/(\d+)(ms|h|m|s)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0),
    0,
  );
}

const longEnough: Want = {
  text: "a duration above 60s",
  accepts: (found) => (secondsOf(found) ?? 0) > 60,
  good: "300s",
  bad: ["60s", "soon"],
};

export const routeTimeout = demanding(
  {
    name: "route-timeout",
    description:
      "Every rule of a gateway route says how long a request may last, and that is more than the gateway's own 60 seconds, which cut long streams.",
    severity: "high",
    tags: ["gateway"],
    remediationSteps:
      "Set timeouts.request of each rule to the longest answer of the workload, 300s where nothing else is known.",
  },
  [
    demand(
      "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute",
      "spec.rules[].timeouts.request",
      longEnough,
      "set it to the longest answer of the workload, such as 300s",
    ),
  ],
);
