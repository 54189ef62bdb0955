/** Writes that a cloud does one after another. */
import { describe, expect, test } from "vitest";
import type { Properties } from "../../sandbox/values.ts";
import { azureBench, token } from "./azure-bench.ts";

const bench = azureBench();

/** What is to be made: type, inputs and the program's name for it. */
type Wanted = readonly [type: string, inputs: Properties, name: string];

const deployment = (accountName: unknown, name: string): Wanted => [
  "cognitiveservices:Deployment",
  {
    accountName,
    deploymentName: name,
    sku: { name: "DataZoneStandard", capacity: 10 },
    properties: { model: { format: "OpenAI", name: "gpt-5.4", version: "2026-03-05" } },
  },
  name,
];

const credential = (resourceName: unknown, name: string): Wanted => [
  "managedidentity:FederatedIdentityCredential",
  {
    resourceName,
    federatedIdentityCredentialResourceName: name,
    issuer: "https://issuer.example/x",
    subject: name,
    audiences: ["api://AzureADTokenExchange"],
  },
  name,
];

const subnet = (virtualNetworkName: unknown, name: string, addressPrefix: string): Wanted => [
  "network:Subnet",
  { virtualNetworkName, subnetName: name, addressPrefix },
  name,
];

/** Checks it, so that making it is a single request. */
async function ready([type, inputs, name]: Wanted): Promise<() => Promise<unknown>> {
  const checked = await bench.azure.check(token(type), { resourceGroupName: bench.group, ...inputs }, { name });
  expect(checked.failures).toEqual([]);
  return () => bench.azure.create(token(type), checked.properties, { name });
}

/** Sends all at once: how many were done, and what the others were told. */
async function together(...requests: (() => Promise<unknown>)[]): Promise<{ done: number; refused: string[] }> {
  const outcomes = await Promise.allSettled(requests.map((request) => request()));
  const refused = outcomes.flatMap((each) => (each.status === "rejected" ? [String(each.reason.message)] : []));
  return { done: outcomes.length - refused.length, refused };
}

describe("two at once", () => {
  test("deployments of an account: the second is refused, and can be made after the first", async () => {
    const { properties } = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    const one = await ready(deployment(properties.name, "one"));
    const two = await ready(deployment(properties.name, "two"));
    const { done, refused } = await together(one, two);
    expect(done).toBe(1);
    expect(refused[0]).toContain('creating azure-native:cognitiveservices:Deployment "two": RequestConflict: ');
    expect(refused[0]).toContain(`/accounts/${properties.name}`);
    expect(refused[0]).toMatch(/Fix: .*dependsOn.*\. Source: https:\/\//);
    await two();
  });

  test("a filter and a deployment of an account", async () => {
    const { properties } = await bench.account({ customSubDomainName: `sub-${bench.round}` });
    const filter = { accountName: properties.name, raiPolicyName: "strict", properties: { mode: "Default" } };
    const { refused } = await together(
      await ready(deployment(properties.name, "one")),
      await ready(["cognitiveservices:RaiPolicy", filter, "strict"]),
    );
    expect(refused.map((message) => message.includes("RequestConflict"))).toEqual([true]);
  });

  test("federated credentials of an identity", async () => {
    const { properties } = await bench.identity();
    const { done, refused } = await together(
      await ready(credential(properties.name, "one-1")),
      await ready(credential(properties.name, "two-2")),
    );
    expect(done).toBe(1);
    expect(refused[0]).toContain("ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity");
  });

  test("subnets of a network, one made while another is deleted", async () => {
    const network = await bench.network();
    const old = await bench.subnet(network.properties, "10.20.0.0/24");
    const { refused } = await together(
      () => bench.azure.remove(token("network:Subnet"), old.id, old.properties),
      await ready(subnet(network.properties.name, "two", "10.20.1.0/24")),
    );
    expect(refused.map((message) => message.includes("AnotherOperationInProgress"))).toEqual([true]);
  });
});

describe("two at once are made", () => {
  test("in different parents", async () => {
    const parents = [await bench.identity("a"), await bench.identity("b")];
    const requests = parents.map(({ properties }) => ready(credential(properties.name, "one")));
    expect((await together(...(await Promise.all(requests)))).done).toBe(2);
  });

  test("in a preview, which writes nothing", async () => {
    const [type, inputs, name] = deployment("ai", "one");
    const here = { resourceGroupName: bench.group, ...inputs };
    const preview = () => bench.azure.create(token(type), here, { preview: true, name });
    expect((await together(preview, preview)).done).toBe(2);
  });
});
