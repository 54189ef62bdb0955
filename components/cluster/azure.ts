import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as pulumi from "@pulumi/pulumi";
import { asWritten, grant, logWorkspace, sendLogs, worldName } from "../azure.ts";
import { refuse } from "../check.ts";
import { guarded, successorFirst } from "../guard.ts";
import { buildIdentities, type Identities } from "./azure-identities.ts";
import { buildKey, type EncryptionKey } from "./azure-key.ts";
import { kubeconfigOf } from "./azure-kubeconfig.ts";
import { nodePools } from "./azure-pools.ts";
import { problemsOf, serviceAddress } from "./azure-problems.ts";
import type { Cluster, ClusterArgs } from "./types.ts";

/**
 * An AKS cluster of private machines. Its API server answers `runnerCidrs` and the nodes' own egress addresses only;
 * people and programs are Entra identities, and whoever creates the cluster is its administrator. Secrets are
 * encrypted with a key of the cluster's own. Pods have addresses of their own range (overlay), and network policies
 * are enforced.
 *
 * Two things must be on in the subscription: the feature `Microsoft.Compute/EncryptionAtHost`, and the right of the
 * runner to grant roles. On the runner: `kubelogin`, which gets the tokens.
 *
 * @throws Error for the whole internet or something malformed among `runnerCidrs`, a node range that is empty, upside
 * down or smaller than the zones, a version that is no minor version, a location without a tenant, or a retention that
 * Log Analytics doesn't have
 */
export class AzureCluster extends pulumi.ComponentResource implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  readonly issuerUrl: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly keyId: pulumi.Output<string>;
  readonly loadBalancerPrincipal: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AzureCluster", name, {}, opts);
    refuse("AzureCluster", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const identities = buildIdentities(build);
    const key = buildKey(build, identities.control);
    const admin = buildAdministrator(build);
    const cluster = buildCluster(build, identities, key, admin);
    const logs = buildLogs(build, cluster, key);
    if (args.protect) buildLock(build, cluster, logs);

    const { account, cloud, name: location, region } = args.location;
    this.clusterName = cluster.name;
    this.clusterId = cluster.id;
    this.issuerUrl = cluster.oidcIssuerProfile.apply(issuerOf);
    this.kubeconfig = kubeconfigOf(build, cluster);
    this.keyId = key.key.id;
    this.loadBalancerPrincipal = identities.control.principalId;
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
      loadBalancerPrincipal: this.loadBalancerPrincipal,
    });
  }
}

/** What the helpers of this component work on. */
export interface Build {
  readonly name: string;
  readonly args: ClusterArgs;
  readonly opts: { readonly parent: AzureCluster };
}

function buildCluster(
  build: Build,
  identities: Identities,
  key: EncryptionKey,
  admin: authorization.RoleAssignment,
): containerservice.ManagedCluster {
  const { name, args } = build;
  const { location, scope, tags } = args;
  const securityProfile = {
    workloadIdentity: { enabled: true },
    imageCleaner: { enabled: true, intervalHours: 168 },
    azureKeyVaultKms: {
      enabled: true,
      keyId: key.key.keyUriWithVersion,
      keyVaultNetworkAccess: containerservice.KeyVaultNetworkAccessTypes.Public,
    },
  };
  return new containerservice.ManagedCluster(
    `${name}-cluster`,
    {
      resourceGroupName: scope,
      location: location.region,
      sku: {
        name: containerservice.ManagedClusterSKUName.Base,
        tier: args.zoneRedundant
          ? containerservice.ManagedClusterSKUTier.Standard
          : containerservice.ManagedClusterSKUTier.Free,
      },
      kubernetesVersion: args.version,
      dnsPrefix: name,
      // AKS makes a group for its machines; made up by itself, the name can grow past Azure's limit.
      nodeResourceGroup: worldName(`${name}-nodes`, location, scope, 80),
      nodeResourceGroupProfile: { restrictionLevel: containerservice.RestrictionLevel.ReadOnly },
      identity: {
        type: containerservice.ResourceIdentityType.UserAssigned,
        userAssignedIdentities: [identities.control.id],
      },
      identityProfile: { kubeletidentity: kubeletIdentity(identities) },
      agentPoolProfiles: nodePools(args),
      autoScalerProfile: { balanceSimilarNodeGroups: "true" },
      ...access(args),
      ...networking(args),
      securityProfile,
      oidcIssuerProfile: { enabled: true },
      autoUpgradeProfile: {
        upgradeChannel: containerservice.UpgradeChannel.Patch,
        nodeOSUpgradeChannel: containerservice.NodeOSUpgradeChannel.NodeImage,
      },
      tags,
    },
    {
      ...guarded(build.opts.parent, args.protect),
      ...successorFirst,
      dependsOn: [...identities.grants, key.use, admin],
      ignoreChanges: ["agentPoolProfiles[*].count"],
      transformations: [asWritten({ securityProfile })],
    },
  );
}

