/** What EKS refuses of a node group. */
import type { Context, Problem } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, type Properties, valueAt } from "../../values.ts";
import { CLUSTER, EKS_API, EKS_GUIDE, trustProblems } from "./common.ts";
import { architectureOf } from "./instances.ts";
import { offerProblems } from "./offers.ts";

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const ISSUES = `${EKS_API}/API_Issue.html`;

/** What is wrong with the inputs by themselves. */
export function nodeGroupProblems(inputs: Properties): Problem[] {
  return [
    ...sizeProblems(asObject(inputs.scalingConfig)),
    ...updateProblems(asObject(inputs.updateConfig)),
    ...imageProblems(inputs),
    ...(asList(inputs.taints).length > 50
      ? [{ property: "taints", reason: "InvalidParameterException: at most 50 taints are allowed" }]
      : []),
  ];
}

/** What is wrong seeing what else there is. */
export function nodeGroupRefusals(inputs: Properties, context: Context): Problem[] {
  const cluster = context.find(CLUSTER, inputs.clusterName);
  const role = context.find("aws:iam/role:Role", inputs.nodeRoleArn, "arn");
  const template = asObject(inputs.launchTemplate);
  const found = context.find(TEMPLATE, template.id) ?? context.find(TEMPLATE, template.name, "name");
  return [
    ...(role === undefined
      ? []
      : trustProblems("nodeRoleArn", role, "ec2.amazonaws.com", `${EKS_GUIDE}/create-node-role.html`)),
    ...(cluster === undefined ? [] : clusterRefusals(inputs, cluster, context)),
    ...(found === undefined ? [] : templateRefusals(inputs, found)),
    ...placeRefusals(inputs, found?.outputs, context),
  ];
}

