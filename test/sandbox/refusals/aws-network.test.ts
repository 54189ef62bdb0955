/** What the sandbox's AWS refuses of networks. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  ADDRESS,
  connect,
  ENDPOINT,
  GATEWAY,
  keptBy,
  loadBalancer,
  NAT,
  network,
  refusedBy,
  SUBNET,
  set,
  subnetIn,
  TABLE,
  twice,
  VPC,
  without,
} from "../../support/refusals-aws-bench.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const otherVpc = { vpcId: "vpc-00000000000000000" };

const refused: RefusedTypes = {
  [VPC]: [
    refusedBy("required", "no range", without("cidrBlock"), "MissingParameter", "cidrBlock"),
    refusedBy("limit", "a range that is too large", set({ cidrBlock: "10.0.0.0/8" }), "InvalidVpc.Range", "/16 to /28"),
    refusedBy("immutable", "another range", set({ cidrBlock: "10.1.0.0/16" }), "InvalidVpc.Range", "cidrBlock"),
    keptBy(
      "a subnet is in it",
      ({ make }, { id }) => make(SUBNET, { vpcId: id, cidrBlock: "10.0.0.0/24" }),
      "DependencyViolation",
      "has dependencies and cannot be deleted",
    ),
    keptBy("a gateway is attached", ({ make }, { id }) => make(GATEWAY, { vpcId: id }), "DependencyViolation", "igw-"),
    {
      kind: "limit",
      when: "the sixth of a region",
      first: async ({ make }) => {
        for (const nth of [1, 2, 3, 4, 5]) await make(VPC, { cidrBlock: "10.0.0.0/16" }, `vpc-${nth}`);
      },
      code: "VpcLimitExceeded",
      says: "limit 5, in use 5, asked for 1 (quota L-F678F1CE)",
    },
  ],
  [SUBNET]: [
    refusedBy("reference", "a VPC that is not there", set(otherVpc), "InvalidVpcID.NotFound", "vpcId"),
    refusedBy(
      "placement",
      "a zone that the region does not have",
      set({ availabilityZone: "eu-west-1d" }),
      "InvalidParameterValue",
      "Choose one of eu-west-1a, eu-west-1b, eu-west-1c",
    ),
    refusedBy("limit", "outside of its VPC", set({ cidrBlock: "10.1.0.0/24" }), "InvalidSubnet.Range", "not within"),
    refusedBy(
      "immutable",
      "another zone",
      set({ availabilityZone: "eu-west-1b" }),
      "InvalidSubnet.Range",
      "availabilityZone",
    ),
    {
      kind: "limit",
      when: "the range of another",
      first: ({ make }, { vpcId }) => make(SUBNET, { vpcId, cidrBlock: "10.0.0.0/20" }, "other"),
      code: "InvalidSubnet.Conflict",
      says: "cidrBlock",
    },
    keptBy(
      "an endpoint is in it",
      ({ make }, { id, inputs: { vpcId } }) =>
        make(ENDPOINT, {
          vpcId,
          subnetIds: [id],
          serviceName: "com.amazonaws.eu-west-1.sts",
          vpcEndpointType: "Interface",
        }),
      "DependencyViolation",
      "vpce-",
    ),
    keptBy(
      "a load balancer is in it",
      (bench, { id }) => loadBalancer(bench, "subnets", `subnet-1,${id}`),
      "DependencyViolation",
      "gateway",
    ),
  ],
  [GATEWAY]: [
    refusedBy("reference", "a VPC that is not there", set(otherVpc), "InvalidVpcID.NotFound", "vpcId"),
    twice(GATEWAY, "a second one of a VPC", "Resource.AlreadyAssociated", "vpcId"),
    refusedBy("immutable", "another region", set({ region: "eu-west-2" }), "UnsupportedOperation", "region"),
    keptBy(
      "a NAT gateway uses it",
      async (bench, { inputs: { vpcId } }) => {
        const subnet = await bench.make(SUBNET, { vpcId, cidrBlock: "10.0.0.0/24" });
        const address = await bench.make(ADDRESS, { domain: "vpc" });
        await bench.make(NAT, { subnetId: subnet.id, allocationId: address.id });
      },
      "DependencyViolation",
      "mapped public address(es)",
    ),
  ],
  [ADDRESS]: [
    refusedBy(
      "reference",
      "a machine that is not there",
      set({ instance: "i-1" }),
      "InvalidInstanceID.NotFound",
      "instance",
    ),
    refusedBy(
      "placement",
      "a border group of another region",
      set({ networkBorderGroup: "us-west-2" }),
      "InvalidParameterValue",
      "networkBorderGroup",
    ),
    refusedBy("immutable", "another pool", set({ publicIpv4Pool: "mine" }), "UnsupportedOperation", "publicIpv4Pool"),
    {
      kind: "limit",
      when: "the sixth of a region",
      first: async ({ make }) => {
        for (const nth of [1, 2, 3, 4, 5]) await make(ADDRESS, { domain: "vpc" }, `address-${nth}`);
      },
      code: "AddressLimitExceeded",
      says: "limit 5, in use 5, asked for 1 (quota L-0263D0A3)",
    },
    keptBy(
      "a NAT gateway has it",
      async (bench, { id }) => {
        const vpc = await network(bench);
        await bench.make(GATEWAY, { vpcId: vpc.id });
        await bench.make(NAT, { subnetId: (await subnetIn(bench, vpc)).id, allocationId: id });
      },
      "InvalidIPAddress.InUse",
      "nat-",
    ),
    keptBy(
      "a load balancer has it",
      (bench, { id }) => loadBalancer(bench, "eip-allocations", `eipalloc-1,${id}`),
      "InvalidIPAddress.InUse",
      "gateway",
    ),
  ],
  [NAT]: [
    refusedBy("required", "no address", without("allocationId"), "MissingParameter", "allocationId"),
    refusedBy(
      "reference",
      "an address that is not there",
      set({ allocationId: "eipalloc-00000000000000000" }),
      "InvalidAllocationID.NotFound",
      "allocationId",
    ),
    {
      kind: "reference",
      when: "a network without a way out",
      change: async (inputs, bench) => {
        const vpc = await network(bench, "closed");
        return { ...inputs, subnetId: (await subnetIn(bench, vpc)).id };
      },
      code: "Gateway.NotAttached",
      says: "subnetId",
    },
    refusedBy(
      "limit",
      "private with an address",
      set({ connectivityType: "private" }),
      "InvalidParameter",
      "allocationId",
    ),
    refusedBy(
      "immutable",
      "public no more",
      set({ connectivityType: "private" }),
      "UnsupportedOperation",
      "connectivityType",
    ),
    {
      kind: "limit",
      when: "the sixth of a zone",
      first: async ({ make }, { subnetId }) => {
        for (const nth of [1, 2, 3, 4, 5]) await make(NAT, { subnetId, connectivityType: "private" }, `nat-${nth}`);
      },
      code: "NatGatewayLimitExceeded",
      says: "in eu-west-1, eu-west-1a: limit 5",
    },
  ],
  [TABLE]: [
    refusedBy("reference", "a VPC that is not there", set(otherVpc), "InvalidVpcID.NotFound", "vpcId"),
    refusedBy("required", "no VPC", without("vpcId"), "MissingParameter", "vpcId"),
    refusedBy("immutable", "another VPC", set(otherVpc), "UnsupportedOperation", "vpcId"),
    refusedBy(
      "limit",
      "a route with two targets",
      set({ routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1", natGatewayId: "nat-1" }] }),
      "InvalidParameterCombination",
      "routes[0].natGatewayId",
    ),
  ],
  "aws:ec2/route:Route": [
    refusedBy(
      "reference",
      "a table that is not there",
      set({ routeTableId: "rtb-00000000000000000" }),
      "InvalidRouteTableID.NotFound",
      "routeTableId",
    ),
    twice("aws:ec2/route:Route", "a destination twice", "RouteAlreadyExists", "0.0.0.0/0"),
    refusedBy(
      "limit",
      "a block with host bits",
      set({ destinationCidrBlock: "10.0.0.1/8" }),
      "InvalidParameterValue",
      "10.0.0.1/8",
    ),
    refusedBy(
      "required",
      "no destination",
      without("destinationCidrBlock"),
      "MissingParameter",
      "destinationCidrBlock",
    ),
    refusedBy(
      "immutable",
      "another destination",
      set({ destinationCidrBlock: "10.9.0.0/16" }),
      "UnsupportedOperation",
      "destination",
    ),
    {
      kind: "limit",
      when: "the gateway of another network",
      change: async (inputs, bench) => {
        const vpc = await network(bench, "other");
        return { ...inputs, gatewayId: (await bench.make(GATEWAY, { vpcId: vpc.id }, "other")).id };
      },
      code: "InvalidParameterValue",
      says: "belong to different networks",
    },
  ],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    refusedBy(
      "reference",
      "a table that is not there",
      set({ routeTableId: "rtb-00000000000000000" }),
      "InvalidRouteTableID.NotFound",
      "routeTableId",
    ),
    twice(
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "a subnet twice",
      "Resource.AlreadyAssociated",
      "subnetId",
    ),
    refusedBy("required", "neither subnet nor gateway", without("subnetId"), "MissingParameter", "subnetId"),
    {
      kind: "limit",
      when: "a subnet of another network",
      change: async (inputs, bench) => {
        const vpc = await network(bench, "other");
        return { ...inputs, subnetId: (await subnetIn(bench, vpc)).id };
      },
      code: "InvalidParameterValue",
      says: "belong to different networks",
    },
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
