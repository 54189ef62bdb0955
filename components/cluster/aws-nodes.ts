import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { managedPolicyArn, namedTags, policyDocument } from "../aws.ts";
import { successorFirst } from "../guard.ts";
import type { Build } from "./aws.ts";

/** The CPU pool of an EKS cluster. */

/** Root volume of a node: the system, container images and logs. */
const volumeGiB = 50;

/** What is wrong with a machine shape for this pool. */
export function shapeProblems(shape: string): string[] {
  if (/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(shape)) return [];
  return [`nodeShape is "${shape}"; AWS names machine shapes as m7i.large: <family>.<size>`];
}

/** Amazon Linux 2023 for the shape's processor: a `g` after the generation, as in m7g or c8gd, means Arm. */
export function machineImageOf(shape: string): "AL2023_ARM_64_STANDARD" | "AL2023_x86_64_STANDARD" {
  return /^[a-z]+\d+[a-z]*g/.test(shape) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}

/**
 * Private machines between `minNodes` and `maxNodes`. How many run is the cluster's own decision after creation: the
 * program sets the bounds and leaves the count alone.
 * @param before what must run before the first node joins
 */
export function buildNodeGroup(build: Build, cluster: eks.Cluster, before: pulumi.Resource[]): eks.NodeGroup {
  const { name, args, opts } = build;
  const { role, permissions } = buildNodeRole(build);
  const template = buildLaunchTemplate(build);
  return new eks.NodeGroup(
    `${name}-system`,
    {
      clusterName: cluster.name,
      version: args.version,
      nodeRoleArn: role.arn,
      subnetIds: args.nodeSubnetIds,
      amiType: machineImageOf(args.nodeShape),
      instanceTypes: [args.nodeShape],
      capacityType: "ON_DEMAND",
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      scalingConfig: { minSize: args.minNodes, maxSize: args.maxNodes, desiredSize: args.minNodes },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: { "twocloud/pool": "system" },
      tags: args.tags,
    },
    {
      ...opts,
      ...successorFirst,
      dependsOn: [...permissions, ...before],
      ignoreChanges: ["scalingConfig.desiredSize"],
    },
  );
}

/**
 * Joining the cluster and pulling images. The add-ons' images lie in registries of AWS accounts that differ by region,
 * so the right to pull can't name repositories. The network plugin has a role of its own.
 */
const nodePolicies = {
  join: "AmazonEKSWorkerNodePolicy",
  pull: "AmazonEC2ContainerRegistryPullOnly",
} as const;

function buildNodeRole({ name, args, opts }: Build): { role: iam.Role; permissions: pulumi.Resource[] } {
  const trust = policyDocument({
    Effect: "Allow",
    Principal: { Service: "ec2.amazonaws.com" },
    Action: "sts:AssumeRole",
  });
  const role = new iam.Role(`${name}-node`, { assumeRolePolicy: trust, tags: args.tags }, opts);
  const permissions = Object.entries(nodePolicies).map(
    ([purpose, policy]) =>
      new iam.RolePolicyAttachment(
        `${name}-node-${purpose}`,
        { role: role.name, policyArn: managedPolicyArn(args.location, policy) },
        opts,
      ),
  );
  return { role, permissions };
}

function buildLaunchTemplate({ name, args, opts }: Build): ec2.LaunchTemplate {
  const tags = namedTags(args.tags, `${name}-system`);
  return new ec2.LaunchTemplate(
    `${name}-system`,
    {
      updateDefaultVersion: true,
      // One hop ends at the node: no pod can take the node's credentials.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          // The account's own key for volumes: another would have to trust the autoscaling service's role.
          ebs: { volumeSize: volumeGiB, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags,
    },
    opts,
  );
}
