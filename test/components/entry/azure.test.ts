import { describe, expect, test } from "vitest";
import { AzureGatewayEntry } from "../../../components/entry/azure.ts";
import type { GatewayEntryArgs } from "../../../components/entry/types.ts";
import { azureLocation, azureOutputs, roleId, tags } from "../../support/azure.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: GatewayEntryArgs = {
  location: azureLocation,
  zone: "ai.example.com",
  host: "azure-main.ai.example.com",
  issuerUrl: "https://swedencentral.oic.prod-aks.azure.com/t/c/",
  loadBalancerPrincipal: "control-principal",
  scope: "group",
  publicSubnetIds: [],
  protect: false,
  tags,
};

const build = (changes: Partial<GatewayEntryArgs> = {}) =>
  construct(() => new AzureGatewayEntry("entry", { ...args, ...changes }), { outputs: azureOutputs });

const trustType = "azure-native:managedidentity:FederatedIdentityCredential";
const grantType = "azure-native:authorization:RoleAssignment";

describe("AzureGatewayEntry", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AzureGatewayEntry entry",
      "azure-native:authorization:RoleAssignment entry-address",
      "azure-native:network:PublicIPAddress entry-address",
      "azure-native:authorization:RoleAssignment entry-certificates",
      "azure-native:managedidentity:FederatedIdentityCredential entry-certificates",
      "azure-native:managedidentity:UserAssignedIdentity entry-certificates",
      "azure-native:dns:RecordSet entry-host",
      "azure-native:dns:Zone entry-zone",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(7).fill("entry"));
  });

  test("leads the host to a static address that spans the zones", async () => {
    const resources = await build();
    expect(named(resources, "entry-address", "azure-native:network:PublicIPAddress").inputs).toMatchObject({
      sku: { name: "Standard", tier: "Regional" },
      publicIPAllocationMethod: "Static",
      zones: ["1", "2", "3"],
    });
    expect(named(resources, "entry-host").inputs).toMatchObject({
      zoneName: "ai.example.com",
      recordType: "A",
      relativeRecordSetName: "azure-main",
      ttl: 60,
      aRecords: [{ ipv4Address: "198.51.100.13" }],
    });
  });

  test("lets cert-manager, and only it, write in this zone, and only there", async () => {
    const resources = await build();
    expect(named(resources, "entry-certificates", trustType).inputs).toMatchObject({
      issuer: "https://swedencentral.oic.prod-aks.azure.com/t/c/",
      subject: "system:serviceaccount:cert-manager:cert-manager",
      audiences: ["api://AzureADTokenExchange"],
    });
    expect(named(resources, "entry-certificates", grantType).inputs).toMatchObject({
      roleDefinitionId: roleId("befefa01-2a29-4197-83a8-272ff33ce314"),
      scope: "entry-zone-id",
      principalId: "entry-certificates-principal",
    });
  });

  test("lets the cluster use this address, and no other", async () => {
    expect(named(await build(), "entry-address", grantType).inputs).toMatchObject({
      roleDefinitionId: roleId("4d97b98b-1d4f-4787-a291-c67834d212e7"),
      scope: "entry-address-id",
      principalId: "control-principal",
    });
  });

  test("registers what gateway and cert-manager need", async () => {
    expect(named(await build(), "entry").outputs).toEqual({
      cloud: "azure",
      location: "azure-main",
      account: azureLocation.account,
      region: "swedencentral",
      zone: "ai.example.com",
      host: "azure-main.ai.example.com",
      zoneId: "entry-zone-id",
      nameServers: ["ns1.example.net."],
      address: "198.51.100.13",
      serviceAnnotations: {
        "service.beta.kubernetes.io/azure-load-balancer-resource-group": "group",
        "service.beta.kubernetes.io/azure-pip-name": "entry-address",
        "service.beta.kubernetes.io/port_443_health-probe_protocol": "tcp",
      },
      loadBalancerIp: "",
      dnsChallenge: {
        azureDNS: {
          subscriptionID: azureLocation.account,
          resourceGroupName: "group",
          hostedZoneName: "ai.example.com",
          environment: "AzurePublicCloud",
          managedIdentity: { clientID: "entry-certificates-client" },
        },
      },
      certificateServiceAccount: {
        annotations: { "azure.workload.identity/client-id": "entry-certificates-client" },
        podLabels: { "azure.workload.identity/use": "true" },
      },
    });
  });

  test("keeps zone and address when asked", async () => {
    const kept = (await build({ protect: true })).filter(({ protect }) => protect).map(({ name }) => name);
    expect(kept).toEqual(["entry-address", "entry-zone"]);
  });

  test("refuses a host outside the zone, and an address that nobody may use", async () => {
    const { loadBalancerPrincipal: _, ...without } = args;
    const wrong = construct(() => new AzureGatewayEntry("entry", { ...without, host: "ai.example.com" }));
    await expect(wrong).rejects.toThrow(
      [
        "AzureGatewayEntry entry can't be built:",
        '  - host "ai.example.com" is not in the zone ai.example.com: write a name that ends with .ai.example.com',
        "  - loadBalancerPrincipal is missing: give it the cluster's, so that its load balancer may use the address",
      ].join("\n"),
    );
  });
});
