/** Ways through a VPC: https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html */
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, valueAt, valuesAt } from "../../values.ts";
import { type Drop, drop } from "../causes.ts";
import { type Held, objectsIn } from "../held.ts";
import type { CloudNetwork, Cluster, Exit, Origin, Way } from "../network.ts";
import { inGroupPorts, type Port } from "../ports.ts";
import { covers, everywhere, internet, nowhere, type Spans, spansOf, spansOfAll, textOf } from "../spans.ts";
import { isTainted } from "../taints.ts";

const CLUSTER = "aws:eks/cluster:Cluster";
const SUBNET = "aws:ec2/subnet:Subnet";
const VPC = "aws:ec2/vpc:Vpc";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

export const awsNetwork: CloudNetwork = {
  clusterType: CLUSTER,
  issuer: ({ outputs }) => String(valueAt(outputs, "identities[].oidcs[].issuer")),
  origins,
  enforcesPolicies,
  nameServers: () => ({ pods: "kube-dns", addresses: nowhere }),
  resolve,
  leave,
  enter,
  exit,
  admit: () => undefined,
};

/** Pods have addresses of their machine's subnet: https://docs.aws.amazon.com/eks/latest/userguide/pod-networking.html */
function origins(held: Held, cluster: Cluster): Origin[] {
  const { name, placement } = cluster.resource;
  const pools = held
    .all("aws:eks/nodeGroup:NodeGroup", placement.scope)
    .filter(({ outputs }) => outputs.clusterName === name && !isTainted(outputs.taints));
  return pools.flatMap((pool) =>
    asList(pool.outputs.subnetIds).flatMap((id) => {
      const subnet = held.find(SUBNET, id);
      const network = held.find(VPC, subnet?.outputs.vpcId);
      if (subnet === undefined || network === undefined) return [];
      const addresses = spansOf(subnet.outputs.cidrBlock);
      return [{ cluster, subnet, network, addresses, groups: groupsOf(held, cluster.resource, pool) }];
    }),
  );
}

/** Those of the launch template, else the one that EKS makes: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html */
function groupsOf(held: Held, cluster: StoredResource, pool: StoredResource): string[] {
  const template = held.find("aws:ec2/launchTemplate:LaunchTemplate", valueAt(pool.outputs, "launchTemplate.id"));
  const own = [
    ...valuesAt(template?.outputs, "vpcSecurityGroupIds[]"),
    ...valuesAt(template?.outputs, "networkInterfaces[].securityGroups[]"),
  ];
  const ids = own.map(({ value }) => String(value));
  return ids.length > 0 ? ids : [String(valueAt(cluster.outputs, "vpcConfig.clusterSecurityGroupId"))];
}

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html */
function enforcesPolicies(held: Held, { name, placement }: StoredResource): boolean {
  const plugin = held
    .all("aws:eks/addon:Addon", placement.scope)
    .find(({ outputs }) => outputs.clusterName === name && outputs.addonName === "vpc-cni");
  const settings = knownString(plugin?.outputs.configurationValues) ?? "";
  return /"?enableNetworkPolicy"?\s*:\s*"?true/.test(settings);
}

function resolve(held: Held, { network }: Origin, host: string): Way | undefined {
  const { enableDnsSupport, enableDnsHostnames } = network.outputs;
  if (enableDnsSupport === false) {
    const why = "enableDnsSupport is false: no machine of the VPC can ask for a name";
    return { to: "nowhere", drop: drop("awsResolver", network, why, "Set enableDnsSupport to true") };
  }
  if (enableDnsHostnames !== true) return undefined;
  const endpoint = held
    .all(ENDPOINT, network.placement.scope)
    .find(
      ({ outputs }) =>
        outputs.vpcId === network.id && outputs.privateDnsEnabled === true && hostOf(outputs.serviceName) === host,
    );
  if (endpoint === undefined) return undefined;
  const subnets = asList(endpoint.outputs.subnetIds).map((id) => held.find(SUBNET, id)?.outputs.cidrBlock);
  return { to: "endpoint", endpoint, addresses: spansOfAll(subnets) };
}

/** `com.amazonaws.eu-west-1.bedrock-runtime` answers as bedrock-runtime.eu-west-1.amazonaws.com. */
function hostOf(serviceName: unknown): string | undefined {
  const [, region, service] = /^com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9.-]+)$/.exec(String(serviceName)) ?? [];
  return service === undefined ? undefined : `${service.split(".").toReversed().join(".")}.${region}.amazonaws.com`;
}

function leave(held: Held, origin: Origin, way: Exclude<Way, { to: "nowhere" }>, port: Port): Drop | undefined {
  const peers = way.to === "endpoint" ? endpointGroups(way.endpoint, origin.network) : [];
  const rules = origin.groups.flatMap((id) => rulesOf(held, origin, id, "egress"));
  if (letThrough(rules, way.addresses, peers, port)) return undefined;
  const group = groupNamed(held, origin, origin.groups[0]);
  const why = `no rule for traffic out of the machines of ${origin.subnet.name} is for TCP ${port.number} to ${placeOf(way)}`;
  return drop("awsSecurityGroup", group, why, `Add a rule for traffic out on TCP ${port.number} to where it goes`);
}

