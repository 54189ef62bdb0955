/** What the sandbox's Azure refuses: DNS and Traffic Manager. */

import { connect, type group, lock, locked, nest, network, token } from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type Refused, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const here: Refused = {
  kind: "placement",
  when: "a region",
  change: (inputs) => ({ ...inputs, location: "swedencentral" }),
  code: "LocationNotAvailableForResourceType",
  says: "The location is 'global'",
};

const zones: RefusedTypes = {
  [token("dns:Zone")]: [
    here,
    {
      kind: "name",
      when: "a name of one label",
      change: (inputs) => ({ ...inputs, zoneName: "example" }),
      code: "InvalidResourceName",
      says: "2 to 34 labels",
    },
    {
      kind: "reference",
      when: "a group that is not there",
      change: (inputs) => ({ ...inputs, resourceGroupName: "nowhere" }),
      code: "ResourceGroupNotFound",
      says: "'nowhere'",
    },
    { kind: "inUse", when: "deleting a locked zone", afterwards: locked, code: "ScopeLocked", says: "dnsZones/ai" },
  ],
  [token("privatedns:PrivateZone")]: [
    here,
    {
      kind: "name",
      when: "a name of one label",
      change: (inputs) => ({ ...inputs, privateZoneName: "internal" }),
      code: "InvalidResourceName",
      says: "2 to 34 labels",
    },
    {
      kind: "immutable",
      when: "another name for a zone that exists",
      change: (inputs) => ({ ...inputs, privateZoneName: "other.example.com" }),
      code: "PropertyChangeNotAllowed",
      says: "privateZoneName",
    },
    {
      kind: "inUse",
      when: "deleting a zone that a network is linked to",
      afterwards: async (bench) => {
        await nest(bench, "privatedns:VirtualNetworkLink", {
          privateZoneName: "privatelink.openai.azure.com",
          virtualNetworkLinkName: "link",
          location: "global",
          virtualNetwork: { id: (await network(bench)).id },
        });
      },
      code: "CannotDeleteResource",
      says: "virtualNetworkLinks/link",
    },
  ],
  [token("privatedns:VirtualNetworkLink")]: [
    here,
    {
      kind: "reference",
      when: "a zone that is not there",
      change: (inputs) => ({ ...inputs, privateZoneName: "nowhere.example.com" }),
      code: "ParentResourceNotFound",
      says: "privateDnsZones/nowhere.example.com",
    },
    {
      kind: "limit",
      when: "a network that registers its machines elsewhere",
      first: async (bench, inputs) => {
        await anyOfZone(bench, "other.example.com");
        await bench.make(token("privatedns:VirtualNetworkLink"), {
          ...inputs,
          privateZoneName: "other.example.com",
          registrationEnabled: true,
        });
      },
      change: (inputs) => ({ ...inputs, registrationEnabled: true }),
      code: "Conflict",
      says: "registers its machines in another zone",
    },
    {
      kind: "immutable",
      when: "another network",
      change: async (inputs, bench) => ({ ...inputs, virtualNetwork: { id: (await network(bench, "second")).id } }),
      code: "PropertyChangeNotAllowed",
      says: "virtualNetwork.id",
    },
  ],
};

async function anyOfZone(bench: Parameters<typeof group>[0], privateZoneName: string): Promise<void> {
  await nest(bench, "privatedns:PrivateZone", { privateZoneName, location: "global" });
}

/** Cases that record sets of both kinds of zones share. */
const records: readonly Refused[] = [
  {
    kind: "required",
    when: "a kind that there is not",
    change: (inputs) => ({ ...inputs, recordType: "AX" }),
    code: "InvalidRequestContent",
    says: "recordType",
  },
  {
    kind: "required",
    when: "records of another kind",
    change: (inputs) => ({ ...inputs, txtRecords: [{ value: ["x"] }] }),
    code: "InvalidRequestContent",
    says: "does not belong in a record set of kind A",
  },
  {
    kind: "limit",
    when: "a time to live of nothing",
    change: (inputs) => ({ ...inputs, ttl: 0 }),
    code: "BadRequest",
    says: "1 to 2147483647 seconds",
  },
  {
    kind: "limit",
    when: "more records than a set takes",
    change: (inputs) => ({
      ...inputs,
      aRecords: Array.from({ length: 21 }, (_, index) => ({ ipv4Address: `192.0.2.${index}` })),
    }),
    code: "BadRequest",
    says: "has 21 records",
  },
  {
    kind: "name",
    when: "a name with a blank",
    change: (inputs) => ({ ...inputs, relativeRecordSetName: "a b" }),
    code: "InvalidResourceName",
    says: "relativeRecordSetName",
  },
];

