/** Networks, addresses and machines that Google Cloud accepts, each with what it refers to. */
import { gcp, madeOf, region } from "./gcp-cases.ts";
import { network, ranges, subnet } from "./gcp-things.ts";
import type { Accepted, Bench } from "./sandbox-refusals.ts";

const cluster = async (bench: Bench) => {
  const { id, properties } = await subnet(bench);
  return {
    network: properties.network,
    subnetwork: id,
    location: region,
    nodeLocations: [`${region}-a`, `${region}-b`],
    initialNodeCount: 1,
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    workloadIdentityConfig: { workloadPool: `${bench.account}.svc.id.goog` },
  };
};

export const acceptedNetwork: Accepted = {
  [gcp("compute/network:Network")]: () => ({ autoCreateSubnetworks: false, mtu: 1460 }),
  [gcp("compute/subnetwork:Subnetwork")]: async (bench) => ({
    network: (await network(bench)).id,
    ipCidrRange: "10.40.0.0/18",
    secondaryIpRanges: ranges,
  }),
  [gcp("compute/firewall:Firewall")]: async (bench) => ({
    network: (await network(bench)).id,
    direction: "INGRESS",
    allows: [{ protocol: "tcp", ports: ["443"] }],
    sourceRanges: ["10.0.0.0/8"],
  }),
  [gcp("compute/router:Router")]: async (bench) => ({ network: (await network(bench)).id, bgp: { asn: 64514 } }),
  [gcp("compute/routerNat:RouterNat")]: async (bench) => {
    const { id, properties } = await subnet(bench);
    const router = await bench.make(gcp("compute/router:Router"), { network: properties.network });
    const address = await bench.make(gcp("compute/address:Address"), {}, "egress");
    return {
      router: router.properties.name,
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: [address.properties.selfLink],
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      enableDynamicPortAllocation: true,
      minPortsPerVm: 64,
      maxPortsPerVm: 8192,
    };
  },
  [gcp("compute/address:Address")]: async (bench) => ({
    addressType: "INTERNAL",
    purpose: "GCE_ENDPOINT",
    subnetwork: (await subnet(bench)).id,
  }),
  [gcp("compute/globalAddress:GlobalAddress")]: async (bench) => ({
    addressType: "INTERNAL",
    purpose: "PRIVATE_SERVICE_CONNECT",
    address: "10.99.0.5",
    network: (await network(bench)).id,
  }),
  [gcp("compute/globalForwardingRule:GlobalForwardingRule")]: async (bench) => {
    const address = await madeOf(bench, "compute/globalAddress:GlobalAddress", {}, "apis");
    return {
      name: "allapis",
      target: "all-apis",
      loadBalancingScheme: "",
      network: address.properties.network,
      ipAddress: address.id,
    };
  },
  [gcp("compute/resourcePolicy:ResourcePolicy")]: () => ({ groupPlacementPolicy: { collocation: "COLLOCATED" } }),
  [gcp("networkconnectivity/regionalEndpoint:RegionalEndpoint")]: async (bench) => {
    const { id, properties } = await subnet(bench);
    const inside = { addressType: "INTERNAL", purpose: "GCE_ENDPOINT", subnetwork: id };
    return {
      location: region,
      accessType: "REGIONAL",
      targetGoogleApi: "aiplatform.eu.rep.googleapis.com",
      address: (await bench.make(gcp("compute/address:Address"), inside)).id,
      network: properties.network,
      subnetwork: id,
    };
  },
  [gcp("container/cluster:Cluster")]: cluster,
  [gcp("container/nodePool:NodePool")]: async (bench) => ({
    cluster: (await bench.make(gcp("container/cluster:Cluster"), await cluster(bench))).id,
    location: region,
    nodeLocations: [`${region}-b`],
    initialNodeCount: 0,
    autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 2 },
    nodeConfig: {
      machineType: "a3-highgpu-1g",
      guestAccelerators: [{ type: "nvidia-h100-80gb", count: 1 }],
      spot: true,
      diskSizeGb: 200,
    },
  }),
};
