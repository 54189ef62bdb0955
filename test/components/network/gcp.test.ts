import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GcpNetwork } from "../../../components/network/gcp.ts";
import { enclosingCidr } from "../../../components/network/gcp-ranges.ts";
import type { NetworkArgs } from "../../../components/network/types.ts";
import { contains, formatCidr, parseCidr, type Range } from "../../../components/plan/addresses.ts";
import { gcpLocation, gcpOutputs, gcpSubnets, tags } from "../../support/gcp.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: NetworkArgs = {
  location: gcpLocation,
  subnets: gcpSubnets,
  zoneRedundant: true,
  protect: false,
  logRetentionDays: 90,
  tags,
};

const build = (changes: Partial<NetworkArgs> = {}) =>
  construct(() => new GcpNetwork("net", { ...args, ...changes }), { outputs: gcpOutputs });

const apis = [
  "accesscontextmanager",
  "aiplatform",
  "artifactregistry",
  "cloudkms",
  "cloudresourcemanager",
  "compute",
  "container",
  "containerfilesystem",
  "containerscanning",
  "dns",
  "iam",
  "iamcredentials",
  "logging",
  "monitoring",
  "networkconnectivity",
  "orgpolicy",
  "storage",
  "sts",
];

describe("GcpNetwork", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    const services = listOf(resources).filter((line) => line.startsWith("gcp:projects/service"));
    expect(services).toEqual(apis.map((api) => `gcp:projects/service:Service net-api-${api}`));
    expect(listOf(resources).filter((line) => !services.includes(line))).toEqual([
      "twocloud:index:GcpNetwork net",
      "gcp:compute/firewall:Firewall net-allow-webhooks",
      "gcp:dns/managedZone:ManagedZone net-apis",
      "gcp:dns/recordSet:RecordSet net-apis-addresses",
      "gcp:dns/recordSet:RecordSet net-apis-any",
      "gcp:compute/firewall:Firewall net-deny-ingress",
      "gcp:compute/address:Address net-egress-1",
      "gcp:compute/address:Address net-egress-2",
      "gcp:compute/subnetwork:Subnetwork net-endpoints",
      "gcp:logging/projectBucketConfig:ProjectBucketConfig net-flows",
      "gcp:logging/projectSink:ProjectSink net-flows",
      "gcp:dns/managedZone:ManagedZone net-images",
      "gcp:dns/recordSet:RecordSet net-images-addresses",
      "gcp:dns/recordSet:RecordSet net-images-any",
      "gcp:compute/routerNat:RouterNat net-nat",
      "gcp:compute/subnetwork:Subnetwork net-nodes",
      "gcp:compute/router:Router net-router",
      "gcp:dns/managedZone:ManagedZone net-system-images",
      "gcp:dns/recordSet:RecordSet net-system-images-addresses",
      "gcp:dns/recordSet:RecordSet net-system-images-any",
      "gcp:compute/network:Network net-vpc",
    ]);
    const children = resources.filter(({ custom }) => custom);
    expect(children.map(({ parent }) => parent)).toEqual(Array(children.length).fill("net"));
  });

  test("has one node subnet around all zones' ranges, with ranges for pods and services", async () => {
    const { inputs } = named(await build(), "net-nodes");
    expect(inputs).toMatchObject({
      ipCidrRange: "10.40.0.0/18",
      privateIpGoogleAccess: true,
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.40.128.0/17" },
        { rangeName: "services", ipCidrRange: "10.40.80.0/20" },
      ],
    });
  });

  test("leaves by the stated number of static addresses only", async () => {
    const ways = async (zoneRedundant: boolean) => {
      const resources = await build({ zoneRedundant });
      const { natIpAllocateOption, natIps } = named(resources, "net-nat").inputs;
      const { outputs } = named(resources, "net");
      return { natIpAllocateOption, count: (natIps as string[]).length, egress: outputs?.egressAddresses };
    };
    expect(await ways(true)).toEqual({
      natIpAllocateOption: "MANUAL_ONLY",
      count: 2,
      egress: ["203.0.113.1", "203.0.113.2"],
    });
    expect(await ways(false)).toEqual({ natIpAllocateOption: "MANUAL_ONLY", count: 1, egress: ["203.0.113.1"] });
  });

  test("drops and logs whatever comes in, but for the control plane's calls of webhooks", async () => {
    const firewall = (await build()).filter(({ type }) => type === "gcp:compute/firewall:Firewall");
    expect(firewall.map(({ inputs }) => [inputs.direction, inputs.sourceRanges, inputs.allows, inputs.denies])).toEqual(
      [
        ["INGRESS", ["10.40.72.0/28"], [{ protocol: "tcp", ports: ["9443"] }], undefined],
        ["INGRESS", ["0.0.0.0/0"], undefined, [{ protocol: "all" }]],
      ],
    );
    expect(named(firewall, "net-deny-ingress").inputs).toMatchObject({
      priority: 65534,
      logConfig: { metadata: "INCLUDE_ALL_METADATA" },
    });
  });

  test("sends Google's names to the restricted addresses inside a perimeter, to the private ones without", async () => {
    const { accessPolicy: _, ...open } = gcpLocation;
    const entrance = async (location: NetworkArgs["location"]) => {
      const resources = await build({ location });
      return [
        named(resources, "net-apis-addresses").inputs.name,
        (named(resources, "net-images-addresses").inputs.rrdatas as string[])[0],
        named(resources, "net-apis-any").inputs.rrdatas,
      ];
    };
    expect(await entrance(gcpLocation)).toEqual([
      "restricted.googleapis.com.",
      "199.36.153.4",
      ["restricted.googleapis.com."],
    ]);
    expect(await entrance(open)).toEqual(["private.googleapis.com.", "199.36.153.8", ["private.googleapis.com."]]);
  });

  test("keeps flow logs in the region for the stated days", async () => {
    const resources = await build();
    expect(named(resources, "net-flows", "gcp:logging/projectBucketConfig:ProjectBucketConfig").inputs).toMatchObject({
      location: "europe-west4",
      retentionDays: 90,
      bucketId: "net-vpc-flows",
    });
    expect(named(resources, "net-flows", "gcp:logging/projectSink:ProjectSink").inputs).toMatchObject({
      destination: "logging.googleapis.com/projects/example-ai/locations/europe-west4/buckets/net-vpc-flows",
      filter: 'resource.type="gce_subnetwork" AND resource.labels.subnetwork_name=("net-nodes" OR "net-endpoints")',
    });
  });

  test("makes the project known only after its services are on", async () => {
    const resources = await build();
    expect(named(resources, "net-vpc").dependsOn).toEqual(apis.map((api) => `net-api-${api}`));
  });

  test("registers plain constants that policies read in a preview", async () => {
    const { outputs } = named(await build(), "net");
    expect(outputs).toMatchObject({
      cloud: "gcp",
      location: "gcp-main",
      account: "example-ai",
      region: "europe-west4",
      cidr: "10.40.0.0/16",
      scope: "example-ai",
    });
  });

  test("refuses everything that is wrong at once", async () => {
    const subnets = { ...gcpSubnets, pods: "10.40.0.0/17", controlPlane: "10.40.72.0/27" };
    const { projectNumber: _, ...location } = gcpLocation;
    const wrong = build({ location, subnets, logRetentionDays: 0, tags: { "1st": "x" } });
    const message = await wrong.then(String, (error: Error) => error.message);
    expect(message.split("\n")).toEqual([
      "GcpNetwork net can't be built:",
      expect.stringContaining("location gcp-main has no projectNumber"),
      '  - tag "1st": a GCP label begins with a letter: rename it',
      "  - subnets.nodes 10.40.0.0/18 overlaps subnets.pods 10.40.0.0/17",
      "  - subnets.endpoints 10.40.64.0/22 overlaps subnets.pods 10.40.0.0/17",
      "  - subnets.pods 10.40.0.0/17 overlaps subnets.services 10.40.80.0/20",
      "  - subnets.pods 10.40.0.0/17 overlaps subnets.controlPlane 10.40.72.0/27",
      "  - subnets.controlPlane is 10.40.72.0/27; GKE takes a /28",
      "  - logRetentionDays is 0; Cloud Logging takes whole days from 1 to 3650",
    ]);
  });

  test("refuses a location of another cloud", async () => {
    await expect(build({ location: { ...gcpLocation, cloud: "aws" } })).rejects.toThrow("use aws's");
  });
});

