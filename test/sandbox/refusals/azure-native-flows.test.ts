/** What the sandbox's Azure refuses: rules, flow logs, ways out. */

import {
  connect,
  group,
  here,
  lock,
  nest,
  network,
  stand,
  storage,
  subnet,
  token,
} from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const flows: RefusedTypes = {
  [token("network:NetworkSecurityGroup")]: [
    {
      kind: "limit",
      when: "two rules of one priority",
      change: (inputs) => ({ ...inputs, securityRules: [rule("a", 100), rule("b", 100)] }),
      code: "SecurityRuleConflict",
      says: "rule b conflicts with rule a",
    },
    {
      kind: "limit",
      when: "a priority beyond the last",
      change: (inputs) => ({ ...inputs, securityRules: [rule("a", 4097)] }),
      code: "SecurityRuleInvalidPriority",
      says: "Allowed range 100-4096",
    },
    {
      kind: "limit",
      when: "more rules than a group takes",
      change: (inputs) => ({
        ...inputs,
        securityRules: Array.from({ length: 1001 }, (_, index) => rule(`r${index}`, 100 + index)),
      }),
      code: "InvalidParameter",
      says: "1001 rules",
    },
    {
      kind: "name",
      when: "a name that begins with a dot",
      change: (inputs) => ({ ...inputs, networkSecurityGroupName: ".rules" }),
      code: "InvalidResourceName",
      says: "networkSecurityGroupName",
    },
    {
      kind: "inUse",
      when: "deleting the rules of a subnet",
      afterwards: async (bench, { id }) => {
        await network(bench);
        await subnet(bench, "nodes", "10.0.0.0/24", { networkSecurityGroup: { id } });
      },
      code: "InUseNetworkSecurityGroupCannotBeDeleted",
      says: "subnets/nodes",
    },
  ],
  [token("network:FlowLog")]: [
    {
      kind: "reference",
      when: "a watcher of a region without a network",
      change: (inputs) => ({ ...inputs, networkWatcherName: "NetworkWatcher_westeurope" }),
      code: "ParentResourceNotFound",
      says: "NetworkWatcher_westeurope",
    },
    {
      kind: "placement",
      when: "storage in another region",
      change: async (inputs, bench) => ({
        ...inputs,
        storageId: (await storage(bench, { accountName: `far${bench.round}`, location: "westeurope" })).id,
      }),
      code: "InvalidParameter",
      says: "they must be in one region",
    },
    {
      kind: "limit",
      when: "keeping flows for two years",
      change: (inputs) => ({ ...inputs, retentionPolicy: { enabled: true, days: 730 } }),
      code: "InvalidParameter",
      says: "retentionPolicy.days",
    },
    {
      kind: "inUse",
      when: "deleting a locked log",
      afterwards: (bench, { id }) => lock(bench, id),
      code: "ScopeLocked",
      says: "flowLogs/flows",
    },
  ],
};

const rule = (name: string, priority: number) => ({
  name,
  priority,
  access: "Allow",
  direction: "Inbound",
  protocol: "Tcp",
});

const egress: RefusedTypes = {
  [token("network:PublicIPAddress")]: [
    {
      kind: "limit",
      when: "an address of SKU Standard that comes and goes",
      change: (inputs) => ({ ...inputs, publicIPAllocationMethod: "Dynamic" }),
      code: "InvalidParameter",
      says: "addresses of SKU Standard are Static",
    },
    {
      kind: "placement",
      when: "zones in a region without any",
      change: (inputs) => ({ ...inputs, location: "westus" }),
      code: "InvalidParameter",
      says: "are not supported in westus, which has none",
    },
    {
      kind: "limit",
      when: "the eleventh address of a fresh subscription",
      first: async (bench, inputs) => {
        for (let index = 0; index < 10; index++) {
          await bench.make(token("network:PublicIPAddress"), { ...inputs, publicIpAddressName: `way${index}` });
        }
      },
      code: "PublicIPCountLimitReached",
      says: "limit 10, in use 10, asked for 1",
    },
    {
      kind: "immutable",
      when: "other zones",
      change: (inputs) => ({ ...inputs, zones: ["1"] }),
      code: "ResourceAvailabilityZonesCannotBeModified",
      says: "zones",
    },
    {
      kind: "immutable",
      when: "another version of IP",
      change: (inputs) => ({ ...inputs, publicIPAddressVersion: "IPv6" }),
      code: "PropertyChangeNotAllowed",
      says: "publicIPAddressVersion",
    },
    {
      kind: "inUse",
      when: "deleting the address of a gateway",
      afterwards: async (bench, { id }) => {
        const inputs = { natGatewayName: "nat", sku: { name: "Standard" }, publicIpAddresses: [{ id }] };
        await stand(bench, "network:NatGateway", inputs);
      },
      code: "PublicIPAddressCannotBeDeleted",
      says: "natGateways/nat",
    },
  ],
  [token("network:NatGateway")]: [
    {
      kind: "placement",
      when: "two zones",
      change: (inputs) => ({ ...inputs, zones: ["1", "2"] }),
      code: "InvalidParameter",
      says: "is in one zone",
    },
    {
      kind: "reference",
      when: "something else than an address",
      change: async (inputs, bench) => ({ ...inputs, publicIpAddresses: [{ id: (await network(bench)).id }] }),
      code: "InvalidResourceReference",
      says: "is not what belongs here (PublicIPAddress)",
    },
    {
      kind: "limit",
      when: "another gateway's address",
      first: (bench, inputs) => bench.make(token("network:NatGateway"), { ...inputs, natGatewayName: "first" }),
      code: "PublicIPAddressInUse",
      says: "natGateways/first",
    },
    {
      kind: "placement",
      when: "an address of SKU Basic",
      change: async (inputs, bench) => {
        const basic = { ...(await here(bench)), publicIpAddressName: "old", sku: { name: "Basic" } };
        return {
          ...inputs,
          publicIpAddresses: [{ id: (await bench.make(token("network:PublicIPAddress"), basic)).id }],
        };
      },
      code: "InvalidParameter",
      says: "is of SKU Basic",
    },
    {
      kind: "limit",
      when: "holding idle flows for three hours",
      change: (inputs) => ({ ...inputs, idleTimeoutInMinutes: 180 }),
      code: "InvalidParameter",
      says: "4 to 120 minutes",
    },
    {
      kind: "immutable",
      when: "another zone",
      change: (inputs) => ({ ...inputs, zones: ["2"] }),
      code: "ResourceAvailabilityZonesCannotBeModified",
      says: "zones",
    },
    {
      kind: "inUse",
      when: "deleting a subnet's way out",
      afterwards: async (bench, { id }) => {
        await network(bench);
        await nest(bench, "network:Subnet", {
          resourceGroupName: await group(bench),
          virtualNetworkName: "net",
          addressPrefix: "10.0.0.0/24",
          natGateway: { id },
        });
      },
      code: "InUseNatGatewayCannotBeDeleted",
      says: "subnets/main",
    },
  ],
};

testRefused({ package: "azure-native", accepted, refused: { ...flows, ...egress }, connect });
