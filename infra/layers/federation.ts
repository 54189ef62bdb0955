import * as pulumi from "@pulumi/pulumi";
import { gatewayNamespace, trustedServiceAccount } from "../../components/gateway/names.ts";
import { AwsModelAccess } from "../../components/identity/aws.ts";
import { AzureModelAccess } from "../../components/identity/azure.ts";
import { GcpModelAccess } from "../../components/identity/gcp.ts";
import type { ModelAccess } from "../../components/identity/types.ts";
import type { ModelService } from "../../components/model/types.ts";
import type { Network } from "../../components/network/types.ts";
import type { Access, Plan } from "../../components/plan/types.ts";
import { bare, locationOf, of, type Place } from "./locations.ts";
import { issuerOf, type Neighbour } from "./neighbours.ts";

/**
 * The only places where a property of one cloud reaches another:
 * - the issuer of a gateway's cluster and its egress addresses, into the target's trust objects and network rules;
 * - the identity that the target made for it, back into the gateway's configuration (./gateways.ts).
 */

const accesses = { aws: AwsModelAccess, azure: AzureModelAccess, gcp: GcpModelAccess };

/** A right that exists, with whom it is for. */
export interface BuiltAccess extends Access {
  /** What the gateway is told of it. */
  readonly principal: pulumi.Input<string>;
  readonly audience: string;
  /** Absent where the target is left as it is. */
  readonly access?: ModelAccess & pulumi.Resource;
}

/** Every gateway's right to call the managed models that its routes name; each hangs under the target's location. */
export function buildAccesses(
  plan: Plan,
  places: ReadonlyMap<string, Place>,
  networks: ReadonlyMap<string, Network>,
  neighbours: ReadonlyMap<string, Neighbour>,
  services: ReadonlyMap<string, ModelService>,
): BuiltAccess[] {
  // AWS holds one identity provider an account and issuer: the first access makes it, the others are given it.
  const trusts = new Map<string, pulumi.Output<string>>();
  const touched = plan.access.filter(({ gateway, target }) => places.has(gateway) || places.has(target));
  return touched.map((edge) => {
    const left = of(neighbours, edge.target).kept;
    if (left !== undefined) return { ...edge, ...keptAccess(left, edge) };
    const { location: target, opts } = of(places, edge.target);
    const gateway = locationOf(plan, edge.gateway);
    const caller = of(neighbours, edge.gateway);
    const trust = `${target.account} ${edge.gateway}`;
    const trustId = trusts.get(trust);
    const foreign = edge.gateway !== edge.target;
    const access = new accesses[target.cloud](
      `${edge.target}-access-from-${edge.gateway}`,
      {
        target: bare(target),
        gateway,
        issuerUrl: issuerOf(caller),
        namespace: gatewayNamespace,
        serviceAccount: trustedServiceAccount(target.cloud),
        models: modelsOf(plan, edge),
        sourceAddresses: foreign ? caller.egressAddresses : [],
        serviceId: of(services, edge.target).serviceId,
        scope: of(networks, edge.target).scope,
        ...(trustId === undefined ? {} : { trustId }),
        tags: { ...plan.tags },
      },
      opts,
    );
    if (access instanceof AwsModelAccess) trusts.set(trust, access.trustId);
    return { ...edge, principal: access.principal, audience: access.audience, access };
  });
}

function keptAccess(kept: NonNullable<Neighbour["kept"]>, { gateway, target }: Access) {
  const access = kept[gateway];
  if (access === undefined) throw new Error(`the state has no access of ${gateway} to the models of ${target}`);
  return access;
}

function modelsOf(plan: Plan, edge: Access) {
  const paths = plan.workloads.flatMap((workload) => workload.paths).filter((path) => edge.paths.includes(path.id));
  return paths.flatMap(({ managed }) =>
    managed === null
      ? []
      : [
          {
            modelId: managed.modelId,
            foundationModel: managed.foundationModel,
            profileRegions: managed.profileRegions === null ? null : [...managed.profileRegions],
          },
        ],
  );
}

/** Egress addresses of the gateways in other locations that call a location's managed models. */
export function callersOf(
  plan: Plan,
  neighbours: ReadonlyMap<string, Neighbour>,
  target: string,
): pulumi.Input<string[]> {
  const callers = plan.access.filter((edge) => edge.target === target && edge.gateway !== target);
  // Plainly empty, so that the service knows in advance that it need not be open to anybody.
  if (callers.length === 0) return [];
  return pulumi.all(callers.map((edge) => of(neighbours, edge.gateway).egressAddresses)).apply((lists) => lists.flat());
}