describe("enclosingCidr", () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 8, max: 32 }))
    .map(([address, prefix]) => ({ first: address - (address % 2 ** (32 - prefix)), prefix }));

  test("contains every range, and no half of it does", () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (ranges) => {
        const outer = parseCidr(enclosingCidr(ranges.map(formatCidr))) as Range;
        expect(ranges.every((inner) => contains(outer, inner))).toBe(true);
        if (outer.prefix === 32) return;
        const half = 2 ** (31 - outer.prefix);
        const halves = [outer.first, outer.first + half].map((first) => ({ first, prefix: outer.prefix + 1 }));
        expect(halves.some((part) => ranges.every((inner) => contains(part, inner)))).toBe(false);
      }),
    );
  });

  test("grows in place with the number of zones", () => {
    const nodes = gcpSubnets.nodes.map(({ cidr }) => cidr);
    expect([1, 2, 3].map((count) => enclosingCidr(nodes.slice(0, count)))).toEqual([
      "10.40.0.0/20",
      "10.40.0.0/19",
      "10.40.0.0/18",
    ]);
  });

  test("refuses nothing, and what is no range", () => {
    expect(() => enclosingCidr([])).toThrow("no range");
    expect(() => enclosingCidr(["10.0.0.1/8"])).toThrow('"10.0.0.1/8" is not an IPv4 range');
  });
});
