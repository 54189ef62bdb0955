/** What all AWS tables share: ARNs, tags, the answers to missing things. */
import type { Context, InUse, NameRule, Problem, Reference, ResourceType } from "../../cloud.ts";
import { configValue } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asObject, asString, isUnknown, knownString, type Properties } from "../../values.ts";

/** An AWS type: the builder adds ARN, tags and the region's part in replacement. */
export interface AwsType extends Omit<ResourceType, "outputs" | "regional"> {
  /** True for services whose resources belong to the account, not to a region of it. */
  readonly global?: true;
  /** The ARN, for types that report one as `arn`. */
  readonly arn?: (inputs: Properties, context: Context) => string;
  /** True for types with tags. */
  readonly taggable?: true;
  readonly outputs?: ResourceType["outputs"];
}

export function awsType({ global, arn, taggable, outputs, replaceOn, ...rest }: AwsType): ResourceType {
  return {
    ...rest,
    regional: global !== true,
    replaceOn: global === true ? replaceOn : [...replaceOn, "region"],
    outputs: (inputs, context) => ({
      ...(arn === undefined ? {} : { arn: arn(inputs, context) }),
      ...(taggable === undefined ? {} : { tagsAll: allTags(inputs, context) }),
      ...outputs?.(inputs, context),
    }),
  };
}

function allTags(inputs: Properties, { connection }: Context): unknown {
  const byProvider = asObject(asObject(configValue(connection.config, "defaultTags")).tags);
  return isUnknown(inputs.tags) ? inputs.tags : { ...byProvider, ...asObject(inputs.tags) };
}

/** `aws`, `aws-cn` or `aws-us-gov`, by the region's prefix. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The domain under which a partition's services are reached. */
export function domainOf(region: string): string {
  return partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}

/** ARN of a regional resource: `arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-…`. */
export function arnOf(service: string, resource: string, { placement }: Context): string {
  return `arn:${partitionOf(placement.region)}:${service}:${placement.region}:${placement.scope}:${resource}`;
}

/** ARN of a resource that belongs to no region: `arn:aws:iam::111122223333:role/…`. */
export function globalArnOf(service: string, resource: string, { connection, placement }: Context): string {
  return `arn:${partitionOf(connection.region)}:${service}::${placement.scope}:${resource}`;
}

/** A UUID made of a resource's own digits. */
export function uuidOf(context: Context, purpose: string): string {
  const hex = context.hex(32, purpose);
  if (isUnknown(hex)) return hex;
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}

/** Upper-case letters and digits that belong to the resource, as in Route 53 and IAM ids. */
export function upperOf(context: Context, length: number, purpose: string): string {
  const hex = context.hex(length, purpose);
  return isUnknown(hex) ? hex : hex.replace(/[0-9]/g, (digit) => "QWXYZ2345T"[Number(digit)] ?? "Z").toUpperCase();
}

export const CLUSTER = "aws:eks/cluster:Cluster";
export const EKS_API = "https://docs.aws.amazon.com/eks/latest/APIReference";
export const EKS_GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide";

const notFound = (code: string, what: string) => (id: string) => `${code}: The ${what} '${id}' does not exist`;

/** References that many types have; `path` says where. Codes: EC2 error codes and each service's API reference. */
export const refs = {
  vpc: (path: string): Reference => ({
    path,
    types: ["aws:ec2/vpc:Vpc"],
    refusal: notFound("InvalidVpcID.NotFound", "vpc ID"),
  }),
  subnet: (path: string): Reference => ({
    path,
    types: ["aws:ec2/subnet:Subnet"],
    refusal: notFound("InvalidSubnetID.NotFound", "subnet ID"),
  }),
  securityGroup: (path: string): Reference => ({
    path,
    types: ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    refusal: notFound("InvalidGroup.NotFound", "security group"),
  }),
  routeTable: (path: string): Reference => ({
    path,
    types: ["aws:ec2/routeTable:RouteTable"],
    refusal: notFound("InvalidRouteTableID.NotFound", "routeTable ID"),
  }),
  cluster: (path: string): Reference => ({
    path,
    types: ["aws:eks/cluster:Cluster"],
    refusal: (name) => `ResourceNotFoundException: No cluster found for name: ${name}.`,
  }),
  roleName: (path: string): Reference => ({
    path,
    types: ["aws:iam/role:Role"],
    refusal: (name) => `NoSuchEntity: The role with name ${name} cannot be found.`,
  }),
  roleArn: (path: string): Reference => ({
    path,
    types: ["aws:iam/role:Role"],
    by: "arn",
    except: /:role\/aws-service-role\//,
    refusal: (arn) =>
      `InvalidParameterException: Role with arn: ${arn}, could not be assumed because it does not exist or the trusted entity is not correct`,
  }),
  bucket: (path: string): Reference => ({
    path,
    types: ["aws:s3/bucket:Bucket"],
    where: "anywhere",
    refusal: (name) => `NoSuchBucket: The specified bucket does not exist: ${name}`,
  }),
  repository: (path: string): Reference => ({
    path,
    types: ["aws:ecr/repository:Repository"],
    refusal: (name) => `RepositoryNotFoundException: The repository with name '${name}' does not exist in the registry`,
  }),
  zone: (path: string): Reference => ({
    path,
    types: ["aws:route53/zone:Zone"],
    refusal: (id) => `NoSuchHostedZone: No hosted zone found with ID: ${id}`,
  }),
} as const;

