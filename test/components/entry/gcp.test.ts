import { describe, expect, test } from "vitest";
import { GcpGatewayEntry } from "../../../components/entry/gcp.ts";
import type { GatewayEntryArgs } from "../../../components/entry/types.ts";
import { gcpIssuer, gcpLocation, gcpOutputs, tags } from "../../support/gcp.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: GatewayEntryArgs = {
  location: gcpLocation,
  zone: "ai2.example.com",
  host: "gateway.ai2.example.com",
  issuerUrl: gcpIssuer,
  scope: "example-ai",
  publicSubnetIds: [],
  protect: true,
  tags,
};

const build = (changes: Partial<GatewayEntryArgs> = {}) =>
  construct(() => new GcpGatewayEntry("entry", { ...args, ...changes }), { outputs: gcpOutputs });

describe("GcpGatewayEntry", () => {
  test("is these resources, each below the component", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpGatewayEntry entry",
      "gcp:compute/address:Address entry-address",
      "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember entry-challenge",
      "gcp:dns/recordSet:RecordSet entry-host",
      "gcp:dns/managedZone:ManagedZone entry-zone",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(4).fill("entry"));
  });

  test("leads the host, in a signed zone, to a static address of the region", async () => {
    const resources = await build();
    expect(named(resources, "entry-zone").inputs).toMatchObject({
      dnsName: "ai2.example.com.",
      visibility: "public",
      dnssecConfig: { state: "on" },
    });
    expect(named(resources, "entry-address").inputs).toMatchObject({ addressType: "EXTERNAL", region: "europe-west4" });
    expect(named(resources, "entry-host").inputs).toMatchObject({
      name: "gateway.ai2.example.com.",
      type: "A",
      rrdatas: ["203.0.113.1"],
    });
  });

  test("lets the cluster's cert-manager change this zone only", async () => {
    expect(named(await build(), "entry-challenge").inputs).toEqual({
      project: "example-ai",
      managedZone: "entry-zone",
      role: "roles/dns.admin",
      member:
        "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example-ai.svc.id.goog/subject/ns/cert-manager/sa/cert-manager",
    });
  });

  test("tells the gateway its address and how to prove its name", async () => {
    expect(named(await build(), "entry").outputs).toMatchObject({
      address: "203.0.113.1",
      loadBalancerIp: "203.0.113.1",
      serviceAnnotations: { "cloud.google.com/l4-rbs": "enabled" },
      dnsChallenge: { cloudDNS: { project: "example-ai", hostedZoneName: "entry-zone" } },
      certificateServiceAccount: { annotations: {}, podLabels: {} },
      nameServers: ["ns1.example.net."],
    });
  });

  test("keeps zone and address where the environment says so", async () => {
    const kept = async (protect: boolean) => {
      const resources = await build({ protect });
      return ["entry-zone", "entry-address"].map((name) => named(resources, name).protect);
    };
    expect(await kept(true)).toEqual([true, true]);
    expect(await kept(false)).toEqual([false, false]);
  });

  test("refuses a host outside the zone and names that are none", async () => {
    await expect(build({ host: "gateway.example.com" })).rejects.toThrow("has to end with .ai2.example.com");
    await expect(build({ zone: "AI.example.com.", host: "x" })).rejects.toThrow(
      /zone is "AI.example.com."[\s\S]*host is "x"/,
    );
  });
});
