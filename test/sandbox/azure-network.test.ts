/** The sandbox's Azure: networks and names. */
import { describe, expect, test } from "vitest";
import type { Properties } from "../../sandbox/values.ts";
import { UNKNOWN } from "../../sandbox/values.ts";
import { azureBench, region, token } from "./azure-bench.ts";

const bench = azureBench();

describe("networks", () => {
  test("hold subnets inside their range and beside each other", async () => {
    const vnet = await bench.network();
    const subnet = (subnetName: string, addressPrefix: string) =>
      bench.makeIn("network:Subnet", { virtualNetworkName: vnet.properties.name, subnetName, addressPrefix });
    await subnet("one", "10.20.0.0/24");
    await expect(subnet("outside", "10.21.0.0/24")).rejects.toThrow("NetcfgInvalidSubnet");
    await expect(subnet("over", "10.20.0.0/20")).rejects.toThrow("NetcfgSubnetRangesOverlap");
    expect((await subnet("two", "10.20.1.0/24")).properties.name).toBe("two");
  });

  test("give public addresses that nobody else has, kept through an update, unknown in a preview", async () => {
    const inputs = { sku: { name: "Standard" }, publicIPAllocationMethod: "Static" };
    const one = await bench.make("network:PublicIPAddress", inputs, "one");
    const two = await bench.make("network:PublicIPAddress", inputs, "two");
    expect(one.properties.ipAddress).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    expect(two.properties.ipAddress).not.toBe(one.properties.ipAddress);
    const after = await bench.azure.update(token("network:PublicIPAddress"), one.id, one.properties, {
      ...one.inputs,
      tags: { a: "b" },
    });
    expect(after.properties.ipAddress).toBe(one.properties.ipAddress);
    const preview = await bench.azure.make(
      token("network:PublicIPAddress"),
      { resourceGroupName: bench.group, location: region, ...inputs },
      { preview: true },
    );
    expect(preview.properties).toMatchObject({ ipAddress: UNKNOWN, name: UNKNOWN, location: "swedencentral" });
  });

  test("have static addresses of SKU Standard, and gateways in one zone", async () => {
    expect(await bench.problems("network:PublicIPAddress", { sku: { name: "Standard" } })).toContain("are Static");
    expect(await bench.problems("network:NatGateway", { zones: ["1", "2"] })).toContain("is in one zone");
  });

  test("have rules with priorities of their own", async () => {
    const rule = (name: string, priority: number) => ({
      name,
      priority,
      access: "Allow",
      direction: "Inbound",
      protocol: "Tcp",
    });
    const withRules = (...securityRules: object[]) => bench.problems("network:NetworkSecurityGroup", { securityRules });
    expect(await withRules(rule("a", 100), rule("b", 100))).toContain(
      "SecurityRuleConflict: Security rule b conflicts with rule a",
    );
    expect(await withRules(rule("a", 5000))).toContain("SecurityRuleInvalidPriority");
    expect(await withRules(rule("a", 100), { ...rule("b", 100), direction: "Outbound" })).toBe("");
  });

  test("are watched by the watcher that Azure makes in their region, and by no other", async () => {
    const vnet = await bench.network();
    const logs = await bench.make("storage:StorageAccount", {
      accountName: `logs${bench.round}`,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    });
    const flowLog = (region: string) =>
      bench.azure.make(token("network:FlowLog"), {
        resourceGroupName: "NetworkWatcherRG",
        networkWatcherName: `NetworkWatcher_${region}`,
        flowLogName: `flows${bench.round}`,
        location: region,
        targetResourceId: vnet.id,
        storageId: logs.id,
      });
    expect((await flowLog("swedencentral")).id).toContain("/networkWatchers/NetworkWatcher_swedencentral/flowLogs/");
    await expect(flowLog("francecentral")).rejects.toThrow("ParentResourceNotFound");
  });
});

