/** Keys, registries, buckets, logs and secrets. */
import type { Context, Reference, ResourceType } from "../../cloud.ts";
import { knownString, type Properties } from "../../values.ts";
import {
  arnOf,
  awsType,
  domainOf,
  jsonProblems,
  named,
  partitionOf,
  principalProblems,
  refs,
  upperOf,
  uuidOf,
} from "./common.ts";

const KEY = "aws:kms/key:Key";
const kmsKey = (path: string, by: "id" | "arn"): Reference => ({
  path,
  by,
  types: [KEY, "aws:kms/alias:Alias"],
  except: /^(alias|arn:[^:]+:kms:[^:]*:\d+:alias)\/aws\//,
  where: "anywhere",
  refusal: (value) => `NotFoundException: Key '${value}' does not exist`,
});

const key = awsType({
  token: KEY,
  id: (_, context) => uuidOf(context, "key"),
  arn: (_, context) => arnOf("kms", `key/${context.id}`, context),
  taggable: true,
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  replaceOn: ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"],
  check: (inputs) => jsonProblems(inputs, "policy"),
  refuse: (inputs, context) => principalProblems("policy", inputs, context, "MalformedPolicyDocumentException"),
  outputs: (inputs, context) => ({
    keyId: context.id,
    description: inputs.description ?? "",
    multiRegion: inputs.multiRegion ?? false,
    policy: inputs.policy ?? accountPolicy(context),
    ...(inputs.enableKeyRotation === true ? { rotationPeriodInDays: inputs.rotationPeriodInDays ?? 365 } : {}),
  }),
  handles: ({ keyId, arn }) => [
    { by: "key", value: String(keyId) },
    { by: "key", value: String(arn) },
  ],
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function accountPolicy({ placement }: Context): string {
  const root = `arn:${partitionOf(placement.region)}:iam::${placement.scope}:root`;
  const Statement = [
    { Sid: "Enable IAM User Permissions", Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" },
  ];
  return JSON.stringify({ Id: "key-default-1", Version: "2012-10-17", Statement });
}

const alias = awsType({
  token: "aws:kms/alias:Alias",
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("kms", String(inputs.name), context),
  name: named({
    property: "name",
    pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
    allowed: "alias/ followed by letters, digits and /_-, but not alias/aws/",
    maxLength: 256,
    source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    transform: (name) => `alias/${name}`,
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `AlreadyExistsException: An alias with the name ${name} already exists`,
    },
  ],
  replaceOn: ["name", "namePrefix"],
  references: [{ ...kmsKey("targetKeyId", "id"), by: "key", types: [KEY] }],
  outputs: (inputs, context) => ({
    targetKeyArn: context.find(KEY, inputs.targetKeyId, "key")?.outputs.arn,
    namePrefix: inputs.namePrefix ?? "",
  }),
});

const repository = awsType({
  token: "aws:ecr/repository:Repository",
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("ecr", `repository/${inputs.name}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    allowed: "lowercase letters, digits, and single ._-/ between them",
    minLength: 2,
    maxLength: 256,
    source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html",
    transform: (name) => name.toLowerCase(),
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) =>
        `RepositoryAlreadyExistsException: The repository with name '${name}' already exists in the registry`,
    },
  ],
  defaults: { imageTagMutability: "MUTABLE" },
  replaceOn: ["name", "encryptionConfigurations"],
  references: [kmsKey("encryptionConfigurations[].kmsKey", "arn")],
  outputs: (inputs, context) => ({
    registryId: context.placement.scope,
    repositoryUrl: `${registryHost(context)}/${inputs.name}`,
  }),
});

/** Host of an account's registry in a region. */
function registryHost({ placement: { scope, region } }: Context): string {
  return `${scope}.dkr.ecr.${region}.${domainOf(region)}`;
}

const pullThroughCacheRule = awsType({
  token: "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
  id: (inputs) => String(inputs.ecrRepositoryPrefix),
  replaceOn: ["ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"],
  references: [
    {
      path: "credentialArn",
      by: "arn",
      types: ["aws:secretsmanager/secret:Secret"],
      refusal: (arn) => `SecretNotFoundException: The secret ${arn} does not exist or is not accessible`,
    },
  ],
  outputs: (_, { placement }) => ({ registryId: placement.scope }),
});

function repositorySetting(token: string): ResourceType {
  return awsType({
    token,
    id: (inputs) => String(inputs.repository),
    overwrites: true,
    replaceOn: ["repository"],
    references: [refs.repository("repository")],
    check: (inputs) => jsonProblems(inputs, "policy"),
    outputs: (_, { placement }) => ({ registryId: placement.scope }),
  });
}

const bucket = awsType({
  token: "aws:s3/bucket:Bucket",
  id: (inputs) => String(inputs.bucket),
  arn: (inputs, { placement }) => `arn:${partitionOf(placement.region)}:s3:::${inputs.bucket}`,
  taggable: true,
  name: named({
    property: "bucket",
    prefix: "bucketPrefix",
    pattern: /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    allowed: "lowercase letters, digits, dots and hyphens, beginning and ending with a letter or digit, no address",
    minLength: 3,
    maxLength: 63,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    transform: (name) => name.toLowerCase(),
  }),
  unique: [
    {
      paths: ["bucket"],
      within: "world",
      refusal: (name) => `BucketAlreadyExists: The requested bucket name is not available: ${name}`,
    },
  ],
  defaults: { forceDestroy: false },
  replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled", "bucketNamespace"],
  outputs: bucketOutputs,
});

function bucketOutputs(inputs: Properties, { placement: { region } }: Context): Properties {
  const domain = domainOf(region);
  return {
    bucketRegion: region,
    bucketDomainName: `${inputs.bucket}.s3.${domain}`,
    bucketRegionalDomainName: `${inputs.bucket}.s3.${region}.${domain}`,
    bucketPrefix: inputs.bucketPrefix ?? "",
    requestPayer: inputs.requestPayer ?? "BucketOwner",
    objectLockEnabled: inputs.objectLockEnabled ?? false,
    serverSideEncryptionConfiguration: inputs.serverSideEncryptionConfiguration ?? {
      rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    },
    versioning: inputs.versioning ?? { enabled: false, mfaDelete: false },
  };
}

function bucketSetting(name: string, extra: Partial<Parameters<typeof awsType>[0]> = {}): ResourceType {
  return awsType({
    token: `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
    id: (inputs) => String(inputs.bucket),
    overwrites: true,
    replaceOn: ["bucket"],
    references: [refs.bucket("bucket")],
    ...extra,
  });
}

const logGroup = awsType({
  token: "aws:cloudwatch/logGroup:LogGroup",
  id: (inputs) => String(inputs.name),
  arn: (inputs, context) => arnOf("logs", `log-group:${inputs.name}`, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
    allowed: "letters, digits and ._-/#",
    maxLength: 512,
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `ResourceAlreadyExistsException: The specified log group already exists: ${name}`,
    },
  ],
  defaults: { skipDestroy: false },
  replaceOn: ["name", "namePrefix", "logGroupClass"],
  references: [kmsKey("kmsKeyId", "arn")],
  outputs: (inputs) => ({
    logGroupClass: inputs.logGroupClass ?? "STANDARD",
    namePrefix: inputs.namePrefix ?? "",
    deletionProtectionEnabled: inputs.deletionProtectionEnabled ?? false,
  }),
  handles: ({ arn }) => [{ by: "arn", value: `${arn}:*` }],
});

const secret = awsType({
  token: "aws:secretsmanager/secret:Secret",
  id: (inputs, context) => secretArn(inputs, context),
  arn: (inputs, context) => secretArn(inputs, context),
  taggable: true,
  name: named({
    property: "name",
    pattern: /^[A-Za-z0-9/_+=.@-]+$/,
    allowed: "letters, digits and /_+=.@-",
    maxLength: 512,
    source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
  }),
  unique: [
    {
      paths: ["name"],
      within: "region",
      refusal: (name) => `ResourceExistsException: The operation failed because the secret ${name} already exists.`,
    },
  ],
  defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
  replaceOn: ["name", "namePrefix"],
  references: [{ ...kmsKey("kmsKeyId", "id"), by: "key", types: [KEY], except: /alias\// }],
  check: (inputs) => jsonProblems(inputs, "policy"),
  outputs: (inputs) => ({ policy: knownString(inputs.policy) ?? "", namePrefix: inputs.namePrefix ?? "" }),
});

function secretArn(inputs: Properties, context: Context): string {
  return arnOf("secretsmanager", `secret:${inputs.name}-${upperOf(context, 6, "suffix")}`, context);
}

export const dataTypes: readonly ResourceType[] = [
  key,
  alias,
  repository,
  pullThroughCacheRule,
  repositorySetting("aws:ecr/repositoryPolicy:RepositoryPolicy"),
  repositorySetting("aws:ecr/lifecyclePolicy:LifecyclePolicy"),
  bucket,
  bucketSetting("BucketPublicAccessBlock"),
  bucketSetting("BucketServerSideEncryptionConfiguration", { replaceOn: ["bucket", "expectedBucketOwner"] }),
  bucketSetting("BucketVersioning", { replaceOn: ["bucket", "expectedBucketOwner"] }),
  bucketSetting("BucketPolicy", {
    check: (inputs) => jsonProblems(inputs, "policy"),
    refuse: (inputs, context) => principalProblems("policy", inputs, context, "MalformedPolicy"),
  }),
  logGroup,
  secret,
];