function enter(
  held: Held,
  origin: Origin,
  way: Extract<Way, { to: "endpoint" | "edge" }>,
  port: Port,
): Drop | undefined {
  if (way.to === "edge") return undefined;
  const { endpoint } = way;
  const groups = endpointGroups(endpoint, origin.network);
  const rules = groups.flatMap((id) => rulesOf(held, origin, id, "ingress"));
  if (letThrough(rules, origin.addresses, origin.groups, port)) return undefined;
  const group = held.find([GROUP, DEFAULT_GROUP], groups[0]) ?? endpoint;
  const why = `no rule lets ${textOf(origin.addresses)} (machines and pods of ${origin.subnet.name}) into ${endpoint.id} on TCP ${port.number}`;
  return drop(
    "awsSecurityGroup",
    group,
    why,
    `Add a rule for traffic in on TCP ${port.number} from the cluster's subnets`,
  );
}

/** Without any, the VPC's default group: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html */
function endpointGroups(endpoint: StoredResource, network: StoredResource): string[] {
  const ids = asList(endpoint.outputs.securityGroupIds).map(String);
  return ids.length > 0 ? ids : [String(network.outputs.defaultSecurityGroupId)];
}

interface GroupRule {
  readonly addresses: Spans;
  /** Ids of groups. */
  readonly groups: readonly string[];
  readonly isFor: (port: Port) => boolean;
}

function letThrough(rules: readonly GroupRule[], addresses: Spans, groups: readonly string[], port: Port): boolean {
  const fitting = rules.filter((rule) => rule.isFor(port));
  if (fitting.some((rule) => rule.groups.some((id) => groups.includes(id)))) return true;
  return (
    addresses.length > 0 &&
    covers(
      fitting.flatMap((rule) => rule.addresses),
      addresses,
    )
  );
}

type Direction = "ingress" | "egress";

const ruleTypes: Readonly<Record<Direction, string>> = {
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
};

function rulesOf(held: Held, { cluster }: Origin, id: string, direction: Direction): GroupRule[] {
  const group = held.find([GROUP, DEFAULT_GROUP], id);
  const separate = held.all(ruleTypes[direction]).filter(({ outputs }) => outputs.securityGroupId === id);
  const made = cluster.resource.outputs;
  const isEks = group?.id !== id && valueAt(made, "vpcConfig.clusterSecurityGroupId") === id;
  return [
    ...objectsIn(group?.outputs[direction]).map(inlineRule),
    ...separate.map(({ outputs }) => separateRule(outputs)),
    ...(isEks ? [eksRules(id)[direction]] : []),
  ];
}

/** What EKS puts into the group that it makes: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html */
function eksRules(id: string): Readonly<Record<Direction, GroupRule>> {
  const any = { isFor: () => true };
  return {
    ingress: { ...any, addresses: nowhere, groups: [id] },
    egress: { ...any, addresses: everywhere, groups: [] },
  };
}

function inlineRule(rule: Readonly<Record<string, unknown>>): GroupRule {
  return {
    addresses: spansOfAll(asList(rule.cidrBlocks)),
    groups: asList(rule.securityGroups).map(String),
    isFor: (port) => inGroupPorts(rule.protocol, rule.fromPort, rule.toPort, port),
  };
}

function separateRule(rule: Readonly<Record<string, unknown>>): GroupRule {
  return {
    addresses: spansOf(rule.cidrIpv4),
    groups: [rule.referencedSecurityGroupId].flatMap((id) => knownString(id) ?? []),
    isFor: (port) => inGroupPorts(rule.ipProtocol, rule.fromPort, rule.toPort, port),
  };
}

/** The group; for the one that EKS made, its cluster. */
function groupNamed(held: Held, { cluster }: Origin, id: unknown): StoredResource {
  return held.find([GROUP, DEFAULT_GROUP], id) ?? cluster.resource;
}

function placeOf(way: Exclude<Way, { to: "nowhere" }>): string {
  return way.to === "endpoint" ? way.endpoint.id : "the internet";
}

/** Out of the subnet by its route to a translation gateway, and from there by the one to the internet. */
function exit(held: Held, { subnet, network }: Origin): Exit {
  const route = routeOut(held, subnet, network);
  const gateway = held.find("aws:ec2/natGateway:NatGateway", route?.outputs.natGatewayId);
  const address = held.find("aws:ec2/eip:Eip", gateway?.outputs.allocationId);
  if (route === undefined || gateway === undefined || address === undefined) {
    const why = `no route of ${subnet.name} leads to an address translation gateway with an address`;
    const fix = "Add a route to 0.0.0.0/0 by a NAT gateway that has an address";
    return { drop: drop("awsRoute", route ?? subnet, why, fix) };
  }
  const outer = held.find(SUBNET, gateway.outputs.subnetId);
  const onward = outer === undefined ? undefined : routeOut(held, outer, network);
  if (held.find("aws:ec2/internetGateway:InternetGateway", onward?.outputs.gatewayId) === undefined) {
    const why = `its subnet ${outer?.name ?? "is gone, and"} has no route to an internet gateway`;
    return { drop: drop("awsRoute", gateway, why, "Add a route to 0.0.0.0/0 by the VPC's internet gateway") };
  }
  return { addresses: spansOf(address.outputs.publicIp) };
}

/** The route to everywhere; a subnet without a table of its own has the VPC's main one. */
function routeOut(held: Held, subnet: StoredResource, network: StoredResource): StoredResource | undefined {
  const association = held
    .all("aws:ec2/routeTableAssociation:RouteTableAssociation", subnet.placement.scope)
    .find(({ outputs }) => outputs.subnetId === subnet.id);
  const table = association?.outputs.routeTableId ?? asObject(network.outputs).mainRouteTableId;
  return held
    .all("aws:ec2/route:Route", subnet.placement.scope)
    .find(({ outputs }) => outputs.routeTableId === table && covers(spansOf(outputs.destinationCidrBlock), internet));
}
