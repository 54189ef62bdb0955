/** The sandbox's Azure: what a fresh subscription may use, where it counts, and what granting more changes. */
import { afterEach, describe, expect, test } from "vitest";
import { readGrants } from "../../sandbox/quotas.ts";
import { allQuotas } from "../../sandbox/registry.ts";
import type { Properties } from "../../sandbox/values.ts";
import { subscription, tenant, token } from "./azure-bench.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

const H100 = "StandardNCadsH100v5Family";
const TOKENS = "OpenAI.DataZoneStandard.gpt-5.4";

let box: TestSandbox | undefined;
afterEach(() => box?.end());

/** A subscription that was granted so much, with a group, and in it a cluster in each region. */
async function granted(quotas: Properties, ...regions: string[]): Promise<TestProvider> {
  const text = JSON.stringify({ [subscription]: quotas });
  box = await testSandbox(readGrants("quotas.yaml", text, allQuotas));
  const azure = await box.provider("azure-native", { subscriptionId: subscription, tenantId: tenant });
  await azure.make(token("resources:ResourceGroup"), { resourceGroupName: "main", location: "swedencentral" });
  for (const location of regions) {
    await azure.make(token("containerservice:ManagedCluster"), {
      resourceGroupName: "main",
      location,
      resourceName: location,
      dnsPrefix: location,
      agentPoolProfiles: [{ name: "system1", mode: "System", vmSize: "Standard_D4s_v5", count: 1 }],
    });
  }
  return azure;
}

const pool = (resourceName: string, agentPoolName: string, change: Properties = {}) => ({
  resourceGroupName: "main",
  resourceName,
  agentPoolName,
  vmSize: "Standard_NC40ads_H100_v5",
  count: 1,
  ...change,
});

const POOL = token("containerservice:AgentPool");

describe("machines with GPUs", () => {
  test("count in the region of their cluster, by the vCPUs that they have", async () => {
    const everywhere = { swedencentral: 200, westeurope: 200 };
    const azure = await granted({ [H100]: { swedencentral: 80 }, cores: everywhere }, "swedencentral", "westeurope");
    await azure.make(POOL, pool("swedencentral", "one"));
    await azure.make(POOL, pool("swedencentral", "two"));
    await expect(azure.make(POOL, pool("swedencentral", "three"))).rejects.toThrow(
      `OperationNotAllowed: vCPUs of the family ${H100} of ${subscription} in swedencentral: limit 80, in use 80, asked for 40`,
    );
    await expect(azure.make(POOL, pool("westeurope", "one"))).rejects.toThrow("in westeurope: limit 0, in use 0");
  });

  test("can be described before there are any, and are refused when the pool grows", async () => {
    const azure = await granted({}, "swedencentral");
    const made = await azure.make(POOL, pool("swedencentral", "none", { count: 0 }));
    const more = azure.update(POOL, made.id, made.properties, { ...made.inputs, count: 1 });
    await expect(more).rejects.toThrow(`(quota ${H100})`);
    const { properties } = await azure.update(POOL, made.id, made.properties, { ...made.inputs, tags: { a: "b" } });
    expect(properties.count).toBe(0);
  });

  test("that can be taken away count by themselves", async () => {
    const azure = await granted({ lowPriorityCores: { swedencentral: 40 } }, "swedencentral");
    await azure.make(POOL, pool("swedencentral", "spot", { scaleSetPriority: "Spot" }));
    await expect(azure.make(POOL, pool("swedencentral", "more", { scaleSetPriority: "Spot" }))).rejects.toThrow(
      "Total Regional Spot vCPUs",
    );
  });
});

describe("tokens a minute", () => {
  /** A deployment in an account of its own. */
  const deploy = async (azure: TestProvider, location: string, name: string, capacity: number, sku: string) => {
    await azure.make(token("cognitiveservices:Account"), {
      resourceGroupName: "main",
      accountName: name,
      location,
      kind: "OpenAI",
      sku: { name: "S0" },
    });
    return azure.make(token("cognitiveservices:Deployment"), {
      resourceGroupName: "main",
      accountName: name,
      deploymentName: "chat",
      sku: { name: sku, capacity },
      properties: { model: { format: "OpenAI", name: "gpt-5.4", version: "2026-03-05" } },
    });
  };

  test("count by model, deployment type and region, over all accounts", async () => {
    const azure = await granted({ [TOKENS]: { swedencentral: 500 } });
    await deploy(azure, "swedencentral", "one", 400, "DataZoneStandard");
    await expect(deploy(azure, "swedencentral", "two", 101, "DataZoneStandard")).rejects.toThrow(
      "InsufficientQuota: Tokens Per Minute (thousands) of gpt-5.4, DataZoneStandard",
    );
    await deploy(azure, "swedencentral", "other-type", 1000, "GlobalStandard");
    await deploy(azure, "westeurope", "other-region", 300, "DataZoneStandard");
    await expect(deploy(azure, "francecentral", "more", 301, "DataZoneStandard")).rejects.toThrow(
      "limit 300, in use 0",
    );
  });
});
