import * as acm from "@pulumi/aws/acm/index.js";
import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as route53 from "@pulumi/aws/route53/index.js";
import * as pulumi from "@pulumi/pulumi";
import { namedTags } from "../aws.ts";
import { locationProblems, refuse } from "../check.ts";
import { guarded } from "../guard.ts";
import type { GatewayEntry, GatewayEntryArgs } from "./types.ts";

/**
 * The way to a gateway on AWS: a Route 53 zone, one static address a zone of the location, and a certificate of ACM.
 * The load balancer is the cluster's own to make, from the gateway's Service; it takes these addresses, ends the
 * caller's TLS with the certificate and speaks TLS to the gateway. The certificate is issued as soon as the team has
 * delegated the DNS zone to `nameServers`, which nothing here waits for: a first run would stand still until then.
 * `issuerUrl` and `scope` are not used, as no certificate is proved from inside the cluster.
 *
 * @throws Error when the host is not a name in the zone
 */
export class AwsGatewayEntry extends pulumi.ComponentResource implements GatewayEntry {
  readonly address: pulumi.Output<string>;
  readonly serviceAnnotations: pulumi.Output<Record<string, string>>;
  readonly loadBalancerIp: pulumi.Output<string>;
  readonly dnsChallenge: pulumi.Output<Record<string, unknown>>;
  readonly certificateServiceAccount: pulumi.Output<{
    annotations: Record<string, string>;
    podLabels: Record<string, string>;
  }>;
  /** What the zone above must name for the zone to be found. */
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: GatewayEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AwsGatewayEntry", name, {}, opts);
    refuse("AwsGatewayEntry", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const zone = buildZone(build);
    const addresses = buildAddresses(build);
    buildHostRecord(build, zone, addresses);
    const certificate = buildCertificate(build, zone);

    const { account, cloud, name: location, region } = args.location;
    this.address = pulumi.all(addresses.map(({ allocationId }) => allocationId)).apply((ids) => ids.join(","));
    this.serviceAnnotations = annotationsOf(args, this.address, certificate.arn);
    this.loadBalancerIp = pulumi.output("");
    this.dnsChallenge = this.loadBalancerIp.apply((): Record<string, unknown> => ({}));
    this.certificateServiceAccount = pulumi.output(noIdentity);
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

/** What cert-manager gets where it has nothing to prove. */
const noIdentity: { annotations: Record<string, string>; podLabels: Record<string, string> } = {
  annotations: {},
  podLabels: {},
};

interface Build {
  readonly name: string;
  readonly args: GatewayEntryArgs;
  readonly opts: { readonly parent: AwsGatewayEntry };
}

/** Seconds that resolvers may keep an answer; the addresses stay, so only a rebuilt entry is waited for. */
const recordSeconds = 60;

function problemsOf({ host, location, zone }: GatewayEntryArgs): string[] {
  const problems = locationProblems("aws", location);
  if (host === zone || host.endsWith(`.${zone}`)) return problems;
  return [...problems, `host is "${host}"; it must be a name in the zone ${zone}, as gateway.${zone}`];
}

function buildZone({ name, args, opts }: Build): route53.Zone {
  return new route53.Zone(
    `${name}-zone`,
    {
      name: args.zone,
      comment: `Callers of the gateway in ${args.location.name}`,
      forceDestroy: !args.protect,
      tags: args.tags,
    },
    // A new zone gets other name servers, and the delegation would lead nowhere.
    guarded(opts.parent, args.protect),
  );
}

/** A load balancer takes one address a subnet, and the network has one public subnet a zone. */
function buildAddresses({ name, args, opts }: Build): ec2.Eip[] {
  return args.location.zones.map((zone) => {
    const role = `${name}-address-${zone}`;
    const tags = namedTags(args.tags, role);
    return new ec2.Eip(role, { domain: "vpc", tags }, guarded(opts.parent, args.protect));
  });
}

function buildHostRecord({ name, args, opts }: Build, zone: route53.Zone, addresses: readonly ec2.Eip[]): void {
  const records = addresses.map(({ publicIp }) => publicIp);
  new route53.Record(
    `${name}-host`,
    { zoneId: zone.zoneId, name: args.host, type: "A", ttl: recordSeconds, records },
    opts,
  );
}

function buildCertificate({ name, args, opts }: Build, zone: route53.Zone): acm.Certificate {
  const certificate = new acm.Certificate(
    `${name}-certificate`,
    { domainName: args.host, validationMethod: "DNS", keyAlgorithm: "EC_prime256v1", tags: args.tags },
    opts,
  );
  const proof = certificate.domainValidationOptions.apply(proofOf);
  new route53.Record(
    `${name}-certificate`,
    {
      zoneId: zone.zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      ttl: recordSeconds,
      records: [proof.resourceRecordValue],
      // ACM asks for the same record for every certificate of the name, the next one included.
      allowOverwrite: true,
    },
    opts,
  );
  return certificate;
}

interface Proof {
  readonly resourceRecordName: string;
  readonly resourceRecordType: string;
  readonly resourceRecordValue: string;
}

/** One name on the certificate, one record that proves it. */
function proofOf(options: readonly Proof[]): Proof {
  const [proof] = options as readonly [Proof];
  return proof;
}

const annotationPrefix = "service.beta.kubernetes.io/aws-load-balancer";

/**
 * For the load balancers that EKS's control plane makes itself, without a controller to install.
 * https://cloud-provider-aws.sigs.k8s.io/service_controller/
 */
function annotationsOf(
  { publicSubnetIds }: GatewayEntryArgs,
  address: pulumi.Output<string>,
  certificateArn: pulumi.Output<string>,
): pulumi.Output<Record<string, string>> {
  return pulumi.all([publicSubnetIds, address, certificateArn]).apply(
    ([subnets, allocations, certificate]): Record<string, string> => ({
      [`${annotationPrefix}-type`]: "nlb",
      // Subnets and addresses belong together in this order: zone by zone.
      [`${annotationPrefix}-subnets`]: subnets.join(","),
      [`${annotationPrefix}-eip-allocations`]: allocations,
      [`${annotationPrefix}-ssl-cert`]: certificate,
      [`${annotationPrefix}-ssl-ports`]: "443",
      // The default still takes TLS 1.0.
      [`${annotationPrefix}-ssl-negotiation-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      [`${annotationPrefix}-backend-protocol`]: "ssl",
      [`${annotationPrefix}-cross-zone-load-balancing-enabled`]: "true",
    }),
  );
}
