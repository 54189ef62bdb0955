/** AKS clusters. */
import type { Connection, Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { overlap, parseBlock } from "../ipv4.ts";
import { holdsRole } from "./authorization.ts";
import { azureType, CLUSTER, IDENTITY, idReference, NAME_RULES, ownIdentity, tenantOf, uuidOf } from "./common.ts";
import { fixedProblems } from "./fixed.ts";
import { rangeOf, SUBNET } from "./network.ts";
import { agentPool, fixedOfPool, patchOf, poolOutputs, poolProblems } from "./node-pools.ts";
import { KEY, VAULT } from "./vaults.ts";

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
    ...["diskEncryptionSetID", "dnsPrefix", "fqdnSubdomain", "linuxProfile", "nodeResourceGroup", "windowsProfile"],
    ...[
      ...["serviceCidr", "serviceCidrs", "dnsServiceIP", "networkMode", "networkPlugin", "networkPluginMode"],
      ...["podCidr", "networkDataplane", "networkPolicy", "outboundType"],
    ].map((property) => `networkProfile.${property}`),
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

const RANGES = "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges";
const MOST_RANGES = 200;

/** Rules without a source of their own: https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters */
function clusterProblems(inputs: Properties, connection: Connection): Problem[] {
  const at = (path: string) => valueAt(inputs, path);
  const problems: Problem[] = [];
  const add = (property: string, reason: string, fix: string, more: Partial<Problem> = {}): void =>
    void problems.push({ property, reason, fix, ...more });
  if (inputs.disableLocalAccounts === true && inputs.aadProfile === undefined) {
    add("disableLocalAccounts", "needs aadProfile: without it nobody could sign in", "Set aadProfile");
  }
  if (at("networkProfile.networkPolicy") === "cilium" && at("networkProfile.networkDataplane") !== "cilium") {
    add("networkProfile.networkPolicy", "cilium needs networkDataplane cilium", "Set networkDataplane to cilium");
  }
  const ranges = at("apiServerAccessProfile.authorizedIPRanges");
  if (at("apiServerAccessProfile.enablePrivateCluster") === true && ranges) {
    const reason = "authorized ranges are for public API servers";
    const fix = "Leave out these, or enablePrivateCluster";
    add("apiServerAccessProfile.authorizedIPRanges", reason, fix, { source: RANGES });
  }
  if (asList(ranges).length > MOST_RANGES) {
    const reason = `has ${asList(ranges).length} ranges; AKS takes ${MOST_RANGES}`;
    add("apiServerAccessProfile.authorizedIPRanges", reason, "Join neighbouring ranges", { source: RANGES });
  }
  if (at("securityProfile.azureKeyVaultKms.enabled") === true && at("identity.type") !== "UserAssigned") {
    const reason = "needs identity.type UserAssigned: the right to the key must be there before the cluster";
    add("securityProfile.azureKeyVaultKms", reason, "Give the cluster an identity made beforehand");
  }
  const prefix = knownString(inputs.dnsPrefix);
  if (prefix !== undefined && !/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/.test(prefix)) {
    const reason = `"${prefix}" is not allowed: 1 to 54 letters, digits and hyphens, beginning and ending with a letter or digit`;
    add("dnsPrefix", reason, "Choose another prefix", { kind: "name" });
  }
  const pools = valuesAt(inputs, "agentPoolProfiles[]");
  if (pools.length > 0 && !pools.some(({ value }) => asObject(value).mode === "System")) {
    const reason = "a cluster must have at least one pool of mode System";
    add("agentPoolProfiles", reason, "Set the mode of one pool to System", { kind: "required" });
  }
  const location = knownString(inputs.location) ?? (connection.region || undefined);
  return [
    ...problems,
    ...dnsServiceProblems(inputs),
    ...pools.flatMap(({ path, value }) => poolProblems(asObject(value), "name", `${path}.`, location)),
  ];
}

/** https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning */
const PLANNING = "https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning";

/** The DNS service's address is one of the services', and not the first. */
function dnsServiceProblems(inputs: Properties): Problem[] {
  const property = "networkProfile.dnsServiceIP";
  const address = parseBlock(`${valueAt(inputs, property)}/32`);
  const services = parseBlock(String(valueAt(inputs, "networkProfile.serviceCidr")));
  if (address === undefined || services === undefined) return [];
  if (address.first > services.first + 1 && address.first < services.last) return [];
  const reason = `${valueAt(inputs, property)} is not usable: an address of ${valueAt(inputs, "networkProfile.serviceCidr")} is expected, and not its first one`;
  return [{ property, reason, fix: "Take the tenth address of the services' range", source: PLANNING }];
}

function clusterRefusals(inputs: Properties, context: Context): Problem[] {
  return [
    ...groupRefusals(inputs, context),
    ...identityRefusals(inputs, context),
    ...subnetRefusals(inputs, context),
    ...serviceRefusals(inputs, context),
    ...poolRefusals(inputs, context),
  ];
}

/** AKS does not change pools that exist; they are told apart by name. */
function poolRefusals(inputs: Properties, { before }: Context): Problem[] {
  const was = valuesAt(before, "agentPoolProfiles[]").map(({ value }) => asObject(value));
  return valuesAt(inputs, "agentPoolProfiles[]").flatMap(({ path, value }) => {
    const pool = asObject(value);
    return fixedProblems(
      { ...fixedOfPool, vmSize: null, gpuInstanceProfile: null },
      was.find(({ name }) => name === pool.name),
      pool,
      `${path}.`,
    );
  });
}

/** https://learn.microsoft.com/azure/aks/faq: the group is AKS's own, and its name at most 80 characters. */
function groupRefusals(inputs: Properties, context: Context): Problem[] {
  const region = String(inputs.location ?? context.placement.region);
  const name = String(inputs.nodeResourceGroup ?? ownGroup(inputs, region));
  const property = "nodeResourceGroup";
  if (name.length <= 80) return [];
  const reason = `the node resource group's name "${name}" has ${name.length} characters; at most 80 are allowed`;
  const fix = "Give nodeResourceGroup a shorter name";
  return [{ property, kind: "name", reason, fix, source: "https://learn.microsoft.com/azure/aks/faq" }];
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
    const property = "identityProfile.kubeletidentity.resourceId";
    const fix =
      "Grant the cluster's identity the role Managed Identity Operator on it, and let the cluster depend on it";
    const source = "https://learn.microsoft.com/azure/aks/use-managed-identity";
    problems.push({ property, kind: "reference", reason, fix, source });
  }
  const key = context.find(KEY, valueAt(inputs, "securityProfile.azureKeyVaultKms.keyId"), "key");
  const users = ["Key Vault Crypto User", "Key Vault Crypto Officer", "Key Vault Administrator"];
  if (key !== undefined && !may(users, key.id)) {
    const reason = "InvalidParameter: the cluster's identity has no right to encrypt and decrypt by this key";
    const property = "securityProfile.azureKeyVaultKms.keyId";
    const fix = "Grant it Key Vault Crypto User, and let the cluster depend on that";
    const source = "https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption";
    problems.push({ property, kind: "reference", reason, fix, source });
  }
  return problems;
}

