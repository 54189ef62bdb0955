import {
  ADDRESS,
  ATTACHMENT,
  access,
  BUCKET,
  bucket,
  bucketPolicy,
  CERTIFICATE,
  CLUSTER,
  cluster,
  document,
  ENDPOINT,
  GATEWAY,
  GROUP,
  GUARDRAIL,
  KEY,
  lifecycle,
  logGroup,
  model,
  NAT,
  NODES,
  network,
  nodeGroup,
  POLICY,
  REPOSITORY,
  ROLE,
  role,
  SUBNET,
  subnetIn,
  TABLE,
  TEMPLATE,
  trustIn,
  untagged,
  VPC,
  ZONE,
} from "./refusals-aws-bench.ts";
import type { Accepted, Bench } from "./sandbox-refusals.ts";

/** Inputs that AWS accepts, by type; each makes first what they refer to. */

const networkInputs: Accepted = {
  [VPC]: () => ({ cidrBlock: "10.0.0.0/16" }),
  [SUBNET]: async (bench) => ({
    vpcId: (await network(bench)).id,
    cidrBlock: "10.0.0.0/24",
    availabilityZone: "eu-west-1a",
  }),
  [GATEWAY]: async (bench) => ({ vpcId: (await network(bench)).id }),
  [ADDRESS]: () => ({ domain: "vpc" }),
  [NAT]: async (bench) => {
    const vpc = await network(bench);
    await bench.make(GATEWAY, { vpcId: vpc.id });
    const address = await bench.make(ADDRESS, { domain: "vpc" });
    return { subnetId: (await subnetIn(bench, vpc)).id, allocationId: address.id };
  },
  [TABLE]: async (bench) => ({ vpcId: (await network(bench)).id }),
  "aws:ec2/route:Route": async (bench) => {
    const vpc = await network(bench);
    const gateway = await bench.make(GATEWAY, { vpcId: vpc.id });
    const table = await bench.make(TABLE, { vpcId: vpc.id });
    return { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": async (bench) => {
    const vpc = await network(bench);
    const table = await bench.make(TABLE, { vpcId: vpc.id });
    return { routeTableId: table.id, subnetId: (await subnetIn(bench, vpc)).id };
  },
  [GROUP]: async (bench) => ({ vpcId: (await network(bench)).id, name: "web", description: "Web" }),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": async (bench) => ({ vpcId: (await network(bench)).id }),
  [ENDPOINT]: async (bench) => {
    const vpc = await network(bench);
    const subnet = await subnetIn(bench, vpc);
    return {
      vpcId: vpc.id,
      serviceName: "com.amazonaws.eu-west-1.sts",
      vpcEndpointType: "Interface",
      subnetIds: [subnet.id],
      privateDnsEnabled: true,
    };
  },
  "aws:ec2/flowLog:FlowLog": async (bench) => ({
    vpcId: (await network(bench)).id,
    trafficType: "ALL",
    logDestination: (await logGroup(bench)).properties.arn,
    iamRoleArn: (await role(bench, "vpc-flow-logs.amazonaws.com")).properties.arn,
  }),
  ...Object.fromEntries(
    ["Ingress", "Egress"].map((way) => [
      `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`,
      async (bench: Bench) => {
        const group = await bench.make(GROUP, { vpcId: (await network(bench)).id, name: "web" });
        return { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/16" };
      },
    ]),
  ),
};

const computeInputs: Accepted = {
  [TEMPLATE]: () => ({ name: "nodes", blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 50 } }] }),
  "aws:ec2/placementGroup:PlacementGroup": () => ({ name: "near", strategy: "cluster" }),
  [CLUSTER]: async (bench) => {
    const vpc = await network(bench);
    const subnetIds = [(await subnetIn(bench, vpc, "a")).id, (await subnetIn(bench, vpc, "b")).id];
    const { properties } = await role(bench, "eks.amazonaws.com");
    return { name: "main", version: "1.35", roleArn: properties.arn, vpcConfig: { subnetIds } };
  },
  [NODES]: nodeGroup,
  "aws:eks/accessEntry:AccessEntry": async (bench) => {
    await cluster(bench);
    return { clusterName: "main", principalArn: (await role(bench)).properties.arn };
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": async (bench) => {
    await cluster(bench);
    const principalArn = (await role(bench)).properties.arn;
    await bench.make("aws:eks/accessEntry:AccessEntry", { clusterName: "main", principalArn });
    const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
    return { clusterName: "main", principalArn, policyArn, accessScope: { type: "cluster" } };
  },
  "aws:eks/addon:Addon": async (bench) => {
    await cluster(bench);
    return { clusterName: "main", addonName: "vpc-cni" };
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": async (bench) => {
    await cluster(bench);
    const { properties } = await role(bench, "pods.eks.amazonaws.com");
    return { clusterName: "main", namespace: "ai", serviceAccount: "gateway", roleArn: properties.arn };
  },
};

