import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as ec2 from "@pulumi/aws/ec2/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { namedTags, partitionOf, policyDocument, retentionProblems, serviceTrust, zoneName } from "../aws.ts";
import { locationProblems, refuse } from "../check.ts";
import { guarded } from "../guard.ts";
import { contains, parseCidr } from "../plan/addresses.ts";
import { buildEndpointGroup, buildInterfaceEndpoint, buildStorageEndpoint } from "./aws-endpoints.ts";
import type { Network, NetworkArgs } from "./types.ts";

/**
 * A VPC with three subnets a zone: nodes (private), endpoints (no way out) and public (address translation, load
 * balancers). Nodes reach the internet from static addresses, AWS's own services through endpoints inside the VPC.
 * Every flow is logged. `subnets.pods`, `subnets.services` and `subnets.controlPlane` are not used: pods have
 * addresses of the node subnets.
 *
 * With `protect`, what a kept cluster stands on is kept with it: AWS deletes neither a subnet with a cluster in it nor
 * its VPC.
 *
 * @throws Error when the subnets don't cover exactly the location's zones or lie outside its range, or CloudWatch
 * can't keep logs for that many days
 */
export class AwsNetwork extends pulumi.ComponentResource implements Network {
  readonly scope: pulumi.Output<string>;
  readonly networkId: pulumi.Output<string>;
  readonly nodeSubnetIds: pulumi.Output<string[]>;
  readonly endpointSubnetIds: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly egressAddresses: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    // Given its arguments, a component waits for every one of them, used or not, before its first child.
    super("twocloud:index:AwsNetwork", name, {}, opts);
    refuse("AwsNetwork", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this }, kept: guarded(this, args.protect) };

    const network = buildVpc(build);
    const gateway = buildInternetGateway(build, network);
    const open = buildPublicSubnets(build, network, gateway);
    const egress = buildEgress(build, open);
    const nodes = buildNodeSubnets(build, network, egress);
    const endpoints = buildEndpointSubnets(build, network);
    buildServiceEndpoints(build, network, nodes, endpoints);
    buildFlowLog(build, network);

    const { account, cloud, name: location, region } = args.location;
    this.scope = pulumi.output(account);
    this.networkId = network.id;
    this.nodeSubnetIds = readyIds(nodes);
    this.endpointSubnetIds = readyIds(endpoints);
    this.publicSubnetIds = readyIds(open);
    this.egressAddresses = pulumi.all(egress.map(({ address }) => address.publicIp));
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      cidr: args.location.cidr,
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
  readonly opts: { readonly parent: AwsNetwork };
  /** Options of what a protected cluster stands on. */
  readonly kept: pulumi.CustomResourceOptions;
}

/** A subnet with what makes it usable: until `routes` exist, nothing in it reaches anything. */
interface ZoneSubnet {
  readonly zone: string;
  readonly subnet: ec2.Subnet;
  readonly table: ec2.RouteTable;
  readonly routes: readonly pulumi.CustomResource[];
}

interface Egress {
  readonly zone: string;
  readonly address: ec2.Eip;
  readonly gateway: ec2.NatGateway;
}

/** AWS services that nodes and gateway call: tokens, images, logs. */
const interfaceServices = ["sts", "ecr.api", "ecr.dkr", "logs"] as const;

const subnetKinds = ["nodes", "public", "endpoints"] as const;

function problemsOf({ location, subnets, logRetentionDays }: NetworkArgs): string[] {
  const problems = [...locationProblems("aws", location), ...retentionProblems(logRetentionDays)];
  const range = parseCidr(location.cidr);
  if (range === undefined || range.prefix < 16 || range.prefix > 28) {
    problems.push(`location ${location.name} has cidr "${location.cidr}"; a VPC takes an IPv4 range from /16 to /28`);
  }
  const zones = location.zones.join(", ");
  for (const kind of subnetKinds) {
    const covered = subnets[kind].map(({ zone }) => zone).join(", ");
    if (covered !== zones) {
      problems.push(
        `subnets.${kind} covers the zones [${covered}]; the location has [${zones}]: one subnet a zone, in order`,
      );
    }
    for (const { zone, cidr } of subnets[kind]) {
      const part = parseCidr(cidr);
      if (part !== undefined && range !== undefined && contains(range, part)) continue;
      problems.push(`subnets.${kind} has "${cidr}" in zone ${zone}; it must be a part of ${location.cidr}`);
    }
  }
  return problems;
}

function buildVpc({ name, args, opts, kept }: Build): ec2.Vpc {
  const network = new ec2.Vpc(
    `${name}-vpc`,
    {
      cidrBlock: args.location.cidr,
      enableDnsSupport: true,
      // Private names of endpoints and of the cluster's API server resolve only with it.
      enableDnsHostnames: true,
      tags: namedTags(args.tags, name),
    },
    kept,
  );
  // AWS makes this group with every VPC, and gives it to whatever names none: empty, it lets nothing through.
  new ec2.DefaultSecurityGroup(
    `${name}-default`,
    { vpcId: network.id, ingress: [], egress: [], tags: namedTags(args.tags, `${name}-unused`) },
    opts,
  );
  return network;
}

function buildInternetGateway({ name, args, opts }: Build, network: ec2.Vpc): ec2.InternetGateway {
  return new ec2.InternetGateway(`${name}-internet`, { vpcId: network.id, tags: namedTags(args.tags, name) }, opts);
}

