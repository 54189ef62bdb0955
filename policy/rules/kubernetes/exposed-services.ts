import { type Demand, demanding } from "../../demand/index.ts";
import { namedNetworks, oneOf, orAbsent, type Want } from "../../demand/want.ts";
import { at, unknown } from "../../graph.ts";

const service = "kubernetes:core/v1:Service";

/** By these a Service asks each cloud for a load balancer that only its own network reaches. */
const internal: readonly (readonly [string, readonly string[]])[] = [
  ["service.beta.kubernetes.io/azure-load-balancer-internal", ["true"]],
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", ["internal"]],
  ["networking.gke.io/load-balancer-type", ["Internal"]],
];

const isInternal: Want = {
  text: "an annotation that makes the load balancer internal",
  accepts: (found) => found !== unknown && internal.some(([key, values]) => values.includes(String(at(found, key)))),
  good: { "networking.gke.io/load-balancer-type": "Internal" },
  bad: [{}, { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" }],
};

const inside: Demand = {
  types: [service],
  any: [
    { path: "spec.type", wants: orAbsent(oneOf("ClusterIP", "ExternalName")) },
    { path: "metadata.annotations", wants: isInternal },
  ],
  fix: "keep the Service inside the cluster and let the gateway answer for it",
};

/** The gateway's own Service is made by its controller, from this. */
const gateway: Demand = {
  types: ["kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy"],
  any: [
    { path: "spec.provider.kubernetes.envoyService.type", wants: oneOf("ClusterIP") },
    { path: "spec.provider.kubernetes.envoyService.annotations", wants: isInternal },
    { path: "spec.provider.kubernetes.envoyService.loadBalancerSourceRanges", wants: namedNetworks },
  ],
  fix: "make it internal, or list the callers' networks in loadBalancerSourceRanges",
};

export const exposedServices = demanding(
  {
    name: "exposed-services",
    description:
      "Only the gateway has a load balancer, and that one answers named networks or its own network; no other Service leaves its cluster.",
    severity: "high",
    tags: ["network", "kubernetes"],
    references: ["3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e"],
    remediationSteps: "Set spec.type to ClusterIP, or the cloud's annotation for an internal load balancer.",
  },
  [inside, gateway],
);
