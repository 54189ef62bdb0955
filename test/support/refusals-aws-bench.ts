import type { Properties } from "../../sandbox/values.ts";
import type { Bench, Held, RefusalSuite, Refused } from "./sandbox-refusals.ts";

/** What the refusals of AWS are tried on: accounts, networks, roles, clusters. */

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
export const ADDRESS = "aws:ec2/eip:Eip";
export const NAT = "aws:ec2/natGateway:NatGateway";
export const TABLE = "aws:ec2/routeTable:RouteTable";
export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const CLUSTER = "aws:eks/cluster:Cluster";
export const NODES = "aws:eks/nodeGroup:NodeGroup";
export const ROLE = "aws:iam/role:Role";
export const POLICY = "aws:iam/policy:Policy";
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
export const KEY = "aws:kms/key:Key";
export const REPOSITORY = "aws:ecr/repository:Repository";
export const BUCKET = "aws:s3/bucket:Bucket";
export const ZONE = "aws:route53/zone:Zone";
export const CERTIFICATE = "aws:acm/certificate:Certificate";
export const GUARDRAIL = "aws:bedrock/guardrail:Guardrail";

/** Each case in an account of its own. */
export const connect: RefusalSuite["connect"] = async (box, round) => {
  const account = String(100_000_000_000 + round);
  const provider = await box.provider("aws", { region: "eu-west-1", allowedAccountIds: JSON.stringify([account]) });
  return { account, provider };
};

export const network = ({ make }: Bench, name = "main"): Promise<Held> =>
  make(VPC, { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }, name);

/** A subnet of that network: zone `a` has 10.0.0.0/24, `b` 10.0.1.0/24. */
export const subnetIn = ({ make }: Bench, vpc: Held, zone = "a", region = "eu-west-1"): Promise<Held> => {
  const third = zone.charCodeAt(0) - "a".charCodeAt(0);
  const inputs = { vpcId: vpc.id, cidrBlock: `10.0.${third}.0/24`, availabilityZone: `${region}${zone}`, region };
  return make(SUBNET, inputs, `${vpc.id}-${zone}`);
};

export const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

export const trustIn = (service: string): string =>
  document({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });

export const role = ({ make }: Bench, service = "ec2.amazonaws.com", name = "role"): Promise<Held> =>
  make(ROLE, { assumeRolePolicy: trustIn(service), name }, name);

/** What a policy allows in most cases here. */
export const access = document({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });

/** A cluster in two zones, with what its nodes need. */
export async function cluster(bench: Bench, more: object = {}): Promise<{ held: Held; subnetIds: string[] }> {
  const vpc = await network(bench);
  const subnets = [await subnetIn(bench, vpc, "a"), await subnetIn(bench, vpc, "b")];
  const { properties } = await role(bench, "eks.amazonaws.com", "control");
  const subnetIds = subnets.map(({ id }) => id);
  const held = await bench.make(CLUSTER, {
    name: "main",
    version: "1.35",
    roleArn: properties.arn,
    vpcConfig: { subnetIds },
    accessConfig: { authenticationMode: "API" },
    ...more,
  });
  return { held, subnetIds };
}

export async function nodeGroup(bench: Bench): Promise<Record<string, unknown>> {
  return nodesIn(bench, (await cluster(bench)).subnetIds);
}

/** Inputs of nodes for the cluster `main`. */
export async function nodesIn(bench: Bench, subnetIds: readonly string[]): Promise<Record<string, unknown>> {
  const { properties } = await role(bench, "ec2.amazonaws.com", "nodes");
  return {
    clusterName: "main",
    nodeGroupName: "system",
    nodeRoleArn: properties.arn,
    subnetIds,
    instanceTypes: ["m7i.large"],
    amiType: "AL2023_x86_64_STANDARD",
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 2 },
  };
}

/** What runs in a cluster. */
export async function inCluster(
  bench: Bench,
  endpoint: unknown,
  type: string,
  inputs: Record<string, unknown>,
): Promise<void> {
  const kubeconfig = JSON.stringify({
    "current-context": "it",
    contexts: [{ name: "it", context: { cluster: "it" } }],
    clusters: [{ name: "it", cluster: { server: endpoint } }],
  });
  const provider = await bench.box.provider("kubernetes", { kubeconfig });
  await provider.make(type, inputs, { name: "it" });
}

/** A Service from which a load balancer is made, with that annotation. */
export async function loadBalancer(bench: Bench, annotation: string, value: string): Promise<void> {
  const { held } = await cluster(bench);
  const annotations = { [`service.beta.kubernetes.io/aws-load-balancer-${annotation}`]: value };
  await inCluster(bench, held.properties.endpoint, "kubernetes:core/v1:Service", {
    metadata: { name: "gateway", namespace: "default", annotations },
    spec: { type: "LoadBalancer", selector: { app: "gateway" }, ports: [{ port: 443 }] },
  });
}

export const bucket = ({ make, round }: Bench, more: object = {}): Promise<Held> =>
  make(BUCKET, { bucket: `case-${round}`, ...more });

export const logGroup = ({ make }: Bench): Promise<Held> => make("aws:cloudwatch/logGroup:LogGroup", { name: "logs" });

export const untagged = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 };
export const lifecycle = (rules: object[]): string => JSON.stringify({ rules });
export const bucketPolicy = (Principal: unknown, Resource: string): string =>
  document({ Effect: "Allow", Principal, Action: "s3:GetObject", Resource });

export const model = (region: string): string =>
  `arn:aws:bedrock:${region}::foundation-model/anthropic.claude-3-haiku-20240307-v1:0`;

/** Inputs with some of them changed. */
export const set =
  (more: Properties) =>
  (inputs: Properties): Properties => ({ ...inputs, ...more });

/** Inputs without some of them. */
export const without =
  (...names: string[]) =>
  (inputs: Properties): Properties =>
    Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));

/** A refused change, in one line. */
export const refusedBy = (
  kind: Refused["kind"],
  when: string,
  change: NonNullable<Refused["change"]>,
  code: string,
  says: string,
): Refused => ({ kind, when, change, code, says });

/** The same resource a second time. */
export const twice = (type: string, when: string, code: string, says: string): Refused => ({
  kind: "name",
  when,
  first: ({ make }, inputs) => make(type, inputs, "first"),
  code,
  says,
});

/** Deletion while something is there that uses it. */
export const keptBy = (
  when: string,
  afterwards: NonNullable<Refused["afterwards"]>,
  code: string,
  says: string,
): Refused => ({ kind: "inUse", when, afterwards, code, says });
