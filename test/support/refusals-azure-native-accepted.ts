/** Inputs that the sandbox's Azure accepts, by type, each with what it needs made first. */
import {
  account,
  anyOf,
  group,
  here,
  identity,
  network,
  pool,
  READER,
  region,
  role,
  storage,
  subnet,
  tenant,
  token,
  workspace,
} from "./refusals-azure-native.ts";
import type { Accepted } from "./sandbox-refusals.ts";

const vaultProperties = { tenantId: tenant, sku: { family: "A", name: "standard" } };

const networks: Accepted = {
  [token("resources:ResourceGroup")]: () => ({ resourceGroupName: "other", location: region }),
  [token("network:VirtualNetwork")]: async (bench) => ({
    ...(await here(bench)),
    virtualNetworkName: "net",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
  }),
  [token("network:Subnet")]: async (bench) => {
    await network(bench);
    return {
      resourceGroupName: await group(bench),
      virtualNetworkName: "net",
      subnetName: "nodes",
      addressPrefix: "10.0.0.0/24",
    };
  },
  [token("network:PublicIPAddress")]: async (bench) => ({
    ...(await here(bench)),
    publicIpAddressName: "way",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
    zones: ["1", "2", "3"],
  }),
  [token("network:NatGateway")]: async (bench) => ({
    ...(await here(bench)),
    natGatewayName: "nat",
    sku: { name: "Standard" },
    zones: ["1"],
    publicIpAddresses: [{ id: (await anyOf(bench, "network:PublicIPAddress")).id }],
  }),
  [token("network:NetworkSecurityGroup")]: async (bench) => ({
    ...(await here(bench)),
    networkSecurityGroupName: "rules",
    securityRules: [{ name: "https", priority: 100, access: "Allow", direction: "Inbound", protocol: "Tcp" }],
  }),
  [token("network:FlowLog")]: async (bench) => ({
    resourceGroupName: "NetworkWatcherRG",
    networkWatcherName: `NetworkWatcher_${region}`,
    flowLogName: "flows",
    location: region,
    targetResourceId: (await network(bench)).id,
    storageId: (await storage(bench)).id,
    retentionPolicy: { enabled: true, days: 30 },
  }),
  [token("network:PrivateEndpoint")]: async (bench) => {
    await network(bench);
    const inside = await subnet(bench, "endpoints", "10.0.1.0/24");
    const target = await account(bench);
    return {
      ...(await here(bench)),
      privateEndpointName: "way-in",
      subnet: { id: inside.id },
      privateLinkServiceConnections: [{ name: "ai", privateLinkServiceId: target.id, groupIds: ["account"] }],
    };
  },
  [token("network:PrivateDnsZoneGroup")]: async (bench) => {
    await anyOf(bench, "network:PrivateEndpoint");
    const zone = await anyOf(bench, "privatedns:PrivateZone");
    return {
      resourceGroupName: await group(bench),
      privateEndpointName: "way-in",
      privateDnsZoneGroupName: "names",
      privateDnsZoneConfigs: [{ name: "openai", privateDnsZoneId: zone.id }],
    };
  },
};

const names: Accepted = {
  [token("dns:Zone")]: async (bench) => ({
    resourceGroupName: await group(bench),
    zoneName: "ai.example.com",
    location: "global",
  }),
  [token("privatedns:PrivateZone")]: async (bench) => ({
    resourceGroupName: await group(bench),
    privateZoneName: "privatelink.openai.azure.com",
    location: "global",
  }),
  [token("privatedns:VirtualNetworkLink")]: async (bench) => {
    await anyOf(bench, "privatedns:PrivateZone");
    return {
      resourceGroupName: await group(bench),
      privateZoneName: "privatelink.openai.azure.com",
      virtualNetworkLinkName: "link",
      location: "global",
      registrationEnabled: false,
      virtualNetwork: { id: (await network(bench)).id },
    };
  },
  [token("dns:RecordSet")]: async (bench) => {
    await anyOf(bench, "dns:Zone");
    return {
      resourceGroupName: await group(bench),
      zoneName: "ai.example.com",
      recordType: "A",
      relativeRecordSetName: "gateway",
      ttl: 60,
      aRecords: [{ ipv4Address: "192.0.2.1" }],
    };
  },
  [token("privatedns:PrivateRecordSet")]: async (bench) => {
    await anyOf(bench, "privatedns:PrivateZone");
    return {
      resourceGroupName: await group(bench),
      privateZoneName: "privatelink.openai.azure.com",
      recordType: "A",
      relativeRecordSetName: "ai",
      ttl: 60,
      aRecords: [{ ipv4Address: "10.0.0.4" }],
    };
  },
  [token("trafficmanager:Profile")]: async (bench) => ({
    resourceGroupName: await group(bench),
    profileName: "entry",
    location: "global",
    trafficRoutingMethod: "Priority",
    dnsConfig: { relativeName: `entry-${bench.round}`, ttl: 30 },
    monitorConfig: { protocol: "HTTPS", port: 443, path: "/", intervalInSeconds: 30, timeoutInSeconds: 10 },
  }),
};

