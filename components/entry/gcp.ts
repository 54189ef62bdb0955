import * as compute from "@pulumi/gcp/compute/index.js";
import * as dns from "@pulumi/gcp/dns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { certManagerNamespace, certManagerServiceAccount } from "../gateway/names.ts";
import { argumentProblems, clusterIdentity, labels } from "../gcp.ts";
import { guarded } from "../guard.ts";
import type { GatewayEntry, GatewayEntryArgs } from "./types.ts";

/**
 * A signed public zone in Cloud DNS, the gateway's name in it, and the static regional address that it leads to. The
 * cluster's cert-manager may change records of this zone and no other, with its own Kubernetes identity; it needs
 * neither a key nor an annotation. `publicSubnetIds` is not used: load balancers need no subnet here.
 *
 * @throws Error when the host is not inside the zone, or one of them is no DNS name
 */
export class GcpGatewayEntry extends pulumi.ComponentResource implements GatewayEntry {
  readonly address: pulumi.Output<string>;
  readonly serviceAnnotations: pulumi.Output<Record<string, string>>;
  readonly loadBalancerIp: pulumi.Output<string>;
  readonly dnsChallenge: pulumi.Output<Record<string, unknown>>;
  readonly certificateServiceAccount: pulumi.Output<{
    annotations: Record<string, string>;
    podLabels: Record<string, string>;
  }>;
  /** Name servers to delegate the zone to. */
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: GatewayEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpGatewayEntry", name, {}, opts);
    refuse("GcpGatewayEntry", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const zone = buildZone(build);
    const address = buildAddress(build);
    buildRecord(build, zone, address);
    const grant = buildChallengeGrant(build, zone);

    const { account, cloud, name: location, region } = args.location;
    this.address = address.address;
    this.serviceAnnotations = pulumi.output(annotations);
    this.loadBalancerIp = address.address;
    this.dnsChallenge = challengeOf(zone, grant);
    this.certificateServiceAccount = pulumi.output(unannotated);
    this.nameServers = zone.nameServers;
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      zone: args.zone,
      host: args.host,
      address: this.address,
      serviceAnnotations: this.serviceAnnotations,
      loadBalancerIp: this.loadBalancerIp,
      dnsChallenge: this.dnsChallenge,
      certificateServiceAccount: this.certificateServiceAccount,
      nameServers: this.nameServers,
    });
  }
}

interface Build {
  readonly name: string;
  readonly args: GatewayEntryArgs;
  readonly opts: { readonly parent: GcpGatewayEntry };
}

/** The balancer that passes packets on unchanged: the proxies see who calls. */
const annotations: Record<string, string> = { "cloud.google.com/l4-rbs": "enabled" };

const unannotated: { annotations: Record<string, string>; podLabels: Record<string, string> } = {
  annotations: {},
  podLabels: {},
};

/** Short, so that a name that moves is found again soon. */
const secondsToLive = 60;

const dnsName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

function problemsOf({ location, zone, host, tags }: GatewayEntryArgs): string[] {
  const problems = argumentProblems(location, tags);
  for (const [word, value] of Object.entries({ zone, host })) {
    if (!dnsName.test(value)) problems.push(`${word} is "${value}"; write a DNS name in lower case, as ai.example.com`);
  }
  if (!host.endsWith(`.${zone}`)) problems.push(`host ${host} is not in zone ${zone}; it has to end with .${zone}`);
  return problems;
}

function buildZone({ name, args, opts }: Build): dns.ManagedZone {
  return new dns.ManagedZone(
    `${name}-zone`,
    {
      project: args.scope,
      dnsName: `${args.zone}.`,
      description: `Entry of ${args.location.name}`,
      visibility: "public",
      dnssecConfig: { state: "on", nonExistence: "nsec3" },
      cloudLoggingConfig: { enableLogging: true },
      // Challenge records are cert-manager's; where nothing is protected they go with the zone.
      forceDestroy: !args.protect,
      labels: labels(args.tags),
    },
    guarded(opts.parent, args.protect),
  );
}

function buildAddress({ name, args, opts }: Build): compute.Address {
  return new compute.Address(
    `${name}-address`,
    {
      project: args.scope,
      region: args.location.region,
      addressType: "EXTERNAL",
      networkTier: "PREMIUM",
      description: args.host,
      labels: labels(args.tags),
    },
    guarded(opts.parent, args.protect),
  );
}

function buildRecord({ name, args, opts }: Build, zone: dns.ManagedZone, address: compute.Address): void {
  new dns.RecordSet(
    `${name}-host`,
    {
      project: args.scope,
      managedZone: zone.name,
      name: `${args.host}.`,
      type: "A",
      ttl: secondsToLive,
      rrdatas: [address.address],
    },
    opts,
  );
}

function buildChallengeGrant({ name, args, opts }: Build, zone: dns.ManagedZone): dns.DnsManagedZoneIamMember {
  return new dns.DnsManagedZoneIamMember(
    `${name}-challenge`,
    {
      project: args.scope,
      managedZone: zone.name,
      role: "roles/dns.admin",
      member: clusterIdentity(args.location, args.issuerUrl, certManagerNamespace, certManagerServiceAccount),
    },
    opts,
  );
}

/** Naming the zone spares cert-manager from listing the project's zones, which the grant does not cover. */
function challengeOf(
  zone: dns.ManagedZone,
  grant: dns.DnsManagedZoneIamMember,
): pulumi.Output<Record<string, unknown>> {
  return pulumi.all([zone.project, zone.name, grant.id]).apply(challenge);
}

function challenge([project, hostedZoneName]: readonly [string, string, string]): Record<string, unknown> {
  return { cloudDNS: { project, hostedZoneName } };
}