/** Others of a type that keep the resource, by the input or output that names it. */
export function inUse(by: string, path: string, refusal: InUse["refusal"], more: Partial<InUse> = {}): InUse {
  return { by, path, refusal, ...more };
}

/**
 * Objects in clusters from whose annotations a load balancer is made, which holds what they name as long as it is there:
 * addresses, subnets, certificates. Several are named in one text, with commas between.
 */
export function heldByLoadBalancers(refusal: InUse["refusal"]): InUse[] {
  const names = (annotations: unknown) =>
    Object.values(asObject(annotations)).flatMap((text) => String(text).split(","));
  const more = { names, where: "anywhere" } as const;
  return [
    inUse("kubernetes:core/v1:Service", "metadata.annotations", refusal, more),
    inUse(
      "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
      "spec.provider.kubernetes.envoyService.annotations",
      refusal,
      more,
    ),
  ];
}

/** EC2's answer for what something else still needs. */
export const dependencies =
  (what: string): InUse["refusal"] =>
  (id, user) =>
    `DependencyViolation: The ${what} '${id}' has dependencies and cannot be deleted: ${user} is in it`;

/** Exactly one of these inputs must be given, or it is refused with that code. */
export function oneOfProblems(inputs: Properties, names: readonly string[], code: string): Problem[] {
  const given = names.filter((name) => inputs[name] !== undefined);
  if (given.length === 1) return [];
  const reason = `${code}: exactly one of ${names.join(", ")} is needed; given: ${given.join(", ") || "none"}`;
  return [{ property: given[1] ?? names[0] ?? "", reason, fix: `Give one of ${names.join(", ")}` }];
}

/** A number outside of what the vendor allows; nothing when absent or unknown. */
export function rangeProblems(
  property: string,
  value: unknown,
  [least, most]: readonly [number, number],
  source?: string,
): Problem[] {
  if (typeof value !== "number" || (value >= least && value <= most)) return [];
  const problem = { property, reason: `${property} is ${value}`, fix: `Give a number from ${least} to ${most}` };
  return [source === undefined ? problem : { ...problem, source }];
}

/** A name rule with AWS's auto-naming: the logical name, a hyphen, 7 hex digits. */
export function named(
  rule: Omit<NameRule, "auto"> & { prefix?: string; transform?: (name: string) => string },
): NameRule {
  const { prefix = "namePrefix", transform, ...facts } = rule;
  return { ...facts, auto: { prefixProperty: prefix, ...(transform === undefined ? {} : { transform }) } };
}

/** The provider itself refuses a policy document that is no JSON. */
export function jsonProblems(inputs: Properties, ...properties: string[]): Problem[] {
  return properties.flatMap((property) => {
    const text = knownString(inputs[property]);
    if (text === undefined) return [];
    try {
      const document: unknown = JSON.parse(text);
      return typeof document === "object" && document !== null ? [] : [notJson(property, text)];
    } catch {
      return [notJson(property, text)];
    }
  });
}

function notJson(property: string, text: string): Problem {
  const start = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return {
    property,
    reason: `contains an invalid JSON policy: ${start}. A JSON object is expected`,
    fix: "Write it with JSON.stringify",
  };
}

/** AWS principals (not services, not federated ones) that a policy document names. */
export function awsPrincipals(document: unknown): string[] {
  const text = asString(document);
  if (text === undefined || isUnknown(text)) return [];
  const statements = [asObject(JSON.parse(text)).Statement].flat();
  return statements.flatMap((statement) => [asObject(asObject(statement).Principal).AWS].flat()).filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Services that a role's trust policy lets take the role on. */
function trustedServices(document: unknown): string[] {
  const text = asString(document);
  if (text === undefined || isUnknown(text)) return [];
  const statements = [asObject(JSON.parse(text)).Statement].flat().map(asObject);
  return statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Principal }) => [asObject(Principal).Service].flat())
    .filter(isText);
}

/** EKS refuses a role that the service who needs it can't take on. */
export function trustProblems(property: string, role: StoredResource, service: string, source: string): Problem[] {
  if (trustedServices(role.outputs.assumeRolePolicy).includes(service)) return [];
  const reason = `InvalidParameterException: Following required service principals [${service}] were not found in the trust relationships of ${property} ${role.outputs.arn}`;
  return [
    { property, kind: "reference", reason, fix: `Let ${service} assume the role, in its assumeRolePolicy`, source },
  ];
}

/** Roles that a policy document names as principals must exist, or the document is refused. */
export function principalProblems(property: string, inputs: Properties, context: Context, code: string): Problem[] {
  return awsPrincipals(inputs[property])
    .filter((principal) => /^arn:[^:]+:iam::\d{12}:role\//.test(principal))
    .filter((principal) => context.find("aws:iam/role:Role", principal, "arn") === undefined)
    .map((principal) => ({
      property,
      kind: "reference",
      reason: `${code}: Invalid principal in policy: "AWS":"${principal}"`,
      fix: "Make the role first, and take its output",
    }));
}
