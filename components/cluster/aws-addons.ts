import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { managedPolicyArn, policyDocument } from "../aws.ts";
import type { Build } from "./aws.ts";

/**
 * What runs in every EKS cluster, as add-ons. Their versions are left to EKS, which installs the default for the
 * cluster's minor version: which of them exist differs by region and day, so a number here would be wrong elsewhere.
 */

/** Service account of the network plugin, which EKS names. */
const networkPlugin = { namespace: "kube-system", serviceAccount: "aws-node" } as const;

/** What a node needs to become ready: credentials for pods, the network plugin, service addresses. */
export function buildNetworkAddons(build: Build, cluster: eks.Cluster): pulumi.Resource[] {
  const agent = buildAddon(build, cluster, "eks-pod-identity-agent", {}, []);
  const { role, permission } = buildNetworkRole(build, cluster);
  const network = buildAddon(
    build,
    cluster,
    "vpc-cni",
    {
      // Without it the cluster accepts network policies and enforces none. The add-on's schema wants a string.
      configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
      podIdentityAssociations: [{ roleArn: role.arn, serviceAccount: networkPlugin.serviceAccount }],
    },
    [agent, permission],
  );
  return [agent, network, buildAddon(build, cluster, "kube-proxy", {}, [])];
}

/** What needs a node to run on: names inside the cluster, and what `kubectl top` and autoscalers read. */
export function buildClusterAddons(build: Build, cluster: eks.Cluster, nodes: eks.NodeGroup): eks.Addon[] {
  return ["coredns", "metrics-server"].map((addon) => buildAddon(build, cluster, addon, {}, [nodes]));
}

function buildAddon(
  { name, args, opts }: Build,
  cluster: eks.Cluster,
  addonName: string,
  settings: Pick<eks.AddonArgs, "configurationValues" | "podIdentityAssociations">,
  dependsOn: pulumi.Resource[],
): eks.Addon {
  return new eks.Addon(
    `${name}-${addonName}`,
    {
      clusterName: cluster.name,
      addonName,
      ...settings,
      // The program decides, not what somebody changed in the cluster.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      tags: args.tags,
    },
    { ...opts, dependsOn },
  );
}

/**
 * The right to attach addresses to machines belongs to the network plugin's pods alone: on the nodes' role every pod of
 * the host's network would have it.
 */
function buildNetworkRole({ name, args, opts }: Build, cluster: eks.Cluster): NetworkRole {
  const trust = policyDocument({
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-arn": cluster.arn,
        "aws:RequestTag/kubernetes-namespace": networkPlugin.namespace,
        "aws:RequestTag/kubernetes-service-account": networkPlugin.serviceAccount,
      },
    },
  });
  const role = new iam.Role(`${name}-network`, { assumeRolePolicy: trust, tags: args.tags }, opts);
  const policyArn = managedPolicyArn(args.location, "AmazonEKS_CNI_Policy");
  const permission = new iam.RolePolicyAttachment(`${name}-network`, { role: role.name, policyArn }, opts);
  return { role, permission };
}

interface NetworkRole {
  readonly role: iam.Role;
  readonly permission: pulumi.Resource;
}
