/** What the sandbox's Azure refuses: private links. */
import type { Properties } from "../../../sandbox/values.ts";
import { account, connect, lock, subnet, token } from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const elsewhere = (inputs: Properties) => ({ ...inputs, location: "westeurope" });

const links: RefusedTypes = {
  [token("network:PrivateEndpoint")]: [
    {
      kind: "reference",
      when: "a subnet that is not there",
      change: async (inputs, bench) => ({
        ...inputs,
        subnet: {
          id: `/subscriptions/${bench.account}/resourceGroups/main/providers/Microsoft.Network/virtualNetworks/net/subnets/none`,
        },
      }),
      code: "InvalidResourceReference",
      says: "subnets/none",
    },
    {
      kind: "placement",
      when: "another region than the network's",
      change: elsewhere,
      code: "InvalidResourceReference",
      says: "in the same region",
    },
    {
      kind: "reference",
      when: "a sub-resource that an account hasn't",
      change: (inputs) => withConnection(inputs, { groupIds: ["vault"] }),
      code: "InvalidParameter",
      says: 'no sub-resource "vault"',
    },
    {
      kind: "reference",
      when: "an account without a name of its own",
      change: async (inputs, bench) => {
        const bare = await account(bench, { accountName: "bare", properties: {} });
        return withConnection(inputs, { privateLinkServiceId: bare.id });
      },
      code: "InvalidParameter",
      says: "no custom subdomain",
    },
    {
      kind: "immutable",
      when: "another subnet for an endpoint that exists",
      change: async (inputs, bench) => ({ ...inputs, subnet: { id: (await subnet(bench, "more", "10.0.2.0/24")).id } }),
      code: "PropertyChangeNotAllowed",
      says: "subnet.id",
    },
    {
      kind: "immutable",
      when: "another target for an endpoint that exists",
      change: async (inputs, bench) => {
        const other = await account(bench, {
          accountName: "other",
          properties: { customSubDomainName: `b-${bench.round}` },
        });
        return withConnection(inputs, { privateLinkServiceId: other.id });
      },
      code: "PropertyChangeNotAllowed",
      says: "privateLinkServiceId",
    },
    {
      kind: "inUse",
      when: "deleting an endpoint of a locked group",
      afterwards: (bench) => lock(bench, `/subscriptions/${bench.account}/resourceGroups/main`),
      code: "ScopeLocked",
      says: "resourceGroups/main",
    },
  ],
  [token("network:PrivateDnsZoneGroup")]: [
    {
      kind: "reference",
      when: "an endpoint that is not there",
      change: (inputs) => ({ ...inputs, privateEndpointName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "privateEndpoints/nowhere",
    },
    {
      kind: "limit",
      when: "a second one for the endpoint",
      first: (bench, inputs) =>
        bench.make(token("network:PrivateDnsZoneGroup"), { ...inputs, privateDnsZoneGroupName: "first" }),
      code: "BadRequest",
      says: "it takes one",
    },
    {
      kind: "limit",
      when: "six zones",
      change: (inputs) => ({
        ...inputs,
        privateDnsZoneConfigs: Array(6).fill((inputs.privateDnsZoneConfigs as unknown[])[0]),
      }),
      code: "BadRequest",
      says: "has 6 zones",
    },
    {
      kind: "inUse",
      when: "deleting one whose endpoint is locked",
      afterwards: (bench, { id }) => lock(bench, id.split("/privateDnsZoneGroups/")[0]),
      code: "ScopeLocked",
      says: "privateEndpoints/way-in",
    },
  ],
};

function withConnection(inputs: Properties, change: Properties): Properties {
  const [connection] = inputs.privateLinkServiceConnections as Properties[];
  return { ...inputs, privateLinkServiceConnections: [{ ...connection, ...change }] };
}

testRefused({ package: "azure-native", accepted, refused: { ...links }, connect });
