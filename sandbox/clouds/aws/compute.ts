/** Launch templates, placement groups and EKS. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, type Properties, valueAt } from "../../values.ts";
import { arnOf, awsType, domainOf, named, refs, upperOf, uuidOf } from "./common.ts";

const CLUSTER = "aws:eks/cluster:Cluster";
const EKS_API = "https://docs.aws.amazon.com/eks/latest/APIReference";

const launchTemplate = awsType({
  token: "aws:ec2/launchTemplate:LaunchTemplate",
  id: (_, context) => `lt-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `launch-template/${context.id}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[a-zA-Z0-9().\-/_]+$/,
    allowed: "letters, digits and ().-/_",
    minLength: 3,
    maxLength: 128,
    source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html",
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
    source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreatePlacementGroup.html",
  }),
  replaceOn: ["name", "strategy", "partitionCount", "spreadLevel"],
  outputs: (_, context) => ({ placementGroupId: `pg-${context.hex(17, "group")}` }),
});

const cluster = awsType({
  token: CLUSTER,
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("eks", `cluster/${inputs.name}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[0-9A-Za-z][A-Za-z0-9\-_]*$/,
    allowed: "letters, digits, hyphens and underscores, beginning with a letter or digit",
    maxLength: 100,
    source: `${EKS_API}/API_CreateCluster.html`,
  }),
  defaults: { bootstrapSelfManagedAddons: true },
  replaceOn: [
    "name",
    "roleArn",
    "bootstrapSelfManagedAddons",
    "kubernetesNetworkConfig.serviceIpv4Cidr",
    "kubernetesNetworkConfig.ipFamily",
    "accessConfig.bootstrapClusterCreatorAdminPermissions",
    "outpostConfig",
  ],
  references: [
    refs.roleArn("roleArn"),
    refs.subnet("vpcConfig.subnetIds[]"),
    refs.securityGroup("vpcConfig.securityGroupIds[]"),
  ],
  refuse: zoneRefusals,
  outputs: clusterOutputs,
  handles: (outputs) => [
    { by: "endpoint", value: String(outputs.endpoint) },
    { by: "issuer", value: String(valueAt(outputs, "identities[].oidcs[].issuer")) },
    {
      by: "id",
      value: String(valueAt(outputs, "vpcConfig.clusterSecurityGroupId")),
      type: "aws:ec2/securityGroup:SecurityGroup",
    },
  ],
  ownedScope: (outputs) => String(outputs.endpoint),
});

function clusterOutputs(inputs: Properties, context: Context): Properties {
  const { region } = context.placement;
  const digits = context.hex(32, "endpoint");
  const identity = isUnknown(digits) ? digits : digits.toUpperCase();
  const vpcConfig = asObject(inputs.vpcConfig);
  const access = asObject(inputs.accessConfig);
  const network = asObject(inputs.kubernetesNetworkConfig);
  const zoneLetters = `gr${(Number.parseInt(digits.slice(0, 2), 16) % 9) + 1}`;
  return {
    endpoint: `https://${identity}.${zoneLetters}.${region}.eks.${domainOf(region)}`,
    certificateAuthority: { data: certificate(digits) },
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.${domainOf(region)}/id/${identity}` }] }],
    createdAt: context.createdAt,
    status: "ACTIVE",
    platformVersion: "eks.1",
    clusterId: "",
    accessConfig: { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true, ...access },
    kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16", serviceIpv6Cidr: "", ...network },
    vpcConfig: {
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      ...vpcConfig,
      clusterSecurityGroupId: `sg-${context.hex(17, "cluster security group")}`,
      vpcId: context.find("aws:ec2/subnet:Subnet", asList(vpcConfig.subnetIds)[0])?.outputs.vpcId,
    },
    upgradePolicy: { supportType: "EXTENDED", ...asObject(inputs.upgradePolicy) },
    deletionProtection: inputs.deletionProtection ?? false,
  };
}

/** Of the form of a certificate authority in PEM, base64; no certificate that could be verified. */
function certificate(digits: string): string {
  if (isUnknown(digits)) return digits;
  const body = Buffer.from(`sandbox ${digits}`).toString("base64");
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`).toString("base64");
}

/** https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html: subnets in at least two zones. */
function zoneRefusals(inputs: Properties, context: Context): Problem[] {
  const ids = asList(asObject(inputs.vpcConfig).subnetIds);
  const subnets = ids.map((id) => context.find("aws:ec2/subnet:Subnet", id));
  if (subnets.includes(undefined)) return [];
  const zones = new Set(subnets.map((found) => found?.outputs.availabilityZone));
  if (zones.size >= 2) return [];
  const reason = "InvalidParameterException: Subnets specified must be in at least two different AZs";
  return [{ property: "vpcConfig.subnetIds", reason }];
}

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

const accessEntry = awsType({
  token: "aws:eks/accessEntry:AccessEntry",
  id: (inputs) => `${inputs.clusterName}:${inputs.principalArn}`,
  taggable: true,
  defaults: { type: "STANDARD" },
  replaceOn: ["clusterName", "principalArn", "type"],
  references: [
    refs.cluster("clusterName"),
    {
      path: "principalArn",
      by: "arn",
      types: ["aws:iam/role:Role"],
      except: /:(user\/|root$)|:role\/aws-/,
      refusal: (arn) => `InvalidParameterException: The specified principalArn is invalid: invalid principal: ${arn}`,
    },
  ],
  outputs: (inputs, context) => ({
    accessEntryArn: arnOf(
      "eks",
      `access-entry/${inputs.clusterName}/role/${context.placement.scope}/${String(inputs.principalArn).split("/").at(-1)}/${uuidOf(context, "entry")}`,
      context,
    ),
    createdAt: context.createdAt,
    modifiedAt: context.createdAt,
    kubernetesGroups: inputs.kubernetesGroups ?? [],
    userName: inputs.userName ?? inputs.principalArn,
  }),
});

const accessPolicyAssociation = awsType({
  token: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  id: (inputs) => `${inputs.clusterName}#${inputs.principalArn}#${inputs.policyArn}`,
  overwrites: true,
  replaceOn: ["clusterName", "principalArn", "policyArn", "accessScope"],
  references: [refs.cluster("clusterName")],
  refuse: (inputs, context) => {
    const entries = context.all("aws:eks/accessEntry:AccessEntry");
    const id = `${inputs.clusterName}:${inputs.principalArn}`;
    if (entries.some((entry) => entry.id === id)) return [];
    const reason = `ResourceNotFoundException: The specified principalArn could not be found: ${inputs.principalArn}. An AccessEntry for it comes first.`;
    return [{ property: "principalArn", reason }];
  },
  outputs: (_, context) => ({ associatedAt: context.createdAt, modifiedAt: context.createdAt }),
});

