/** Ways through an Azure virtual network: https://learn.microsoft.com/azure/virtual-network/virtual-networks-overview */
import type { StoredResource } from "../../store.ts";
import { asList, knownString, valueAt, valuesAt } from "../../values.ts";
import { type Drop, drop } from "../causes.ts";
import { type Held, objectsIn } from "../held.ts";
import type { Arrival, CloudNetwork, Cluster, Exit, Origin, Way } from "../network.ts";
import { inRuleRanges, isProtocol, type Port } from "../ports.ts";
import { droppingRule, type Flow, type OrderedRule } from "../rules.ts";
import { everywhere, internet, nowhere, type Spans, spansOf, spansOfAll, textOf } from "../spans.ts";
import { isTainted } from "../taints.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const SUBNET = "azure-native:network:Subnet";
const VNET = "azure-native:network:VirtualNetwork";
const RULES = "azure-native:network:NetworkSecurityGroup";
const ENDPOINT = "azure-native:network:PrivateEndpoint";

export const azureNetwork: CloudNetwork = {
  clusterType: CLUSTER,
  issuer: ({ outputs }) => String(valueAt(outputs, "oidcIssuerProfile.issuerURL")),
  origins,
  enforcesPolicies: (_, cluster) => knownString(valueAt(cluster.outputs, "networkProfile.networkPolicy")) !== undefined,
  nameServers: () => ({ pods: "kube-dns", addresses: nowhere }),
  resolve,
  leave,
  enter,
  exit,
  admit,
};

/** Pods of an overlay leave by their machine's address: https://learn.microsoft.com/azure/aks/azure-cni-overlay */
function origins(held: Held, cluster: Cluster): Origin[] {
  const own = objectsIn(cluster.resource.outputs.agentPoolProfiles);
  const further = held
    .all("azure-native:containerservice:AgentPool", cluster.resource.placement.scope)
    .filter(({ id }) => id.toLowerCase().startsWith(`${cluster.resource.id.toLowerCase()}/`))
    .map(({ outputs }) => outputs);
  const pools = [...own, ...further].filter(({ nodeTaints }) => !isTainted(nodeTaints));
  return [...new Set(pools.map(({ vnetSubnetID }) => vnetSubnetID))].flatMap((id) => {
    const subnet = held.find(SUBNET, id);
    const network = held.find(VNET, String(id).replace(/\/subnets\/[^/]+$/i, ""));
    if (subnet === undefined || network === undefined) return [];
    return [{ cluster, subnet, network, addresses: rangesOf(subnet), groups: [] }];
  });
}

