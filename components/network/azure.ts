import * as network from "@pulumi/azure-native/network/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { retentionProblems, zoneProblems } from "../azure.ts";
import { locationProblems, refuse } from "../check.ts";
import { guarded } from "../guard.ts";
import { contains, parseCidr } from "../plan/addresses.ts";
import { buildFlowLog } from "./azure-flow-log.ts";
import type { Network, NetworkArgs } from "./types.ts";

/**
 * A resource group and in it a virtual network: a node subnet for each zone, whose way to the internet is address
 * translation in the same zone by static addresses, and one subnet for private endpoints, which has none. Every flow
 * is logged.
 *
 * Azure's subnets are not bound to a zone, but its translation gateways are (the zone-redundant kind is not in the
 * API that the SDK speaks), so each zone's machines get a subnet of their own. Private endpoints span zones: of
 * `subnets.endpoints` only the first is used. `subnets.public` is not used (load balancers have no subnet), and pods
 * and services lie outside the virtual network, as AKS demands.
 *
 * With `protect`, what a kept cluster stands on is kept with it: Azure deletes all that is in a resource group
 * together with the group, and refuses to delete a subnet with machines in it, or a way out that a subnet has.
 *
 * @throws Error when the node subnets don't cover exactly the location's zones, a subnet lies outside its range, or
 * Azure can't keep logs for that many days
 */
export class AzureNetwork extends pulumi.ComponentResource implements Network {
  readonly scope: pulumi.Output<string>;
  readonly networkId: pulumi.Output<string>;
  readonly nodeSubnetIds: pulumi.Output<string[]>;
  readonly endpointSubnetIds: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly egressAddresses: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:AzureNetwork", name, {}, opts);
    refuse("AzureNetwork", name, problemsOf(args));
    const kept = guarded(this, args.protect);
    const group = buildGroup(name, args, kept);
    const build: Build = { name, args, scope: group.name, opts: { parent: this }, kept };

    const net = buildNetwork(build);
    const egress = buildEgress(build);
    const nodes = buildNodeSubnets(build, net, egress);
    const endpoints = buildEndpointSubnet(build, net, nodes);
    buildFlowLog(name, { ...args, scope: group.name, networkId: net.id }, build.opts);

    const { account, cloud, name: location, region } = args.location;
    this.scope = group.name;
    this.networkId = net.id;
    this.nodeSubnetIds = pulumi.all(nodes.map(({ id }) => id));
    this.endpointSubnetIds = pulumi.all([endpoints.id]);
    this.publicSubnetIds = pulumi.output([]);
    this.egressAddresses = pulumi.all(egress.map(({ address }) => assigned(address)));
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
  readonly scope: pulumi.Output<string>;
  readonly opts: { readonly parent: AzureNetwork };
  /** Options of what a protected cluster stands on. */
  readonly kept: pulumi.CustomResourceOptions;
}

interface Egress {
  readonly zone: string;
  readonly address: network.PublicIPAddress;
  readonly gateway: network.NatGateway;
}

function problemsOf({ location, subnets, logRetentionDays }: NetworkArgs): string[] {
  const problems = [
    ...locationProblems("azure", location),
    ...zoneProblems(location),
    ...retentionProblems(logRetentionDays),
  ];
  const zones = location.zones.join(", ");
  const covered = subnets.nodes.map(({ zone }) => zone).join(", ");
  if (covered !== zones || zones === "") {
    problems.push(
      `subnets.nodes covers the zones [${covered}]; the location has [${zones}]: one subnet a zone, in order, and at least one`,
    );
  }
  if (subnets.endpoints.length === 0) problems.push("subnets.endpoints is empty; private endpoints need one subnet");
  const range = parseCidr(location.cidr);
  for (const { kind, zone, cidr } of usedRanges(subnets)) {
    const part = parseCidr(cidr);
    if (part !== undefined && range !== undefined && contains(range, part)) continue;
    problems.push(`subnets.${kind} has "${cidr}" in zone ${zone}; it must be a part of ${location.cidr}`);
  }
  return problems;
}

function usedRanges({ nodes, endpoints }: NetworkArgs["subnets"]): { kind: string; zone: string; cidr: string }[] {
  return [
    ...nodes.map((subnet) => ({ kind: "nodes", ...subnet })),
    ...endpoints.slice(0, 1).map((subnet) => ({ kind: "endpoints", ...subnet })),
  ];
}

function buildGroup(name: string, { location, tags }: NetworkArgs, opts: pulumi.CustomResourceOptions) {
  return new resources.ResourceGroup(`${name}-group`, { location: location.region, tags }, opts);
}

function buildNetwork({ name, args, scope, kept }: Build): network.VirtualNetwork {
  return new network.VirtualNetwork(
    `${name}-vnet`,
    {
      resourceGroupName: scope,
      location: args.location.region,
      // Its subnets' ranges only: those of pods and services must not be inside a virtual network
      // (https://learn.microsoft.com/azure/aks/azure-cni-overlay).
      addressSpace: { addressPrefixes: usedRanges(args.subnets).map(({ cidr }) => cidr) },
      tags: args.tags,
    },
    kept,
  );
}

