/** What the sandbox's AWS refuses of machines. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  cluster,
  connect,
  keptBy,
  NODES,
  nodeGroup,
  ROLE,
  refusedBy,
  SUBNET,
  set,
  TEMPLATE,
  trustIn,
  twice,
  VPC,
} from "../../support/refusals-aws-bench.ts";
import { type Bench, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const PLACEMENT = "aws:ec2/placementGroup:PlacementGroup";

const withTemplate =
  (template: object, more: object = {}) =>
  async (inputs: object, { make }: Bench) => ({
    ...inputs,
    launchTemplate: { id: (await make(TEMPLATE, { name: "own", ...template })).id, version: "1" },
    ...more,
  });

const scaling = (minSize: number, desiredSize: number, maxSize: number) =>
  set({ scalingConfig: { minSize, desiredSize, maxSize } });

const refused: RefusedTypes = {
  [TEMPLATE]: [
    refusedBy(
      "reference",
      "a group that is not there",
      set({ vpcSecurityGroupIds: ["sg-00000000000000000"] }),
      "InvalidGroup.NotFound",
      "vpcSecurityGroupIds[0]",
    ),
    refusedBy(
      "name",
      "a name of two letters",
      set({ name: "ab" }),
      "InvalidLaunchTemplateName.MalformedException",
      "name",
    ),
    twice(TEMPLATE, "a name twice", "InvalidLaunchTemplateName.AlreadyExistsException", "name"),
    refusedBy(
      "limit",
      "a volume that is too small",
      set({ blockDeviceMappings: [{ ebs: { volumeType: "st1", volumeSize: 50 } }] }),
      "InvalidParameterValue",
      "from 125 to 16384",
    ),
    refusedBy(
      "limit",
      "too many hops",
      set({ metadataOptions: { httpPutResponseHopLimit: 65 } }),
      "InvalidParameterValue",
      "from 1 to 64",
    ),
    refusedBy("immutable", "another name", set({ name: "others" }), "UnsupportedOperation", "name"),
  ],
  [PLACEMENT]: [
    refusedBy(
      "limit",
      "a strategy that is none",
      set({ strategy: "near" }),
      "InvalidParameterValue",
      "cluster, partition or spread",
    ),
    refusedBy(
      "limit",
      "partitions of a cluster",
      set({ partitionCount: 2 }),
      "InvalidParameterCombination",
      "partitionCount",
    ),
    refusedBy(
      "placement",
      "hosts outside of Outposts",
      set({ strategy: "spread", spreadLevel: "host" }),
      "InvalidParameterCombination",
      "spreadLevel",
    ),
    twice(PLACEMENT, "a name twice", "InvalidPlacementGroup.Duplicate", "name"),
    refusedBy("immutable", "another strategy", set({ strategy: "spread" }), "UnsupportedOperation", "strategy"),
    keptBy(
      "machines are in it",
      async (bench, { id }) => {
        const template = await bench.make(TEMPLATE, { name: "near", placement: { groupName: id } });
        await bench.make(NODES, { ...(await nodeGroup(bench)), launchTemplate: { id: template.id, version: "1" } });
      },
      "InvalidPlacementGroup.InUse",
      "lt-",
    ),
  ],
  [NODES]: [
    refusedBy(
      "reference",
      "a cluster that is not there",
      set({ clusterName: "none" }),
      "ResourceNotFoundException",
      "clusterName",
    ),
    {
      kind: "reference",
      when: "a role for somebody else",
      change: async (inputs, { make }) => {
        const other = await make(ROLE, { name: "other", assumeRolePolicy: trustIn("eks.amazonaws.com") });
        return { ...inputs, nodeRoleArn: other.properties.arn };
      },
      code: "InvalidParameterException",
      says: "[ec2.amazonaws.com]",
    },
    refusedBy(
      "placement",
      "H100 machines in a region without them",
      set({ instanceTypes: ["p5.48xlarge"], amiType: "AL2023_x86_64_NVIDIA" }),
      "Ec2InstanceTypeDoesNotExist",
      "Use a region that offers it",
    ),
    {
      kind: "placement",
      when: "A100 machines in zones without them",
      change: async (inputs, { make }) => {
        const { subnetIds } = inputs as { subnetIds: string[] };
        const template = await make(TEMPLATE, { name: "gpu", instanceType: "p4d.24xlarge" });
        const launchTemplate = { id: template.id, version: "1" };
        return { ...inputs, subnetIds: subnetIds.slice(0, 1), instanceTypes: [], launchTemplate };
      },
      code: "AsgInstanceLaunchFailures",
      says: "(eu-west-1a)",
    },
    {
      kind: "limit",
      when: "GPUs in a fresh account",
      change: set({ instanceTypes: ["g4dn.xlarge"], amiType: "AL2023_x86_64_NVIDIA" }),
      code: "VcpuLimitExceeded",
      says: "G and VT instances",
    },
    {
      kind: "limit",
      when: "A100 machines in a fresh account",
      change: set({ instanceTypes: ["p4d.24xlarge"], amiType: "AL2023_x86_64_NVIDIA" }),
      code: "VcpuLimitExceeded",
      says: "limit 0, in use 0, asked for 96 (quota L-417A185B)",
    },
    {
      kind: "limit",
      when: "spot GPUs in a fresh account",
      change: set({ instanceTypes: ["g5.xlarge"], amiType: "AL2023_x86_64_NVIDIA", capacityType: "SPOT" }),
      code: "MaxSpotInstanceCountExceeded",
      says: "quota L-3819A6DF",
    },
    {
      kind: "limit",
      when: "more vCPUs than a fresh account has",
      change: (inputs) => ({ ...scaling(1, 2, 2)(inputs), instanceTypes: ["m7i.xlarge"] }),
      code: "VcpuLimitExceeded",
      says: "limit 5, in use 0, asked for 8 (quota L-1216C47A)",
    },
    refusedBy(
      "placement",
      "an image for another processor",
      set({ amiType: "AL2023_ARM_64_STANDARD" }),
      "InvalidParameterException",
      "amiType",
    ),
    refusedBy(
      "placement",
      "an image that has ended",
      set({ amiType: "AL2_x86_64" }),
      "InvalidParameterException",
      "AL2023_x86_64_STANDARD",
    ),
    refusedBy("limit", "sizes upside down", scaling(2, 1, 3), "InvalidParameterException", "scalingConfig"),
    refusedBy(
      "limit",
      "another version than the cluster's",
      set({ version: "1.34" }),
      "InvalidParameterException",
      "should be equal",
    ),
    {
      kind: "limit",
      when: "a disk beside a template",
      change: withTemplate({}, { diskSize: 50 }),
      code: "InvalidRequestException",
      says: "diskSize",
    },
    {
      kind: "limit",
      when: "two machine types",
      change: withTemplate({ instanceType: "m7i.large" }),
      code: "InvalidRequestException",
      says: "both in the node group and in the launch template",
    },
    refusedBy(
      "limit",
      "a capacity block without its reservation",
      set({ capacityType: "CAPACITY_BLOCK" }),
      "InvalidParameterException",
      "capacity-block",
    ),
    refusedBy(
      "name",
      "a name with a dot",
      set({ nodeGroupName: "my.nodes" }),
      "InvalidParameterException",
      "nodeGroupName",
    ),
    twice(NODES, "a name twice", "ResourceInUseException", "NodeGroup already exists with name system"),
    refusedBy(
      "immutable",
      "another machine",
      set({ instanceTypes: ["m7i.xlarge"] }),
      "InvalidParameterException",
      "instanceTypes",
    ),
    {
      kind: "limit",
      when: "subnets of another network",
      change: async (inputs, { make }) => {
        const vpc = await make(VPC, { cidrBlock: "10.0.0.0/16" }, "other");
        const subnet = await make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" }, "other");
        return { ...inputs, subnetIds: [subnet.id] };
      },
      code: "InvalidParameterException",
      says: "is not in the cluster's VPC",
    },
    {
      kind: "reference",
      when: "a cluster without a network plugin",
      change: async (inputs, bench) => {
        const { held, subnetIds } = await cluster(
          { ...bench, make: (type, more, name) => bench.make(type, renamed(more), `bare-${name ?? "main"}`) },
          { bootstrapSelfManagedAddons: false },
        );
        return { ...inputs, clusterName: held.id, subnetIds };
      },
      code: "NodeCreationFailure",
      says: "vpc-cni",
    },
  ],
};

/** The same under another name, where one is given. */
function renamed(inputs: Record<string, unknown>): Record<string, unknown> {
  return inputs.name === undefined ? inputs : { ...inputs, name: `bare-${inputs.name}` };
}

testRefused({ package: "aws", accepted, refused, connect });
