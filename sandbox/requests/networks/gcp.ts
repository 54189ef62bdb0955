/** Ways through a VPC network of Google Cloud: https://cloud.google.com/vpc/docs/vpc */
import type { StoredResource } from "../../store.ts";
import { asList, knownString, valueAt, valuesAt } from "../../values.ts";
import { type Drop, drop } from "../causes.ts";
import type { Held } from "../held.ts";
import type { Arrival, CloudNetwork, Cluster, Exit, NameServers, Origin, Way } from "../network.ts";
import { inFirewallPorts, type Port } from "../ports.ts";
import { nowhereIn, recordsIn } from "../records.ts";
import { droppingRule, type Flow, type OrderedRule } from "../rules.ts";
import { covers, everywhere, internet, nowhere, type Spans, spansOf, spansOfAll, textOf } from "../spans.ts";
import { isTainted } from "../taints.ts";

const CLUSTER = "gcp:container/cluster:Cluster";
const NETWORK = "gcp:compute/network:Network";
const SUBNET = "gcp:compute/subnetwork:Subnetwork";
const ADDRESS = "gcp:compute/address:Address";
const ZONE = "gcp:dns/managedZone:ManagedZone";
const ENDPOINT = "gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint";

/** Of private.googleapis.com and restricted.googleapis.com: https://cloud.google.com/vpc/docs/configure-private-google-access */
const entrances = spansOfAll(["199.36.153.8/30", "199.36.153.4/30"]);

export const gcpNetwork: CloudNetwork = {
  clusterType: CLUSTER,
  issuer: ({ id }) => `https://container.googleapis.com/v1/${id}`,
  origins,
  enforcesPolicies: (_, { outputs }) =>
    outputs.datapathProvider === "ADVANCED_DATAPATH" || valueAt(outputs, "networkPolicy.enabled") === true,
  nameServers,
  resolve,
  leave,
  enter,
  exit,
  admit,
};

function origins(held: Held, cluster: Cluster): Origin[] {
  const { resource } = cluster;
  const subnet = held.find(SUBNET, resource.outputs.subnetwork);
  const network = held.find(NETWORK, resource.outputs.network);
  if (subnet === undefined || network === undefined || pools(held, resource).length === 0) return [];
  // Inside the network pods show their own addresses, to the internet those of address translation.
  const pods = spansOf(resource.outputs.clusterIpv4Cidr);
  const addresses = [...spansOf(subnet.outputs.ipCidrRange), ...pods];
  return [{ cluster, subnet, network, addresses, groups: [] }];
}

