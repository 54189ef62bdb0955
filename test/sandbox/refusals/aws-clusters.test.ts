/** What the sandbox's AWS refuses of clusters. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  CLUSTER,
  connect,
  KEY,
  keptBy,
  NODES,
  refusedBy,
  role,
  set,
  subnetIn,
  twice,
  VPC,
} from "../../support/refusals-aws-bench.ts";
import { type Bench, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

/** The accepted cluster in other zones than the usual. */
const inZones = (region: string, zones: string[]) => async (inputs: object, bench: Bench) => {
  const vpc = await bench.make(VPC, { cidrBlock: "10.0.0.0/16", region }, "there");
  const subnets = await Promise.all(zones.map((zone) => subnetIn(bench, vpc, zone, region)));
  return { ...inputs, region, vpcConfig: { subnetIds: subnets.map(({ id }) => id) } };
};

const config = (more: object) => (inputs: Record<string, unknown>) => ({
  ...inputs,
  vpcConfig: { ...(inputs.vpcConfig as object), ...more },
});

const refused: RefusedTypes = {
  [CLUSTER]: [
    refusedBy(
      "placement",
      "a version that EKS does not have",
      set({ version: "1.12" }),
      "InvalidParameterException",
      "1.35, 1.36",
    ),
    {
      kind: "placement",
      when: "one zone",
      change: inZones("eu-west-1", ["a"]),
      code: "InvalidParameterException",
      says: "two different AZs",
    },
    {
      kind: "placement",
      when: "a zone without EKS",
      change: inZones("us-east-1", ["a", "c"]),
      code: "UnsupportedAvailabilityZoneException",
      says: "us-east-1c (use1-az3)",
    },
    refusedBy(
      "reference",
      "a role that is not there",
      set({ roleArn: "arn:aws:iam::111122223333:role/none" }),
      "InvalidParameterException",
      "roleArn",
    ),
    {
      kind: "reference",
      when: "a role for somebody else",
      change: async (inputs, bench) => ({
        ...inputs,
        roleArn: (await role(bench, "ec2.amazonaws.com", "other")).properties.arn,
      }),
      code: "InvalidParameterException",
      says: "[eks.amazonaws.com] were not found in the trust relationships",
    },
    refusedBy(
      "limit",
      "no endpoint at all",
      config({ endpointPublicAccess: false }),
      "InvalidParameterException",
      "endpointPrivateAccess",
    ),
    refusedBy(
      "limit",
      "private ranges from outside",
      config({ publicAccessCidrs: ["10.0.0.0/8"] }),
      "InvalidParameterException",
      "publicAccessCidrs[0]",
    ),
    refusedBy(
      "limit",
      "services in the VPC's own range",
      set({ kubernetesNetworkConfig: { serviceIpv4Cidr: "10.0.0.0/16" } }),
      "InvalidParameterException",
      "overlaps the VPC's 10.0.0.0/16",
    ),
    {
      kind: "limit",
      when: "secrets under a key for signing",
      change: async (inputs, { make }) => {
        const key = await make(KEY, { customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" });
        return { ...inputs, encryptionConfig: { provider: { keyArn: key.properties.arn }, resources: ["secrets"] } };
      },
      code: "InvalidParameterException",
      says: "is not symmetric",
    },
    refusedBy("name", "a name with a dot", set({ name: "my.cluster" }), "InvalidParameterException", "name"),
    twice(CLUSTER, "a name twice", "ResourceInUseException", "Cluster already exists with name: main"),
    refusedBy(
      "immutable",
      "another role",
      set({ roleArn: "arn:aws:iam::1:role/x" }),
      "InvalidParameterException",
      "roleArn",
    ),
    {
      kind: "immutable",
      when: "a version back",
      change: set({ version: "1.34" }),
      code: "InvalidParameterException",
      says: "minor version update from 1.35 to 1.34",
    },
    keptBy(
      "it is protected",
      ({ provider }, { id, inputs, properties }) =>
        provider.update(CLUSTER, id, properties, { ...inputs, deletionProtection: true }, false, inputs),
      "InvalidRequestException",
      "Set deletionProtection to false first",
    ),
    keptBy(
      "nodes are in it",
      async (bench, { inputs: { vpcConfig } }) => {
        const addon = { clusterName: "main", addonName: "vpc-cni" };
        await bench.make("aws:eks/addon:Addon", addon);
        const { subnetIds } = vpcConfig as { subnetIds: string[] };
        const { properties } = await role(bench, "ec2.amazonaws.com", "nodes");
        const scalingConfig = { minSize: 0, desiredSize: 0, maxSize: 1 };
        await bench.make(NODES, { clusterName: "main", nodeRoleArn: properties.arn, subnetIds, scalingConfig });
      },
      "ResourceInUseException",
      "has nodegroups attached",
    ),
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
