/** What the sandbox's Google Cloud refuses of networks, addresses and endpoints. */
import { accepted } from "../../support/gcp-accepted.ts";
import {
  apiOff,
  compute,
  connect,
  gcp,
  later,
  madeOf,
  nowhere,
  region,
  set,
  without,
} from "../../support/gcp-cases.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const inUse = { kind: "inUse", code: "resourceInUseByAnotherResource" } as const;
const used = "is already being used by 'projects/";

const refused: RefusedTypes = {
  [gcp("compute/network:Network")]: [
    compute.mistyped("mtu", "large"),
    compute.fixed("autoCreateSubnetworks", true),
    compute.name("name", "Main", "beginning with a letter"),
    compute.limit("packets that are too large", { mtu: 9000 }, "1300 to 8896"),
    apiOff("compute", "container"),
    {
      ...inUse,
      when: "deleting it with a subnet in it",
      afterwards: ({ make }, { id }) =>
        make(gcp("compute/subnetwork:Subnetwork"), { network: id, ipCidrRange: "10.0.0.0/20" }),
      says: `${used}`,
    },
    {
      ...inUse,
      when: "deleting it with a firewall rule on it",
      afterwards: ({ make }, { properties }) =>
        make(gcp("compute/firewall:Firewall"), {
          network: properties.selfLink,
          denies: [{ protocol: "all" }],
          sourceRanges: ["0.0.0.0/0"],
        }),
      says: "/global/firewalls/",
    },
    {
      kind: "limit",
      when: "a sixth one in a project without a history",
      first: async ({ make }) => {
        for (const name of ["a", "b", "c", "d", "e"]) await make(gcp("compute/network:Network"), {}, name);
      },
      code: "QUOTA_EXCEEDED",
      says: "limit 5, in use 5, asked for 1 (quota NETWORKS)",
    },
  ],
  [gcp("compute/subnetwork:Subnetwork")]: [
    compute.missing("network"),
    compute.fixed("description", "other"),
    compute.reference("a network that there is not", { network: "nowhere" }, "The resource 'nowhere' was not found"),
    compute.limit("a range with host bits", { ipCidrRange: "10.40.0.1/18" }, "from /4 to /29 without host bits"),
    compute.limit(
      "two ranges of one name",
      {
        secondaryIpRanges: ["10.41.0.0/20", "10.42.0.0/20"].map((ipCidrRange) => ({ rangeName: "pods", ipCidrRange })),
      },
      "Duplicate secondary range name: 'pods'",
    ),
    nowhere("region"),
    {
      kind: "limit",
      when: "a range that another subnet has",
      first: ({ make }, { network }) =>
        make(gcp("compute/subnetwork:Subnetwork"), { network, ipCidrRange: "10.40.81.0/24" }, "other"),
      code: "invalid",
      says: "conflicts with existing subnetwork 'other-",
    },
    {
      ...inUse,
      when: "deleting it with an address in it",
      afterwards: ({ make }, { id }) =>
        make(gcp("compute/address:Address"), { addressType: "INTERNAL", purpose: "GCE_ENDPOINT", subnetwork: id }),
      says: `/addresses/`,
    },
  ],
  [gcp("compute/firewall:Firewall")]: [
    compute.missing("network"),
    compute.fixed("direction", "EGRESS"),
    compute.limit("a priority beyond the last", { priority: 70000 }, "0 to 65535"),
    compute.limit("a range with host bits", { sourceRanges: ["10.0.0.1/8"] }, "Must be a valid CIDR"),
    compute.limit("ports of a protocol without", { allows: [{ protocol: "icmp", ports: ["1"] }] }, "icmp has no ports"),
    compute.limit("sources of what goes out", { direction: "EGRESS" }, "it is not for direction EGRESS"),
    {
      kind: "required",
      when: "nobody from whom",
      change: without("sourceRanges"),
      code: "required",
      says: "sourceRanges, sourceTags, sourceServiceAccounts must be given",
    },
    {
      kind: "name",
      when: "a name that another rule has",
      change: set({ name: "webhooks" }),
      first: ({ make }, inputs) => make(gcp("compute/firewall:Firewall"), { ...inputs, name: "webhooks" }, "other"),
      code: "alreadyExists",
      says: "The resource 'webhooks' already exists",
    },
  ],
  [gcp("compute/router:Router")]: [
    compute.missing("network"),
    compute.fixed("encryptedInterconnectRouter", true),
    compute.reference("a network that there is not", { network: "nowhere" }, "The resource 'nowhere' was not found"),
    compute.limit("a number that is somebody's", { bgp: { asn: 15169 } }, "Take one of 64512 to 65534"),
    compute.limit(
      "groups for nobody",
      { bgp: { asn: 64514, advertisedGroups: ["ALL_SUBNETS"] } },
      "Fix: Set bgp.advertiseMode to CUSTOM",
    ),
    nowhere("region"),
  ],
  [gcp("compute/routerNat:RouterNat")]: [
    compute.missing("router"),
    compute.fixed("type", "PRIVATE"),
    compute.reference("a router of another region", { region: "europe-west1" }, "was not found"),
    compute.limit("ports that are no power of two", { minPortsPerVm: 100 }, "a power of two from 32"),
    compute.limit("no subnets for a list", { subnetworks: undefined }, "LIST_OF_SUBNETWORKS needs subnetworks"),
    compute.limit(
      "addresses that nobody chooses",
      { natIpAllocateOption: "AUTO_ONLY" },
      "AUTO_ONLY takes no addresses",
    ),
    {
      kind: "limit",
      when: "a network that is translated already",
      first: ({ make }, { router }) =>
        make(
          gcp("compute/routerNat:RouterNat"),
          {
            router,
            natIpAllocateOption: "AUTO_ONLY",
            sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
          },
          "other",
        ),
      code: "invalid",
      says: "translates ranges of the network in that region already",
    },
  ],
  [gcp("compute/address:Address")]: [
    compute.mistyped("prefixLength", "long"),
    compute.fixed("addressType", "EXTERNAL"),
    compute.reference("a subnet that there is not", { subnetwork: "nowhere" }, "The resource 'nowhere' was not found"),
    compute.limit("a public one in a subnet", { addressType: "EXTERNAL" }, "it is for addresses of type INTERNAL"),
    compute.limit("one outside the subnet", { address: "10.99.0.5" }, "not in the range 10.40.0.0/18"),
    nowhere("region"),
    {
      kind: "limit",
      when: "one that is taken",
      change: set({ address: "10.40.0.2" }),
      first: ({ make }, inputs) => make(gcp("compute/address:Address"), inputs, "first"),
      code: "IP_IN_USE_BY_ANOTHER_RESOURCE",
      says: "IP '10.40.0.2' is already being used",
    },
    {
      kind: "limit",
      when: "a ninth public one in a region",
      change: () => ({ addressType: "EXTERNAL" }),
      first: async ({ make }) => {
        for (const name of ["a", "b", "c", "d", "e", "f", "g", "h"])
          await make(gcp("compute/address:Address"), {}, name);
      },
      code: "QUOTA_EXCEEDED",
      says: `in ${region}: limit 8, in use 8, asked for 1 (quota STATIC_ADDRESSES)`,
    },
    {
      ...inUse,
      when: "deleting it while an endpoint has it",
      afterwards: ({ make }, { id, inputs }) =>
        make(gcp("networkconnectivity/regionalEndpoint:RegionalEndpoint"), {
          location: region,
          accessType: "REGIONAL",
          targetGoogleApi: "aiplatform.eu.rep.googleapis.com",
          address: id,
          subnetwork: inputs.subnetwork,
        }),
      says: "/regionalEndpoints/",
    },
  ],
  [gcp("compute/globalAddress:GlobalAddress")]: [
    compute.missing("network"),
    compute.fixed("purpose", "VPC_PEERING"),
    compute.name("name", "apis_", "not ending with a hyphen"),
    compute.reference("a network that there is not", { network: "nowhere" }, "The resource 'nowhere' was not found"),
    compute.limit("a public one with a purpose", { addressType: "EXTERNAL" }, "is for addresses of type INTERNAL"),
    compute.limit("a range where one is wanted", { prefixLength: 16 }, "takes a single address"),
    {
      ...inUse,
      when: "deleting it while a rule has it",
      afterwards: ({ make }, { id, inputs: { network } }) =>
        make(gcp("compute/globalForwardingRule:GlobalForwardingRule"), {
          ...{ name: "apis", target: "all-apis", loadBalancingScheme: "", network, ipAddress: id },
        }),
      says: "/global/forwardingRules/apis",
    },
  ],
  [gcp("compute/globalForwardingRule:GlobalForwardingRule")]: [
    compute.missing("target"),
    compute.missing("network"),
    compute.fixed("portRange", "443"),
    compute.reference("an address that there is not", { ipAddress: "nowhere" }, "The resource 'nowhere' was not found"),
    compute.name("name", "all-apis", "1 to 20 lowercase letters and digits"),
    compute.limit("a scheme of load balancers", { loadBalancingScheme: "EXTERNAL" }, "for target all-apis"),
  ],
  [gcp("compute/resourcePolicy:ResourcePolicy")]: [
    compute.missing("groupPlacementPolicy"),
    compute.fixed("name", "other"),
    compute.limit("too many domains", { groupPlacementPolicy: { availabilityDomainCount: 9 } }, "1 to 8 is allowed"),
    compute.limit(
      "apart and close together",
      { groupPlacementPolicy: { availabilityDomainCount: 2, collocation: "COLLOCATED" } },
      "not both",
    ),
    nowhere("region"),
    apiOff("compute", "container"),
    {
      ...inUse,
      when: "deleting it while a pool is placed by it",
      afterwards: async (bench, { properties }) =>
        madeOf(bench, "container/nodePool:NodePool", {
          placementPolicy: { type: "COMPACT", policyName: properties.name },
        }),
      says: "/nodePools/",
    },
  ],
  [gcp("networkconnectivity/regionalEndpoint:RegionalEndpoint")]: [
    later.missing("targetGoogleApi"),
    later.fixed("labels", { team: "ai" }),
    later.reference("a network that there is not", { network: "nowhere" }, "The resource 'nowhere' was not found"),
    later.limit("access of a kind that there is not", { accessType: "LOCAL" }, "none of GLOBAL, REGIONAL"),
    {
      kind: "placement",
      when: "an API of another region",
      change: set({ targetGoogleApi: "storage.us-east1.rep.googleapis.com" }),
      code: "badRequest",
      says: "is not an API of europe-west4",
    },
    apiOff("networkconnectivity"),
  ],
};

testRefused({ package: "gcp", accepted, refused, connect });
