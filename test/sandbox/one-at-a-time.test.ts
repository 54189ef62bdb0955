/** Writes that a cloud does one after another. */
import { describe, expect, test } from "vitest";
import type { Properties } from "../../sandbox/values.ts";
import { azureBench, token } from "./azure-bench.ts";

const bench = azureBench();

const deployment = (accountName: unknown, deploymentName: string): Properties => ({
  accountName,
  deploymentName,
  sku: { name: "DataZoneStandard", capacity: 10 },
  properties: { model: { format: "OpenAI", name: "gpt-5.4", version: "2026-03-05" } },
});

const credential = (resourceName: unknown, name: string): Properties => ({
  resourceName,
  federatedIdentityCredentialResourceName: name,
  issuer: "https://issuer.example/x",
  subject: name,
  audiences: ["api://AzureADTokenExchange"],
});

/** Makes both at the same time: how many were made, and what the others were told. */
async function together(...all: (() => Promise<unknown>)[]): Promise<{ made: number; refused: string[] }> {
  const outcomes = await Promise.allSettled(all.map((make) => make()));
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [String(outcome.reason.message)] : [],
  );
  return { made: outcomes.length - refused.length, refused };
}

describe("two at once", () => {
  test("deployments of an account: the second is refused, and can be made after the first", async () => {
    const { properties } = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    const deploy = (name: string) => () =>
      bench.makeIn("cognitiveservices:Deployment", deployment(properties.name, name), name);
    const { made, refused } = await together(deploy("one"), deploy("two"));
    expect(made).toBe(1);
    expect(refused.length).toBe(1);
    expect(refused[0]).toMatch(/creating azure-native:cognitiveservices:Deployment "(one|two)": RequestConflict: /);
    expect(refused[0]).toContain(`/accounts/${properties.name}`);
    expect(refused[0]).toMatch(/Fix: .*dependsOn.*\. Source: https:\/\//);
    await deploy(refused[0]?.includes('"two"') === true ? "two" : "one")();
  });

  test("a filter and a deployment of an account", async () => {
    const { properties } = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    const filter = { accountName: properties.name, raiPolicyName: "strict", properties: { mode: "Default" } };
    const { refused } = await together(
      () => bench.makeIn("cognitiveservices:Deployment", deployment(properties.name, "one")),
      () => bench.makeIn("cognitiveservices:RaiPolicy", filter),
    );
    expect(refused.map((message) => message.includes("RequestConflict"))).toEqual([true]);
  });

  test("federated credentials of an identity", async () => {
    const { properties } = await bench.identity();
    const { made, refused } = await together(
      ...["one-1", "two-2"].map(
        (name) => () =>
          bench.makeIn("managedidentity:FederatedIdentityCredential", credential(properties.name, name), name),
      ),
    );
    expect(made).toBe(1);
    expect(refused[0]).toContain("ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity");
  });

  test("subnets of a network, made or deleted", async () => {
    const network = await bench.network();
    const subnet = (name: string, range: string) => () =>
      bench.makeIn("network:Subnet", {
        virtualNetworkName: network.properties.name,
        subnetName: name,
        addressPrefix: range,
      });
    const one = await subnet("one", "10.20.0.0/24")();
    const { refused } = await together(
      () => bench.azure.remove(token("network:Subnet"), one.id, one.properties),
      subnet("two", "10.20.1.0/24"),
    );
    expect(refused.map((message) => message.includes("AnotherOperationInProgress"))).toEqual([true]);
  });
});

describe("two at once are made", () => {
  test("in different parents", async () => {
    const parents = [await bench.identity("a"), await bench.identity("b")];
    const { made } = await together(
      ...parents.map(
        ({ properties }) =>
          () =>
            bench.makeIn("managedidentity:FederatedIdentityCredential", credential(properties.name, "one")),
      ),
    );
    expect(made).toBe(2);
  });

  test("in a preview, which writes nothing", async () => {
    const inputs = { resourceGroupName: bench.group, ...deployment("ai", "one") };
    const preview = () => bench.azure.create(token("cognitiveservices:Deployment"), inputs, { preview: true });
    expect((await together(preview, preview)).made).toBe(2);
  });
});