/** The machine types, the template's where the group names none. */
export function instanceTypesOf(group: Properties, template: Properties | undefined): string[] {
  const own = asList(group.instanceTypes).map(String);
  const [first] = own.length > 0 ? own : [knownString(template?.instanceType) ?? "t3.medium"];
  return own.length > 0 ? own : [String(first)];
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html */
function sizeProblems({ minSize, desiredSize, maxSize }: Properties): Problem[] {
  const sizes = [minSize, desiredSize, maxSize];
  if (!sizes.every((size) => typeof size === "number")) return [];
  const [least = 0, wanted = 0, most = 0] = sizes as number[];
  if (least >= 0 && most >= 1 && least <= wanted && wanted <= most) return [];
  const reason = `InvalidParameterException: minSize ${least}, desiredSize ${wanted} and maxSize ${most} do not fit`;
  const fix = "Give minSize ≤ desiredSize ≤ maxSize, minSize from 0 and maxSize from 1";
  return [{ property: "scalingConfig", reason, fix, source: `${EKS_API}/API_NodegroupScalingConfig.html` }];
}

function updateProblems({ maxUnavailable, maxUnavailablePercentage }: Properties): Problem[] {
  if (maxUnavailable === undefined || maxUnavailablePercentage === undefined) return [];
  const reason = "InvalidParameterException: maxUnavailable and maxUnavailablePercentage can't both be given";
  const source = `${EKS_API}/API_NodegroupUpdateConfig.html`;
  return [{ property: "updateConfig", reason, fix: "Give one of them", source }];
}

/** A machine image is for one processor: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
function imageProblems({ amiType, instanceTypes }: Properties): Problem[] {
  const image = knownString(amiType);
  if (image === undefined || image === "CUSTOM") return [];
  const architecture = image.includes("ARM_64") ? "arm64" : "x86_64";
  const others = asList(instanceTypes)
    .map(String)
    .filter((type) => architectureOf(type) !== architecture);
  if (others.length === 0) return [];
  const reason = `InvalidParameterException: amiType ${image} is of ${architecture}, which ${others.join(", ")} can't run`;
  const fix = `Take an image type of ${architectureOf(others[0] ?? "")}, or other machines`;
  return [{ property: "amiType", kind: "placement", reason, fix }];
}

/** Amazon Linux 2 ended with this version: https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html */
const lastOfLinux2 = 32;

function clusterRefusals(inputs: Properties, cluster: StoredResource, context: Context): Problem[] {
  const { version, vpcConfig, bootstrapSelfManagedAddons } = cluster.outputs;
  const problems: Problem[] = [];
  const own = knownString(inputs.version);
  if (context.before === undefined && own !== undefined && version !== undefined && own !== version) {
    const reason = `InvalidParameterException: Nodegroup Kubernetes version ${own} should be equal to the cluster's, ${version}`;
    problems.push({ property: "version", reason, fix: `Give it ${version}, or leave it out` });
  }
  const minor = Number(String(own ?? version).split(".")[1]);
  if (String(inputs.amiType).startsWith("AL2_") && minor > lastOfLinux2) {
    const reason = `InvalidParameterException: amiType ${inputs.amiType} is not there for Kubernetes 1.${minor}`;
    const source = `${EKS_GUIDE}/eks-ami-deprecation-faqs.html`;
    const fix = `Use its successor, ${String(inputs.amiType).includes("ARM") ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD"}`;
    problems.push({ property: "amiType", kind: "placement", reason, fix, source });
  }
  const network = context.find("aws:ec2/vpc:Vpc", asObject(vpcConfig).vpcId);
  const strange = asList(inputs.subnetIds).find(
    (id) => context.find("aws:ec2/subnet:Subnet", id)?.outputs.vpcId !== network?.id,
  );
  if (network !== undefined && strange !== undefined) {
    const reason = `InvalidParameterException: Subnet ${strange} is not in the cluster's VPC, ${network.id}`;
    problems.push({ property: "subnetIds", reason, fix: `Give subnets of ${network.id}` });
  }
  const addons = context.all("aws:eks/addon:Addon").filter(({ outputs }) => outputs.clusterName === inputs.clusterName);
  const plugged = bootstrapSelfManagedAddons !== false || addons.some(({ outputs }) => outputs.addonName === "vpc-cni");
  if (!plugged) problems.push(cannotJoin("clusterName", "there is no network plugin", "Add the add-on vpc-cni first"));
  if (network !== undefined && !(network.outputs.enableDnsHostnames && network.outputs.enableDnsSupport)) {
    const fix = "Set enableDnsHostnames and enableDnsSupport of the VPC";
    problems.push(cannotJoin("subnetIds", `${network.id} resolves no names`, fix));
  }
  return problems;
}

function cannotJoin(property: string, why: string, fix: string): Problem {
  const reason = `NodeCreationFailure: Your launched instances are unable to register with your Amazon EKS cluster: ${why}`;
  return { property, kind: "reference", reason, fix, source: ISSUES };
}

/** What belongs in one place only: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html */
function templateRefusals(inputs: Properties, { id, outputs }: StoredResource): Problem[] {
  const source = `${EKS_GUIDE}/launch-templates.html`;
  const twice = (property: string, what: string, fix: string): Problem => {
    const reason = `InvalidRequestException: ${what} (launch template ${id})`;
    return { property, reason, fix, source };
  };
  const problems: Problem[] = [];
  if (inputs.diskSize !== undefined) {
    problems.push(twice("diskSize", "Disk size must be specified within the launch template", "Move it there"));
  }
  if (inputs.remoteAccess !== undefined) {
    const what = "Remote access configuration can't be specified with a launch template";
    problems.push(twice("remoteAccess", what, "Name the key and the groups in the template"));
  }
  if (outputs.instanceType !== undefined && asList(inputs.instanceTypes).length > 0) {
    const what = "Instance types can't be specified both in the node group and in the launch template";
    problems.push(twice("instanceTypes", what, "Give them in one place"));
  }
  if (outputs.imageId !== undefined && inputs.amiType !== undefined && inputs.amiType !== "CUSTOM") {
    const what = "amiType can't be specified with a launch template that has an image of its own";
    problems.push(twice("amiType", what, "Leave amiType out"));
  }
  if (outputs.iamInstanceProfile !== undefined) {
    const what = "The launch template must not name an instance profile";
    problems.push(twice("launchTemplate", what, "Leave iamInstanceProfile out: EKS makes one of nodeRoleArn"));
  }
  if (asList(outputs.networkInterfaces).some((each) => asObject(each).subnetId !== undefined)) {
    const what = "The launch template must not name a subnet";
    problems.push(twice("launchTemplate", what, "Give subnetIds of the node group instead"));
  }
  return problems;
}

/** https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html */
function placeRefusals(inputs: Properties, template: Properties | undefined, context: Context): Problem[] {
  const zones = asList(inputs.subnetIds).map((id) => context.find("aws:ec2/subnet:Subnet", id)?.outputs);
  const names = zones.flatMap((outputs) => knownString(outputs?.availabilityZone) ?? []);
  const problems = instanceTypesOf(inputs, template).flatMap((type, index) =>
    offerProblems(`instanceTypes[${index}]`, type, context.placement.region, names),
  );
  const market = valueAt(template, "instanceMarketOptions.marketType");
  if (inputs.capacityType !== "CAPACITY_BLOCK" || market === "capacity-block") return problems;
  const reason =
    "InvalidParameterException: CAPACITY_BLOCK needs a launch template with the market type capacity-block";
  const fix = "Name the reservation in a launch template, with instanceMarketOptions.marketType capacity-block";
  const source = `${EKS_GUIDE}/capacity-blocks-mng.html`;
  return [...problems, { property: "capacityType", reason, fix, source }];
}