const identities: Accepted = {
  [token("managedidentity:UserAssignedIdentity")]: async (bench) => ({
    ...(await here(bench)),
    resourceName: "someone",
  }),
  [token("managedidentity:FederatedIdentityCredential")]: async (bench) => {
    await identity(bench);
    return {
      resourceGroupName: await group(bench),
      resourceName: "someone",
      federatedIdentityCredentialResourceName: "cluster",
      issuer: "https://issuer.example.com/one",
      subject: "system:serviceaccount:apps:tokens",
      audiences: ["api://AzureADTokenExchange"],
    };
  },
  [token("authorization:RoleAssignment")]: async (bench) => ({
    scope: `/subscriptions/${bench.account}/resourceGroups/${await group(bench)}`,
    principalId: (await identity(bench)).properties.principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: role(bench, READER),
  }),
  [token("authorization:ManagementLockByScope")]: async (bench) => ({
    scope: (await identity(bench)).id,
    lockName: "keep",
    level: "CanNotDelete",
  }),
};

const data: Accepted = {
  [token("containerregistry:Registry")]: async (bench) => ({
    ...(await here(bench)),
    registryName: `images${bench.round}`,
    sku: { name: "Premium" },
    zoneRedundancy: "Disabled",
  }),
  [token("containerregistry:CacheRule")]: async (bench) => {
    await anyOf(bench, "containerregistry:Registry");
    return {
      resourceGroupName: await group(bench),
      registryName: `images${bench.round}`,
      cacheRuleName: "upstream",
      sourceRepository: "mcr.microsoft.com/hello-world",
      targetRepository: "hello",
    };
  },
  [token("keyvault:Vault")]: async (bench) => ({
    ...(await here(bench)),
    vaultName: `vault-${bench.round}`,
    properties: { ...vaultProperties, enablePurgeProtection: true, softDeleteRetentionInDays: 7 },
  }),
  [token("keyvault:Key")]: async (bench) => {
    await anyOf(bench, "keyvault:Vault");
    return {
      resourceGroupName: await group(bench),
      vaultName: `vault-${bench.round}`,
      keyName: "secrets",
      properties: { kty: "RSA", keySize: 4096 },
    };
  },
  [token("storage:StorageAccount")]: async (bench) => ({
    ...(await here(bench)),
    accountName: `stuff${bench.round}`,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  }),
  [token("storage:BlobContainer")]: async (bench) => {
    await storage(bench);
    return { resourceGroupName: await group(bench), accountName: `stuff${bench.round}`, containerName: "weights" };
  },
  [token("operationalinsights:Workspace")]: async (bench) => ({
    ...(await here(bench)),
    workspaceName: "logs",
    sku: { name: "PerGB2018" },
    retentionInDays: 30,
  }),
  [token("monitor:DiagnosticSetting")]: async (bench) => ({
    name: "send",
    resourceUri: (await account(bench)).id,
    workspaceId: (await workspace(bench)).id,
    logs: [{ category: "Audit", enabled: true }],
  }),
};

const workloads: Accepted = {
  [token("containerservice:ManagedCluster")]: async (bench) => ({
    ...(await here(bench)),
    resourceName: "k8s",
    dnsPrefix: "k8s",
    kubernetesVersion: "1.34",
    agentPoolProfiles: [pool],
    networkProfile: { networkPlugin: "azure", serviceCidr: "10.1.0.0/16", dnsServiceIP: "10.1.0.10" },
  }),
  [token("containerservice:AgentPool")]: async (bench) => {
    await anyOf(bench, "containerservice:ManagedCluster");
    return {
      resourceGroupName: await group(bench),
      resourceName: "k8s",
      agentPoolName: "work",
      vmSize: "Standard_D4s_v5",
      count: 1,
      maxPods: 110,
    };
  },
  [token("cognitiveservices:Account")]: async (bench) => ({
    ...(await here(bench)),
    accountName: "ai",
    kind: "OpenAI",
    sku: { name: "S0" },
    properties: { customSubDomainName: `ai-${bench.round}` },
  }),
  [token("cognitiveservices:Deployment")]: async (bench) => {
    await account(bench);
    return {
      resourceGroupName: await group(bench),
      accountName: "ai",
      deploymentName: "chat",
      sku: { name: "DataZoneStandard", capacity: 100 },
      properties: { model: { format: "OpenAI", name: "gpt-5.4", version: "2026-03-05" } },
    };
  },
  [token("cognitiveservices:RaiPolicy")]: async (bench) => {
    await account(bench);
    return {
      resourceGroupName: await group(bench),
      accountName: "ai",
      raiPolicyName: "strict",
      properties: {
        basePolicyName: "Microsoft.Default",
        mode: "Default",
        contentFilters: [{ name: "Hate", blocking: true, enabled: true, severityThreshold: "Low", source: "Prompt" }],
      },
    };
  },
};

export const accepted: Accepted = { ...networks, ...names, ...identities, ...data, ...workloads };
