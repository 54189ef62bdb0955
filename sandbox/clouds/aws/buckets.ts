/** Buckets of S3 and what is set on them. */
import type { Context, InUse, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, valueAt, valuesAt } from "../../values.ts";
import { awsType, domainOf, inUse, jsonProblems, named, partitionOf, principalProblems, refs } from "./common.ts";

const LOGGING = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const S3_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";

/** The sandbox holds no objects; but where a service of AWS writes, there are some. */
const notEmpty: InUse["refusal"] = (id, user) =>
  `BucketNotEmpty: The bucket you tried to delete is not empty: ${id} holds what ${user} writes`;

const counts: InUse["counts"] = (bucket) => bucket.inputs.forceDestroy !== true;

/** A flow log names a bucket's folder: `arn:aws:s3:::bucket/folder/`. */
const bucketOf: InUse["names"] = (destination) => [/^arn:[^:]+:s3:::([^/]+)/.exec(String(destination))?.[1]];

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
  check: bucketProblems,
  inUse: [
    inUse("aws:ec2/flowLog:FlowLog", "logDestination", notEmpty, { names: bucketOf, counts }),
    inUse(LOGGING, "loggingConfig.s3Config.bucketName", notEmpty, { counts }),
    inUse(LOGGING, "loggingConfig.cloudwatchConfig.largeDataDeliveryS3Config.bucketName", notEmpty, { counts }),
  ],
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

const publicAccessBlock = bucketSetting("BucketPublicAccessBlock");

const encryption = bucketSetting("BucketServerSideEncryptionConfiguration", {
  replaceOn: ["bucket", "expectedBucketOwner"],
  check: encryptionProblems,
});

const versioning = bucketSetting("BucketVersioning", {
  replaceOn: ["bucket", "expectedBucketOwner"],
  check: versioningProblems,
  refuse: (inputs, { before }) => {
    const [had, wanted] = [before, inputs].map((each) => valueAt(each, "versioningConfiguration.status"));
    if (wanted !== "Disabled" || had === undefined || had === "Disabled") return [];
    const reason = `InvalidBucketState: versioningConfiguration.status can't be updated from ${had} to Disabled`;
    const fix = "Suspend it: versions that are there stay";
    return [{ property: "versioningConfiguration.status", kind: "immutable", reason, fix }];
  },
});

const bucketPolicy = bucketSetting("BucketPolicy", {
  check: (inputs) =>
    jsonProblems(inputs, "policy").map((problem) => ({
      ...problem,
      reason: `MalformedPolicy: the policy ${problem.reason}`,
    })),
  refuse: (inputs, context) => [
    ...principalProblems("policy", inputs, context, "MalformedPolicy"),
    ...policyRefusals(inputs, context),
  ],
});

export const bucketTypes: readonly ResourceType[] = [bucket, publicAccessBlock, encryption, versioning, bucketPolicy];

/** Object lock keeps versions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
function bucketProblems({ objectLockEnabled, versioning: versions }: Properties): Problem[] {
  if (objectLockEnabled !== true || asObject(versions).enabled !== false) return [];
  const reason = "InvalidBucketState: Object Lock needs versioning, which is switched off";
  return [
    { property: "versioning.enabled", reason, fix: "Leave versioning out", source: `${S3_GUIDE}/object-lock.html` },
  ];
}

const algorithms = ["AES256", "aws:kms", "aws:kms:dsse"];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html */
function encryptionProblems(inputs: Properties): Problem[] {
  return valuesAt(inputs, "rules[].applyServerSideEncryptionByDefault").flatMap(({ path, value }) => {
    const { sseAlgorithm, kmsMasterKeyId } = asObject(value);
    const algorithm = knownString(sseAlgorithm);
    if (algorithm === undefined) return [];
    if (!algorithms.includes(algorithm)) {
      const reason = `MalformedXML: the encryption algorithm ${algorithm} is not known`;
      return [{ property: `${path}.sseAlgorithm`, reason, fix: `Choose one of ${algorithms.join(", ")}` }];
    }
    if (kmsMasterKeyId === undefined || algorithm !== "AES256") return [];
    const reason = "InvalidArgument: a KMS key can't be given with the encryption algorithm AES256";
    return [{ property: `${path}.kmsMasterKeyId`, reason, fix: "Give sseAlgorithm aws:kms, or leave the key out" }];
  });
}

function versioningProblems(inputs: Properties): Problem[] {
  const status = knownString(valueAt(inputs, "versioningConfiguration.status"));
  if (status === undefined || ["Enabled", "Suspended", "Disabled"].includes(status)) return [];
  const reason = `MalformedXML: the versioning status ${status} is not known`;
  return [{ property: "versioningConfiguration.status", reason, fix: "Choose Enabled, Suspended or Disabled" }];
}

/** What S3 refuses of a bucket's policy once it knows the bucket. */
function policyRefusals(inputs: Properties, context: Context): Problem[] {
  const text = knownString(inputs.policy);
  const found = context.find("aws:s3/bucket:Bucket", inputs.bucket);
  if (text === undefined || found === undefined) return [];
  const statements = [asObject(JSON.parse(text)).Statement].flat().map(asObject);
  const problems: Problem[] = [];
  const own = String(found.outputs.arn);
  const named = statements.flatMap(({ Resource }) => [Resource ?? []].flat().map(String));
  const strange = named.find((resource) => resource !== own && !resource.startsWith(`${own}/`));
  if (strange !== undefined) {
    const reason = `MalformedPolicy: Policy has invalid resource: ${strange}`;
    problems.push({ property: "policy", kind: "reference", reason, fix: `Name ${own} or what is in it, ${own}/*` });
  }
  const block = context.all(BLOCK).find(({ outputs }) => outputs.bucket === inputs.bucket);
  // Without a block of its own, a new bucket has the whole of it.
  const blocked = block === undefined || block.outputs.blockPublicPolicy === true;
  if (!blocked || !statements.some(isPublic)) return problems;
  const reason = `AccessDenied: public policies are blocked by the BlockPublicPolicy setting of ${inputs.bucket}`;
  const fix =
    "Name who may, instead of everybody; or switch blockPublicPolicy off with a BucketPublicAccessBlock first";
  const source = `${S3_GUIDE}/access-control-block-public-access.html`;
  return [...problems, { property: "policy", reason, fix, source }];
}

/** Everybody may, under no condition. */
function isPublic({ Condition, Effect, Principal }: Properties): boolean {
  const everybody = [Principal, ...asList([asObject(Principal).AWS].flat())].includes("*");
  return Effect === "Allow" && everybody && Condition === undefined;
}
