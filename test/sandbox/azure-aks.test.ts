/** The sandbox's Azure: clusters and node pools. */
import { describe, expect, test } from "vitest";
import type { Properties } from "../../sandbox/values.ts";
import { azureBench, tenant, token, UUID } from "./azure-bench.ts";

const bench = azureBench();

const IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830";
const CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424";

const pool = {
  name: "system1",
  mode: "System",
  vmSize: "Standard_D4s_v5",
  enableAutoScaling: true,
  minCount: 1,
  maxCount: 3,
};
const plain = {
  dnsPrefix: "ai",
  kubernetesVersion: "1.34",
  oidcIssuerProfile: { enabled: true },
  agentPoolProfiles: [pool],
};

const cluster = (change: Properties = {}) => bench.make("containerservice:ManagedCluster", { ...plain, ...change });
const problems = (change: Properties) => bench.problems("containerservice:ManagedCluster", { ...plain, ...change });

describe("a cluster", () => {
  test("has addresses, an issuer that ends with a slash, and a patch of its version", async () => {
    const { id, properties } = await cluster({ aadProfile: { managed: true, tenantID: tenant } });
    expect(id).toMatch(new RegExp(`^${bench.arm("Microsoft.ContainerService/managedClusters/main")}[0-9a-f]{8}$`));
    expect(properties.fqdn).toMatch(/^ai-[0-9a-f]{8}\.hcp\.swedencentral\.azmk8s\.io$/);
    expect(properties.oidcIssuerProfile).toEqual({
      enabled: true,
      issuerURL: expect.stringMatching(
        new RegExp(`^https://swedencentral\\.oic\\.prod-aks\\.azure\\.com/${tenant}/${UUID}/$`),
      ),
    });
    expect(properties.currentKubernetesVersion).toMatch(/^1\.34\.\d+$/);
    expect(properties.nodeResourceGroup).toBe(`MC_${bench.group}_${properties.name}_swedencentral`);
  });

  test("has an issuer that nobody knows in a preview", async () => {
    const inputs = { resourceGroupName: bench.group, location: "swedencentral", ...plain };
    const preview = await bench.azure.make(token("containerservice:ManagedCluster"), inputs, { preview: true });
    expect(preview.properties.dnsPrefix).toBe("ai");
    expect(preview.properties.oidcIssuerProfile).toMatchObject({ enabled: true });
    expect(JSON.stringify(preview.properties.oidcIssuerProfile)).not.toContain("https://");
  });

  test("hands out a configuration for its users, which holds no credential", async () => {
    const { properties } = await cluster();
    const answer: Properties = await bench.azure.invoke(token("containerservice:listManagedClusterUserCredentials"), {
      resourceGroupName: bench.group,
      resourceName: properties.name,
    });
    const [{ value }] = answer.kubeconfigs as [{ value: string }];
    const text = Buffer.from(value, "base64").toString();
    expect(text).toContain(`server: https://${properties.fqdn}:443`);
    expect(text).toMatch(/certificate-authority-data: [A-Za-z0-9+/=]+\n/);
    expect(text).toContain("command: kubelogin");
    expect(text).not.toMatch(/client-key|token:|password/);
  });

  test("that is not there hands out nothing", async () => {
    const asked = bench.azure.invoke(token("containerservice:listManagedClusterUserCredentials"), {
      resourceGroupName: bench.group,
      resourceName: "nowhere",
    });
    await expect(asked).rejects.toThrow("ResourceNotFound");
  });

  test.each([
    [{ disableLocalAccounts: true }, "needs aadProfile"],
    [{ networkProfile: { networkPolicy: "cilium" } }, "cilium needs networkDataplane cilium"],
    [
      { apiServerAccessProfile: { enablePrivateCluster: true, authorizedIPRanges: ["192.0.2.0/24"] } },
      "for public API servers",
    ],
    [{ securityProfile: { azureKeyVaultKms: { enabled: true } } }, "needs identity.type UserAssigned"],
    [{ dnsPrefix: "-ai" }, "1 to 54 letters, digits and hyphens"],
    [{ agentPoolProfiles: [{ ...pool, mode: "User" }] }, "at least one pool of mode System"],
    [{ agentPoolProfiles: [{ ...pool, name: "System-1" }] }, "1 to 12 lower-case letters and digits"],
    [{ agentPoolProfiles: [{ ...pool, minCount: 0 }] }, "is 0; at least 1 here"],
    [{ agentPoolProfiles: [{ ...pool, minCount: 5 }] }, "is 3, below minCount 5"],
    [{ agentPoolProfiles: [{ ...pool, scaleSetPriority: "Spot" }] }, "Spot is not possible"],
  ])("is refused with %j", async (change, message) => {
    expect(await problems(change)).toContain(message);
  });

  test("takes a group of at most 80 characters for its nodes", async () => {
    await expect(cluster({ nodeResourceGroup: "x".repeat(81) })).rejects.toThrow("has 81 characters; at most 80");
  });

  test("may assign its nodes' identity only with the right to", async () => {
    const control = await bench.identity("control");
    const kubelet = await bench.identity("kubelet");
    const identities = {
      identity: { type: "UserAssigned", userAssignedIdentities: [control.id] },
      identityProfile: { kubeletidentity: { resourceId: kubelet.id } },
    };
    await expect(cluster(identities)).rejects.toThrow("CustomKubeletIdentityMissingPermissionError");
    await bench.assign(kubelet.id, control.properties.principalId, IDENTITY_OPERATOR);
    const { properties } = await cluster(identities);
    const { clientId, principalId } = control.properties;
    expect(properties.identity).toMatchObject({ userAssignedIdentities: { [control.id]: { clientId, principalId } } });
  });

  test("may encrypt by a key only with the right to, and only by one that exists", async () => {
    const control = await bench.identity("control");
    const vault = await bench.vault();
    const key = await bench.makeIn("keyvault:Key", { vaultName: vault.properties.name, properties: { kty: "RSA" } });
    const encrypted = (keyId: unknown) =>
      cluster({
        identity: { type: "UserAssigned", userAssignedIdentities: [control.id] },
        securityProfile: { azureKeyVaultKms: { enabled: true, keyId } },
      });
    await expect(encrypted("https://nowhere.vault.azure.net/keys/a/1")).rejects.toThrow("was not found");
    await expect(encrypted(key.properties.keyUriWithVersion)).rejects.toThrow("Fix: Grant it Key Vault Crypto User");
    await bench.assign(vault.id, control.properties.principalId, CRYPTO_USER);
    expect((await encrypted(key.properties.keyUriWithVersion)).properties.provisioningState).toBe("Succeeded");
  });

  test("with NAT of one's own needs it on every subnet, and ranges beside them", async () => {
    const network = await bench.network();
    const subnet = await bench.subnet(network.properties, "10.20.0.0/20");
    const agentPoolProfiles = [{ ...pool, vnetSubnetID: subnet.id }];
    const networkProfile = { outboundType: "userAssignedNATGateway", serviceCidr: "10.20.8.0/24" };
    const wrong = cluster({ agentPoolProfiles, networkProfile });
    await expect(wrong).rejects.toThrow("needs a NAT gateway on the subnet");
    await expect(wrong).rejects.toThrow("10.20.8.0/24 overlaps with the subnet");
  });

  test("is found by kubeconfigs as long as it is there, and takes its objects along", async () => {
    const made = await cluster();
    const server = `https://${made.properties.fqdn}:443`;
    const kubeconfig = JSON.stringify({
      clusters: [{ name: "a", cluster: { server } }],
      contexts: [{ name: "a", context: { cluster: "a" } }],
      "current-context": "a",
    });
    const inside = await bench.box.provider("kubernetes", { kubeconfig });
    await inside.make("kubernetes:core/v1:Namespace", { metadata: { name: "ai" } });
    await bench.azure.remove(token("containerservice:ManagedCluster"), made.id, made.properties);
    await expect(inside.create("kubernetes:core/v1:Namespace", { metadata: { name: "b" } })).rejects.toThrow(
      "unreachable",
    );
  });
});

