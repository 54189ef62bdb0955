import { describe, expect, test } from "vitest";
import { AzureCluster } from "../../../components/cluster/azure.ts";
import type { ClusterArgs } from "../../../components/cluster/types.ts";
import { azureCalls, azureLocation, azureOutputs, azureSubnets, roleId, tags } from "../../support/azure.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: ClusterArgs = {
  location: azureLocation,
  subnets: azureSubnets,
  version: "1.34",
  nodeShape: "Standard_D4s_v5",
  minNodes: 3,
  maxNodes: 7,
  protect: false,
  zoneRedundant: true,
  runnerCidrs: ["203.0.113.0/28"],
  logRetentionDays: 30,
  tags,
  scope: "group",
  networkId: "vnet-id",
  nodeSubnetIds: ["nodes-1", "nodes-2", "nodes-3"],
  egressAddresses: ["198.51.100.7"],
  registryId: "registry-id",
};

const build = (changes: Partial<ClusterArgs> = {}) =>
  construct(() => new AzureCluster("k8s", { ...args, ...changes }), { outputs: azureOutputs, calls: azureCalls });

const clusterOf = async (changes: Partial<ClusterArgs> = {}) => named(await build(changes), "k8s-cluster");

describe("AzureCluster", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AzureCluster k8s",
      "azure-native:authorization:RoleAssignment k8s-admin",
      "azure-native:containerservice:ManagedCluster k8s-cluster",
      "azure-native:managedidentity:UserAssignedIdentity k8s-control",
      "azure-native:authorization:RoleAssignment k8s-control-kubelet",
      "azure-native:authorization:RoleAssignment k8s-control-nodes-1",
      "azure-native:authorization:RoleAssignment k8s-control-nodes-2",
      "azure-native:authorization:RoleAssignment k8s-control-nodes-3",
      "azure-native:authorization:RoleAssignment k8s-control-secrets",
      "azure-native:monitor:DiagnosticSetting k8s-key-logs",
      "azure-native:managedidentity:UserAssignedIdentity k8s-kubelet",
      "azure-native:authorization:RoleAssignment k8s-kubelet-images",
      "azure-native:monitor:DiagnosticSetting k8s-logs",
      "azure-native:operationalinsights:Workspace k8s-logs",
      "azure-native:keyvault:Key k8s-secrets",
      "azure-native:keyvault:Vault k8s-vault",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(15).fill("k8s"));
  });

  test("answers runners and its own nodes only, and knows no local account", async () => {
    expect((await clusterOf()).inputs).toMatchObject({
      disableLocalAccounts: true,
      enableRBAC: true,
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: azureLocation.tenant },
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/28", "198.51.100.7/32"], disableRunCommand: true },
      oidcIssuerProfile: { enabled: true },
      nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    });
  });

  test("encrypts its secrets with its own key, which nobody can purge", async () => {
    const resources = await build();
    expect(named(resources, "k8s-cluster").inputs.securityProfile).toEqual({
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
      azureKeyVaultKms: {
        enabled: true,
        keyId: "https://vault.example/keys/secrets/1",
        keyVaultNetworkAccess: "Public",
      },
    });
    const vault = named(resources, "k8s-vault").inputs;
    expect(vault.vaultName).toMatch(/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
    expect(vault.properties).toMatchObject({
      tenantId: azureLocation.tenant,
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 7,
    });
  });

  test("enforces network policies, outside the virtual network's range, and leaves by the network's own addresses", async () => {
    expect((await clusterOf()).inputs.networkProfile).toEqual({
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      podCidr: "10.20.128.0/17",
      serviceCidr: "10.20.80.0/20",
      dnsServiceIP: "10.20.80.10",
      loadBalancerSku: "standard",
      outboundType: "userAssignedNATGateway",
    });
  });

  test("has a pool of encrypted private machines in each zone, sharing minimum and maximum", async () => {
    const pools = (await clusterOf()).inputs.agentPoolProfiles as Record<string, unknown>[];
    expect(
      pools.map(({ name, availabilityZones, vnetSubnetID }) => ({ name, availabilityZones, vnetSubnetID })),
    ).toEqual([
      { name: "system1", availabilityZones: ["1"], vnetSubnetID: "nodes-1" },
      { name: "system2", availabilityZones: ["2"], vnetSubnetID: "nodes-2" },
      { name: "system3", availabilityZones: ["3"], vnetSubnetID: "nodes-3" },
    ]);
    for (const pool of pools) {
      expect(pool).toMatchObject({
        mode: "System",
        enableAutoScaling: true,
        count: 1,
        minCount: 1,
        maxCount: 3,
        enableNodePublicIP: false,
        enableEncryptionAtHost: true,
        securityProfile: { enableSecureBoot: true, enableVTPM: true, sshAccess: "Disabled" },
      });
    }
  });

  test("is one pool and a free control plane where one zone will do", async () => {
    const { inputs } = await clusterOf({ zoneRedundant: false, minNodes: 2, maxNodes: 3 });
    expect(inputs.agentPoolProfiles).toEqual([
      expect.objectContaining({ name: "system1", count: 2, minCount: 2, maxCount: 3, vnetSubnetID: "nodes-1" }),
    ]);
    expect(inputs.sku).toEqual({ name: "Base", tier: "Free" });
    expect((await clusterOf()).inputs.sku).toEqual({ name: "Base", tier: "Standard" });
  });

  test("upgrades itself within its minor version", async () => {
    expect((await clusterOf()).inputs.autoUpgradeProfile).toEqual({
      upgradeChannel: "patch",
      nodeOSUpgradeChannel: "NodeImage",
    });
  });

  test("grants its identities these rights and no more, before it exists", async () => {
    const resources = await build();
    const grants = resources.filter(({ type }) => type === "azure-native:authorization:RoleAssignment");
    const groupId = `/subscriptions/${azureLocation.account}/resourceGroups/group`;
    expect(grants.map(({ name, inputs }) => [name, inputs.roleDefinitionId, inputs.scope, inputs.principalId])).toEqual(
      [
        ["k8s-admin", roleId("b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"), groupId, "runner-object"],
        [
          "k8s-control-kubelet",
          roleId("f1a07417-d97a-45cb-824c-7a7467783830"),
          "k8s-kubelet-id",
          "k8s-control-principal",
        ],
        ["k8s-control-nodes-1", roleId("4d97b98b-1d4f-4787-a291-c67834d212e7"), "nodes-1", "k8s-control-principal"],
        ["k8s-control-nodes-2", roleId("4d97b98b-1d4f-4787-a291-c67834d212e7"), "nodes-2", "k8s-control-principal"],
        ["k8s-control-nodes-3", roleId("4d97b98b-1d4f-4787-a291-c67834d212e7"), "nodes-3", "k8s-control-principal"],
        [
          "k8s-control-secrets",
          roleId("12338af0-0e69-4776-bea7-57ae8d297424"),
          "k8s-vault-id",
          "k8s-control-principal",
        ],
        ["k8s-kubelet-images", roleId("7f951dda-4ed3-4680-a7ca-43fe172d538d"), "registry-id", "k8s-kubelet-principal"],
      ],
    );
    const before = grants.map(({ name }) => name);
    expect(named(resources, "k8s-cluster").dependsOn).toEqual(expect.arrayContaining(before));
  });

  test.each([
    ["04b07795-8ddb-461a-bbee-02f9e1bf7b46", "User"],
    ["0f0f0f0f-0000-4000-8000-000000000000", "ServicePrincipal"],
  ])("makes its creator administrator: client %s is a %s", async (clientId, principalType) => {
    const runner = { clientId, objectId: "runner-object", subscriptionId: "s", tenantId: "t" };
    const calls = { ...azureCalls, "azure-native:authorization:getClientConfig": () => runner };
    const resources = await construct(() => new AzureCluster("k8s", args), { outputs: azureOutputs, calls });
    expect(named(resources, "k8s-admin").inputs).toMatchObject({ principalId: "runner-object", principalType });
  });

  test("logs who did what, in the cluster and with the key", async () => {
    const resources = await build();
    const logs = named(resources, "k8s-logs", "azure-native:monitor:DiagnosticSetting").inputs.logs;
    expect(logs).toEqual(["kube-apiserver", "kube-audit", "guard"].map((category) => ({ category, enabled: true })));
    expect(named(resources, "k8s-key-logs").inputs).toMatchObject({
      resourceUri: "k8s-vault-id",
      logs: [{ category: "AuditEvent", enabled: true }],
    });
  });

  test("is locked, protected and kept when asked, with its key", async () => {
    const resources = await build({ protect: true });
    expect(resources.filter(({ protect }) => protect).map(({ name }) => name)).toEqual([
      "k8s-cluster",
      "k8s-secrets",
      "k8s-vault",
    ]);
    expect(named(resources, "k8s-lock").inputs).toMatchObject({ level: "CanNotDelete", scope: "k8s-cluster-id" });
    // The lock holds what is below the cluster, too: it has to go before that.
    expect(named(resources, "k8s-lock").dependsOn).toContain("k8s-logs");
    expect(named(resources, "k8s-vault").inputs.properties).toMatchObject({ softDeleteRetentionInDays: 90 });
  });

  test("registers the issuer as its tokens name it, slash included, and a configuration without a credential", async () => {
    const { kubeconfig, ...outputs } = named(await build(), "k8s").outputs ?? {};
    expect(outputs).toEqual({
      cloud: "azure",
      location: "azure-main",
      account: azureLocation.account,
      region: "swedencentral",
      runnerCidrs: ["203.0.113.0/28"],
      clusterName: "k8s-cluster",
      clusterId: "k8s-cluster-id",
      issuerUrl: "https://swedencentral.oic.prod-aks.azure.com/t/c/",
      keyId: "k8s-secrets-id",
      loadBalancerPrincipal: "k8s-control-principal",
    });
    expect(JSON.parse(secretText(kubeconfig))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "k8s",
          cluster: { server: "https://net.hcp.swedencentral.azmk8s.io:443", "certificate-authority-data": "Q0VSVA==" },
        },
      ],
      users: [{ name: "k8s", user: { exec: expect.objectContaining({ command: "kubelogin" }) } }],
      contexts: [{ name: "k8s", context: { cluster: "k8s", user: "k8s" } }],
      "current-context": "k8s",
    });
  });

  test("knows before anything is made where it will be and whom it answers", async () => {
    const preview = { outputs: azureOutputs, calls: azureCalls, preview: true };
    const resources = await construct(() => new AzureCluster("k8s", args), preview);
    expect(named(resources, "k8s").outputs).toMatchObject({ cloud: "azure", runnerCidrs: ["203.0.113.0/28"] });
  });

  test("says everything that is wrong at once", async () => {
    const { tenant: _, ...location } = azureLocation;
    const wrong = {
      location,
      version: "1.34.2",
      minNodes: 3,
      maxNodes: 2,
      runnerCidrs: ["0.0.0.0/0", "office"],
      logRetentionDays: 0,
    };
    await expect(build(wrong)).rejects.toThrow(
      [
        "AzureCluster k8s can't be built:",
        "  - logRetentionDays is 0; Log Analytics keeps whole days, up to 730",
        "  - minNodes is 3 and maxNodes 2; at least 1, and the minimum below the maximum",
        "  - maxNodes is 2; the zones 1, 2, 3 have a pool each: at least 3",
        '  - runnerCidrs has "0.0.0.0/0", the whole internet: name the runners\' ranges',
        '  - runnerCidrs has "office"; it takes IPv4 ranges, as 192.0.2.10/32',
        "  - location azure-main has no tenant: write the Entra tenant's id, the key vault belongs to it",
        '  - version is "1.34.2"; AKS takes a minor version as "1.34", without a patch: quote it',
      ].join("\n"),
    );
  });
});

/** The text of a secret, as the engine carries it. */
function secretText(value: unknown): string {
  return typeof value === "string" ? value : String((value as { value: unknown }).value);
}