function pools(held: Held, cluster: StoredResource): StoredResource[] {
  return held
    .all("gcp:container/nodePool:NodePool", cluster.placement.scope)
    .filter(({ outputs }) => outputs.cluster === cluster.id || outputs.cluster === cluster.name)
    .filter(({ outputs }) => !isTainted(valueAt(outputs, "nodeConfig.taints")));
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache and …/how-to/cloud-dns */
function nameServers({ outputs }: StoredResource): NameServers {
  if (valueAt(outputs, "dnsConfig.clusterDns") === "CLOUD_DNS")
    return { pods: "", addresses: spansOf("169.254.169.254") };
  if (valueAt(outputs, "addonsConfig.dnsCacheConfig.enabled") === true)
    return { pods: "node-local-dns", addresses: spansOf("169.254.20.10") };
  return { pods: "kube-dns", addresses: nowhere };
}

/** Of the network's private zones the one with the longest name answers, or nobody: https://cloud.google.com/dns/docs/vpc-name-res-order */
function resolve(held: Held, origin: Origin, host: string): Way | undefined {
  const zone = privateZone(held, origin, host);
  if (zone === undefined) return undefined;
  const found = recordsIn(held, zone, host);
  const [alias] = found.aliases;
  if (alias !== undefined && alias !== host)
    return resolve(held, origin, alias) ?? { to: "internet", addresses: internet, exact: false };
  if (found.addresses.length === 0) {
    const fix = "Add the record, or take away the zone so that the public name is asked for";
    return { to: "nowhere", drop: drop("gcpPrivateZone", zone, nowhereIn(zone, host), fix) };
  }
  const addresses = spansOfAll(found.addresses);
  if (covers(entrances, addresses)) return { to: "edge", addresses };
  const endpoint = held.all(ENDPOINT).find((candidate) => covers(endpointAddress(held, candidate), addresses));
  if (endpoint !== undefined) return { to: "endpoint", endpoint, addresses };
  if (covers(internet, addresses)) return { to: "internet", addresses, exact: true };
  const why = `it leads ${host} to ${textOf(addresses)}, where no endpoint is`;
  const fix = "Make the regional endpoint with that address, or correct the record";
  return { to: "nowhere", drop: drop("gcpEndpoint", zone, why, fix) };
}

function privateZone(held: Held, { network }: Origin, host: string): StoredResource | undefined {
  const zones = held.all(ZONE).filter(({ outputs }) => {
    const networks = valuesAt(outputs, "privateVisibilityConfig.networks[].networkUrl");
    const isSeen = networks.some(({ value }) => held.find(NETWORK, value)?.key === network.key);
    return outputs.visibility === "private" && isSeen && `.${host}.`.endsWith(`.${outputs.dnsName}`);
  });
  return zones.toSorted((one, other) => nameLength(other) - nameLength(one))[0];
}

const nameLength = ({ outputs }: StoredResource): number => String(outputs.dnsName).length;

function endpointAddress(held: Held, { outputs }: StoredResource): Spans {
  const given = knownString(outputs.address) ?? "";
  return spansOf(held.find(ADDRESS, given)?.outputs.address ?? given);
}

function leave(held: Held, origin: Origin, way: Exclude<Way, { to: "nowhere" }>, port: Port): Drop | undefined {
  const exact = way.to !== "internet" || way.exact;
  const flow = { sources: origin.addresses, destinations: way.addresses, exact };
  return firewallDrop(held, origin, "EGRESS", flow, port, []);
}

function enter(held: Held, origin: Origin, way: Extract<Way, { to: "endpoint" | "edge" }>): Drop | undefined {
  const { subnet, network, cluster } = origin;
  if (way.to === "edge") {
    // A subnet whose machines are translated has the private way, too: https://cloud.google.com/nat/docs/overview
    if (subnet.outputs.privateIpGoogleAccess === true || !("drop" in exit(held, origin))) return undefined;
    const why = "privateIpGoogleAccess is not true, and its machines have no address on the internet";
    return drop("gcpEntrance", subnet, why, "Set privateIpGoogleAccess to true");
  }
  const { outputs, placement } = way.endpoint;
  if (held.find(NETWORK, outputs.network)?.key !== network.key) {
    return drop(
      "gcpEndpoint",
      way.endpoint,
      `it is in another network than ${network.name}`,
      "Make one in this network",
    );
  }
  if (outputs.accessType === "GLOBAL" || placement.region === cluster.resource.placement.region) return undefined;
  const why = `it takes requests from ${placement.region} only, and these come from ${cluster.resource.placement.region}`;
  return drop("gcpEndpoint", way.endpoint, why, "Set accessType to GLOBAL, or make one in that region");
}

/** GKE lets the load balancer's callers in by a rule of priority 1000: https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules */
function admit(held: Held, origin: Origin, { sources, address, port, allowed }: Arrival): Drop | undefined {
  const own = { allows: true, sources: allowed, destinations: everywhere, from: origin.cluster.resource };
  return firewallDrop(held, origin, "INGRESS", { sources, destinations: address, exact: true }, port, [
    { priority: 1000, rule: own },
  ]);
}

type Direction = "INGRESS" | "EGRESS";

interface Ranked {
  readonly priority: number;
  readonly rule: OrderedRule<StoredResource>;
}

function firewallDrop(
  held: Held,
  { cluster, network, subnet }: Origin,
  direction: Direction,
  flow: Flow,
  port: Port,
  further: readonly Ranked[],
): Drop | undefined {
  const machines = pools(held, cluster.resource);
  const own = held
    .all("gcp:compute/firewall:Firewall")
    .filter(({ outputs }) => held.find(NETWORK, outputs.network)?.key === network.key && outputs.disabled !== true)
    .filter(({ outputs }) => outputs.direction === direction && isForMachines(outputs, machines))
    .flatMap((firewall) => rankedRule(firewall, port));
  // At the same priority what denies comes first.
  const ranked = [...own, ...further].toSorted(
    (one, other) => one.priority - other.priority || Number(one.rule.allows) - Number(other.rule.allows),
  );
  const implied = { allows: direction === "EGRESS", sources: everywhere, destinations: everywhere, from: network };
  const found = droppingRule([...ranked.map(({ rule }) => rule), implied], flow);
  if (found === undefined) return undefined;
  const why = `it denies ${direction.toLowerCase()} of TCP ${port.number} for the machines of ${subnet.name}`;
  const fix = `Allow TCP ${port.number} by a rule of a smaller priority number, or correct this one`;
  return drop("gcpFirewall", found.from, why, fix);
}

function rankedRule(firewall: StoredResource, port: Port): Ranked[] {
  const { outputs } = firewall;
  const allows = outputs.allows !== undefined;
  if (!inFirewallPorts(allows ? outputs.allows : outputs.denies, port)) return [];
  const ranges = (list: unknown): Spans => (asList(list).length === 0 ? everywhere : spansOfAll(asList(list)));
  const isOut = outputs.direction === "EGRESS";
  // Of a rule for what goes out the source ranges are not looked at.
  const sources = isOut ? everywhere : ranges(outputs.sourceRanges);
  const rule = { allows, sources, destinations: ranges(outputs.destinationRanges), from: firewall };
  return [{ priority: Number(outputs.priority), rule }];
}

/** A rule without targets is for all machines. */
function isForMachines(rule: Readonly<Record<string, unknown>>, machines: readonly StoredResource[]): boolean {
  const tags = asList(rule.targetTags);
  const accounts = asList(rule.targetServiceAccounts);
  if (tags.length === 0 && accounts.length === 0) return true;
  return machines.some(({ outputs }) => {
    const own = asList(valueAt(outputs, "nodeConfig.tags"));
    return own.some((tag) => tags.includes(tag)) || accounts.includes(valueAt(outputs, "nodeConfig.serviceAccount"));
  });
}

function exit(held: Held, { cluster, subnet, network }: Origin): Exit {
  // Machines with addresses of their own: which ones, nobody knows beforehand.
  if (valueAt(cluster.resource.outputs, "privateClusterConfig.enablePrivateNodes") !== true)
    return { addresses: internet };
  const translations = held
    .all("gcp:compute/routerNat:RouterNat", subnet.placement.scope)
    .filter(({ placement }) => placement.region === subnet.placement.region)
    .filter(({ outputs }) => isOfNetwork(held, outputs.router, subnet, network) && translates(held, outputs, subnet));
  const automatic = translations.some(({ outputs }) => outputs.natIpAllocateOption === "AUTO_ONLY");
  const found = translations.flatMap(({ outputs }) =>
    asList(outputs.natIps).flatMap((ip) => held.find(ADDRESS, ip) ?? []),
  );
  if (automatic) return { addresses: internet };
  if (found.length > 0) return { addresses: spansOfAll(found.map(({ outputs }) => outputs.address)) };
  const why = "its machines have no address on the internet, and no Cloud NAT with one translates theirs";
  return { drop: drop("gcpOutbound", translations[0] ?? subnet, why, "Add a Cloud NAT for the subnet") };
}

function isOfNetwork(held: Held, router: unknown, subnet: StoredResource, network: StoredResource): boolean {
  return held
    .all("gcp:compute/router:Router", subnet.placement.scope)
    .filter(({ id, name, outputs }) => [id, name, outputs.selfLink].includes(String(router)))
    .some(({ outputs }) => held.find(NETWORK, outputs.network)?.key === network.key);
}

function translates(held: Held, nat: Readonly<Record<string, unknown>>, subnet: StoredResource): boolean {
  if (nat.sourceSubnetworkIpRangesToNat !== "LIST_OF_SUBNETWORKS") return true;
  return valuesAt(nat, "subnetworks[].name").some(({ value }) => held.find(SUBNET, value)?.key === subnet.key);
}