/** Address translation: in each zone, or in the first one for all. */
function buildEgress({ name, args, scope, kept }: Build): Egress[] {
  const { location, subnets, tags, zoneRedundant } = args;
  return subnets.nodes.slice(0, zoneRedundant ? subnets.nodes.length : 1).map(({ zone }) => {
    const address = new network.PublicIPAddress(
      `${name}-egress-${zone}`,
      {
        resourceGroupName: scope,
        location: location.region,
        sku: { name: network.PublicIPAddressSkuName.Standard, tier: network.PublicIPAddressSkuTier.Regional },
        publicIPAllocationMethod: network.IPAllocationMethod.Static,
        publicIPAddressVersion: network.IPVersion.IPv4,
        // In all zones although its gateway is in one: it can be given to a gateway elsewhere and stays the same.
        zones: [...location.zones],
        tags,
      },
      kept,
    );
    const gateway = new network.NatGateway(
      `${name}-nat-${zone}`,
      {
        resourceGroupName: scope,
        location: location.region,
        sku: { name: network.NatGatewaySkuName.Standard },
        zones: [zone],
        publicIpAddresses: [{ id: address.id }],
        tags,
      },
      kept,
    );
    return { zone, address, gateway };
  });
}

function buildNodeSubnets(build: Build, net: network.VirtualNetwork, egress: readonly Egress[]): network.Subnet[] {
  const { name, args, scope, kept } = build;
  const group = buildRules(build, "nodes", kept, [
    {
      name: "allow-https-from-internet",
      description: "Callers of the gateway; who they may be is decided at its load balancer",
      direction: network.SecurityRuleDirection.Inbound,
      access: network.SecurityRuleAccess.Allow,
      priority: 100,
      protocol: network.SecurityRuleProtocol.Tcp,
      sourceAddressPrefix: "Internet",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "443",
    },
  ]);
  const built: network.Subnet[] = [];
  for (const { zone, cidr } of args.subnets.nodes) {
    const way = egress.find((candidate) => candidate.zone === zone) ?? egress[0];
    const subnet = new network.Subnet(
      `${name}-nodes-${zone}`,
      {
        resourceGroupName: scope,
        virtualNetworkName: net.name,
        addressPrefix: cidr,
        defaultOutboundAccess: false,
        ...(way === undefined ? {} : { natGateway: { id: way.gateway.id } }),
        networkSecurityGroup: { id: group.id },
      },
      after(kept, built),
    );
    built.push(subnet);
  }
  return built;
}

function buildEndpointSubnet(build: Build, net: network.VirtualNetwork, nodes: network.Subnet[]): network.Subnet {
  const { name, args, scope, opts } = build;
  const inbound = { direction: network.SecurityRuleDirection.Inbound, sourcePortRange: "*" } as const;
  const group = buildRules(build, "endpoints", opts, [
    {
      ...inbound,
      name: "allow-https-from-nodes",
      description: "Pods come from their node's address",
      access: network.SecurityRuleAccess.Allow,
      priority: 100,
      protocol: network.SecurityRuleProtocol.Tcp,
      sourceAddressPrefixes: args.subnets.nodes.map(({ cidr }) => cidr),
      destinationAddressPrefix: "*",
      destinationPortRange: "443",
    },
    {
      ...inbound,
      name: "deny-all",
      description: "Without it everything inside the virtual network is let in",
      access: network.SecurityRuleAccess.Deny,
      priority: 4096,
      protocol: network.SecurityRuleProtocol.Asterisk,
      sourceAddressPrefix: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "*",
    },
  ]);
  const [first] = args.subnets.endpoints;
  return new network.Subnet(
    `${name}-endpoints`,
    {
      resourceGroupName: scope,
      virtualNetworkName: net.name,
      ...(first === undefined ? {} : { addressPrefix: first.cidr }),
      defaultOutboundAccess: false,
      networkSecurityGroup: { id: group.id },
      // Without it the rules above do not hold for private endpoints.
      privateEndpointNetworkPolicies: network.VirtualNetworkPrivateEndpointNetworkPolicies.Enabled,
    },
    after(opts, nodes),
  );
}

function buildRules(
  { name, args, scope }: Build,
  role: "nodes" | "endpoints",
  opts: pulumi.CustomResourceOptions,
  securityRules: network.NetworkSecurityGroupArgs["securityRules"] & object,
): network.NetworkSecurityGroup {
  return new network.NetworkSecurityGroup(
    `${name}-${role}`,
    { resourceGroupName: scope, location: args.location.region, securityRules, tags: args.tags },
    opts,
  );
}

/** Azure changes one subnet of a virtual network at a time and refuses a second one meanwhile. */
function after(opts: pulumi.CustomResourceOptions, built: readonly network.Subnet[]): pulumi.CustomResourceOptions {
  const last = built.at(-1);
  return last === undefined ? opts : { ...opts, dependsOn: last };
}

/** The address of a static public IP; it has one from its creation on. */
function assigned(address: network.PublicIPAddress): pulumi.Output<string> {
  return address.ipAddress.apply((ip) => {
    if (ip === undefined) throw new Error("Azure returned a static public IP address without the address itself");
    return ip;
  });
}
