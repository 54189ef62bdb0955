/** Security groups and their rules. */
import type { InUse, NameRule, Problem, ResourceType, Unique } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";
import { parseBlock } from "../ipv4.ts";
import { arnOf, awsType, inUse, named, oneOfProblems, refs } from "./common.ts";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

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

const dependent: InUse["refusal"] = (id, user) => `DependencyViolation: resource ${id} has a dependent object: ${user}`;

/** A group goes with its own rules, though they name it; what others' rules let in stays. */
const ofOthers: Partial<InUse> = { counts: ({ id }, { inputs }) => inputs.securityGroupId !== id };

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
  check: (inputs) => [
    ...inlineProblems("ingress", inputs.ingress),
    ...inlineProblems("egress", inputs.egress),
    ...descriptionProblems(inputs.description),
  ],
  inUse: [
    inUse("aws:ec2/vpcEndpoint:VpcEndpoint", "securityGroupIds[]", dependent),
    inUse("aws:eks/cluster:Cluster", "vpcConfig.securityGroupIds[]", dependent),
    inUse(INGRESS, "referencedSecurityGroupId", dependent, ofOthers),
    inUse(EGRESS, "referencedSecurityGroupId", dependent, ofOthers),
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
  check: (inputs) => [...inlineProblems("ingress", inputs.ingress), ...inlineProblems("egress", inputs.egress)],
  outputs: (inputs, context) => ({
    ownerId: context.placement.scope,
    name: "default",
    namePrefix: "",
    description: "default VPC security group",
    ingress: inputs.ingress ?? [],
    egress: inputs.egress ?? [],
  }),
});

/** From where, or to where, a rule lets traffic. */
const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

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
        fix: "Leave one of the two out",
      },
    ],
    check: (inputs) => [
      ...oneOfProblems(inputs, SOURCES, "InvalidParameterCombination"),
      ...portProblems(inputs, ""),
      ...blockProblems("cidrIpv4", inputs.cidrIpv4),
    ],
    outputs: (_, context) => ({ securityGroupRuleId: context.id }),
  });
}

export const securityGroupTypes: readonly ResourceType[] = [
  securityGroup,
  defaultSecurityGroup,
  rule(INGRESS),
  rule(EGRESS),
];

/** Rules that are written into the group itself. */
function inlineProblems(property: string, rules: unknown): Problem[] {
  return asList(rules).flatMap((rule, index) => {
    const { protocol, fromPort, toPort, cidrBlocks } = asObject(rule);
    const at = `${property}[${index}].`;
    const blocks = asList(cidrBlocks).flatMap((block, nth) => blockProblems(`${at}cidrBlocks[${nth}]`, block));
    return [...portProblems({ ipProtocol: protocol, fromPort, toPort }, at), ...blocks];
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html: ports from 0 to 65535, lowest first. */
function portProblems({ ipProtocol, fromPort, toPort }: Properties, at: string): Problem[] {
  const protocol = knownString(ipProtocol);
  if (protocol !== "tcp" && protocol !== "udp") return [];
  const fix = "Give fromPort and toPort numbers from 0 to 65535, the lower one first";
  if (fromPort === undefined || toPort === undefined) {
    const reason = `InvalidParameterValue: Invalid value 'Must specify both from and to ports with ${protocol}.' for portRange`;
    return [{ property: `${at}${fromPort === undefined ? "fromPort" : "toPort"}`, reason, fix }];
  }
  if (typeof fromPort !== "number" || typeof toPort !== "number") return [];
  if (fromPort >= 0 && fromPort <= toPort && toPort <= 65_535) return [];
  const reason = `InvalidParameterValue: Invalid TCP/UDP port range (${fromPort}:${toPort})`;
  return [{ property: `${at}fromPort`, reason, fix }];
}

function blockProblems(property: string, value: unknown): Problem[] {
  const text = knownString(value);
  if (text === undefined || parseBlock(text) !== undefined) return [];
  const reason = `InvalidParameterValue: CIDR block ${text} is malformed`;
  return [{ property, reason, fix: "Give an IPv4 block without host bits; one address is x.x.x.x/32" }];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
function descriptionProblems(value: unknown): Problem[] {
  const text = knownString(value);
  if (text === undefined || /^[\w .\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(text)) return [];
  const reason = `InvalidParameterValue: Value (${text.slice(0, 40)}) for parameter GroupDescription is invalid`;
  return [
    { property: "description", reason, fix: "Use at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*" },
  ];
}