function buildPublicSubnets(build: Build, network: ec2.Vpc, gateway: ec2.InternetGateway): ZoneSubnet[] {
  const { name, opts } = build;
  const table = buildRouteTable(build, network, "public");
  const route = new ec2.Route(
    `${name}-public-default`,
    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
    opts,
  );
  // By this tag the cluster's load balancers find the subnets of an internet-facing one.
  return buildSubnets(build, network, "public", { "kubernetes.io/role/elb": "1" }, () => [table, route]);
}

/** Address translation: in each zone, or in the first one for all. */
function buildEgress({ name, args, opts }: Build, open: readonly ZoneSubnet[]): Egress[] {
  return open.slice(0, args.zoneRedundant ? open.length : 1).map(({ zone, subnet, routes }) => {
    const tags = namedTags(args.tags, `${name}-egress-${zone}`);
    const address = new ec2.Eip(`${name}-egress-${zone}`, { domain: "vpc", tags }, opts);
    const gateway = new ec2.NatGateway(
      `${name}-nat-${zone}`,
      { allocationId: address.allocationId, subnetId: subnet.id, connectivityType: "public", tags },
      // It comes up only where the internet can be reached.
      { ...opts, dependsOn: [...routes] },
    );
    return { zone, address, gateway };
  });
}

function buildNodeSubnets(build: Build, network: ec2.Vpc, egress: readonly Egress[]): ZoneSubnet[] {
  const { name, opts } = build;
  return buildSubnets(build, network, "nodes", { "kubernetes.io/role/internal-elb": "1" }, (zone) => {
    // One table a zone even where all share one way out, so that a second one moves no subnet.
    const table = buildRouteTable(build, network, `nodes-${zone}`);
    const way = egress.find((candidate) => candidate.zone === zone) ?? egress[0];
    const route = new ec2.Route(
      `${name}-nodes-${zone}-default`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: way?.gateway.id },
      opts,
    );
    return [table, route];
  });
}

function buildEndpointSubnets(build: Build, network: ec2.Vpc): ZoneSubnet[] {
  const table = buildRouteTable(build, network, "endpoints");
  return buildSubnets(build, network, "endpoints", {}, () => [table]);
}

function buildRouteTable({ name, args, opts }: Build, network: ec2.Vpc, role: string): ec2.RouteTable {
  const tags = namedTags(args.tags, `${name}-${role}`);
  return new ec2.RouteTable(`${name}-${role}`, { vpcId: network.id, tags }, opts);
}

function buildSubnets(
  { name, args, opts, kept }: Build,
  network: ec2.Vpc,
  kind: (typeof subnetKinds)[number],
  tags: Record<string, string>,
  routing: (zone: string) => [ec2.RouteTable, ...pulumi.CustomResource[]],
): ZoneSubnet[] {
  return args.subnets[kind].map(({ zone, cidr }) => {
    const role = `${name}-${kind}-${zone}`;
    const subnet = new ec2.Subnet(
      role,
      {
        vpcId: network.id,
        availabilityZone: zoneName(args.location, zone),
        cidrBlock: cidr,
        mapPublicIpOnLaunch: false,
        tags: { ...namedTags(args.tags, role), ...tags },
      },
      kind === "nodes" ? kept : opts,
    );
    const [table, ...routes] = routing(zone);
    const association = new ec2.RouteTableAssociation(role, { subnetId: subnet.id, routeTableId: table.id }, opts);
    return { zone, subnet, table, routes: [...routes, association] };
  });
}

function buildServiceEndpoints(build: Build, network: ec2.Vpc, nodes: ZoneSubnet[], endpoints: ZoneSubnet[]): void {
  const { name, args, opts } = build;
  const place = { location: args.location, networkId: network.id, tags: args.tags };
  const routeTableIds = nodes.map(({ table }) => table.id);
  buildStorageEndpoint(`${name}-s3`, { ...place, routeTableIds }, opts);
  const group = buildEndpointGroup(`${name}-endpoints`, place, opts);
  const subnetIds = endpoints.map(({ subnet }) => subnet.id);
  for (const service of interfaceServices) {
    const role = `${name}-${service.replace(".", "-")}`;
    buildInterfaceEndpoint(role, { ...place, service, subnetIds, securityGroupId: group.id }, opts);
  }
}

function buildFlowLog({ name, args, opts }: Build, network: ec2.Vpc): void {
  const { account, region } = args.location;
  const { tags } = args;
  const group = new cloudwatch.LogGroup(`${name}-flows`, { retentionInDays: args.logRetentionDays, tags }, opts);
  const role = new iam.Role(
    `${name}-flows`,
    { assumeRolePolicy: serviceTrust("vpc-flow-logs.amazonaws.com", account), tags },
    opts,
  );
  const permission = new iam.RolePolicy(
    `${name}-flows`,
    {
      role: role.name,
      policy: policyDocument(
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: pulumi.interpolate`${group.arn}:*`,
        },
        {
          Effect: "Allow",
          Action: "logs:DescribeLogGroups",
          Resource: `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:*`,
        },
      ),
    },
    opts,
  );
  new ec2.FlowLog(
    `${name}-flows`,
    {
      vpcId: network.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags,
    },
    { ...opts, dependsOn: permission },
  );
}

/** Ids that are known only when the subnets have their routes: a machine that starts before never joins its cluster. */
function readyIds(subnets: readonly ZoneSubnet[]): pulumi.Output<string[]> {
  return pulumi.all(
    subnets.map(({ subnet, routes }) => pulumi.all([subnet.id, pulumi.all(routes.map(({ id }) => id))]).apply(firstOf)),
  );
}

function firstOf([id]: readonly [string, unknown]): string {
  return id;
}
