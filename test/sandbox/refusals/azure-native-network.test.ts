/** What the sandbox's Azure refuses: groups and networks. */
import type { Properties } from "../../../sandbox/values.ts";
import { account, anyOf, connect, lock, pool, stand, subnet, token } from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const elsewhere = (inputs: Properties) => ({ ...inputs, location: "westeurope" });

const groups: RefusedTypes = {
  [token("resources:ResourceGroup")]: [
    {
      kind: "name",
      when: "a name that ends with a dot",
      change: (inputs) => ({ ...inputs, resourceGroupName: "team." }),
      code: "InvalidResourceGroup",
      says: "not ending with a dot",
    },
    {
      kind: "placement",
      when: "a place that is no region",
      change: (inputs) => ({ ...inputs, location: "swedencentre" }),
      code: "LocationNotAvailableForResourceType",
      says: "swedencentre",
    },
    {
      kind: "limit",
      when: "a tag with a slash in its name",
      change: (inputs) => ({ ...inputs, tags: { "cost/centre": "1" } }),
      code: "InvalidTagNameCharacters",
      says: "cost/centre",
    },
    {
      kind: "limit",
      when: "more tags than a resource takes",
      change: (inputs) => ({
        ...inputs,
        tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, "x"])),
      }),
      code: "BadRequest",
      says: "at most 50",
    },
    {
      kind: "immutable",
      when: "another region for a group that exists",
      change: elsewhere,
      code: "InvalidResourceLocation",
      says: "location",
    },
    {
      kind: "inUse",
      when: "deleting a group in which something is locked",
      afterwards: async (bench) => {
        const inside = await bench.make(token("managedidentity:UserAssignedIdentity"), {
          resourceGroupName: "other",
          location: "swedencentral",
        });
        await lock(bench, inside.id);
      },
      code: "ScopeLocked",
      says: "following scope(s) are locked",
    },
  ],
};

const networks: RefusedTypes = {
  [token("network:VirtualNetwork")]: [
    {
      kind: "reference",
      when: "a group that is not there",
      change: (inputs) => ({ ...inputs, resourceGroupName: "nowhere" }),
      code: "ResourceGroupNotFound",
      says: "'nowhere' could not be found",
    },
    {
      kind: "name",
      when: "a name that ends with a hyphen",
      change: (inputs) => ({ ...inputs, virtualNetworkName: "net-" }),
      code: "InvalidResourceName",
      says: "ending with one or an underscore",
    },
    {
      kind: "limit",
      when: "a range with host bits",
      change: (inputs) => ({ ...inputs, addressSpace: { addressPrefixes: ["10.0.0.1/16"] } }),
      code: "InvalidCIDRNotation",
      says: "10.0.0.1/16",
    },
    {
      kind: "limit",
      when: "a range that Azure keeps for itself",
      change: (inputs) => ({ ...inputs, addressSpace: { addressPrefixes: ["169.254.0.0/24"] } }),
      code: "InvalidParameter",
      says: "169.254.0.0/16",
    },
    {
      kind: "required",
      when: "no region at all",
      change: ({ location: _, ...inputs }) => inputs,
      code: "LocationRequired",
      says: "location",
    },
    {
      kind: "immutable",
      when: "another region",
      change: elsewhere,
      code: "PropertyChangeNotAllowed",
      says: "location",
    },
    {
      kind: "inUse",
      when: "deleting a network with nodes in it",
      afterwards: async (bench) => {
        const nodes = await subnet(bench, "nodes", "10.0.0.0/24");
        await anyOf(bench, "containerservice:ManagedCluster", {
          agentPoolProfiles: [{ ...pool, vnetSubnetID: nodes.id }],
        });
      },
      code: "InUseSubnetCannotBeDeleted",
      says: "managedClusters/k8s",
    },
  ],
  [token("network:Subnet")]: [
    {
      kind: "reference",
      when: "a network that is not there",
      change: (inputs) => ({ ...inputs, virtualNetworkName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "virtualNetworks/nowhere",
    },
    {
      kind: "limit",
      when: "a range outside the network's",
      change: (inputs) => ({ ...inputs, addressPrefix: "10.9.0.0/24" }),
      code: "NetcfgInvalidSubnet",
      says: "not valid in virtual network",
    },
    {
      kind: "limit",
      when: "a range that another subnet has",
      first: (bench) => subnet(bench, "other", "10.0.0.0/25"),
      code: "NetcfgSubnetRangesOverlap",
      says: "overlaps",
    },
    {
      kind: "limit",
      when: "a range that is too small",
      change: (inputs) => ({ ...inputs, addressPrefix: "10.0.0.0/30" }),
      code: "InvalidParameter",
      says: "the smallest is /29",
    },
    {
      kind: "immutable",
      when: "default outbound access for a subnet that exists",
      change: (inputs) => ({ ...inputs, defaultOutboundAccess: false }),
      code: "PropertyChangeNotAllowed",
      says: "defaultOutboundAccess",
    },
    {
      kind: "immutable",
      when: "another range while an endpoint has an address of it",
      afterwards: (bench, { id }) => endpointIn(bench, id),
      change: (inputs) => ({ ...inputs, addressPrefix: "10.0.4.0/24" }),
      code: "InUsePrefixCannotBeDeleted",
      says: "active allocations",
    },
    {
      kind: "inUse",
      when: "deleting a subnet with an endpoint in it",
      afterwards: (bench, { id }) => endpointIn(bench, id),
      code: "InUseSubnetCannotBeDeleted",
      says: "privateEndpoints/way-in",
    },
  ],
};

async function endpointIn(bench: Parameters<typeof account>[0], subnetId: string): Promise<void> {
  const target = await account(bench);
  await stand(bench, "network:PrivateEndpoint", {
    privateEndpointName: "way-in",
    subnet: { id: subnetId },
    privateLinkServiceConnections: [{ name: "ai", privateLinkServiceId: target.id, groupIds: ["account"] }],
  });
}

testRefused({ package: "azure-native", accepted, refused: { ...groups, ...networks }, connect });
