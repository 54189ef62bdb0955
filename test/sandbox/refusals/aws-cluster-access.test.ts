/** What the sandbox's AWS refuses of who may do what in clusters. */
import { accepted } from "../../support/refusals-aws.ts";
import { CLUSTER, connect, refusedBy, role, set, subnetIn, twice, VPC } from "../../support/refusals-aws-bench.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const ENTRY = "aws:eks/accessEntry:AccessEntry";
const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const ADDON = "aws:eks/addon:Addon";
const POD = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

const noCluster = refusedBy(
  "reference",
  "a cluster that is not there",
  set({ clusterName: "none" }),
  "ResourceNotFoundException",
  "clusterName",
);
const otherCluster = refusedBy(
  "immutable",
  "another cluster",
  set({ clusterName: "none" }),
  "InvalidParameterException",
  "clusterName",
);
const refused: RefusedTypes = {
  [ENTRY]: [
    noCluster,
    otherCluster,
    twice(ENTRY, "a principal twice", "ResourceInUseException", "already in use on this cluster"),
    refusedBy("limit", "a type that is none", set({ type: "LINUX" }), "InvalidParameterException", "EC2_LINUX"),
    refusedBy(
      "limit",
      "groups for nodes",
      set({ type: "EC2_LINUX", kubernetesGroups: ["a"] }),
      "InvalidParameterException",
      "kubernetesGroups",
    ),
    refusedBy(
      "limit",
      "a name of the system's",
      set({ userName: "system:admin" }),
      "InvalidParameterException",
      "userName",
    ),
    {
      kind: "limit",
      when: "a cluster that has its own map",
      change: async (inputs, bench) => {
        const vpc = await bench.make(VPC, { cidrBlock: "10.0.0.0/16" }, "old");
        const subnets = [await subnetIn(bench, vpc, "a"), await subnetIn(bench, vpc, "b")];
        const { properties } = await role(bench, "eks.amazonaws.com", "old");
        const vpcConfig = { subnetIds: subnets.map(({ id }) => id) };
        await bench.make(CLUSTER, { name: "old", roleArn: properties.arn, vpcConfig }, "old");
        return { ...inputs, clusterName: "old" };
      },
      code: "InvalidRequestException",
      says: "authentication mode",
    },
  ],
  [ASSOCIATION]: [
    noCluster,
    otherCluster,
    refusedBy(
      "reference",
      "a principal without entry",
      set({ principalArn: "arn:aws:iam::111122223333:user/none" }),
      "ResourceNotFoundException",
      "Make an AccessEntry for it first",
    ),
    refusedBy(
      "reference",
      "a policy of IAM",
      set({ policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
      "InvalidParameterException",
      "policyArn",
    ),
    refusedBy(
      "limit",
      "a scope of no namespace",
      set({ accessScope: { type: "namespace" } }),
      "InvalidParameterException",
      "accessScope.namespaces",
    ),
  ],
  [ADDON]: [
    noCluster,
    otherCluster,
    refusedBy(
      "placement",
      "an add-on that EKS does not have",
      set({ addonName: "vpc-cnl" }),
      "InvalidParameterException",
      "addonName",
    ),
    refusedBy(
      "reference",
      "pods without nodes",
      set({ addonName: "coredns" }),
      "InsufficientNumberOfReplicas",
      "coredns",
    ),
    refusedBy(
      "limit",
      "a switch that is no text",
      set({ configurationValues: '{"enableNetworkPolicy": true}' }),
      "InvalidParameterException",
      "a string is expected",
    ),
    refusedBy(
      "limit",
      "a version without a v",
      set({ addonVersion: "1.19.0" }),
      "InvalidParameterException",
      "addonVersion",
    ),
    twice(ADDON, "an add-on twice", "ResourceInUseException", "Addon already exists: vpc-cni"),
  ],
  [POD]: [
    noCluster,
    otherCluster,
    refusedBy(
      "reference",
      "a role that is not there",
      set({ roleArn: "arn:aws:iam::111122223333:role/none" }),
      "InvalidParameterException",
      "roleArn",
    ),
    refusedBy("name", "a namespace in capitals", set({ namespace: "AI" }), "InvalidParameterException", "namespace"),
    twice(POD, "a service account twice", "ResourceInUseException", "Association already exists"),
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