function rangesOf({ outputs }: StoredResource): Spans {
  return spansOfAll([outputs.addressPrefix, ...asList(outputs.addressPrefixes)]);
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
const privateZones: Readonly<Record<string, string>> = {
  "openai.azure.com": "privatelink.openai.azure.com",
  "cognitiveservices.azure.com": "privatelink.cognitiveservices.azure.com",
  "services.ai.azure.com": "privatelink.services.ai.azure.com",
};

/** Azure gives a service that has a private endpoint another name, which a private zone may answer. */
function resolve(held: Held, { network }: Origin, host: string): Way | undefined {
  const [, subdomain = "", domain = ""] = /^([^.]+)\.(.+)$/.exec(host) ?? [];
  const zoneName = privateZones[domain];
  const endpoints = held.all(ENDPOINT).filter((endpoint) => namesOf(endpoint).includes(host));
  if (zoneName === undefined || endpoints.length === 0) return undefined;
  const link = held
    .all("azure-native:privatedns:VirtualNetworkLink")
    .find(({ id, outputs }) => sameId(valueAt(outputs, "virtualNetwork.id"), network.id) && zoneIn(id) === zoneName);
  const zone = held.find("azure-native:privatedns:PrivateZone", link?.id.replace(/\/virtualNetworkLinks\/.*$/i, ""));
  if (link === undefined || zone === undefined) return undefined;
  const endpoint = endpoints.find((candidate) => isInZone(held, candidate, zone));
  if (endpoint !== undefined) return { to: "endpoint", endpoint, addresses: addressesOf(endpoint) };
  if (link.outputs.resolutionPolicy === "NxDomainRedirect") return undefined;
  const why = `the zone has no record ${subdomain}, and its link ${link.name} does not ask the internet instead`;
  const fix = "Add the private endpoint's DNS zone group, or set the link's resolutionPolicy to NxDomainRedirect";
  return { to: "nowhere", drop: drop("azurePrivateZone", zone, why, fix) };
}

function namesOf({ outputs }: StoredResource): string[] {
  return valuesAt(outputs, "customDnsConfigs[].fqdn").map(({ value }) => String(value));
}

function addressesOf({ outputs }: StoredResource): Spans {
  return spansOfAll(valuesAt(outputs, "customDnsConfigs[].ipAddresses[]").map(({ value }) => value));
}

/** Its zone group keeps the record: https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration */
function isInZone(held: Held, endpoint: StoredResource, zone: StoredResource): boolean {
  return held
    .all("azure-native:network:PrivateDnsZoneGroup")
    .filter(({ id }) => id.toLowerCase().startsWith(`${endpoint.id.toLowerCase()}/`))
    .some(({ outputs }) =>
      valuesAt(outputs, "privateDnsZoneConfigs[].privateDnsZoneId").some(({ value }) => sameId(value, zone.id)),
    );
}

const zoneIn = (id: string): string | undefined => /\/privateDnsZones\/([^/]+)/i.exec(id)?.[1]?.toLowerCase();

const sameId = (one: unknown, other: string): boolean => String(one).toLowerCase() === other.toLowerCase();

function leave(held: Held, origin: Origin, way: Exclude<Way, { to: "nowhere" }>, port: Port): Drop | undefined {
  const exact = way.to !== "internet" || way.exact;
  const flow = { sources: origin.addresses, destinations: way.addresses, exact };
  return ruleDrop(held, origin.subnet, origin.network, "Outbound", flow, port);
}

/** Only where the subnet says so do its rules hold for private endpoints: https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy */
function enter(
  held: Held,
  origin: Origin,
  way: Extract<Way, { to: "endpoint" | "edge" }>,
  port: Port,
): Drop | undefined {
  if (way.to === "edge") return undefined;
  const subnet = held.find(SUBNET, valueAt(way.endpoint.outputs, "subnet.id"));
  const { privateEndpointNetworkPolicies: policies } = subnet?.outputs ?? {};
  if (subnet === undefined || (policies !== "Enabled" && policies !== "NetworkSecurityGroupEnabled")) return undefined;
  const flow = { sources: origin.addresses, destinations: way.addresses, exact: true };
  return ruleDrop(held, subnet, origin.network, "Inbound", flow, port);
}

/** AKS asks to let its callers in where the subnet has rules of its own: https://learn.microsoft.com/azure/aks/load-balancer-standard */
function admit(held: Held, { subnet, network }: Origin, { sources, address, port }: Arrival): Drop | undefined {
  return ruleDrop(held, subnet, network, "Inbound", { sources, destinations: address, exact: true }, port);
}

type Direction = "Inbound" | "Outbound";

function ruleDrop(
  held: Held,
  subnet: StoredResource,
  network: StoredResource,
  direction: Direction,
  flow: Flow,
  port: Port,
): Drop | undefined {
  const group = held.find(RULES, valueAt(subnet.outputs, "networkSecurityGroup.id"));
  if (group === undefined) return undefined;
  const own = spansOfAll(asList(valueAt(network.outputs, "addressSpace.addressPrefixes")));
  const rules = objectsIn(group.outputs.securityRules)
    .filter((rule) => rule.direction === direction && isFor(rule, port))
    .toSorted((one, other) => Number(one.priority) - Number(other.priority))
    .map((rule) => orderedRule(rule, own));
  const found = droppingRule([...rules, ...builtIn[direction](own)], flow);
  if (found === undefined) return undefined;
  const why = `its rule ${found.from} denies TCP ${port.number} ${direction.toLowerCase()} from ${textOf(flow.sources)} (subnet ${subnet.name})`;
  const fix = `Add a rule of a smaller priority number that allows TCP ${port.number} ${direction.toLowerCase()}`;
  return drop("azureSecurityGroup", group, why, fix);
}

type Rule = Readonly<Record<string, unknown>>;

function isFor(rule: Rule, port: Port): boolean {
  const ranges = [rule.destinationPortRange, ...asList(rule.destinationPortRanges)];
  return isProtocol(rule.protocol, port) && inRuleRanges(ranges, port);
}

function orderedRule(rule: Rule, own: Spans): OrderedRule<string> {
  const prefixes = (side: "source" | "destination") =>
    [rule[`${side}AddressPrefix`], ...asList(rule[`${side}AddressPrefixes`])].flatMap((text) => prefixOf(text, own));
  return {
    allows: rule.access === "Allow",
    sources: prefixes("source"),
    destinations: prefixes("destination"),
    from: String(rule.name),
  };
}

/** A range or a tag; which addresses other tags stand for, only Azure knows: nobody is let in or shut out by them here. */
function prefixOf(text: unknown, own: Spans): Spans {
  const tags: Readonly<Record<string, Spans>> = { "*": everywhere, Internet: internet, VirtualNetwork: own };
  return tags[String(text)] ?? spansOf(text);
}

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules */
const builtIn: Readonly<Record<Direction, (own: Spans) => OrderedRule<string>[]>> = {
  Inbound: (own) => [
    { allows: true, sources: own, destinations: own, from: "AllowVnetInBound" },
    { allows: false, sources: everywhere, destinations: everywhere, from: "DenyAllInBound" },
  ],
  Outbound: (own) => [
    { allows: true, sources: own, destinations: own, from: "AllowVnetOutBound" },
    { allows: true, sources: everywhere, destinations: internet, from: "AllowInternetOutBound" },
    { allows: false, sources: everywhere, destinations: everywhere, from: "DenyAllOutBound" },
  ],
};

function exit(held: Held, { cluster, subnet }: Origin): Exit {
  const gateway = held.find("azure-native:network:NatGateway", valueAt(subnet.outputs, "natGateway.id"));
  const found = valuesAt(gateway?.outputs, "publicIpAddresses[].id").flatMap(
    ({ value }) => held.find("azure-native:network:PublicIPAddress", value) ?? [],
  );
  if (found.length > 0) return { addresses: spansOfAll(found.map(({ outputs }) => outputs.ipAddress)) };
  const outbound = valueAt(cluster.resource.outputs, "networkProfile.outboundType") ?? "loadBalancer";
  // AKS's own load balancer has addresses that the program does not know.
  if (outbound === "loadBalancer") return { addresses: internet };
  const why = `it has no NAT gateway with an address, and the cluster's outboundType is ${String(outbound)}`;
  return { drop: drop("azureOutbound", gateway ?? subnet, why, "Give the subnet a NAT gateway that has an address") };
}
