import { beforeEach, describe, expect, test } from "vitest";
import type { Cluster, Origin, Way } from "../../../sandbox/requests/network.ts";
import { awsNetwork } from "../../../sandbox/requests/networks/aws.ts";
import { azureNetwork } from "../../../sandbox/requests/networks/azure.ts";
import { gcpNetwork } from "../../../sandbox/requests/networks/gcp.ts";
import { tcp } from "../../../sandbox/requests/ports.ts";
import { publicZone, recordsIn } from "../../../sandbox/requests/records.ts";
import { internet, spansOf, textOf } from "../../../sandbox/requests/spans.ts";
import type { Properties } from "../../../sandbox/values.ts";
import { inside, type SmallClouds, smallClouds } from "./clouds.ts";

/** Each cloud's hops, in networks that are smaller or other than the shipped ones. */

let clouds: SmallClouds;
beforeEach(() => {
  clouds = smallClouds();
});

const toInternet: Extract<Way, { to: "internet" }> = { to: "internet", addresses: internet, exact: false };

/** The only place where pods run. */
function onlyOrigin(cluster: Cluster): Origin {
  const [first, ...others] = cluster.network.origins(clouds.held(), cluster);
  if (first === undefined || others.length > 0) throw new Error(`${others.length} more origins`);
  return first;
}

