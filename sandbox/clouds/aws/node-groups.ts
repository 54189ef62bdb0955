/** Managed node groups of EKS. */
import type { ResourceType } from "../../cloud.ts";
import { arnOf, awsType, CLUSTER, EKS_API, named, refs, uuidOf } from "./common.ts";
import { nodeGroupProblems, nodeGroupRefusals } from "./node-group-rules.ts";

const nodeGroup = awsType({
  token: "aws:eks/nodeGroup:NodeGroup",
  id: (inputs) => `${inputs.clusterName}:${inputs.nodeGroupName}`,
  arn: (inputs, context) =>
    arnOf("eks", `nodegroup/${inputs.clusterName}/${inputs.nodeGroupName}/${uuidOf(context, "node group")}`, context),
  taggable: true,
  name: named({
    property: "nodeGroupName",
    prefix: "nodeGroupNamePrefix",
    pattern: /^[0-9A-Za-z][A-Za-z0-9\-_]*$/,
    allowed: "letters, digits, hyphens and underscores, beginning with a letter or digit",
    maxLength: 63,
    source: `${EKS_API}/API_CreateNodegroup.html`,
  }),
  replaceOn: [
    "amiType",
    "capacityType",
    "clusterName",
    "diskSize",
    "instanceTypes",
    "launchTemplate.id",
    "launchTemplate.name",
    "nodeGroupName",
    "nodeGroupNamePrefix",
    "nodeRoleArn",
    "remoteAccess",
    "subnetIds",
  ],
  references: [
    refs.cluster("clusterName"),
    refs.roleArn("nodeRoleArn"),
    refs.subnet("subnetIds[]"),
    {
      path: "launchTemplate.id",
      types: ["aws:ec2/launchTemplate:LaunchTemplate"],
      refusal: (id) => `InvalidRequestException: Launch template ${id} does not exist`,
    },
    {
      path: "launchTemplate.name",
      by: "name",
      types: ["aws:ec2/launchTemplate:LaunchTemplate"],
      refusal: (name) => `InvalidRequestException: Launch template ${name} does not exist`,
    },
  ],
  unique: [
    {
      paths: ["clusterName", "nodeGroupName"],
      within: "region",
      refusal: (key) => {
        const [cluster, name] = key.split("/");
        return `ResourceInUseException: NodeGroup already exists with name ${name} and cluster name ${cluster}`;
      },
    },
  ],
  check: nodeGroupProblems,
  refuse: nodeGroupRefusals,
  outputs: (inputs, context) => ({
    status: "ACTIVE",
    capacityType: inputs.capacityType ?? "ON_DEMAND",
    amiType: inputs.amiType ?? "AL2023_x86_64_STANDARD",
    instanceTypes: inputs.instanceTypes ?? (inputs.launchTemplate === undefined ? ["t3.medium"] : []),
    diskSize: inputs.diskSize ?? (inputs.launchTemplate === undefined ? 20 : 0),
    version: inputs.version ?? context.find(CLUSTER, inputs.clusterName)?.outputs.version,
    nodeGroupNamePrefix: inputs.nodeGroupNamePrefix ?? "",
    updateConfig: inputs.updateConfig ?? { maxUnavailable: 1 },
    resources: [
      {
        autoscalingGroups: [{ name: `eks-${inputs.nodeGroupName}-${uuidOf(context, "node group")}` }],
        remoteAccessSecurityGroupId: "",
      },
    ],
  }),
});

export const nodeGroupTypes: readonly ResourceType[] = [nodeGroup];
