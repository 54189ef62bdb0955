import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import type * as kms from "@pulumi/aws/kms/index.js";
import * as pulumi from "@pulumi/pulumi";
import { managedPolicyArn, retentionProblems, serviceTrust } from "../aws.ts";
import { buildOwnKey } from "../aws-key.ts";
import { locationProblems, refuse } from "../check.ts";
import { guarded, successorFirst } from "../guard.ts";
import { stableName } from "../plan/names.ts";
import { buildClusterAddons, buildNetworkAddons } from "./aws-addons.ts";
import { buildNodeGroup, shapeProblems } from "./aws-nodes.ts";
import { nodeRangeProblems, runnerProblems, versionProblems } from "./checks.ts";
import type { Cluster, ClusterArgs } from "./types.ts";

/**
 * An EKS cluster with a managed node group of private machines. Nodes reach the API server inside the VPC; from outside
 * only `runnerCidrs` do, and an empty list leaves the private endpoint alone. Whoever creates the cluster is its
 * administrator, by an access entry. Secrets are encrypted with a key of the cluster's own. `egressAddresses`,
 * `registryId` and the ranges of `subnets` are not used: the nodes' role may pull from every repository of the account,
 * and EKS chooses a service range outside the VPC's, which it insists on.
 *
 * @throws Error for the whole internet or something malformed among `runnerCidrs`, fewer than two zones, a node range
 * that is empty or upside down, a version that is no minor version, or a retention that CloudWatch doesn't have
 */
export class AwsCluster extends pulumi.ComponentResource implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  readonly issuerUrl: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly keyId: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AwsCluster", name, {}, opts);
    refuse("AwsCluster", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const { protect, tags } = args;
    // Whoever loses the key loses the cluster.
    const key = buildOwnKey(
      `${name}-secrets`,
      { description: `Kubernetes secrets of ${name}`, protect, tags },
      build.opts,
    );
    const role = buildRole(build);
    const cluster = buildCluster(build, key, role);
    const network = buildNetworkAddons(build, cluster);
    const nodes = buildNodeGroup(build, cluster, network);
    const addons = buildClusterAddons(build, cluster, nodes);

    const { account, cloud, name: location, region } = args.location;
    this.clusterName = cluster.name;
    this.clusterId = cluster.arn;
    this.issuerUrl = cluster.identities.apply(issuerOf);
    this.kubeconfig = kubeconfigOf(cluster, region, [nodes, ...addons]);
    this.keyId = key.arn;
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      runnerCidrs: args.runnerCidrs,
      clusterName: this.clusterName,
      clusterId: this.clusterId,
      issuerUrl: this.issuerUrl,
      kubeconfig: this.kubeconfig,
      keyId: this.keyId,
    });
  }
}

/** What the helpers of this component work on. */
export interface Build {
  readonly name: string;
  readonly args: ClusterArgs;
  readonly opts: { readonly parent: AwsCluster };
}

function problemsOf(args: ClusterArgs): string[] {
  const { location, runnerCidrs, version } = args;
  const problems = [
    ...locationProblems("aws", location),
    ...retentionProblems(args.logRetentionDays),
    ...shapeProblems(args.nodeShape),
  ];
  if (location.zones.length < 2) {
    problems.push(`location ${location.name} has the zones [${location.zones.join(", ")}]; EKS takes at least two`);
  }
  return [...problems, ...versionProblems("EKS", version), ...nodeRangeProblems(args), ...runnerProblems(runnerCidrs)];
}

function buildRole({ name, args, opts }: Build): Role {
  const { account } = args.location;
  const role = new iam.Role(
    `${name}-control`,
    { assumeRolePolicy: serviceTrust("eks.amazonaws.com", account), tags: args.tags },
    opts,
  );
  const policyArn = managedPolicyArn(args.location, "AmazonEKSClusterPolicy");
  const permission = new iam.RolePolicyAttachment(`${name}-control`, { role: role.name, policyArn }, opts);
  return { role, permission };
}

interface Role {
  readonly role: iam.Role;
  /** What must be there before the role is of use, and longer than what uses it. */
  readonly permission: pulumi.Resource;
}

/** Everything that EKS offers; `audit` and `authenticator` say who did what. */
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

function buildCluster({ name, args, opts }: Build, key: kms.Key, { role, permission }: Role): eks.Cluster {
  // EKS writes to a log group of the cluster's name, and makes one that keeps everything for ever if there is none.
  const physicalName = stableName(name, `${pulumi.getProject()}/${pulumi.getStack()}/${name}`, 100);
  const logs = new cloudwatch.LogGroup(
    `${name}-control`,
    { name: `/aws/eks/${physicalName}/cluster`, retentionInDays: args.logRetentionDays, tags: args.tags },
    opts,
  );
  const reachable = args.runnerCidrs.length > 0;
  return new eks.Cluster(
    `${name}-cluster`,
    {
      name: physicalName,
      version: args.version,
      roleArn: role.arn,
      // No aws-auth map. The runner needs its entry at once: the same run applies what the cluster holds.
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      vpcConfig: {
        subnetIds: args.nodeSubnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: reachable,
        // To EKS an empty list means everybody.
        ...(reachable ? { publicAccessCidrs: args.runnerCidrs } : {}),
      },
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: logTypes,
      deletionProtection: args.protect,
      // At the end of standard support EKS upgrades by itself, instead of charging several times the price.
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: args.zoneRedundant },
      // They come as add-ons of the cluster, which are kept up to date and in the state.
      bootstrapSelfManagedAddons: false,
      tags: args.tags,
    },
    { ...guarded(opts.parent, args.protect), ...successorFirst, dependsOn: [permission, logs] },
  );
}

interface Identity {
  readonly oidcs: readonly { readonly issuer: string }[];
}

/** EKS gives every cluster exactly one issuer. */
function issuerOf(identities: readonly Identity[]): string {
  const [identity] = identities as readonly [{ readonly oidcs: readonly [{ readonly issuer: string }] }];
  return identity.oidcs[0].issuer;
}

/**
 * The AWS command line fetches a token of a quarter of an hour for whoever runs it. The configuration is known only when
 * there are nodes and names resolve: whoever connects wants to run something, and what runs goes before they do.
 */
function kubeconfigOf(
  cluster: eks.Cluster,
  region: string,
  running: readonly pulumi.CustomResource[],
): pulumi.Output<string> {
  const name = pulumi.all([cluster.name, ...running.map(({ id }) => id)]).apply(([clusterName]) => clusterName ?? "");
  const args = ["--region", region, "eks", "get-token", "--output", "json", "--cluster-name", name];
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: { server: cluster.endpoint, "certificate-authority-data": cluster.certificateAuthority.data },
      },
    ],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args,
            interactiveMode: "Never",
          },
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  return pulumi.secret(pulumi.jsonStringify(config));
}
