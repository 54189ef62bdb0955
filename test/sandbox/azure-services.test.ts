/** The sandbox's Azure: vaults, registries, storage, AI accounts, logs. */
import { describe, expect, test } from "vitest";
import { type Properties, UNKNOWN } from "../../sandbox/values.ts";
import { azureBench, tenant, token } from "./azure-bench.ts";

const bench = azureBench();

describe("vaults and keys", () => {
  test("have the addresses that Azure gives them", async () => {
    const made = await bench.vault();
    expect(made.properties.properties).toMatchObject({ vaultUri: `https://vault-${bench.round}.vault.azure.net/` });
    const key = await bench.makeIn("keyvault:Key", {
      vaultName: `vault-${bench.round}`,
      properties: { kty: "RSA", keySize: 4096 },
    });
    expect(key.id).toBe(`${made.id}/keys/main`);
    expect(key.properties.keyUriWithVersion).toMatch(
      new RegExp(`^https://vault-${bench.round}\\.vault\\.azure\\.net/keys/main/[0-9a-f]{32}$`),
    );
  });

  test("never lose purge protection", async () => {
    const made = await bench.vault();
    const without = { ...made.inputs, properties: { tenantId: tenant, sku: { family: "A", name: "standard" } } };
    await expect(bench.azure.update(token("keyvault:Vault"), made.id, made.properties, without)).rejects.toThrow(
      "irreversible",
    );
  });
});

describe("registries and storage", () => {
  test("answer at their names", async () => {
    const images = await bench.make("containerregistry:Registry", {
      registryName: `Images${bench.round}`,
      sku: { name: "Premium" },
      dataEndpointEnabled: true,
    });
    expect(images.properties).toMatchObject({
      loginServer: `images${bench.round}.azurecr.io`,
      dataEndpointHostNames: [`images${bench.round}.swedencentral.data.azurecr.io`],
    });
  });

  test("sell zone redundancy and data addresses in the Premium tier only", async () => {
    const found = await bench.problems("containerregistry:Registry", {
      registryName: "basicimages",
      sku: { name: "Basic" },
      zoneRedundancy: "Enabled",
      dataEndpointEnabled: true,
    });
    expect(found).toContain("dataEndpointEnabled: BadRequest: needs sku.name Premium; it is Basic");
    expect(found).toContain("zoneRedundancy: BadRequest: needs sku.name Premium; it is Basic");
  });

  test("let no container be public where the account forbids it", async () => {
    const accountName = `weights${bench.round}`;
    const made = await bench.make("storage:StorageAccount", {
      accountName,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    });
    const container = (publicAccess: string) =>
      bench.makeIn("storage:BlobContainer", { accountName, containerName: publicAccess.toLowerCase(), publicAccess });
    await expect(container("Blob")).rejects.toThrow("PublicAccessNotPermitted");
    expect((await container("None")).id).toBe(`${made.id}/blobServices/default/containers/none`);
  });
});

describe("AI accounts", () => {
  test("answer at their subdomain, and keep it", async () => {
    const made = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    expect(made.properties.properties).toMatchObject({ endpoint: `https://sub-${bench.round}.openai.azure.com/` });
    const moved = { ...made.inputs, properties: { customSubDomainName: "moved" } };
    await expect(
      bench.azure.update(token("cognitiveservices:Account"), made.id, made.properties, moved),
    ).rejects.toThrow("a custom subdomain can't be changed");
  });

  test("need a subdomain for Entra identities and network rules, and let in internet addresses only", async () => {
    const bare = await bench.problems("cognitiveservices:Account", { properties: { disableLocalAuth: true } });
    expect(bare).toContain("needs properties.customSubDomainName");
    const networkAcls = { defaultAction: "Deny", ipRules: [{ value: "10.0.0.1" }] };
    expect(
      await bench.problems("cognitiveservices:Account", { properties: { customSubDomainName: "sub", networkAcls } }),
    ).toContain("an IPv4 address or range of the internet is expected");
  });

  test("are unknown inside where the program can't tell the whole in a preview of a change", async () => {
    const made = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    const changed = { ...made.inputs, properties: UNKNOWN };
    const { properties } = await bench.azure.update(
      token("cognitiveservices:Account"),
      made.id,
      made.properties,
      changed,
      true,
    );
    expect(properties.properties).toBe(UNKNOWN);
    expect(properties.name).toBe(made.properties.name);
  });

  test("hold deployments with a model and a filter that exist", async () => {
    const { properties } = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    const deploy = (deploymentName: string, change: Properties = {}) =>
      bench.makeIn("cognitiveservices:Deployment", {
        accountName: properties.name,
        deploymentName,
        sku: { name: "DataZoneStandard", capacity: 120 },
        properties: { model: { format: "OpenAI", name: "gpt-5.4", version: "2026-03-05" }, ...change },
      });
    expect((await deploy("chat")).properties.properties).toMatchObject({
      provisioningState: "Succeeded",
      rateLimits: [{ key: "token", renewalPeriod: 60, count: 120_000 }],
    });
    await expect(deploy("strict", { raiPolicyName: "strict" })).rejects.toThrow('no content filter "strict"');
    await bench.makeIn("cognitiveservices:RaiPolicy", {
      accountName: properties.name,
      raiPolicyName: "strict",
      properties: { mode: "Default" },
    });
    expect((await deploy("strict", { raiPolicyName: "strict" })).properties.name).toBe("strict");
    await expect(deploy("nothing", { model: {} })).rejects.toThrow("properties.model.name");
  });
});

describe("logs", () => {
  test("go to a workspace that keeps them as long as Azure can, once", async () => {
    expect(await bench.problems("operationalinsights:Workspace", { retentionInDays: 7 })).toContain("30 to 730 days");
    const workspace = await bench.make("operationalinsights:Workspace", { retentionInDays: 30 });
    const { id } = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    const send = (name: string) =>
      bench.azure.make(token("monitor:DiagnosticSetting"), {
        resourceUri: id,
        workspaceId: workspace.id,
        name,
        logs: [{ category: "Audit", enabled: true }],
      });
    expect((await send("one")).id).toBe(`${id}/providers/Microsoft.Insights/diagnosticSettings/one`);
    await expect(send("two")).rejects.toThrow("Data sink is already used");
  });
});
