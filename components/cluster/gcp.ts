import * as container from "@pulumi/gcp/container/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { argumentProblems, labels, zoneName } from "../gcp.ts";
import { retainLogs, retentionProblems } from "../gcp-logs.ts";
import { guarded, successorFirst } from "../guard.ts";
import { secondaryRanges } from "../network/gcp-ranges.ts";
import { nodeRangeProblems, runnerProblems, versionProblems } from "./checks.ts";
import { buildKey } from "./gcp-key.ts";
import { buildNodeIdentity, buildNodePool, nodeDefaults } from "./gcp-nodes.ts";
import type { Cluster, ClusterArgs } from "./types.ts";

/**
 * A regional GKE cluster with a CPU pool of private machines. Nodes reach the API server inside the VPC; from outside
 * only `runnerCidrs` do, and an empty list leaves the private endpoint alone. The endpoint by DNS name is closed: it
 * asks who calls, not from where. Secrets are encrypted with a key of the cluster's own, network policies are enforced,
 * pods get their own identities, and every control plane component is logged. `egressAddresses` is not used: nodes
 * never leave the network to reach the API server. `zoneRedundant` neither: a regional control plane costs the same.
 *
 * @throws Error for the whole internet or something malformed among `runnerCidrs`, a node range that is empty or upside
 * down, a version that is no minor version, or a name too long for GKE
 */
export class GcpCluster extends pulumi.ComponentResource implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  readonly issuerUrl: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly keyId: pulumi.Output<string>;
  /** Service account of the nodes, for further pools. */
  readonly nodeServiceAccount: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpCluster", name, {}, opts);
    refuse("GcpCluster", name, problemsOf(name, args));
    const build: Build = { name, args, opts: { parent: this } };

    const key = buildKey(build);
    const identity = buildNodeIdentity(build);
    const cluster = buildCluster(build, key.name, identity.email, [...key.grants, ...identity.grants]);
    const pool = buildNodePool(build, cluster, identity.email);
    buildAuditLogs(build, cluster);

    const { account, cloud, name: location, region } = args.location;
    this.clusterName = cluster.name;
    this.clusterId = cluster.id;
    this.issuerUrl = issuerOf(cluster);
    this.kubeconfig = kubeconfigOf(cluster, pool);
    this.keyId = key.name;
    this.nodeServiceAccount = identity.email;
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
      nodeServiceAccount: this.nodeServiceAccount,
    });
  }
}

/** What the helpers of this component work on. */
export interface Build {
  readonly name: string;
  readonly args: ClusterArgs;
  readonly opts: { readonly parent: GcpCluster };
}

/** GKE's limit for cluster and pool names, of which auto-naming takes 8. */
const maxNameLength = 40 - 8;

function problemsOf(name: string, args: ClusterArgs): string[] {
  const { location, runnerCidrs, version } = args;
  const problems = [...argumentProblems(location, args.tags), ...retentionProblems(args.logRetentionDays)];
  if (`${name}-control`.length > maxNameLength) {
    problems.push(`the name has ${name.length} characters; GKE leaves room for ${maxNameLength - "-control".length}`);
  }
  if (location.zones.length === 0) problems.push(`location ${location.name} has no zones; name at least one`);
  return [...problems, ...versionProblems("GKE", version), ...nodeRangeProblems(args), ...runnerProblems(runnerCidrs)];
}

