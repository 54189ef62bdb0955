/** What the tests of the sandbox's Azure have in common: a subscription, and a resource group of each test's own. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Properties } from "../../sandbox/values.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "./engine.ts";

export const subscription = "11111111-2222-3333-4444-555555555555";
export const tenant = "99999999-8888-7777-6666-555555555555";
export const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}";
export const region = "swedencentral";

export const token = (type: string) => `azure-native:${type}`;

/** Id of a built-in role, as the subscription sees it. */
export const role = (id: string) =>
  `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;

export type AzureBench = ReturnType<typeof azureBench>;

/** All tests of a file share the subscription: its owner asked for more than a fresh one has. */
const granted = {
  cores: { [region]: 1000 },
  standardDSv5Family: { [region]: 1000 },
  StandardNCadsH100v5Family: { [region]: 400 },
  StandardSkuPublicIpAddresses: { [region]: 100 },
};

/** Starts a sandbox for the tests of the file that calls it. */
export function azureBench() {
  let box: TestSandbox | undefined;
  let azure: TestProvider | undefined;
  let round = 0;

  beforeAll(async () => {
    box = await testSandbox({ [subscription]: granted });
    azure = await box.provider("azure-native", { subscriptionId: subscription, tenantId: tenant });
  });
  afterAll(() => box?.end());
  beforeEach(async () => {
    round += 1;
    await bench.azure.make(token("resources:ResourceGroup"), { resourceGroupName: bench.group, location: region });
  });

  const bench = {
    get box(): TestSandbox {
      if (box === undefined) throw new Error("the sandbox has not started");
      return box;
    },
    get azure(): TestProvider {
      if (azure === undefined) throw new Error("the sandbox has not started");
      return azure;
    },
    /** A number that no other test of the file has. */
    get round(): number {
      return round;
    },
    /** The test's own resource group. */
    get group(): string {
      return `group${round}`;
    },
    /** Makes something that stands by itself. */
    make: (type: string, inputs: Properties, name = "main") =>
      bench.azure.make(token(type), { resourceGroupName: bench.group, location: region, ...inputs }, { name }),
    /** Makes something that lives inside another resource, or has no region. */
    makeIn: (type: string, inputs: Properties, name = "main") =>
      bench.azure.make(token(type), { resourceGroupName: bench.group, ...inputs }, { name }),
    /** What the provider finds wrong before it asks the cloud. */
    async problems(type: string, inputs: Properties): Promise<string> {
      const here = { resourceGroupName: bench.group, location: region };
      return (await bench.azure.check(token(type), { ...here, ...inputs })).failures.join("\n");
    },
    /** Id of something in the test's group: `Microsoft.Network/virtualNetworks/x`. */
    arm: (path: string) => `/subscriptions/${subscription}/resourceGroups/${bench.group}/providers/${path}`,
    network: (name = "main") =>
      bench.make("network:VirtualNetwork", { addressSpace: { addressPrefixes: ["10.20.0.0/16"] } }, name),
    subnet: (network: Properties, addressPrefix: string, more: Properties = {}) =>
      bench.makeIn("network:Subnet", { virtualNetworkName: network.name, addressPrefix, ...more }),
    identity: (name = "main") => bench.make("managedidentity:UserAssignedIdentity", {}, name),
    account: (properties: Properties, name = "main") =>
      bench.make("cognitiveservices:Account", { kind: "OpenAI", sku: { name: "S0" }, properties }, name),
    vault: () =>
      bench.make("keyvault:Vault", {
        vaultName: `vault-${round}`,
        properties: { tenantId: tenant, sku: { family: "A", name: "standard" }, enablePurgeProtection: true },
      }),
    assign: (scope: string, principalId: unknown, roleId: string, principalType = "ServicePrincipal") =>
      bench.azure.make(token("authorization:RoleAssignment"), {
        scope,
        principalId,
        roleDefinitionId: role(roleId),
        principalType,
      }),
  };
  return bench;
}
