/** AKS clusters. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { overlap, parseBlock } from "../ipv4.ts";
import { azureType, CLUSTER, IDENTITY, idReference, NAME_RULES, ownIdentity, tenantOf, uuidOf } from "./common.ts";
import { KEY, VAULT } from "./data.ts";
import { holdsRole } from "./identity.ts";
import { SUBNET } from "./network.ts";
import { agentPool, patchOf, poolOutputs, poolProblems } from "./node-pools.ts";

const cluster = azureType({
  token: CLUSTER,
  arm: "Microsoft.ContainerService/managedClusters",
  names: ["resourceName"],
  rule: {
    pattern: /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/,
    allowed: "letters, digits, underscores and hyphens, beginning and ending with a letter or digit",
    maxLength: 63,
    source: `${NAME_RULES}#microsoftcontainerservice`,
  },
  replaceOn: [
    "dnsPrefix",
    "fqdnSubdomain",
    "nodeResourceGroup",
    "networkProfile.serviceCidr",
    "networkProfile.dnsServiceIP",
    "networkProfile.loadBalancerSku",
  ],
  references: [
    idReference("identity.userAssignedIdentities[]", IDENTITY),
    idReference("identityProfile.kubeletidentity.resourceId", IDENTITY),
    idReference("agentPoolProfiles[].vnetSubnetID", SUBNET),
    { ...idReference("securityProfile.azureKeyVaultKms.keyId", KEY), by: "key" },
    idReference("securityProfile.azureKeyVaultKms.keyVaultResourceId", VAULT),
  ],
  check: clusterProblems,
  refuse: clusterRefusals,
  outputs: clusterOutputs,
  handles: (outputs) => {
    const issuer = knownString(valueAt(outputs, "oidcIssuerProfile.issuerURL"));
    const principals = valuesAt(outputs, "identity.principalId").map(({ value }) => String(value));
    return [
      { by: "endpoint", value: endpointOf(outputs) },
      ...(issuer === undefined ? [] : [{ by: "issuer", value: issuer }]),
      ...principals.map((value) => ({ by: "principal", value })),
    ];
  },
  ownedScope: endpointOf,
});

/** Where its API server answers. */
export function endpointOf(outputs: Properties): string {
  return `https://${outputs.fqdn}:443`;
}

function clusterOutputs(inputs: Properties, context: Context): Properties {
  const region = String(inputs.location ?? context.placement.region);
  const label = `${inputs.dnsPrefix ?? inputs.fqdnSubdomain}-${context.hex(8, "label")}`;
  const issuing = valueAt(inputs, "oidcIssuerProfile.enabled") === true;
  const tenant = valueAt(inputs, "aadProfile.tenantID") ?? tenantOf(context);
  const issuerURL = `https://${region}.oic.prod-aks.azure.com/${tenant}/${uuidOf(context, "issuer")}/`;
  return {
    type: "Microsoft.ContainerService/ManagedClusters",
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    fqdn: `${label}.hcp.${region}.azmk8s.io`,
    azurePortalFQDN: `${label}.portal.hcp.${region}.azmk8s.io`,
    currentKubernetesVersion: patchOf(inputs.kubernetesVersion),
    maxAgentPools: 100,
    resourceUID: context.hex(24, "resource"),
    enableRBAC: inputs.enableRBAC ?? true,
    supportPlan: inputs.supportPlan ?? "KubernetesOfficial",
    nodeResourceGroup: inputs.nodeResourceGroup ?? ownGroup(inputs, region),
    ...(issuing ? { oidcIssuerProfile: { enabled: true, issuerURL } } : {}),
    ...(inputs.identity === undefined ? {} : { identity: ownIdentity(inputs.identity, context) }),
    ...(inputs.agentPoolProfiles === undefined ? {} : { agentPoolProfiles: poolsOf(inputs) }),
  };
}

function poolsOf({ agentPoolProfiles, kubernetesVersion }: Properties): unknown {
  if (!Array.isArray(agentPoolProfiles)) return agentPoolProfiles;
  return agentPoolProfiles.map(asObject).map((pool) => ({ ...pool, ...poolOutputs(pool, kubernetesVersion) }));
}

function ownGroup(inputs: Properties, region: string): string {
  return `MC_${inputs.resourceGroupName}_${inputs.resourceName}_${region}`;
}

/** https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters */
function clusterProblems(inputs: Properties): Problem[] {
  const at = (path: string) => valueAt(inputs, path);
  const problems: Problem[] = [];
  if (inputs.disableLocalAccounts === true && inputs.aadProfile === undefined) {
    problems.push({ property: "disableLocalAccounts", reason: "needs aadProfile: without it nobody could sign in" });
  }
  if (at("networkProfile.networkPolicy") === "cilium" && at("networkProfile.networkDataplane") !== "cilium") {
    problems.push({ property: "networkProfile.networkPolicy", reason: "cilium needs networkDataplane cilium" });
  }
  if (at("apiServerAccessProfile.enablePrivateCluster") === true && at("apiServerAccessProfile.authorizedIPRanges")) {
    const reason = "authorized ranges are for public API servers: leave out these, or enablePrivateCluster";
    problems.push({ property: "apiServerAccessProfile.authorizedIPRanges", reason });
  }
  if (at("securityProfile.azureKeyVaultKms.enabled") === true && at("identity.type") !== "UserAssigned") {
    const reason = "needs identity.type UserAssigned: the right to the key must be there before the cluster";
    problems.push({ property: "securityProfile.azureKeyVaultKms", reason });
  }
  const prefix = knownString(inputs.dnsPrefix);
  if (prefix !== undefined && !/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/.test(prefix)) {
    const reason = `"${prefix}" is not allowed: 1 to 54 letters, digits and hyphens, beginning and ending with a letter or digit`;
    problems.push({ property: "dnsPrefix", reason });
  }
  const pools = valuesAt(inputs, "agentPoolProfiles[]");
  const systems = pools.filter(({ value }) => asObject(value).mode === "System");
  if (pools.length > 0 && systems.length === 0) {
    problems.push({ property: "agentPoolProfiles", reason: "a cluster must have at least one pool of mode System" });
  }
  return [...problems, ...pools.flatMap(({ path, value }) => poolProblems(asObject(value), "name", `${path}.`))];
}

