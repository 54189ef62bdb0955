/** What the sandbox's Azure gives and refuses, whatever the type. */
import { describe, expect, test } from "vitest";
import { azureNative } from "../../sandbox/clouds/azure-native/index.ts";
import { tokens } from "../../sandbox/schema/tokens.ts";
import { azureBench, tenant, token } from "./azure-bench.ts";

const bench = azureBench();

test("knows every type and function of the schema, and no other", () => {
  expect(azureNative.types.map((type) => type.token).toSorted()).toEqual([...tokens["azure-native"].types].toSorted());
  expect(Object.keys(azureNative.functions).toSorted()).toEqual([...tokens["azure-native"].functions].toSorted());
});

describe("ids and names", () => {
  test("are ARM's, with eight digits behind a name that stands by itself and none inside a parent", async () => {
    const vnet = await bench.network();
    expect(vnet.id).toMatch(new RegExp(`^${bench.arm("Microsoft.Network/virtualNetworks/main[0-9a-f]{8}")}$`));
    const subnet = await bench.makeIn("network:Subnet", {
      virtualNetworkName: vnet.properties.name,
      addressPrefix: "10.20.0.0/24",
    });
    expect(subnet.id).toBe(`${vnet.id}/subnets/main`);
    expect(subnet.properties).toMatchObject({ name: "main", provisioningState: "Succeeded" });
  });

  test.each([
    ["containerregistry:Registry", { registryName: "my-images", sku: { name: "Premium" } }, "letters and digits"],
    ["storage:StorageAccount", { accountName: "Logs", kind: "StorageV2", sku: { name: "Standard_LRS" } }, "lower-case"],
    [
      "keyvault:Vault",
      { vaultName: "a".repeat(25), properties: { tenantId: tenant, sku: { family: "A", name: "standard" } } },
      "at most 24",
    ],
    ["managedidentity:UserAssignedIdentity", { resourceName: "-x-" }, "beginning with a letter or digit"],
    ["network:PublicIPAddress", { publicIpAddressName: "x".repeat(81) }, "at most 80"],
  ])("of %s keep Azure's rule: %j", async (type, inputs, rule) => {
    const found = await bench.problems(type, inputs);
    expect(found).toContain(rule);
    expect(found).toContain("https://learn.microsoft.com/");
  });

  test("are found without regard to case, as Azure does", async () => {
    const vnet = await bench.network();
    const made = await bench.azure.make(token("network:Subnet"), {
      resourceGroupName: bench.group.toUpperCase(),
      virtualNetworkName: String(vnet.properties.name).toUpperCase(),
      addressPrefix: "10.20.0.0/24",
    });
    expect(made.properties.name).toBe("main");
  });

  test("are read back by import, with the inputs they were made from", async () => {
    const { id } = await bench.identity();
    const read = await bench.azure.read(token("managedidentity:UserAssignedIdentity"), id);
    expect(read.id).toBe(id);
    expect(read.outputs.properties.tenantId).toBe(tenant);
  });
});

describe("what it refuses", () => {
  test("a group that is not there", async () => {
    const wrong = bench.make("network:VirtualNetwork", {
      resourceGroupName: "nowhere",
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    });
    await expect(wrong).rejects.toThrow("ResourceGroupNotFound: Resource group 'nowhere' could not be found");
  });

  test("a parent that is not there", async () => {
    const wrong = bench.makeIn("network:Subnet", { virtualNetworkName: "nowhere", addressPrefix: "10.20.0.0/24" });
    await expect(wrong).rejects.toThrow(
      `because the parent resource '${bench.arm("Microsoft.Network/virtualNetworks/nowhere")}' could not be found`,
    );
  });

  test("an id of something that is not there, wherever it stands", async () => {
    const gone = bench.arm("Microsoft.Network/natGateways/gone");
    const vnet = await bench.network();
    const inputs = { virtualNetworkName: vnet.properties.name, addressPrefix: "10.20.0.0/24" };
    const wrong = bench.makeIn("network:Subnet", { ...inputs, natGateway: { id: gone } });
    await expect(wrong).rejects.toThrow(`InvalidResourceReference: Resource ${gone}`);
    await expect(
      bench.makeIn("network:Subnet", {
        ...inputs,
        routeTable: { id: bench.arm("Microsoft.Network/routeTables/gone") },
      }),
    ).rejects.toThrow("ResourceNotFound");
  });

  test("an id of the wrong kind", async () => {
    const vnet = await bench.network();
    const wrong = bench.make("network:NatGateway", { publicIpAddresses: [{ id: vnet.id }] });
    await expect(wrong).rejects.toThrow("is not what belongs here (PublicIPAddress)");
  });

  test("what exists already", async () => {
    await bench.identity();
    const wrong = bench.make("managedidentity:UserAssignedIdentity", { resourceName: "twice" });
    await wrong;
    await expect(bench.make("managedidentity:UserAssignedIdentity", { resourceName: "twice" })).rejects.toThrow(
      "AlreadyExists",
    );
  });

  test("a location that nothing states", async () => {
    const { failures } = await bench.azure.check(token("network:NatGateway"), { resourceGroupName: bench.group });
    expect(failures.join()).toContain("LocationRequired");
  });
});

describe("names that the whole world shares", () => {
  test.each([
    [
      "a registry's",
      "containerregistry:Registry",
      { registryName: "sharedimages", sku: { name: "Premium" } },
      "AlreadyInUse",
    ],
    [
      "a storage account's",
      "storage:StorageAccount",
      { accountName: "sharedlogs", kind: "StorageV2", sku: { name: "Standard_LRS" } },
      "StorageAccountAlreadyTaken",
    ],
    [
      "a vault's",
      "keyvault:Vault",
      { vaultName: "shared-vault", properties: { tenantId: tenant, sku: { family: "A", name: "standard" } } },
      "VaultAlreadyExists",
    ],
    [
      "an AI account's subdomain",
      "cognitiveservices:Account",
      { kind: "OpenAI", sku: { name: "S0" }, properties: { customSubDomainName: "shared-ai" } },
      "CustomDomainInUse",
    ],
  ])("%s can be had once, in any subscription", async (_, type, inputs, code) => {
    await bench.make(type, inputs);
    const other = await bench.box.provider("azure-native", { subscriptionId: "22222222-2222-3333-4444-555555555555" });
    const theirs = { resourceGroupName: bench.group, location: "westeurope" };
    await other.make(token("resources:ResourceGroup"), theirs);
    const taken = other.make(token(type), { ...inputs, ...theirs });
    await expect(taken).rejects.toThrow(code);
  });
});
