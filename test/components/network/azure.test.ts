import { describe, expect, test } from "vitest";
import { AzureNetwork } from "../../../components/network/azure.ts";
import type { NetworkArgs } from "../../../components/network/types.ts";
import { planSubnets } from "../../../components/plan/addresses.ts";
import { azureLocation, azureOutputs, azureSubnets, roleId, tags } from "../../support/azure.ts";
import { construct, listOf, named, resolved } from "../../support/mocks.ts";

const args: NetworkArgs = {
  location: azureLocation,
  subnets: azureSubnets,
  zoneRedundant: true,
  protect: false,
  logRetentionDays: 90,
  tags,
};

const build = (changes: Partial<NetworkArgs> = {}) =>
  construct(() => new AzureNetwork("net", { ...args, ...changes }), { outputs: azureOutputs });

const subnetType = "azure-native:network:Subnet";
const rulesType = "azure-native:network:NetworkSecurityGroup";

describe("AzureNetwork", () => {
  test("is these resources, each below the component", async () => {
    const twoZones = { ...azureLocation, zones: ["1", "2"] };
    const resources = await build({ location: twoZones, subnets: planSubnets(twoZones.cidr, twoZones.zones) });
    expect(listOf(resources)).toEqual([
      "twocloud:index:AzureNetwork net",
      "azure-native:network:PublicIPAddress net-egress-1",
      "azure-native:network:PublicIPAddress net-egress-2",
      "azure-native:network:NetworkSecurityGroup net-endpoints",
      "azure-native:network:Subnet net-endpoints",
      "azure-native:authorization:RoleAssignment net-flows",
      "azure-native:managedidentity:UserAssignedIdentity net-flows",
      "azure-native:network:FlowLog net-flows",
      "azure-native:storage:StorageAccount net-flows",
      "azure-native:resources:ResourceGroup net-group",
      "azure-native:network:NatGateway net-nat-1",
      "azure-native:network:NatGateway net-nat-2",
      "azure-native:network:NetworkSecurityGroup net-nodes",
      "azure-native:network:Subnet net-nodes-1",
      "azure-native:network:Subnet net-nodes-2",
      "azure-native:network:VirtualNetwork net-vnet",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(15).fill("net"));
  });

  test("gives the virtual network its subnets' ranges and leaves pods and services outside", async () => {
    expect(named(await build(), "net-vnet").inputs.addressSpace).toEqual({
      addressPrefixes: ["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20", "10.20.64.0/24"],
    });
  });

  test("routes each zone through its own address translation when zone-redundant, through one otherwise", async () => {
    const ways = async (zoneRedundant: boolean) => {
      const resources = await build({ zoneRedundant });
      return ["1", "2", "3"].map((zone) => named(resources, `net-nodes-${zone}`).inputs.natGateway);
    };
    expect(await ways(true)).toEqual([{ id: "net-nat-1-id" }, { id: "net-nat-2-id" }, { id: "net-nat-3-id" }]);
    expect(await ways(false)).toEqual(Array(3).fill({ id: "net-nat-1-id" }));
  });

  test("puts each translation in its zone, by static Standard addresses that span the zones", async () => {
    const resources = await build();
    expect(named(resources, "net-nat-2").inputs).toMatchObject({ zones: ["2"], sku: { name: "Standard" } });
    expect(named(resources, "net-egress-2").inputs).toMatchObject({
      sku: { name: "Standard", tier: "Regional" },
      publicIPAllocationMethod: "Static",
      zones: ["1", "2", "3"],
    });
  });

  test("gives no subnet Azure's own way out, and endpoints none at all", async () => {
    const resources = await build();
    const subnets = resources.filter(({ type }) => type === subnetType);
    expect(subnets.map(({ inputs }) => inputs.defaultOutboundAccess)).toEqual(Array(4).fill(false));
    expect(named(resources, "net-endpoints", subnetType).inputs.natGateway).toBeUndefined();
  });

  test("makes one subnet after another", async () => {
    const resources = await build();
    expect(named(resources, "net-nodes-2").dependsOn).toContain("net-nodes-1");
    expect(named(resources, "net-nodes-3").dependsOn).toContain("net-nodes-2");
    expect(named(resources, "net-endpoints", subnetType).dependsOn).toContain("net-nodes-3");
  });

  test("lets the internet reach nodes on 443 only, and nodes alone reach endpoints", async () => {
    const resources = await build();
    expect(named(resources, "net-nodes", rulesType).inputs.securityRules).toEqual([
      expect.objectContaining({
        direction: "Inbound",
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: "Internet",
        destinationPortRange: "443",
      }),
    ]);
    const endpoints = named(resources, "net-endpoints", rulesType).inputs.securityRules;
    expect(endpoints).toEqual([
      expect.objectContaining({
        access: "Allow",
        priority: 100,
        sourceAddressPrefixes: ["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"],
        destinationPortRange: "443",
      }),
      expect.objectContaining({ access: "Deny", priority: 4096, protocol: "*", sourceAddressPrefix: "*" }),
    ]);
    const subnet = named(resources, "net-endpoints", subnetType).inputs;
    expect(subnet.privateEndpointNetworkPolicies).toBe("Enabled");
    expect(subnet.networkSecurityGroup).toEqual({ id: "net-endpoints-id" });
  });

  test("logs every flow to storage without keys, by an identity that may write there only", async () => {
    const resources = await build();
    const storage = named(resources, "net-flows", "azure-native:storage:StorageAccount").inputs;
    expect(storage).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices" },
      sku: { name: "Standard_ZRS" },
    });
    expect(storage.accountName).toMatch(/^[a-z0-9]{3,24}$/);
    const flow = named(resources, "net-flows", "azure-native:network:FlowLog");
    expect(flow.inputs).toMatchObject({
      targetResourceId: "net-vnet-id",
      networkWatcherName: "NetworkWatcher_swedencentral",
      retentionPolicy: { enabled: true, days: 90 },
      identity: { type: "UserAssigned", userAssignedIdentities: ["net-flows-id"] },
    });
    expect(named(resources, "net-flows", "azure-native:authorization:RoleAssignment").inputs).toEqual({
      roleDefinitionId: roleId("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
      principalId: "net-flows-principal",
      principalType: "ServicePrincipal",
      scope: "net-flows-id",
    });
  });

  test("registers where it is, and one node subnet a zone in the zones' order", async () => {
    expect(named(await build(), "net").outputs).toEqual({
      cloud: "azure",
      location: "azure-main",
      account: azureLocation.account,
      region: "swedencentral",
      cidr: "10.20.0.0/16",
      scope: "net-group",
      networkId: "net-vnet-id",
      nodeSubnetIds: ["net-nodes-1-id", "net-nodes-2-id", "net-nodes-3-id"],
      endpointSubnetIds: ["net-endpoints-id"],
      publicSubnetIds: [],
      egressAddresses: Array(3).fill("198.51.100.12"),
    });
  });

  test("is the same storage name for the same group, another for another", async () => {
    const nameIn = async (group: string) => {
      const outputs = { ...azureOutputs, "azure-native:resources:ResourceGroup": () => ({ name: group }) };
      const resources = await construct(() => new AzureNetwork("net", args), { outputs });
      return named(resources, "net-flows", "azure-native:storage:StorageAccount").inputs.accountName;
    };
    expect(await nameIn("one")).toBe(await nameIn("one"));
    expect(await nameIn("one")).not.toBe(await nameIn("two"));
  });

  test("says everything that is wrong at once", async () => {
    const location = { ...azureLocation, account: "prod", zones: ["a"] };
    const subnets = { ...azureSubnets, endpoints: [{ zone: "1", cidr: "10.99.0.0/24" }] };
    await expect(build({ location, subnets, logRetentionDays: 1000 })).rejects.toThrow(
      [
        "AzureNetwork net can't be built:",
        '  - location azure-main has account "prod"; azure takes a subscription id, a UUID',
        "  - location azure-main has the zones [a]; Azure numbers them: 1, 2, 3",
        "  - logRetentionDays is 1000; Log Analytics keeps whole days, up to 730",
        "  - subnets.nodes covers the zones [1, 2, 3]; the location has [a]: one subnet a zone, in order, and at least one",
        '  - subnets.endpoints has "10.99.0.0/24" in zone 1; it must be a part of 10.20.0.0/16',
      ].join("\n"),
    );
  });

  test("hands on the addresses that its translations were given", async () => {
    let network: AzureNetwork | undefined;
    await construct(
      () => {
        network = new AzureNetwork("net", { ...args, zoneRedundant: false });
      },
      { outputs: azureOutputs },
    );
    expect(await resolved((network as AzureNetwork).egressAddresses)).toEqual(["198.51.100.12"]);
  });
});