const EGRESS = "https://learn.microsoft.com/azure/aks/egress-outboundtype";

/** With a NAT gateway of one's own, each node subnet has one. */
function subnetRefusals(inputs: Properties, context: Context): Problem[] {
  if (valueAt(inputs, "networkProfile.outboundType") !== "userAssignedNATGateway") return [];
  return valuesAt(inputs, "agentPoolProfiles[].vnetSubnetID").flatMap(({ path, value }) => {
    const subnet = context.find(SUBNET, value);
    if (subnet === undefined || valueAt(subnet.inputs, "natGateway.id") !== undefined) return [];
    const reason = `InvalidParameter: outboundType userAssignedNATGateway needs a NAT gateway on the subnet ${subnet.id}, which has none`;
    return [{ property: path, kind: "reference", reason, fix: "Set natGateway on the subnet", source: EGRESS }];
  });
}

function serviceRefusals(inputs: Properties, context: Context): Problem[] {
  const used = valuesAt(inputs, "agentPoolProfiles[].vnetSubnetID").map(({ value }) => context.find(SUBNET, value));
  const ranges = [
    ["networkProfile.serviceCidr", valueAt(inputs, "networkProfile.serviceCidr")],
    ["networkProfile.podCidr", valueAt(inputs, "networkProfile.podCidr")],
  ] as const;
  return ranges.flatMap(([property, value]): Problem[] => {
    const range = parseBlock(String(value));
    const subnet = used.find((candidate) => {
      const taken = rangeOf(candidate?.id, context);
      return range !== undefined && taken !== undefined && overlap(range, taken);
    });
    if (subnet === undefined) return [];
    const code = property.endsWith("serviceCidr") ? "ServiceCidrOverlapExistingSubnetsCidr" : "InvalidParameter";
    const reason = `${code}: ${value} overlaps with the subnet ${subnet.id} (${subnet.inputs.addressPrefix})`;
    return [{ property, reason, fix: "Take a range outside the virtual network", source: PLANNING }];
  });
}

export const containerTypes: readonly ResourceType[] = [cluster, agentPool];
