import * as compute from "@pulumi/gcp/compute/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { argumentProblems, labels } from "../gcp.ts";
import { retainLogs, retentionProblems } from "../gcp-logs.ts";
import { guarded } from "../guard.ts";
import { buildPrivateNames, enableApis } from "./gcp-apis.ts";
import { enclosingCidr, rangeProblems, secondaryRanges } from "./gcp-ranges.ts";
import type { Network, NetworkArgs } from "./types.ts";

/**
 * A VPC with a regional subnet around the plan's node ranges, which has further ranges for pods and services, and one
 * for endpoints. No machine has an address of its own: the internet is reached from static addresses, Google's services
 * over addresses inside Google's network. What nobody asked for is dropped and logged, and so are flows.
 *
 * Address translation is regional here and survives the loss of a zone; `zoneRedundant` gives it a second address, so
 * twice the ports. `subnets.public` is not used: load balancers need no subnet.
 *
 * With `protect`, what a kept cluster stands on is kept with it: GCP deletes neither a subnet with a cluster in it nor
 * its network.
 *
 * @throws Error when ranges overlap or are malformed, or Cloud Logging can't keep logs for that many days
 */
export class GcpNetwork extends pulumi.ComponentResource implements Network {
  readonly scope: pulumi.Output<string>;
  readonly networkId: pulumi.Output<string>;
  readonly nodeSubnetIds: pulumi.Output<string[]>;
  readonly endpointSubnetIds: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly egressAddresses: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpNetwork", name, {}, opts);
    refuse("GcpNetwork", name, problemsOf(args));
    const scope = enableApis(name, args.location, { parent: this });
    const build: Build = { name, args, scope, opts: { parent: this }, kept: guarded(this, args.protect) };

    const network = buildNetwork(build);
    const subnet = buildNodeSubnet(build, network);
    const endpoints = buildEndpointSubnet(build, network);
    const { addresses, translation } = buildEgress(build, network, subnet);
    buildFirewall(build, network);
    buildPrivateNames(name, { ...args, scope, networkUrl: network.selfLink }, { parent: this });
    buildFlowLogs(build, network, [subnet, endpoints]);

    const { account, cloud, name: location, region, cidr } = args.location;
    this.scope = scope;
    this.networkId = network.id;
    // A machine that starts before there is a way out never joins its cluster.
    this.nodeSubnetIds = pulumi.all([subnet.id, translation.id]).apply(([id]) => [id]);
    this.endpointSubnetIds = pulumi.all([endpoints.id]);
    this.publicSubnetIds = pulumi.output([]);
    this.egressAddresses = pulumi.all(addresses.map(({ address }) => address));
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      cidr,
      scope: this.scope,
      networkId: this.networkId,
      nodeSubnetIds: this.nodeSubnetIds,
      endpointSubnetIds: this.endpointSubnetIds,
      publicSubnetIds: this.publicSubnetIds,
      egressAddresses: this.egressAddresses,
    });
  }
}

interface Build {
  readonly name: string;
  readonly args: NetworkArgs;
  readonly scope: pulumi.Output<string>;
  readonly opts: { readonly parent: GcpNetwork };
  /** Options of what a protected cluster stands on. */
  readonly kept: pulumi.CustomResourceOptions;
}

/** Port of the admission webhooks of Envoy Gateway and its AI extension; GKE itself opens only 443 and 10250. */
const webhookPort = "9443";

/** Rules of the network stand before the implied ones at 65535 and after every rule that GKE makes (1000). */
const lastPriority = 65534;

/** Half of the packets, every five seconds: enough to see who talked to whom. */
const flowLog = { aggregationInterval: "INTERVAL_5_SEC", flowSampling: 0.5, metadata: "INCLUDE_ALL_METADATA" };

/** Simultaneous connections of one machine to one address: at least, and when it needs them. */
const portsPerMachine = { min: 64, max: 8192 };

function problemsOf({ location, subnets, logRetentionDays, tags }: NetworkArgs): string[] {
  return [...argumentProblems(location, tags), ...rangeProblems(subnets), ...retentionProblems(logRetentionDays)];
}