describe("AWS", () => {
  const region = { region: "eu-west-1" };
  let cluster: Cluster;
  beforeEach(() => {
    clouds.hold(
      "aws:ec2/vpc:Vpc",
      "vpc-1",
      { enableDnsHostnames: true, mainRouteTableId: "rtb-main", defaultSecurityGroupId: "sg-default" },
      region,
    );
    clouds.hold("aws:ec2/subnet:Subnet", "subnet-1", { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" }, region);
    const resource = clouds.hold(
      "aws:eks/cluster:Cluster",
      "main",
      { endpoint: inside, vpcConfig: { clusterSecurityGroupId: "sg-eks" } },
      region,
    );
    cluster = { resource, inside, network: awsNetwork };
  });
  const pool = (outputs: Properties = {}) =>
    clouds.hold(
      "aws:eks/nodeGroup:NodeGroup",
      "main:pool",
      { clusterName: "main", subnetIds: ["subnet-1"], ...outputs },
      region,
    );
  const group = (outputs: Properties) => clouds.hold("aws:ec2/securityGroup:SecurityGroup", "sg-own", outputs, region);

  test("pods run in the subnets of pools that take them, with EKS's own group", () => {
    pool();
    expect(onlyOrigin(cluster)).toMatchObject({
      subnet: { id: "subnet-1" },
      network: { id: "vpc-1" },
      groups: ["sg-eks"],
    });
    clouds.hold(
      "aws:eks/nodeGroup:NodeGroup",
      "main:gpu",
      { clusterName: "main", subnetIds: ["subnet-1"], taints: [{ effect: "NO_SCHEDULE" }] },
      region,
    );
    clouds.hold("aws:eks/nodeGroup:NodeGroup", "other:pool", { clusterName: "other", subnetIds: ["subnet-1"] }, region);
    expect(onlyOrigin(cluster).groups).toEqual(["sg-eks"]);
  });

  test("EKS's own group lets everything out; a launch template's lets out what it says", () => {
    const eks = pool();
    expect(awsNetwork.leave(clouds.held(), onlyOrigin(cluster), toInternet, tcp(443))).toBe(undefined);
    clouds.drop(eks);
    clouds.hold("aws:ec2/launchTemplate:LaunchTemplate", "lt-1", { vpcSecurityGroupIds: ["sg-own"] }, region);
    pool({ launchTemplate: { id: "lt-1" } });
    const made = group({ egress: [] });
    expect(awsNetwork.leave(clouds.held(), onlyOrigin(cluster), toInternet, tcp(443))?.thing.id).toBe("sg-own");
    clouds.drop(made);
    group({ egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }] });
    expect(awsNetwork.leave(clouds.held(), onlyOrigin(cluster), toInternet, tcp(443))).toBe(undefined);
    expect(awsNetwork.leave(clouds.held(), onlyOrigin(cluster), toInternet, tcp(8443))?.code).toBe("time-out");
  });

  test("an endpoint is entered by a rule for the machines' group, or for their addresses; without groups it has the VPC's default one", () => {
    pool();
    const endpoint = (ids: string[]) =>
      clouds.hold(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "vpce-1",
        {
          vpcId: "vpc-1",
          securityGroupIds: ids,
          subnetIds: ["subnet-1"],
          serviceName: "com.amazonaws.eu-west-1.ecr.api",
          privateDnsEnabled: true,
        },
        region,
      );
    const first = endpoint(["sg-own"]);
    const enter = () => {
      const way = awsNetwork.resolve(clouds.held(), onlyOrigin(cluster), "api.ecr.eu-west-1.amazonaws.com");
      if (way?.to !== "endpoint") throw new Error("no endpoint");
      return awsNetwork.enter(clouds.held(), onlyOrigin(cluster), way, tcp(443));
    };
    group({ ingress: [] });
    expect(enter()?.thing.id).toBe("sg-own");
    const rule = (outputs: Properties) =>
      clouds.hold(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "sgr-1",
        { securityGroupId: "sg-own", ipProtocol: "tcp", fromPort: 443, toPort: 443, ...outputs },
        region,
      );
    const byGroup = rule({ referencedSecurityGroupId: "sg-eks" });
    expect(enter()).toBe(undefined);
    clouds.drop(byGroup);
    const half = rule({ cidrIpv4: "10.0.0.0/25" });
    expect(enter()?.code).toBe("time-out");
    clouds.drop(half);
    rule({ cidrIpv4: "10.0.0.0/16" });
    expect(enter()).toBe(undefined);
    clouds.drop(first);
    endpoint([]);
    clouds.hold("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "sg-default", { ingress: [] }, region);
    expect(enter()?.thing.id).toBe("sg-default");
  });

  test("a subnet without a table of its own leaves by the VPC's main one, if that leads to the internet", () => {
    pool();
    const exit = () => awsNetwork.exit(clouds.held(), onlyOrigin(cluster));
    expect(exit()).toMatchObject({ drop: { code: "time-out", thing: { id: "subnet-1" } } });
    clouds.hold("aws:ec2/eip:Eip", "eipalloc-1", { publicIp: "192.0.2.1" }, region);
    clouds.hold("aws:ec2/subnet:Subnet", "subnet-2", { vpcId: "vpc-1", cidrBlock: "10.0.1.0/24" }, region);
    clouds.hold("aws:ec2/natGateway:NatGateway", "nat-1", { allocationId: "eipalloc-1", subnetId: "subnet-2" }, region);
    clouds.hold(
      "aws:ec2/route:Route",
      "r-1",
      { routeTableId: "rtb-main", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" },
      region,
    );
    clouds.hold(
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "rtbassoc-1",
      { subnetId: "subnet-2", routeTableId: "rtb-2" },
      region,
    );
    expect(exit()).toMatchObject({ drop: { thing: { id: "nat-1" } } });
    clouds.hold("aws:ec2/internetGateway:InternetGateway", "igw-1", {}, region);
    clouds.hold(
      "aws:ec2/route:Route",
      "r-2",
      { routeTableId: "rtb-2", destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" },
      region,
    );
    expect(exit()).toEqual({ addresses: spansOf("192.0.2.1") });
  });

  test.each([
    ['{"enableNetworkPolicy":"true"}', true],
    ['{"enableNetworkPolicy": true}', true],
    ['{"enableNetworkPolicy":"false"}', false],
    ["", false],
  ])("network policies hold with the add-on's settings %j: %j", (configurationValues, expected) => {
    clouds.hold(
      "aws:eks/addon:Addon",
      "main:vpc-cni",
      { clusterName: "main", addonName: "vpc-cni", configurationValues },
      region,
    );
    expect(awsNetwork.enforcesPolicies(clouds.held(), cluster.resource)).toBe(expected);
  });
});

describe("Azure", () => {
  const group = "/subscriptions/account/resourceGroups/group/providers/Microsoft.Network";
  const vnet = `${group}/virtualNetworks/net`;
  const subnet = `${vnet}/subnets/nodes`;
  const clusterWith = (outputs: Properties = {}): Cluster => ({
    resource: clouds.hold("azure-native:containerservice:ManagedCluster", "cluster", {
      agentPoolProfiles: [{ vnetSubnetID: subnet }],
      ...outputs,
    }),
    inside,
    network: azureNetwork,
  });
  const nodes = (outputs: Properties = {}) =>
    clouds.hold("azure-native:network:Subnet", subnet, { addressPrefix: "10.0.0.0/24", ...outputs });
  beforeEach(() => {
    clouds.hold("azure-native:network:VirtualNetwork", vnet, { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } });
  });

  test("a cluster that leaves by its load balancer has addresses that nobody knows; one that should not has no way out", () => {
    nodes();
    const byBalancer = clusterWith({ networkProfile: { outboundType: "loadBalancer" } });
    expect(azureNetwork.exit(clouds.held(), onlyOrigin(byBalancer))).toEqual({ addresses: internet });
    clouds.drop(byBalancer.resource);
    const own = clusterWith({ networkProfile: { outboundType: "userAssignedNATGateway" } });
    expect(azureNetwork.exit(clouds.held(), onlyOrigin(own))).toMatchObject({ drop: { thing: { id: subnet } } });
  });

  test("a pool with a taint is none of the gateway's", () => {
    nodes();
    expect(
      azureNetwork.origins(
        clouds.held(),
        clusterWith({ agentPoolProfiles: [{ vnetSubnetID: subnet, nodeTaints: ["a=b:NoSchedule"] }] }),
      ),
    ).toEqual([]);
  });

  const rules = (...securityRules: object[]) => {
    clouds.hold("azure-native:network:NetworkSecurityGroup", `${group}/networkSecurityGroups/rules`, { securityRules });
    nodes({ networkSecurityGroup: { id: `${group}/networkSecurityGroups/rules` } });
  };
  const outbound = {
    direction: "Outbound",
    protocol: "*",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationPortRange: "*",
  };
  test.each<[string, object[], string | undefined]>([
    ["no rule of their own", [], undefined],
    [
      "a rule that denies the internet",
      [{ ...outbound, name: "d", priority: 200, access: "Deny", destinationAddressPrefix: "Internet" }],
      "d",
    ],
    [
      "an earlier rule that allows it",
      [
        { ...outbound, name: "d", priority: 200, access: "Deny", destinationAddressPrefix: "Internet" },
        { ...outbound, name: "a", priority: 100, access: "Allow", destinationAddressPrefix: "*" },
      ],
      undefined,
    ],
    [
      "a rule for a tag that only Azure knows",
      [{ ...outbound, name: "d", priority: 200, access: "Deny", destinationAddressPrefix: "Sql" }],
      undefined,
    ],
    [
      "a rule for what comes in",
      [{ ...outbound, name: "d", priority: 200, access: "Deny", direction: "Inbound", destinationAddressPrefix: "*" }],
      undefined,
    ],
    [
      "a rule for other ports",
      [
        {
          ...outbound,
          name: "d",
          priority: 200,
          access: "Deny",
          destinationAddressPrefix: "*",
          destinationPortRange: "80",
        },
      ],
      undefined,
    ],
  ])("machines with %s reach the internet, or are told why not", (_, given, expected) => {
    rules(...given);
    const found = azureNetwork.leave(clouds.held(), onlyOrigin(clusterWith()), toInternet, tcp(443));
    expect(/its rule (\S+)/.exec(found?.why ?? "")?.[1]).toBe(expected);
  });

  test("a range that is denied matters where the request goes to one of its addresses, not where nobody knows", () => {
    rules({ ...outbound, name: "d", priority: 200, access: "Deny", destinationAddressPrefix: "192.0.2.0/24" });
    const leave = (way: typeof toInternet) =>
      azureNetwork.leave(clouds.held(), onlyOrigin(cluster), way, tcp(443))?.code;
    const cluster = clusterWith();
    expect(leave(toInternet)).toBe(undefined);
    expect(leave({ to: "internet", addresses: spansOf("192.0.2.7"), exact: true })).toBe("time-out");
    expect(leave({ to: "internet", addresses: spansOf("198.51.100.7"), exact: true })).toBe(undefined);
  });

  test("callers from the internet need a rule: by default nobody comes in", () => {
    const arrival = { sources: spansOf("192.0.2.1"), address: spansOf("192.0.2.9"), port: tcp(443), allowed: internet };
    rules();
    expect(azureNetwork.admit(clouds.held(), onlyOrigin(clusterWith()), arrival)?.why).toContain("DenyAllInBound");
  });
});

describe("GCP", () => {
  const place = { scope: "project", region: "europe-west4" };
  const network = "projects/project/global/networks/net";
  const nodes = "projects/project/regions/europe-west4/subnetworks/nodes";
  let cluster: Cluster;
  let subnet: ReturnType<SmallClouds["hold"]>;
  beforeEach(() => {
    clouds.hold("gcp:compute/network:Network", network, { name: "net" }, place);
    subnet = clouds.hold(
      "gcp:compute/subnetwork:Subnetwork",
      nodes,
      { ipCidrRange: "10.0.0.0/24", privateIpGoogleAccess: true },
      place,
    );
    const resource = clouds.hold(
      "gcp:container/cluster:Cluster",
      "cluster",
      {
        network,
        subnetwork: nodes,
        privateClusterConfig: { enablePrivateNodes: true },
        clusterIpv4Cidr: "10.1.0.0/16",
      },
      place,
    );
    clouds.hold(
      "gcp:container/nodePool:NodePool",
      "pool",
      { cluster: "cluster", nodeConfig: { tags: ["nodes"] } },
      place,
    );
    cluster = { resource, inside, network: gcpNetwork };
  });
  const zone = (name: string, dnsName: string, records: Properties[], outputs: Properties = {}) => {
    const made = clouds.hold(
      "gcp:dns/managedZone:ManagedZone",
      `projects/project/managedZones/${name}`,
      {
        name,
        dnsName,
        visibility: "private",
        privateVisibilityConfig: { networks: [{ networkUrl: network }] },
        ...outputs,
      },
      { ...place, name },
    );
    records.forEach((record, index) => {
      clouds.hold("gcp:dns/recordSet:RecordSet", `${name}-${index}`, { managedZone: name, ...record }, place);
    });
    return made;
  };
  const resolved = (host: string) => {
    const way = gcpNetwork.resolve(clouds.held(), onlyOrigin(cluster), host);
    if (way === undefined) return "the internet is asked";
    return way.to === "nowhere" ? `${way.drop.code} ${way.drop.thing.name}` : `${way.to} ${textOf(way.addresses)}`;
  };
  const edge = { name: "restricted.googleapis.com.", type: "A", rrdatas: ["199.36.153.4"] };
  const any = { name: "*.googleapis.com.", type: "CNAME", rrdatas: ["restricted.googleapis.com."] };

  test("of the private zones the longest name answers, by its own records before a wildcard, or nobody", () => {
    expect(resolved("storage.googleapis.com")).toBe("the internet is asked");
    zone("apis", "googleapis.com.", [edge, any]);
    expect(resolved("storage.googleapis.com")).toBe("edge 199.36.153.4");
    expect(resolved("aiplatform.eu.rep.googleapis.com")).toBe("edge 199.36.153.4");
    expect(resolved("example.com")).toBe("the internet is asked");
    zone("storage", "storage.googleapis.com.", []);
    expect(resolved("storage.googleapis.com")).toBe("NXDOMAIN storage");
  });

  test("a record that is another name leads where that leads, on the internet nobody knows where", () => {
    zone("own", "example.com.", [{ name: "models.example.com.", type: "CNAME", rrdatas: ["storage.googleapis.com."] }]);
    const way = gcpNetwork.resolve(clouds.held(), onlyOrigin(cluster), "models.example.com");
    expect(way).toEqual(toInternet);
    zone("apis", "googleapis.com.", [edge, any]);
    expect(resolved("models.example.com")).toBe("edge 199.36.153.4");
  });

  test("a range that is denied matters where the request goes to one of its addresses, not where nobody knows", () => {
    clouds.hold(
      "gcp:compute/firewall:Firewall",
      "rule",
      {
        network,
        direction: "EGRESS",
        denies: [{ protocol: "all" }],
        priority: 900,
        destinationRanges: ["192.0.2.0/24"],
      },
      place,
    );
    const leave = (way: typeof toInternet) => gcpNetwork.leave(clouds.held(), onlyOrigin(cluster), way, tcp(443))?.code;
    expect(leave(toInternet)).toBe(undefined);
    expect(leave({ to: "internet", addresses: spansOf("192.0.2.7"), exact: true })).toBe("time-out");
  });

  test("zones of other networks and public ones do not answer", () => {
    zone("other", "googleapis.com.", [edge, any], {
      privateVisibilityConfig: { networks: [{ networkUrl: "projects/project/global/networks/other" }] },
    });
    zone("public", "googleapis.com.", [edge, any], { visibility: "public" });
    expect(resolved("storage.googleapis.com")).toBe("the internet is asked");
  });

  test("a record leads to the endpoint that has its address, in the cluster's network and region, or to nothing", () => {
    zone("rep", "aiplatform.eu.rep.googleapis.com.", [
      { name: "aiplatform.eu.rep.googleapis.com.", type: "A", rrdatas: ["10.0.0.9"] },
    ]);
    expect(resolved("aiplatform.eu.rep.googleapis.com")).toBe("time-out rep");
    const endpoint = (outputs: Properties, region = "europe-west4") =>
      clouds.hold(
        "gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint",
        "endpoint",
        { address: "10.0.0.9", network, ...outputs },
        { ...place, region },
      );
    const entering = () => {
      const way = gcpNetwork.resolve(clouds.held(), onlyOrigin(cluster), "aiplatform.eu.rep.googleapis.com");
      if (way?.to !== "endpoint") throw new Error("no endpoint");
      return gcpNetwork.enter(clouds.held(), onlyOrigin(cluster), way, tcp(443))?.why;
    };
    const near = endpoint({});
    expect(entering()).toBe(undefined);
    clouds.drop(near);
    const far = endpoint({}, "europe-west1");
    expect(entering()).toContain("europe-west1 only");
    clouds.drop(far);
    const global = endpoint({ accessType: "GLOBAL" }, "europe-west1");
    expect(entering()).toBe(undefined);
    clouds.drop(global);
    endpoint({ network: "projects/project/global/networks/other" });
    expect(entering()).toContain("another network");
  });

  test("the edge is entered by private access, or by translation, which brings it along", () => {
    const way = { to: "edge", addresses: spansOf("199.36.153.4") } as const;
    const entering = () => gcpNetwork.enter(clouds.held(), onlyOrigin(cluster), way, tcp(443))?.thing.id;
    expect(entering()).toBe(undefined);
    clouds.drop(subnet);
    clouds.hold(
      "gcp:compute/subnetwork:Subnetwork",
      nodes,
      { ipCidrRange: "10.0.0.0/24", privateIpGoogleAccess: false },
      place,
    );
    expect(entering()).toBe(nodes);
    clouds.hold("gcp:compute/router:Router", "router", { network, name: "router" }, place);
    clouds.hold(
      "gcp:compute/routerNat:RouterNat",
      "nat",
      {
        router: "router",
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      },
      place,
    );
    expect(entering()).toBe(undefined);
  });

  test("translation has the addresses that it is given, for the subnets that it is for; its own it chooses", () => {
    const exit = () => gcpNetwork.exit(clouds.held(), onlyOrigin(cluster));
    clouds.hold("gcp:compute/address:Address", "address", { address: "192.0.2.1", name: "address" }, place);
    clouds.hold("gcp:compute/router:Router", "router", { network, name: "router" }, place);
    const nat = (outputs: Properties) =>
      clouds.hold(
        "gcp:compute/routerNat:RouterNat",
        "nat",
        { router: "router", natIps: ["address"], ...outputs },
        place,
      );
    const other = nat({ sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS", subnetworks: [{ name: "other" }] });
    expect(exit()).toMatchObject({ drop: { code: "time-out", thing: { id: nodes } } });
    clouds.drop(other);
    const own = nat({ sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS", subnetworks: [{ name: nodes }] });
    expect(exit()).toEqual({ addresses: spansOf("192.0.2.1") });
    clouds.drop(own);
    nat({ natIpAllocateOption: "AUTO_ONLY", sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" });
    expect(exit()).toEqual({ addresses: internet });
  });

  test.each<[string, Properties, string | undefined]>([
    ["denies all", { denies: [{ protocol: "all" }], priority: 1000 }, "rule"],
    ["denies other ports", { denies: [{ protocol: "tcp", ports: ["80"] }], priority: 1000 }, undefined],
    ["is switched off", { denies: [{ protocol: "all" }], priority: 1000, disabled: true }, undefined],
    ["is for other machines", { denies: [{ protocol: "all" }], priority: 1000, targetTags: ["other"] }, undefined],
    ["is for these machines", { denies: [{ protocol: "all" }], priority: 1000, targetTags: ["nodes"] }, "rule"],
    [
      "is for another account",
      { denies: [{ protocol: "all" }], priority: 1000, targetServiceAccounts: ["a@b"] },
      undefined,
    ],
    ["is for what comes in", { denies: [{ protocol: "all" }], priority: 1000, direction: "INGRESS" }, undefined],
    [
      "is for a range of the internet",
      { denies: [{ protocol: "all" }], priority: 1000, destinationRanges: ["192.0.2.0/24"] },
      undefined,
    ],
    ["comes before one that allows", { denies: [{ protocol: "all" }], priority: 400 }, "rule"],
    ["is of the same priority as one that allows", { denies: [{ protocol: "all" }], priority: 500 }, "rule"],
    ["comes after one that allows", { denies: [{ protocol: "all" }], priority: 600 }, undefined],
  ])("a firewall rule that %s", (when, outputs, expected) => {
    const firewall = (id: string, more: Properties) =>
      clouds.hold("gcp:compute/firewall:Firewall", id, { network, direction: "EGRESS", ...more }, place);
    firewall("rule", outputs);
    if (when.includes("one that allows")) firewall("allow", { allows: [{ protocol: "tcp" }], priority: 500 });
    expect(gcpNetwork.leave(clouds.held(), onlyOrigin(cluster), toInternet, tcp(443))?.thing.id).toBe(expected);
  });
});

describe("of a cluster", () => {
  const GKE = "gcp:container/cluster:Cluster";
  const AKS = "azure-native:containerservice:ManagedCluster";
  const networks = { [GKE]: gcpNetwork, [AKS]: azureNetwork };
  test.each<[keyof typeof networks, Properties, boolean]>([
    [GKE, { datapathProvider: "ADVANCED_DATAPATH" }, true],
    [GKE, { datapathProvider: "LEGACY_DATAPATH" }, false],
    [GKE, { datapathProvider: "LEGACY_DATAPATH", networkPolicy: { enabled: true } }, true],
    [GKE, { networkPolicy: { enabled: false } }, false],
    [AKS, { networkProfile: { networkPolicy: "cilium" } }, true],
    [AKS, { networkProfile: {} }, false],
  ])("%s with %j network policies hold: %j", (type, outputs, expected) => {
    expect(networks[type]?.enforcesPolicies(clouds.held(), clouds.hold(type, "cluster", outputs))).toBe(expected);
  });

  test.each<[Properties, string, string]>([
    [{}, "kube-dns", ""],
    [{ addonsConfig: { dnsCacheConfig: { enabled: false } } }, "kube-dns", ""],
    [{ addonsConfig: { dnsCacheConfig: { enabled: true } } }, "node-local-dns", "169.254.20.10"],
    [
      { dnsConfig: { clusterDns: "CLOUD_DNS" }, addonsConfig: { dnsCacheConfig: { enabled: true } } },
      "",
      "169.254.169.254",
    ],
  ])("GKE with %j names are asked of the pods %j or of %j", (outputs, pods, address) => {
    const servers = gcpNetwork.nameServers(clouds.hold(GKE, "cluster", outputs));
    expect([servers.pods, textOf(servers.addresses)]).toEqual([pods, address]);
  });
});

describe("public zones", () => {
  test.each<[string, Properties, string, Properties]>([
    [
      "aws:route53/zone:Zone",
      { name: "ai.example.com", vpcs: [] },
      "aws:route53/record:Record",
      { zoneId: "zone", name: "gateway", fqdn: "gateway.ai.example.com", type: "A", records: ["192.0.2.1"] },
    ],
    [
      "gcp:dns/managedZone:ManagedZone",
      { dnsName: "ai.example.com.", visibility: "public" },
      "gcp:dns/recordSet:RecordSet",
      { managedZone: "zone", name: "gateway.ai.example.com.", type: "A", rrdatas: ["192.0.2.1"] },
    ],
    [
      "azure-native:dns:Zone",
      { name: "ai.example.com", zoneType: "Public" },
      "azure-native:dns:RecordSet",
      { fqdn: "gateway.ai.example.com.", recordType: "A", aRecords: [{ ipv4Address: "192.0.2.1" }] },
    ],
  ])("of %s answer for their names", (zoneType, zone, recordType, record) => {
    clouds.hold(zoneType, "zone", zone);
    clouds.hold(recordType, "zone/record", record);
    const found = publicZone(clouds.held(), "gateway.ai.example.com");
    expect(found?.id).toBe("zone");
    if (found === undefined) return;
    expect(recordsIn(clouds.held(), found, "gateway.ai.example.com").addresses).toEqual(["192.0.2.1"]);
    expect(recordsIn(clouds.held(), found, "other.ai.example.com").addresses).toEqual([]);
    expect(publicZone(clouds.held(), "gateway.example.com")).toBe(undefined);
  });
});