describe("private endpoints", () => {
  /** An endpoint in a network of its own, to an account of its own. */
  const endpoint = async (name: string, properties: Properties, groupId = "account", location: string = region) => {
    const vnet = await bench.network(name);
    const subnet = await bench.subnet(vnet.properties, "10.20.64.0/24");
    const target = await bench.account(properties, name);
    const connection = { name, privateLinkServiceId: target.id, groupIds: [groupId] };
    const inputs = { location, subnet: { id: subnet.id }, privateLinkServiceConnections: [connection] };
    return bench.make("network:PrivateEndpoint", inputs, name);
  };

  test("lead to an account by its own name and an address of the subnet", async () => {
    const { id, properties } = await endpoint("one", { customSubDomainName: `pe-${bench.round}` });
    expect(properties.customDnsConfigs).toEqual([
      { fqdn: `pe-${bench.round}.openai.azure.com`, ipAddresses: [expect.stringMatching(/^10\.20\.64\.\d+$/)] },
    ]);
    const zoneName = { privateZoneName: "privatelink.openai.azure.com", location: "global" };
    const zone = await bench.makeIn("privatedns:PrivateZone", zoneName);
    const group = await bench.makeIn("network:PrivateDnsZoneGroup", {
      privateEndpointName: properties.name,
      privateDnsZoneConfigs: [{ name: "openai", privateDnsZoneId: zone.id }],
    });
    expect(group.id).toBe(`${id}/privateDnsZoneGroups/main`);
  });

  test("need a custom subdomain, a known sub-resource, and the network's region", async () => {
    const named = (name: string) => ({ customSubDomainName: `${name}-${bench.round}` });
    await expect(endpoint("bare", {})).rejects.toThrow("has no custom subdomain");
    await expect(endpoint("wrong", named("wrong"), "vault")).rejects.toThrow(
      'has no sub-resource "vault"; it has account',
    );
    await expect(endpoint("far", named("far"), "account", "westeurope")).rejects.toThrow("are in the same region");
  });
});

describe("DNS", () => {
  test("has zones with name servers, and records under their own names", async () => {
    const zone = await bench.makeIn("dns:Zone", { zoneName: `z${bench.round}.example.com`, location: "global" });
    expect(zone.properties.nameServers).toEqual(
      ["com", "net", "org", "info"].map((domain, index) =>
        expect.stringMatching(new RegExp(`^ns${index + 1}-0\\d\\.azure-dns\\.${domain}\\.$`)),
      ),
    );
    const record = await bench.makeIn("dns:RecordSet", {
      zoneName: zone.properties.name,
      recordType: "A",
      relativeRecordSetName: "gateway",
      ttl: 60,
      aRecords: [{ ipv4Address: "192.0.2.1" }],
    });
    expect(record.id).toBe(`${zone.id}/A/gateway`);
    expect(record.properties.fqdn).toBe(`gateway.z${bench.round}.example.com.`);
  });

  test("refuses a record without a zone, records of another kind, and a region", async () => {
    const record = { zoneName: "no.example.com", recordType: "A", relativeRecordSetName: "a", aRecords: [] };
    await expect(bench.makeIn("dns:RecordSet", record)).rejects.toThrow("ParentResourceNotFound");
    const mixed = { ...record, cnameRecord: { cname: "b" }, txtRecords: [{ value: ["c"] }] };
    const { failures } = await bench.azure.check(token("dns:RecordSet"), { resourceGroupName: bench.group, ...mixed });
    expect(failures.join()).toContain("does not belong in a record set of kind A");
    expect(await bench.problems("dns:Zone", { zoneName: "a.example.com" })).toContain("The location is 'global'");
  });

  test("links a network to one zone of a name only", async () => {
    const vnet = await bench.network();
    const zone = await bench.makeIn("privatedns:PrivateZone", {
      privateZoneName: "privatelink.openai.azure.com",
      location: "global",
    });
    const link = (name: string) =>
      bench.makeIn(
        "privatedns:VirtualNetworkLink",
        { privateZoneName: zone.properties.name, location: "global", virtualNetwork: { id: vnet.id } },
        name,
      );
    expect((await link("one")).properties.virtualNetworkLinkState).toBe("Completed");
    await expect(link("two")).rejects.toThrow("overlapping namespaces");
  });
});
