import * as pulumi from "@pulumi/pulumi";
import type { Path, Plan, Workload } from "../components/plan/types.ts";
import type { Neighbour } from "./layers/neighbours.ts";

/** The stack's output: plain JSON that drill, promotion, review and scenarios read. */
export function inventoryOf(plan: Plan, neighbours: ReadonlyMap<string, Neighbour>): pulumi.Output<unknown> {
  return pulumi.output({
    environment: plan.environment,
    asOf: plan.asOf,
    gateways: plan.locations.flatMap((location) => {
      const { gateway } = location;
      if (gateway === null) return [];
      const neighbour = neighbours.get(location.name);
      return [
        {
          location: location.name,
          cloud: location.cloud,
          account: location.account,
          region: location.region,
          url: `https://${gateway.host}`,
          zone: gateway.zone,
          egressAddresses: neighbour?.egressAddresses,
          identityIssuer: neighbour?.issuerUrl,
          keyStore: neighbour?.keyId,
          registry: neighbour?.imagePrefix,
          routes: gateway.routes.map((route) => ({
            workload: route.workload,
            paths: route.edges.map((edge) => edge.path),
          })),
        },
      ];
    }),
    workloads: plan.workloads.map((workload) => workloadOf(plan, workload)),
  });
}

function workloadOf(plan: Plan, workload: Workload) {
  const { name, type, tier, residency, owner, decision } = workload;
  return { name, type, tier, residency, owner, decision, paths: workload.paths.map((path) => pathOf(plan, path)) };
}

function pathOf(plan: Plan, path: Path) {
  const location = plan.locations.find((candidate) => candidate.name === path.location);
  return {
    id: path.id,
    role: path.role,
    location: path.location,
    cloud: path.cloud,
    account: location?.account,
    region: path.region,
    serving: path.serving,
    standby: path.standby,
    vendor: path.vendor,
    model: path.model,
    modelId: path.managed?.modelId ?? path.selfHosted?.modelId,
    endpoint: path.managed?.host ?? path.selfHosted?.gatewayHost,
    gateway: location?.gateway?.host ?? null,
    contract: path.contract,
    retires: path.retires,
    weights: path.selfHosted?.weights ?? null,
  };
}
