/** Security groups and their rules. */
import type { NameRule, ResourceType, Unique } from "../../cloud.ts";
import { knownString } from "../../values.ts";
import { arnOf, awsType, named, refs } from "./common.ts";

const groupName: NameRule = named({
  property: "name",
  pattern: /^(?!sg-)[\w .\-:/()#,@[\]+=&;{}!$*]+$/,
  allowed: "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-",
  maxLength: 255,
  source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
});

const onePerVpc: Unique = {
  paths: ["vpcId", "name"],
  within: "region",
  refusal: (key) => {
    const [vpc, ...name] = key.split("/");
    return `InvalidGroup.Duplicate: The security group '${name.join("/")}' already exists for VPC '${vpc}'`;
  },
};

const securityGroup = awsType({
  token: "aws:ec2/securityGroup:SecurityGroup",
  id: (_, context) => `sg-${context.hex(17)}`,
  arn: (_, context) => arnOf("ec2", `security-group/${context.id}`, context),
  taggable: true,
  name: groupName,
  unique: [onePerVpc],
  defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
  replaceOn: ["description", "name", "namePrefix", "vpcId"],
  references: [
    refs.vpc("vpcId"),
    refs.securityGroup("ingress[].securityGroups[]"),
    refs.securityGroup("egress[].securityGroups[]"),
  ],
  outputs: (inputs, context) => ({
    ownerId: context.placement.scope,
    ingress: inputs.ingress ?? [],
    egress: inputs.egress ?? [],
    vpcId: inputs.vpcId ?? "",
    namePrefix: inputs.namePrefix ?? "",
  }),
});

const defaultSecurityGroup = awsType({
  token: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  /** It adopts the group that the VPC was made with. */
  id: (inputs, context) => {
    const found = knownString(context.find("aws:ec2/vpc:Vpc", inputs.vpcId)?.outputs.defaultSecurityGroupId);
    return found ?? `sg-${context.hex(17)}`;
  },
  arn: (_, context) => arnOf("ec2", `security-group/${context.id}`, context),
  taggable: true,
  overwrites: true,
  defaults: { revokeRulesOnDelete: false },
  replaceOn: ["vpcId"],
  references: [refs.vpc("vpcId")],
  outputs: (inputs, context) => ({
    ownerId: context.placement.scope,
    name: "default",
    namePrefix: "",
    description: "default VPC security group",
    ingress: inputs.ingress ?? [],
    egress: inputs.egress ?? [],
  }),
});

function rule(token: string): ResourceType {
  return awsType({
    token,
    id: (_, context) => `sgr-${context.hex(17)}`,
    arn: (_, context) => arnOf("ec2", `security-group-rule/${context.id}`, context),
    taggable: true,
    replaceOn: ["securityGroupId"],
    references: [
      refs.securityGroup("securityGroupId"),
      { ...refs.securityGroup("referencedSecurityGroupId"), except: /\// },
    ],
    unique: [
      {
        paths: [
          "securityGroupId",
          "ipProtocol",
          "fromPort",
          "toPort",
          "cidrIpv4",
          "cidrIpv6",
          "prefixListId",
          "referencedSecurityGroupId",
        ],
        within: "region",
        refusal: (key) => `InvalidPermission.Duplicate: the specified rule "${key}" already exists`,
      },
    ],
    outputs: (_, context) => ({ securityGroupRuleId: context.id }),
  });
}

export const securityGroupTypes: readonly ResourceType[] = [
  securityGroup,
  defaultSecurityGroup,
  rule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
  rule("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
];