const identityInputs: Accepted = {
  [ROLE]: () => ({ name: "caller", assumeRolePolicy: trustIn("ec2.amazonaws.com") }),
  [POLICY]: () => ({ name: "read", policy: access }),
  "aws:iam/rolePolicy:RolePolicy": async (bench) => ({ role: (await role(bench)).id, name: "read", policy: access }),
  [ATTACHMENT]: async (bench) => ({
    role: (await role(bench)).id,
    policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
  }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": () => ({
    url: "https://issuer.example.com/id/1",
    clientIdLists: ["sts.amazonaws.com"],
  }),
  "aws:iam/accessKey:AccessKey": () => ({ user: "somebody" }),
};

const dataInputs: Accepted = {
  [KEY]: () => ({ description: "Data", enableKeyRotation: true, deletionWindowInDays: 7 }),
  "aws:kms/alias:Alias": async ({ make }) => ({ name: "alias/data", targetKeyId: (await make(KEY, {})).id }),
  [REPOSITORY]: () => ({ name: "team/image" }),
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": () => ({
    ecrRepositoryPrefix: "k8s",
    upstreamRegistryUrl: "registry.k8s.io",
  }),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": async ({ make, account }) => ({
    repository: (await make(REPOSITORY, { name: "image" })).id,
    policy: document({
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "ecr:BatchGetImage",
    }),
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": async ({ make }) => ({
    repository: (await make(REPOSITORY, { name: "image" })).id,
    policy: lifecycle([{ rulePriority: 1, selection: untagged, action: { type: "expire" } }]),
  }),
  [BUCKET]: ({ round }) => ({ bucket: `case-${round}` }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": async (bench) => ({ bucket: (await bucket(bench)).id }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": async (bench) => ({
    bucket: (await bucket(bench)).id,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  }),
  "aws:s3/bucketVersioning:BucketVersioning": async (bench) => ({
    bucket: (await bucket(bench)).id,
    versioningConfiguration: { status: "Enabled" },
  }),
  "aws:s3/bucketPolicy:BucketPolicy": async (bench) => {
    const { id, properties } = await bucket(bench);
    return { bucket: id, policy: bucketPolicy({ AWS: `arn:aws:iam::${bench.account}:root` }, `${properties.arn}/*`) };
  },
  "aws:cloudwatch/logGroup:LogGroup": () => ({ name: "/team/logs", retentionInDays: 30 }),
  "aws:secretsmanager/secret:Secret": () => ({ name: "team/token" }),
};

const serviceInputs: Accepted = {
  [ZONE]: () => ({ name: "ai.example.com" }),
  "aws:route53/record:Record": async ({ make }) => ({
    zoneId: (await make(ZONE, { name: "ai.example.com" })).id,
    name: "gateway.ai.example.com",
    type: "A",
    ttl: 60,
    records: ["192.0.2.1"],
  }),
  "aws:route53/healthCheck:HealthCheck": () => ({ type: "HTTPS", fqdn: "gateway.ai.example.com", port: 443 }),
  [CERTIFICATE]: () => ({ domainName: "gateway.ai.example.com", validationMethod: "DNS" }),
  "aws:acm/certificateValidation:CertificateValidation": async ({ make }) => {
    const inputs = { domainName: "gateway.ai.example.com", validationMethod: "DNS" };
    const { properties } = await make(CERTIFICATE, inputs);
    const [option] = properties.domainValidationOptions as { resourceRecordName: string }[];
    return { certificateArn: properties.arn, validationRecordFqdns: [option?.resourceRecordName] };
  },
  [GUARDRAIL]: () => ({
    name: "prompts",
    blockedInputMessaging: "No.",
    blockedOutputsMessaging: "No.",
    wordPolicyConfig: { wordsConfigs: [{ text: "secret" }] },
  }),
  "aws:bedrock/guardrailVersion:GuardrailVersion": async (bench) => ({
    guardrailArn: (await bench.make(GUARDRAIL, await bench.accepted(GUARDRAIL))).properties.guardrailArn,
  }),
  "aws:bedrock/inferenceProfile:InferenceProfile": () => ({
    name: "team",
    modelSource: { copyFrom: model("eu-west-1") },
  }),
  "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration": async (bench) => ({
    loggingConfig: { s3Config: { bucketName: (await bucket(bench)).id } },
  }),
};

export const accepted: Accepted = {
  ...networkInputs,
  ...computeInputs,
  ...identityInputs,
  ...dataInputs,
  ...serviceInputs,
};
