import type * as pulumi from "@pulumi/pulumi";
import { AwsModelService } from "../../components/model/aws.ts";
import { AzureModelService } from "../../components/model/azure.ts";
import { GcpModelService } from "../../components/model/gcp.ts";
import type { ModelService } from "../../components/model/types.ts";
import type { Network } from "../../components/network/types.ts";
import type { Plan } from "../../components/plan/types.ts";
import { callersOf } from "./federation.ts";
import { bare, inEach, of, type Place } from "./locations.ts";
import type { Neighbour } from "./neighbours.ts";

const services = { aws: AwsModelService, azure: AzureModelService, gcp: GcpModelService };

/** The managed model service of each location that has managed paths. */
export function buildModelServices(
  plan: Plan,
  places: ReadonlyMap<string, Place>,
  networks: ReadonlyMap<string, Network>,
  neighbours: ReadonlyMap<string, Neighbour>,
): Map<string, ModelService & pulumi.Resource> {
  const { protect, logRetentionDays } = plan.profile;
  return inEach(places, ({ location, opts }) => {
    const models = managedPaths(plan, location.name);
    if (models.length === 0) return undefined;
    const network = of(networks, location.name);
    return new services[location.cloud](
      `${location.name}-models`,
      {
        location: bare(location),
        models,
        allowedAddresses: callersOf(plan, neighbours, location.name),
        protect,
        logRetentionDays,
        tags: { ...plan.tags },
        scope: network.scope,
        networkId: network.networkId,
        endpointSubnetIds: network.endpointSubnetIds,
      },
      opts,
    );
  });
}

function managedPaths(plan: Plan, location: string) {
  const paths = plan.workloads.flatMap((workload) => workload.paths).filter((path) => path.location === location);
  return paths.flatMap((path) => (path.managed === null ? [] : [{ name: path.name, model: path.managed }]));
}