/** Who may reach the API server, and as whom. */
function access({ runnerCidrs, egressAddresses, location }: ClusterArgs) {
  return {
    disableLocalAccounts: true,
    enableRBAC: true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      ...(location.tenant === undefined ? {} : { tenantID: location.tenant }),
    },
    apiServerAccessProfile: {
      authorizedIPRanges: pulumi
        .output(egressAddresses)
        .apply((addresses) => [...runnerCidrs, ...addresses.map((address) => `${address}/32`)]),
      disableRunCommand: true,
    },
  };
}

function networking({ subnets }: ClusterArgs) {
  return {
    networkProfile: {
      networkPlugin: containerservice.NetworkPlugin.Azure,
      networkPluginMode: containerservice.NetworkPluginMode.Overlay,
      networkDataplane: containerservice.NetworkDataplane.Cilium,
      networkPolicy: containerservice.NetworkPolicy.Cilium,
      podCidr: subnets.pods,
      serviceCidr: subnets.services,
      dnsServiceIP: serviceAddress(subnets.services, 10),
      loadBalancerSku: containerservice.LoadBalancerSku.Standard,
      outboundType: containerservice.OutboundType.UserAssignedNATGateway,
    },
  };
}

function kubeletIdentity({ kubelet }: Identities) {
  return { resourceId: kubelet.id, clientId: kubelet.clientId, objectId: kubelet.principalId };
}

/**
 * With Azure's roles in force, whoever makes the cluster has no rights inside it, and the same run applies what the
 * cluster holds. A new right takes minutes until API servers know it, so it is granted on the resource group, before the
 * cluster: by the time that there is one, it holds. The first creator stays administrator; others get the role from the
 * team. https://learn.microsoft.com/azure/aks/manage-azure-rbac
 */
function buildAdministrator({ name, args, opts }: Build): authorization.RoleAssignment {
  const runner = authorization.getClientConfigOutput(opts);
  return grant(
    `${name}-admin`,
    {
      role: "Azure Kubernetes Service RBAC Cluster Admin",
      principalId: runner.objectId,
      principalType: runner.clientId.apply(kindOf),
      scope: pulumi.interpolate`/subscriptions/${args.location.account}/resourceGroups/${args.scope}`,
      location: args.location,
    },
    { ...opts, ignoreChanges: ["principalId", "principalType"] },
  );
}

/** https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
const azureCommandLine = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** A person works through the Azure command line's application; a program is an application itself. */
function kindOf(clientId: string): authorization.PrincipalType {
  return clientId === azureCommandLine
    ? authorization.PrincipalType.User
    : authorization.PrincipalType.ServicePrincipal;
}

/** Who did what (`kube-audit`, reads included), who was let in (`guard`), and what the API server itself says. */
const clusterLogs = ["kube-apiserver", "kube-audit", "guard"] as const;

/** @returns what sends the cluster's own logs */
function buildLogs({ name, args, opts }: Build, cluster: containerservice.ManagedCluster, key: EncryptionKey) {
  const workspace = logWorkspace(`${name}-logs`, args, opts);
  const logs = sendLogs(`${name}-logs`, cluster.id, workspace, clusterLogs, opts);
  sendLogs(`${name}-key-logs`, key.vault.id, workspace, ["AuditEvent"], opts);
  return logs;
}

/**
 * Holds against deletion by other ways than this program, too. It holds all that is below the cluster: what sends its
 * logs comes before the lock, so that it goes after it.
 */
function buildLock({ name, opts }: Build, cluster: containerservice.ManagedCluster, logs: pulumi.Resource): void {
  new authorization.ManagementLockByScope(
    `${name}-lock`,
    {
      scope: cluster.id,
      level: authorization.LockLevel.CanNotDelete,
      notes: "Carries critical workloads: remove this lock first.",
    },
    { ...opts, dependsOn: logs },
  );
}

/** As the tokens name it: AKS ends it with a slash. */
function issuerOf(profile: { issuerURL: string } | undefined): string {
  if (profile === undefined) throw new Error("AKS returned a cluster without an OIDC issuer");
  return profile.issuerURL;
}