/** Components whose logs GKE hands over; those of the API server are the audit trail. */
const logged = ["SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "WORKLOADS"];

/** DCGM: accelerators. */
const measured = [
  "SYSTEM_COMPONENTS",
  "APISERVER",
  "CONTROLLER_MANAGER",
  "SCHEDULER",
  "STORAGE",
  "HPA",
  "POD",
  "DAEMONSET",
  "DEPLOYMENT",
  "STATEFULSET",
  "KUBELET",
  "CADVISOR",
  "DCGM",
];

/** Weekends, early: GKE wants 48 hours in 32 days. The date only says from when on. */
const maintenance = {
  recurringWindow: {
    startTime: "2026-01-03T01:00:00Z",
    endTime: "2026-01-03T07:00:00Z",
    recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
  },
};

function buildCluster(
  { name, args, opts }: Build,
  keyName: pulumi.Input<string>,
  serviceAccount: pulumi.Input<string>,
  grants: readonly pulumi.Resource[],
): container.Cluster {
  const { location, protect } = args;
  return new container.Cluster(
    `${name}-control`,
    {
      project: args.scope,
      location: location.region,
      nodeLocations: location.zones.map((zone) => zoneName(location, zone)),
      deletionProtection: protect,
      minMasterVersion: args.version,
      releaseChannel: { channel: "REGULAR" },
      maintenancePolicy: maintenance,
      // GKE makes no cluster without a pool: this one goes at once, and until then it has the nodes' own identity.
      initialNodeCount: 1,
      removeDefaultNodePool: true,
      nodeConfig: { serviceAccount, ...nodeDefaults },
      nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
      ...reachability(args),
      ...identityAndSecrets(args, keyName),
      addonsConfig: {
        dnsCacheConfig: { enabled: true },
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        gcsFuseCsiDriverConfig: { enabled: true },
        horizontalPodAutoscaling: { disabled: false },
        httpLoadBalancing: { disabled: false },
      },
      loggingConfig: { enableComponents: logged },
      monitoringConfig: { enableComponents: measured, managedPrometheus: { enabled: true } },
      costManagementConfig: { enabled: true },
      resourceLabels: labels(args.tags),
    },
    {
      ...guarded(opts.parent, protect),
      ...successorFirst,
      dependsOn: [...grants],
      ignoreChanges: ["nodeConfig", "initialNodeCount"],
    },
  );
}

function reachability(args: ClusterArgs) {
  const cidrBlocks = args.runnerCidrs.map((cidrBlock, index) => ({ cidrBlock, displayName: `runner-${index + 1}` }));
  return {
    network: args.networkId,
    subnetwork: pulumi.output(args.nodeSubnetIds).apply(([id = ""]) => id),
    networkingMode: "VPC_NATIVE",
    datapathProvider: "ADVANCED_DATAPATH",
    enableIntranodeVisibility: true,
    ipAllocationPolicy: {
      clusterSecondaryRangeName: secondaryRanges.pods,
      servicesSecondaryRangeName: secondaryRanges.services,
      stackType: "IPV4",
    },
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: cidrBlocks.length === 0,
      masterIpv4CidrBlock: args.subnets.controlPlane,
      masterGlobalAccessConfig: { enabled: false },
    },
    masterAuthorizedNetworksConfig: {
      cidrBlocks,
      gcpPublicCidrsAccessEnabled: false,
      privateEndpointEnforcementEnabled: true,
    },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: false },
      ipEndpointsConfig: { enabled: true },
    },
  };
}

function identityAndSecrets({ location }: ClusterArgs, keyName: pulumi.Input<string>) {
  return {
    workloadIdentityConfig: { workloadPool: `${location.account}.svc.id.goog` },
    databaseEncryption: { state: "ENCRYPTED", keyName },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    enableLegacyAbac: false,
    enableKubernetesAlpha: false,
    enableShieldedNodes: true,
    securityPostureConfig: { mode: "BASIC" },
  };
}

function buildAuditLogs({ name, args, opts }: Build, cluster: container.Cluster): void {
  retainLogs(
    `${name}-logs`,
    {
      location: args.location,
      scope: args.scope,
      bucketId: pulumi.interpolate`${cluster.name}-logs`,
      filter: pulumi.interpolate`resource.labels.cluster_name="${cluster.name}"`,
      retentionDays: args.logRetentionDays,
      description: `Control plane and workloads of ${name}`,
    },
    opts,
  );
}

function issuerOf(cluster: container.Cluster): pulumi.Output<string> {
  const { project, location, name } = cluster;
  return pulumi.interpolate`https://container.googleapis.com/v1/projects/${project}/locations/${location}/clusters/${name}`;
}

/** It is known only when there are nodes: whoever connects wants to run something. */
function kubeconfigOf(cluster: container.Cluster, pool: container.NodePool): pulumi.Output<string> {
  const name = pulumi.all([cluster.name, pool.id]).apply(([clusterName]) => clusterName);
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name,
          cluster: {
            server: pulumi.interpolate`https://${cluster.endpoint}`,
            "certificate-authority-data": cluster.masterAuth.clusterCaCertificate,
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
      users: [{ name, user: { exec: tokenCommand } }],
    }),
  );
}

/**
 * By itself the plugin asks the Google command line, which may be logged in as somebody else or not at all; so it is told
 * to take the credentials that this program runs with.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
 */
const tokenCommand = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "gke-gcloud-auth-plugin",
  args: ["--use_application_default_credentials"],
  provideClusterInfo: true,
  interactiveMode: "Never",
  installHint: "gcloud components install gke-gcloud-auth-plugin",
};
