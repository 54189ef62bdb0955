import * as artifactregistry from "@pulumi/gcp/artifactregistry/index.js";
import * as container from "@pulumi/gcp/container/index.js";
import * as projects from "@pulumi/gcp/projects/index.js";
import * as serviceaccount from "@pulumi/gcp/serviceaccount/index.js";
import * as pulumi from "@pulumi/pulumi";
import { fixedName, labels, zoneName } from "../gcp.ts";
import { successorFirst } from "../guard.ts";
import type { Build } from "./gcp.ts";

/** What every machine of the cluster has, whatever its shape. */
export const nodeDefaults = {
  // Scopes are an older barrier before IAM; what the nodes may do is in their roles.
  oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
  workloadMetadataConfig: { mode: "GKE_METADATA" },
};

/**
 * The nodes' own service account. It may write logs and metrics and pull from the location's registry; the project's
 * default account, which may edit everything, is never used.
 */
export function buildNodeIdentity({ name, args, opts }: Build): {
  email: pulumi.Output<string>;
  grants: pulumi.Resource[];
} {
  const identity = new serviceaccount.Account(
    `${name}-nodes`,
    { project: args.scope, accountId: fixedName(`${name}-nodes`, 30), displayName: `Nodes of ${name}` },
    opts,
  );
  const member = pulumi.interpolate`serviceAccount:${identity.email}`;
  const nodes = new projects.IAMMember(
    `${name}-nodes`,
    { project: args.scope, role: "roles/container.defaultNodeServiceAccount", member },
    opts,
  );
  const images = new artifactregistry.RepositoryIamMember(
    `${name}-nodes-images`,
    {
      project: args.scope,
      location: args.location.region,
      repository: args.registryId,
      role: "roles/artifactregistry.reader",
      member,
    },
    opts,
  );
  return { email: identity.email, grants: [nodes, images] };
}

/** Machines for the system's and the gateway's pods. */
export function buildNodePool(
  { name, args, opts }: Build,
  cluster: container.Cluster,
  serviceAccount: pulumi.Input<string>,
): container.NodePool {
  const { location } = args;
  return new container.NodePool(
    `${name}-system`,
    {
      project: args.scope,
      cluster: cluster.id,
      location: location.region,
      nodeLocations: location.zones.map((zone) => zoneName(location, zone)),
      // Per zone, at the beginning; from then on the autoscaler decides.
      initialNodeCount: Math.ceil(args.minNodes / location.zones.length),
      autoscaling: {
        totalMinNodeCount: args.minNodes,
        totalMaxNodeCount: args.maxNodes,
        locationPolicy: "BALANCED",
      },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: {
        ...nodeDefaults,
        serviceAccount,
        machineType: args.nodeShape,
        imageType: "COS_CONTAINERD",
        diskType: "pd-balanced",
        diskSizeGb: 100,
        gcfsConfig: { enabled: true },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
        metadata: { "disable-legacy-endpoints": "true" },
        labels: { "twocloud/pool": "system" },
        resourceLabels: labels(args.tags),
      },
    },
    { ...opts, ...successorFirst, ignoreChanges: ["initialNodeCount"] },
  );
}