const addon = awsType({
  token: "aws:eks/addon:Addon",
  id: (inputs) => `${inputs.clusterName}:${inputs.addonName}`,
  arn: (inputs, context) =>
    arnOf("eks", `addon/${inputs.clusterName}/${inputs.addonName}/${uuidOf(context, "addon")}`, context),
  taggable: true,
  replaceOn: ["clusterName", "addonName"],
  references: [refs.cluster("clusterName"), refs.roleArn("serviceAccountRoleArn")],
  outputs: (inputs, context) => ({
    createdAt: context.createdAt,
    modifiedAt: context.createdAt,
    configurationValues: inputs.configurationValues ?? "",
  }),
});

const podIdentityAssociation = awsType({
  token: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  id: (_, context) => `a-${context.hex(17)}`,
  taggable: true,
  replaceOn: ["clusterName", "namespace", "serviceAccount"],
  references: [refs.cluster("clusterName"), refs.roleArn("roleArn"), refs.roleArn("targetRoleArn")],
  unique: [
    {
      paths: ["clusterName", "namespace", "serviceAccount"],
      within: "region",
      refusal: (key) => `ResourceInUseException: Association already exists: ${key}`,
    },
  ],
  outputs: (inputs, context) => ({
    associationId: context.id,
    associationArn: arnOf("eks", `podidentityassociation/${inputs.clusterName}/${context.id}`, context),
    externalId: `${context.placement.region}/${context.placement.scope}/${upperOf(context, 8, "external")}`,
    disableSessionTags: inputs.disableSessionTags ?? false,
  }),
});

export const computeTypes: readonly ResourceType[] = [
  launchTemplate,
  placementGroup,
  cluster,
  nodeGroup,
  accessEntry,
  accessPolicyAssociation,
  addon,
  podIdentityAssociation,
];