function clusterRefusals(inputs: Properties, context: Context): Problem[] {
  return [
    ...groupRefusals(inputs, context),
    ...identityRefusals(inputs, context),
    ...subnetRefusals(inputs, context),
    ...serviceRefusals(inputs, context),
  ];
}

/** https://learn.microsoft.com/azure/aks/faq: the group is AKS's own, and its name at most 80 characters. */
function groupRefusals(inputs: Properties, context: Context): Problem[] {
  const region = String(inputs.location ?? context.placement.region);
  const name = String(inputs.nodeResourceGroup ?? ownGroup(inputs, region));
  const property = "nodeResourceGroup";
  if (name.length <= 80) return [];
  return [
    {
      property,
      reason: `the node resource group's name "${name}" has ${name.length} characters; at most 80 are allowed`,
    },
  ];
}

/** What the control plane's identity must be able to do beforehand. */
function identityRefusals(inputs: Properties, context: Context): Problem[] {
  const control = context.find(IDENTITY, valueAt(inputs, "identity.userAssignedIdentities[]"));
  if (control === undefined) return [];
  const principal = control.outputs.principalId;
  const may = (roles: readonly string[], id: string) => holdsRole(principal, ["Owner", ...roles], id, context);
  const problems: Problem[] = [];
  const kubelet = context.find(IDENTITY, valueAt(inputs, "identityProfile.kubeletidentity.resourceId"));
  if (kubelet !== undefined && !may(["Managed Identity Operator", "Contributor"], kubelet.id)) {
    const reason = `CustomKubeletIdentityMissingPermissionError: The cluster user assigned identity must be given permission to assign kubelet identity ${kubelet.id}. Check access result not allowed for action Microsoft.ManagedIdentity/userAssignedIdentities/assign/action.`;
    problems.push({ property: "identityProfile.kubeletidentity.resourceId", reason });
  }
  const key = context.find(KEY, valueAt(inputs, "securityProfile.azureKeyVaultKms.keyId"), "key");
  if (
    key !== undefined &&
    !may(["Key Vault Crypto User", "Key Vault Crypto Officer", "Key Vault Administrator"], key.id)
  ) {
    // https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
    const reason =
      "the cluster's identity has no right to encrypt and decrypt by this key: grant it Key Vault Crypto User";
    problems.push({ property: "securityProfile.azureKeyVaultKms.keyId", reason });
  }
  return problems;
}

/** https://learn.microsoft.com/azure/aks/egress-outboundtype: with a NAT gateway of one's own, each node subnet has one. */
function subnetRefusals(inputs: Properties, context: Context): Problem[] {
  if (valueAt(inputs, "networkProfile.outboundType") !== "userAssignedNATGateway") return [];
  return valuesAt(inputs, "agentPoolProfiles[].vnetSubnetID").flatMap(({ path, value }) => {
    const subnet = context.find(SUBNET, value);
    if (subnet === undefined || valueAt(subnet.inputs, "natGateway.id") !== undefined) return [];
    const reason = `outboundType userAssignedNATGateway needs a NAT gateway on the subnet ${subnet.id}, which has none`;
    return [{ property: path, reason }];
  });
}

/** https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning */
function serviceRefusals(inputs: Properties, context: Context): Problem[] {
  const used = valuesAt(inputs, "agentPoolProfiles[].vnetSubnetID").map(({ value }) => context.find(SUBNET, value));
  const ranges = [
    ["networkProfile.serviceCidr", valueAt(inputs, "networkProfile.serviceCidr")],
    ["networkProfile.podCidr", valueAt(inputs, "networkProfile.podCidr")],
  ] as const;
  return ranges.flatMap(([property, value]) => {
    const range = parseBlock(String(value));
    const subnet = used.find((candidate) => {
      const taken = parseBlock(String(candidate?.inputs.addressPrefix));
      return range !== undefined && taken !== undefined && overlap(range, taken);
    });
    if (subnet === undefined) return [];
    return [{ property, reason: `${value} overlaps with the subnet ${subnet.id} (${subnet.inputs.addressPrefix})` }];
  });
}

/** Of the form of a client configuration for a user: YAML, which names `kubelogin` as the source of tokens. */
export function userConfiguration({ outputs, seed }: { outputs: Properties; seed: string }): string {
  const body = Buffer.from(`sandbox ${seed}`).toString("base64");
  const certificate = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  return [
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    `- name: ${outputs.name}`,
    "  cluster:",
    `    certificate-authority-data: ${Buffer.from(certificate).toString("base64")}`,
    `    server: ${endpointOf(outputs)}`,
    "contexts:",
    `- name: ${outputs.name}`,
    "  context:",
    `    cluster: ${outputs.name}`,
    "    user: clusterUser",
    `current-context: ${outputs.name}`,
    "users:",
    "- name: clusterUser",
    "  user:",
    "    exec:",
    "      apiVersion: client.authentication.k8s.io/v1beta1",
    "      command: kubelogin",
    "      args: [get-token, --login, devicecode]",
    "",
  ].join("\n");
}

export const containerTypes: readonly ResourceType[] = [cluster, agentPool];
