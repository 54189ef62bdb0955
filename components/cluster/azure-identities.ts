import type * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grant } from "../azure.ts";
import type { Build } from "./azure.ts";

/** As whom a cluster acts. */
export interface Identities {
  /** The control plane: puts machines and load balancers into the node subnets. */
  readonly control: managedidentity.UserAssignedIdentity;
  /** The nodes: pull images. */
  readonly kubelet: managedidentity.UserAssignedIdentity;
  /** What must be granted before there is a cluster. */
  readonly grants: readonly authorization.RoleAssignment[];
}

/** Made beforehand, so that their rights are there before the cluster needs them. */
export function buildIdentities(build: Build): Identities {
  const { name, args, opts } = build;
  const { location, registryId, subnets } = args;
  const control = buildIdentity(build, "control");
  const kubelet = buildIdentity(build, "kubelet");
  const joins = subnets.nodes.map(({ zone }, index) =>
    grant(
      `${name}-control-nodes-${zone}`,
      {
        role: "Network Contributor",
        principalId: control.principalId,
        scope: pulumi.output(args.nodeSubnetIds).apply((ids) => ids[index] ?? ""),
        location,
      },
      opts,
    ),
  );
  // AKS gives the nodes their identity, as the control plane's.
  const assigns = grant(
    `${name}-control-kubelet`,
    { role: "Managed Identity Operator", principalId: control.principalId, scope: kubelet.id, location },
    opts,
  );
  const pulls = grant(
    `${name}-kubelet-images`,
    { role: "AcrPull", principalId: kubelet.principalId, scope: registryId, location },
    opts,
  );
  return { control, kubelet, grants: [...joins, assigns, pulls] };
}

function buildIdentity({ name, args, opts }: Build, role: "control" | "kubelet") {
  return new managedidentity.UserAssignedIdentity(
    `${name}-${role}`,
    { resourceGroupName: args.scope, location: args.location.region, tags: args.tags },
    opts,
  );
}
