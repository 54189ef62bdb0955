/** What machines are made from: launch templates and placement groups. */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt } from "../../values.ts";
import { arnOf, awsType, inUse, named, oneOfProblems, rangeProblems, refs } from "./common.ts";

const EC2_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

const launchTemplate = awsType({
  token: TEMPLATE,
  id: (_, context) => `lt-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `launch-template/${context.id}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[a-zA-Z0-9().\-/_]+$/,
    allowed: "letters, digits and ().-/_",
    minLength: 3,
    maxLength: 128,
    source: `${EC2_API}/API_CreateLaunchTemplate.html`,
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: () => "InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.",
    },
  ],
  replaceOn: ["name", "namePrefix"],
  references: [refs.securityGroup("vpcSecurityGroupIds[]"), refs.securityGroup("networkInterfaces[].securityGroups[]")],
  check: templateProblems,
  outputs: (inputs, context) => ({
    latestVersion: context.before === undefined ? 1 : Number(context.before.latestVersion) + 1,
    defaultVersion: inputs.defaultVersion ?? 1,
    namePrefix: inputs.namePrefix ?? "",
  }),
  handles: ({ name }) => [{ by: "name", value: String(name) }],
});

const placementGroup = awsType({
  token: "aws:ec2/placementGroup:PlacementGroup",
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("ec2", `placement-group/${inputs.name}`, context),
  taggable: true,
  name: named({
    property: "name",
    maxLength: 255,
    source: `${EC2_API}/API_CreatePlacementGroup.html`,
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `InvalidPlacementGroup.Duplicate: The Placement Group '${name}' already exists`,
    },
  ],
  check: placementProblems,
  inUse: [
    inUse(
      TEMPLATE,
      "placement.groupName",
      (id, user) => `InvalidPlacementGroup.InUse: The placement group '${id}' is in use by machines of ${user}`,
      // A template alone starts no machine.
      {
        counts: (_, template, all) =>
          all("aws:eks/nodeGroup:NodeGroup").some(
            ({ outputs }) =>
              valueAt(outputs, "launchTemplate.id") === template.id &&
              Number(valueAt(outputs, "scalingConfig.desiredSize")) > 0,
          ),
      },
    ),
  ],
  replaceOn: ["name", "strategy", "partitionCount", "spreadLevel"],
  outputs: (_, context) => ({ placementGroupId: `pg-${context.hex(17, "group")}` }),
});

export const launchTypes: readonly ResourceType[] = [launchTemplate, placementGroup];

/** GiB of a volume: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateEbsBlockDeviceRequest.html */
const volumeGiB: Readonly<Record<string, readonly [number, number]>> = {
  gp2: [1, 16_384],
  gp3: [1, 65_536],
  io1: [4, 16_384],
  io2: [4, 65_536],
  st1: [125, 16_384],
  sc1: [125, 16_384],
  standard: [1, 1024],
};

function templateProblems(inputs: Properties): Problem[] {
  const problems = asList(inputs.blockDeviceMappings).flatMap((mapping, index) =>
    volumeProblems(asObject(asObject(mapping).ebs), `blockDeviceMappings[${index}].ebs.`),
  );
  const hops = asObject(inputs.metadataOptions).httpPutResponseHopLimit;
  const page = `${EC2_API}/API_LaunchTemplateInstanceMetadataOptionsRequest.html`;
  problems.push(...rangeProblems("metadataOptions.httpPutResponseHopLimit", hops, [1, 64], page));
  if (asList(inputs.vpcSecurityGroupIds).length > 0 && asList(inputs.networkInterfaces).length > 0) {
    const reason =
      "InvalidParameterCombination: Network interfaces and an instance-level security groups may not be specified on the same request";
    const fix = "Give the groups with the network interfaces, or leave those out";
    problems.push({ property: "vpcSecurityGroupIds", reason, fix });
  }
  if (inputs.instanceType !== undefined && inputs.instanceRequirements !== undefined) {
    problems.push(...oneOfProblems(inputs, ["instanceType", "instanceRequirements"], "InvalidParameterCombination"));
  }
  return problems;
}

function volumeProblems(ebs: Properties, at: string): Problem[] {
  const type = knownString(ebs.volumeType) ?? "gp2";
  const range = volumeGiB[type];
  if (range === undefined) {
    const reason = `InvalidParameterValue: Value (${type}) for parameter volumeType is invalid`;
    return [{ property: `${at}volumeType`, reason, fix: `Choose one of ${Object.keys(volumeGiB).join(", ")}` }];
  }
  const throughput = type === "gp3" ? rangeProblems(`${at}throughput`, ebs.throughput, [125, 2000]) : [];
  return [...rangeProblems(`${at}volumeSize`, ebs.volumeSize, range), ...throughput];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreatePlacementGroup.html */
function placementProblems({ partitionCount, spreadLevel, strategy }: Properties): Problem[] {
  const problems: Problem[] = [];
  const text = knownString(strategy);
  if (text !== undefined && !["cluster", "partition", "spread"].includes(text)) {
    const reason = `InvalidParameterValue: Value (${text}) for parameter strategy is invalid`;
    problems.push({ property: "strategy", reason, fix: "Choose cluster, partition or spread" });
  }
  if (partitionCount !== undefined && text !== undefined && text !== "partition") {
    const reason = `InvalidParameterCombination: partitionCount is valid only with the strategy partition, not with ${text}`;
    problems.push({ property: "partitionCount", reason, fix: "Leave it out" });
  }
  if (spreadLevel === "host") {
    const reason = "InvalidParameterCombination: the spread level host is there on Outposts only";
    problems.push({ property: "spreadLevel", kind: "placement", reason, fix: 'Give it "rack", or leave it out' });
  }
  return [...problems, ...rangeProblems("partitionCount", partitionCount, [1, 7])];
}