describe("a node pool", () => {
  const make = (resourceName: unknown, change: Properties = {}) =>
    bench.makeIn("containerservice:AgentPool", {
      resourceName,
      agentPoolName: "gpu",
      vmSize: "Standard_NC40ads_H100_v5",
      ...change,
    });

  test("lives in a cluster", async () => {
    const { id, properties } = await cluster();
    const made = await make(properties.name);
    expect(made.id).toBe(`${id}/agentPools/gpu`);
    expect(made.properties).toMatchObject({ mode: "User", osType: "Linux", enableNodePublicIP: false });
    await expect(make("nowhere")).rejects.toThrow("ParentResourceNotFound");
  });

  test.each([
    [{ agentPoolName: "gpu-pool" }, "lower-case letters and digits"],
    [{ agentPoolName: "gpupoolforall" }, "at most 12"],
    [{ enableAutoScaling: true, minCount: 2, maxCount: 1 }, "below minCount 2"],
    [{ spotMaxPrice: -1 }, "for pools with scaleSetPriority Spot only"],
  ])("is refused with %j", async (change, message) => {
    const inputs = { resourceGroupName: bench.group, resourceName: "k8s", agentPoolName: "gpu", ...change };
    const { failures } = await bench.azure.check(token("containerservice:AgentPool"), inputs);
    expect(failures.join()).toContain(message);
  });

  test("may be scaled to nothing, unlike a system pool, and moves to another size by a new one", async () => {
    const { properties } = await cluster();
    const made = await make(properties.name, { enableAutoScaling: true, minCount: 0, maxCount: 2 });
    const larger = { ...made.inputs, vmSize: "Standard_NC80adis_H100_v5" };
    const { replaces } = await bench.azure.diff(token("containerservice:AgentPool"), made.id, made.inputs, larger);
    expect(replaces).toEqual(["vmSize"]);
  });
});
