/** What the sandbox's Azure refuses: clusters and their machines. */
import type { Properties } from "../../../sandbox/values.ts";
import {
  connect,
  identity,
  lock,
  locked,
  network,
  pool,
  stand,
  subnet,
  token,
} from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const withPool = (inputs: Properties, change: Properties) => ({
  ...inputs,
  agentPoolProfiles: [{ ...pool, ...change }],
});

const H100 = "Standard_NC40ads_H100_v5";

const refused: RefusedTypes = {
  [token("containerservice:ManagedCluster")]: [
    {
      kind: "required",
      when: "no pool for the system",
      change: (inputs) => withPool(inputs, { mode: "User" }),
      code: "InvalidRequestContent",
      says: "at least one pool of mode System",
    },
    {
      kind: "reference",
      when: "a subnet that is not there",
      change: (inputs, bench) =>
        withPool(inputs, {
          vnetSubnetID: `/subscriptions/${bench.account}/resourceGroups/main/providers/Microsoft.Network/virtualNetworks/net/subnets/none`,
        }),
      code: "InvalidResourceReference",
      says: "subnets/none",
    },
    {
      kind: "reference",
      when: "nodes as an identity that the cluster may not give them",
      change: async (inputs, bench) => {
        const control = await identity(bench, { resourceName: "control" });
        const kubelet = await identity(bench, { resourceName: "kubelet" });
        return {
          ...inputs,
          identity: { type: "UserAssigned", userAssignedIdentities: [control.id] },
          identityProfile: { kubeletidentity: { resourceId: kubelet.id } },
        };
      },
      code: "CustomKubeletIdentityMissingPermissionError",
      says: "kubelet",
    },
    {
      kind: "placement",
      when: "machines in zones that the region hasn't",
      change: (inputs) => ({ ...withPool(inputs, { availabilityZones: ["1"] }), location: "northcentralus" }),
      code: "AvailabilityZoneNotSupported",
      says: "northcentralus",
    },
    {
      kind: "placement",
      when: "burstable machines for the system",
      change: (inputs) => withPool(inputs, { vmSize: "Standard_B4ms" }),
      code: "InvalidParameter",
      says: "can't carry a pool of mode System",
    },
    {
      kind: "limit",
      when: "more vCPUs than a fresh subscription has",
      change: (inputs) => withPool(inputs, { count: 6 }),
      code: "OperationNotAllowed",
      says: "Total Regional vCPUs of 11111111-2222",
    },
    {
      kind: "limit",
      when: "services among the nodes' addresses",
      change: async (inputs, bench) => {
        await network(bench);
        const nodes = await subnet(bench, "nodes", "10.0.0.0/20");
        const networkProfile = { networkPlugin: "azure", serviceCidr: "10.0.8.0/24", dnsServiceIP: "10.0.8.10" };
        return { ...withPool(inputs, { vnetSubnetID: nodes.id }), networkProfile };
      },
      code: "ServiceCidrOverlapExistingSubnetsCidr",
      says: "overlaps with the subnet",
    },
    {
      kind: "limit",
      when: "DNS at an address that is no service's",
      change: (inputs) => ({ ...inputs, networkProfile: { serviceCidr: "10.1.0.0/16", dnsServiceIP: "10.2.0.10" } }),
      code: "InvalidParameter",
      says: "networkProfile.dnsServiceIP",
    },
    {
      kind: "immutable",
      when: "another range of services",
      change: (inputs) => ({
        ...inputs,
        networkProfile: {
          ...(inputs.networkProfile as Properties),
          serviceCidr: "10.3.0.0/16",
          dnsServiceIP: "10.3.0.10",
        },
      }),
      code: "PropertyChangeNotAllowed",
      says: "networkProfile.serviceCidr",
    },
    {
      kind: "immutable",
      when: "another size for a pool of its own",
      change: (inputs) => withPool(inputs, { vmSize: "Standard_D2s_v5" }),
      code: "PropertyChangeNotAllowed",
      says: "agentPoolProfiles[0].vmSize",
    },
    { kind: "inUse", when: "deleting a locked one", afterwards: locked, code: "ScopeLocked", says: "k8s" },
  ],
  [token("containerservice:AgentPool")]: [
    {
      kind: "reference",
      when: "a cluster that is not there",
      change: (inputs) => ({ ...inputs, resourceName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "managedClusters/nowhere",
    },
    {
      kind: "name",
      when: "a name with a hyphen",
      change: (inputs) => ({ ...inputs, agentPoolName: "gpu-pool" }),
      code: "InvalidParameter",
      says: "lower-case letters and digits",
    },
    {
      kind: "limit",
      when: "GPUs in a fresh subscription",
      change: (inputs) => ({ ...inputs, vmSize: H100 }),
      code: "OperationNotAllowed",
      says: "(quota StandardNCadsH100v5Family)",
    },
    {
      kind: "placement",
      when: "GPUs in a region that hasn't got them",
      change: async (inputs, bench) => {
        await stand(bench, "containerservice:ManagedCluster", {
          resourceName: "west",
          dnsPrefix: "west",
          location: "francecentral",
          agentPoolProfiles: [pool],
        });
        return { ...inputs, resourceName: "west", vmSize: H100, count: 0 };
      },
      code: "SkuNotAvailable",
      says: "is currently not available in location 'francecentral'",
    },
    {
      kind: "placement",
      when: "a size that there is not",
      change: (inputs) => ({ ...inputs, vmSize: "Standard_NC41ads_H100_v5" }),
      code: "SkuNotAvailable",
      says: "Standard_NC41ads_H100_v5",
    },
    {
      kind: "placement",
      when: "a fourth zone",
      change: (inputs) => ({ ...inputs, availabilityZones: ["4"] }),
      code: "AvailabilityZoneNotSupported",
      says: "which has 1, 2, 3",
    },
    {
      kind: "limit",
      when: "a price for machines that nobody can take away",
      change: (inputs) => ({ ...inputs, spotMaxPrice: 1 }),
      code: "InvalidParameter",
      says: "for pools with scaleSetPriority Spot only",
    },
    {
      kind: "immutable",
      when: "another size",
      change: (inputs) => ({ ...inputs, vmSize: "Standard_D2s_v5" }),
      code: "PropertyChangeNotAllowed",
      says: "vmSize",
    },
    {
      kind: "immutable",
      when: "more pods on a node",
      change: (inputs) => ({ ...inputs, maxPods: 250 }),
      code: "PropertyChangeNotAllowed",
      says: "maxPods",
    },
    {
      kind: "inUse",
      when: "deleting a pool of a locked cluster",
      afterwards: (bench, { id }) => lock(bench, id.split("/agentPools/")[0]),
      code: "ScopeLocked",
      says: "agentPools/work",
    },
  ],
};

testRefused({ package: "azure-native", accepted, refused, connect });
