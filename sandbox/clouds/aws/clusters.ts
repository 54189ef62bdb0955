/** EKS clusters. */
import type { Context, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, type Properties, valueAt } from "../../values.ts";
import { clusterProblems, clusterRefusals } from "./cluster-rules.ts";
import { arnOf, awsType, CLUSTER, domainOf, EKS_API, inUse, named, refs } from "./common.ts";

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
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `ResourceInUseException: Cluster already exists with name: ${name}`,
    },
  ],
  check: clusterProblems,
  refuse: clusterRefusals,
  inUse: [
    inUse(
      "aws:eks/nodeGroup:NodeGroup",
      "clusterName",
      (id, user) => `ResourceInUseException: Cluster ${id} has nodegroups attached: ${user}`,
    ),
  ],
  refuseDelete: ({ deletionProtection, name }) => {
    if (deletionProtection !== true) return [];
    const reason = `InvalidRequestException: Cluster ${name} has deletion protection enabled`;
    return [{ property: "deletionProtection", reason, fix: "Set deletionProtection to false first" }];
  },
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

export const clusterTypes: readonly ResourceType[] = [cluster];
