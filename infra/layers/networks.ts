import { AwsNetwork } from "../../components/network/aws.ts";
import { AzureNetwork } from "../../components/network/azure.ts";
import { GcpNetwork } from "../../components/network/gcp.ts";
import type { Network } from "../../components/network/types.ts";
import type { Plan } from "../../components/plan/types.ts";
import { bare, inEach, type Place } from "./locations.ts";

const components = { aws: AwsNetwork, azure: AzureNetwork, gcp: GcpNetwork };

/** The private network of each location. */
export function buildNetworks(plan: Plan, places: ReadonlyMap<string, Place>): Map<string, Network> {
  const { protect, zoneRedundant, logRetentionDays } = plan.profile;
  return inEach(places, ({ location, opts }) => {
    const { subnets } = location;
    return new components[location.cloud](
      `${location.name}-network`,
      { location: bare(location), subnets, zoneRedundant, protect, logRetentionDays, tags: { ...plan.tags } },
      opts,
    );
  });
}