function buildNetwork({ name, scope, kept }: Build): compute.Network {
  return new compute.Network(
    `${name}-vpc`,
    { project: scope, autoCreateSubnetworks: false, routingMode: "REGIONAL", description: `Network of ${name}` },
    kept,
  );
}

function buildNodeSubnet({ name, args, scope, kept }: Build, network: compute.Network): compute.Subnetwork {
  const { location, subnets } = args;
  return new compute.Subnetwork(
    `${name}-nodes`,
    {
      project: scope,
      region: location.region,
      network: network.id,
      ipCidrRange: enclosingCidr(subnets.nodes.map(({ cidr }) => cidr)),
      secondaryIpRanges: [
        { rangeName: secondaryRanges.pods, ipCidrRange: subnets.pods },
        { rangeName: secondaryRanges.services, ipCidrRange: subnets.services },
      ],
      privateIpGoogleAccess: true,
      stackType: "IPV4_ONLY",
      logConfig: flowLog,
    },
    kept,
  );
}

function buildEndpointSubnet({ name, args, scope, opts }: Build, network: compute.Network): compute.Subnetwork {
  return new compute.Subnetwork(
    `${name}-endpoints`,
    {
      project: scope,
      region: args.location.region,
      network: network.id,
      ipCidrRange: enclosingCidr(args.subnets.endpoints.map(({ cidr }) => cidr)),
      privateIpGoogleAccess: true,
      stackType: "IPV4_ONLY",
      logConfig: flowLog,
    },
    opts,
  );
}

function buildEgress({ name, args, scope, opts }: Build, network: compute.Network, subnet: compute.Subnetwork) {
  const { location, zoneRedundant, tags } = args;
  const place = { project: scope, region: location.region };
  const addresses = Array.from(
    { length: zoneRedundant ? 2 : 1 },
    (_, index) =>
      new compute.Address(
        `${name}-egress-${index + 1}`,
        { ...place, addressType: "EXTERNAL", networkTier: "PREMIUM", labels: labels(tags) },
        opts,
      ),
  );
  const router = new compute.Router(`${name}-router`, { ...place, network: network.id }, opts);
  const translation = new compute.RouterNat(
    `${name}-nat`,
    {
      ...place,
      router: router.name,
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: addresses.map(({ selfLink }) => selfLink),
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: subnet.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      enableDynamicPortAllocation: true,
      // Ports that grow with demand and one port for all destinations exclude each other.
      enableEndpointIndependentMapping: false,
      minPortsPerVm: portsPerMachine.min,
      maxPortsPerVm: portsPerMachine.max,
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    },
    opts,
  );
  return { addresses, translation };
}

/** GKE adds the rules for its own traffic and for load balancers; nobody else comes in. */
function buildFirewall({ name, args, scope, opts }: Build, network: compute.Network): void {
  const common = { project: scope, network: network.id, direction: "INGRESS" };
  new compute.Firewall(
    `${name}-deny-ingress`,
    {
      ...common,
      description: "Whatever no other rule allows is dropped, and seen",
      priority: lastPriority,
      denies: [{ protocol: "all" }],
      sourceRanges: ["0.0.0.0/0"],
      logConfig: { metadata: "INCLUDE_ALL_METADATA" },
    },
    opts,
  );
  new compute.Firewall(
    `${name}-allow-webhooks`,
    {
      ...common,
      description: "The control plane asks the gateway's admission webhooks",
      priority: 1000,
      allows: [{ protocol: "tcp", ports: [webhookPort] }],
      sourceRanges: [args.subnets.controlPlane],
    },
    opts,
  );
}

function buildFlowLogs(
  { name, args, scope, opts }: Build,
  network: compute.Network,
  subnets: readonly compute.Subnetwork[],
): void {
  const names = pulumi.all(subnets.map((subnet) => pulumi.interpolate`"${subnet.name}"`));
  const anyOf = names.apply((all) => all.join(" OR "));
  retainLogs(
    `${name}-flows`,
    {
      location: args.location,
      scope,
      bucketId: pulumi.interpolate`${network.name}-flows`,
      filter: pulumi.interpolate`resource.type="gce_subnetwork" AND resource.labels.subnetwork_name=(${anyOf})`,
      retentionDays: args.logRetentionDays,
      description: `Flows of ${name}`,
    },
    opts,
  );
}