const recordSets: RefusedTypes = {
  [token("dns:RecordSet")]: [
    ...records,
    {
      kind: "limit",
      when: "an alias beside addresses",
      first: (bench, inputs) =>
        bench.make(token("dns:RecordSet"), {
          ...inputs,
          recordType: "CNAME",
          aRecords: undefined,
          cnameRecord: { cname: "other.example.com" },
        }),
      code: "Conflict",
      says: "alone at its name",
    },
    {
      kind: "reference",
      when: "a zone that is not there",
      change: (inputs) => ({ ...inputs, zoneName: "nowhere.example.com" }),
      code: "ParentResourceNotFound",
      says: "dnsZones/nowhere.example.com",
    },
    {
      kind: "inUse",
      when: "deleting records of a locked zone",
      afterwards: (bench, { id }) => lock(bench, id.split("/A/")[0]),
      code: "ScopeLocked",
      says: "A/gateway",
    },
  ],
  [token("privatedns:PrivateRecordSet")]: [
    ...records,
    {
      kind: "limit",
      when: "an alias at the zone's own name",
      change: ({ aRecords: _, ...inputs }) => ({
        ...inputs,
        recordType: "CNAME",
        relativeRecordSetName: "@",
        cnameRecord: { cname: "other.example.com" },
      }),
      code: "BadRequest",
      says: "cannot be at the zone's own name",
    },
    {
      kind: "immutable",
      when: "another kind of records",
      change: ({ aRecords: _, ...inputs }) => ({
        ...inputs,
        recordType: "TXT",
        txtRecords: [{ value: ["x"] }],
      }),
      code: "PropertyChangeNotAllowed",
      says: "recordType",
    },
  ],
};

const steering: RefusedTypes = {
  [token("trafficmanager:Profile")]: [
    here,
    {
      kind: "name",
      when: "a name that another profile has in the world",
      first: async (bench, inputs) => {
        const other = await bench.box.provider("azure-native", {
          subscriptionId: `22222222-2222-3333-4444-${String(bench.round).padStart(12, "0")}`,
        });
        const theirs = { resourceGroupName: "theirs", location: "westeurope" };
        await other.make(token("resources:ResourceGroup"), theirs);
        await other.make(token("trafficmanager:Profile"), { ...inputs, resourceGroupName: "theirs" });
      },
      code: "DomainNameAlreadyInUse",
      says: "trafficmanager.net",
    },
    {
      kind: "limit",
      when: "waiting longer for an answer than a fast probe can",
      change: (inputs) => ({
        ...inputs,
        monitorConfig: { protocol: "HTTPS", port: 443, path: "/", intervalInSeconds: 10, timeoutInSeconds: 10 },
      }),
      code: "BadRequest",
      says: "5 to 9 seconds",
    },
    {
      kind: "limit",
      when: "an interval that is not sold",
      change: (inputs) => ({ ...inputs, monitorConfig: { intervalInSeconds: 20 } }),
      code: "BadRequest",
      says: "every 10 or 30 seconds",
    },
    {
      kind: "immutable",
      when: "another name in the world",
      change: (inputs, bench) => ({ ...inputs, dnsConfig: { relativeName: `moved-${bench.round}`, ttl: 30 } }),
      code: "PropertyChangeNotAllowed",
      says: "dnsConfig.relativeName",
    },
    { kind: "inUse", when: "deleting a locked profile", afterwards: locked, code: "ScopeLocked", says: "entry" },
  ],
};

testRefused({ package: "azure-native", accepted, refused: { ...zones, ...recordSets, ...steering }, connect });
