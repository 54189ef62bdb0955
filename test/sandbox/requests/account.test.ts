import { beforeEach, expect, test } from "vitest";
import type { Origin } from "../../../sandbox/requests/network.ts";
import { azureNetwork } from "../../../sandbox/requests/networks/azure.ts";
import { tcp } from "../../../sandbox/requests/ports.ts";
import { internet, spansOfAll } from "../../../sandbox/requests/spans.ts";
import { azureOpenAi } from "../../../sandbox/requests/targets/azure-openai.ts";
import type { Properties } from "../../../sandbox/values.ts";
import { inside, type SmallClouds, smallClouds } from "./clouds.ts";

/** Whom the network rules of an Azure OpenAI account let in. */

const subnetId = "/subscriptions/account/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes";
let clouds: SmallClouds;
beforeEach(() => {
  clouds = smallClouds();
});

/** What a request from these addresses of the subnet is answered with; undefined when the rules let it in. */
function refused(properties: Properties, subnetOutputs: Properties = {}): string | undefined {
  const account = { endpoint: "https://models.openai.azure.com/", publicNetworkAccess: "Enabled", ...properties };
  clouds.hold("azure-native:cognitiveservices:Account", "account", { properties: account });
  const resource = clouds.hold("azure-native:containerservice:ManagedCluster", "cluster");
  const subnet = clouds.hold("azure-native:network:Subnet", subnetId, subnetOutputs);
  const network = clouds.hold("azure-native:network:VirtualNetwork", "net");
  const cluster = { resource, inside, network: azureNetwork };
  const origin: Origin = { cluster, subnet, network, addresses: [], groups: [] };
  const gateway = clouds.object("gateway.networking.k8s.io/v1:Gateway", "ns", "gateway");
  const pods = { namespace: "ns", namespaceLabels: {}, labels: {}, title: "pods" };
  const found = azureOpenAi.receive({
    held: clouds.held(),
    from: { cluster, gateway, proxy: undefined, pods },
    backend: gateway,
    host: "models.openai.azure.com",
    port: tcp(443),
    model: "m",
    credential: undefined,
    origin,
    way: { to: "internet", addresses: internet, exact: false },
    sources: spansOfAll(["192.0.2.1", "192.0.2.2"]),
    onward: undefined,
  });
  // Nobody has a token in these clouds: whom the rules let in ends there.
  return found?.cause === "noToken" ? undefined : found?.cause;
}

const ip = (...values: string[]) => ({
  networkAcls: { defaultAction: "Deny", ipRules: values.map((value) => ({ value })) },
});
test.each<[string, Properties, string | undefined]>([
  ["no rules", {}, undefined],
  ["a default that allows", { networkAcls: { defaultAction: "Allow" } }, undefined],
  ["a default that denies", { networkAcls: { defaultAction: "Deny" } }, "azureRules"],
  ["both addresses", ip("192.0.2.1", "192.0.2.2"), undefined],
  ["one of the addresses", ip("192.0.2.1"), "azureRules"],
  ["a range around them", ip("192.0.2.0/30"), undefined],
  [
    "access switched off, whatever the rules",
    { ...ip("192.0.2.0/30"), publicNetworkAccess: "Disabled" },
    "azureClosed",
  ],
])("with %s", (_, properties, expected) => expect(refused(properties)).toBe(expected));

const forSubnet = (id: string) => ({ networkAcls: { defaultAction: "Deny", virtualNetworkRules: [{ id }] } });
const service = (name: string) => ({ serviceEndpoints: [{ service: name }] });
test.each<[string, Properties, Properties, string | undefined]>([
  [
    "the subnet, which has a service endpoint",
    forSubnet(subnetId.toUpperCase()),
    service("Microsoft.CognitiveServices"),
    undefined,
  ],
  ["the subnet, which has one for something else", forSubnet(subnetId), service("Microsoft.Storage"), "azureRules"],
  ["the subnet, which has none", forSubnet(subnetId), {}, "azureRules"],
  ["another subnet", forSubnet("/other"), service("Microsoft.CognitiveServices"), "azureRules"],
])("with a rule for %s", (_, properties, subnet, expected) => expect(refused(properties, subnet)).toBe(expected));
