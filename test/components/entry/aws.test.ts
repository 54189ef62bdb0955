import { describe, expect, test } from "vitest";
import { AwsGatewayEntry } from "../../../components/entry/aws.ts";
import type { GatewayEntryArgs } from "../../../components/entry/types.ts";
import { awsLocation, awsOutputs, tags } from "../../support/aws.ts";
import { type Constructed, construct, listOf, named } from "../../support/mocks.ts";

const args: GatewayEntryArgs = {
  location: awsLocation,
  zone: "ai.example.com",
  host: "gateway.ai.example.com",
  issuerUrl: "https://oidc.example",
  scope: awsLocation.account,
  publicSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  protect: true,
  tags,
};

const build = (changes: Partial<GatewayEntryArgs> = {}) =>
  construct(() => new AwsGatewayEntry("entry", { ...args, ...changes }), { outputs: awsOutputs });

const prefix = "service.beta.kubernetes.io/aws-load-balancer";

describe("AwsGatewayEntry", () => {
  test("is a zone, an address a zone of the location, a certificate and their records", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:AwsGatewayEntry entry",
      "aws:ec2/eip:Eip entry-address-a",
      "aws:ec2/eip:Eip entry-address-b",
      "aws:ec2/eip:Eip entry-address-c",
      "aws:acm/certificate:Certificate entry-certificate",
      "aws:route53/record:Record entry-certificate",
      "aws:route53/record:Record entry-host",
      "aws:route53/zone:Zone entry-zone",
    ]);
    expect(resources.filter(({ custom }) => custom).map(({ parent }) => parent)).toEqual(Array(7).fill("entry"));
  });

  test("leads the host to every address, and proves the name in the same zone", async () => {
    const resources = await build();
    expect(named(resources, "entry-host").inputs).toEqual({
      zoneId: "Z1",
      name: "gateway.ai.example.com",
      type: "A",
      ttl: 60,
      records: ["192.0.2.15", "192.0.2.15", "192.0.2.15"],
    });
    expect(named(resources, "entry-certificate", "aws:acm/certificate:Certificate").inputs).toEqual({
      domainName: "gateway.ai.example.com",
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
      tags,
    });
    expect(named(resources, "entry-certificate", "aws:route53/record:Record").inputs).toEqual({
      zoneId: "Z1",
      name: "_proof.gateway.ai.example.com.",
      type: "CNAME",
      ttl: 60,
      records: ["_value.acm-validations.example."],
      allowOverwrite: true,
    });
  });

  test("keeps what callers and the delegation depend on where it is told to", async () => {
    const kept = (resources: readonly Constructed[]) =>
      resources.filter(({ protect, retainOnDelete }) => protect && retainOnDelete).map(({ name }) => name);
    expect(kept(await build())).toEqual(["entry-address-a", "entry-address-b", "entry-address-c", "entry-zone"]);
    const open = await build({ protect: false });
    expect(kept(open)).toEqual([]);
    expect(named(open, "entry-zone").inputs.forceDestroy).toBe(true);
  });

  test("tells the gateway's Service what the load balancer must be, TLS on both sides", async () => {
    expect(named(await build(), "entry").outputs).toEqual({
      cloud: "aws",
      location: "aws-main",
      account: "111122223333",
      region: "eu-west-1",
      zone: "ai.example.com",
      host: "gateway.ai.example.com",
      address: "eipalloc-entry-address-a,eipalloc-entry-address-b,eipalloc-entry-address-c",
      serviceAnnotations: {
        [`${prefix}-type`]: "nlb",
        [`${prefix}-subnets`]: "subnet-a,subnet-b,subnet-c",
        [`${prefix}-eip-allocations`]: "eipalloc-entry-address-a,eipalloc-entry-address-b,eipalloc-entry-address-c",
        [`${prefix}-ssl-cert`]: "arn:aws:acm:eu-west-1:111122223333:certificate/1",
        [`${prefix}-ssl-ports`]: "443",
        [`${prefix}-ssl-negotiation-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        [`${prefix}-backend-protocol`]: "ssl",
        [`${prefix}-cross-zone-load-balancing-enabled`]: "true",
      },
      loadBalancerIp: "",
      dnsChallenge: {},
      certificateServiceAccount: { annotations: {}, podLabels: {} },
      nameServers: ["ns-1.example", "ns-2.example"],
    });
  });

  test("refuses a host outside its zone, a name that only ends like it included", async () => {
    await expect(build({ host: "gateway.bai.example.com", zone: "ai.example.com" })).rejects.toThrow(
      'host is "gateway.bai.example.com"; it must be a name in the zone ai.example.com, as gateway.ai.example.com',
    );
  });
});
