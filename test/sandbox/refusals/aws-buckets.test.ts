/** What the sandbox's AWS refuses of buckets. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  BUCKET,
  bucketPolicy,
  connect,
  keptBy,
  network,
  refusedBy,
  set,
  twice,
} from "../../support/refusals-aws-bench.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const LOGGING = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration";
const noBucket = refusedBy(
  "reference",
  "a bucket that is not there",
  set({ bucket: "none" }),
  "NoSuchBucket",
  "bucket",
);
const otherBucket = refusedBy("immutable", "another bucket", set({ bucket: "none" }), "MethodNotAllowed", "bucket");
const encryption = (more: object) => set({ rules: [{ applyServerSideEncryptionByDefault: more }] });

const refused: RefusedTypes = {
  [BUCKET]: [
    refusedBy("name", "a name in capitals", set({ bucket: "Weights" }), "InvalidBucketName", "bucket"),
    twice(BUCKET, "a name twice in the world", "BucketAlreadyExists", "case-"),
    refusedBy("immutable", "another name", set({ bucket: "other" }), "MethodNotAllowed", "bucket"),
    refusedBy(
      "limit",
      "a lock without versions",
      set({ objectLockEnabled: true, versioning: { enabled: false } }),
      "InvalidBucketState",
      "versioning",
    ),
    keptBy(
      "Bedrock writes into it",
      ({ make }, { id }) => make(LOGGING, { loggingConfig: { s3Config: { bucketName: id } } }),
      "BucketNotEmpty",
      "holds what eu-west-1 writes",
    ),
    keptBy(
      "a flow log writes into it",
      async (bench, { properties }) => {
        const vpc = await network(bench);
        const logDestination = `${properties.arn}/flows/`;
        await bench.make("aws:ec2/flowLog:FlowLog", {
          vpcId: vpc.id,
          trafficType: "ALL",
          logDestinationType: "s3",
          logDestination,
        });
      },
      "BucketNotEmpty",
      "fl-",
    ),
  ],
  [BLOCK]: [
    noBucket,
    otherBucket,
    refusedBy(
      "required",
      "a switch that is a text",
      set({ blockPublicAcls: "yes" }),
      "MalformedXML",
      "blockPublicAcls",
    ),
  ],
  [ENCRYPTION]: [
    noBucket,
    otherBucket,
    refusedBy("limit", "an algorithm that is none", encryption({ sseAlgorithm: "AES128" }), "MalformedXML", "aws:kms"),
    refusedBy(
      "limit",
      "a key beside AES256",
      encryption({ sseAlgorithm: "AES256", kmsMasterKeyId: "alias/aws/s3" }),
      "InvalidArgument",
      "kmsMasterKeyId",
    ),
  ],
  [VERSIONING]: [
    noBucket,
    otherBucket,
    refusedBy(
      "limit",
      "a status that is none",
      set({ versioningConfiguration: { status: "On" } }),
      "MalformedXML",
      "Suspended",
    ),
    refusedBy(
      "immutable",
      "no versions any more",
      set({ versioningConfiguration: { status: "Disabled" } }),
      "InvalidBucketState",
      "Suspend it",
    ),
  ],
  [BUCKET_POLICY]: [
    noBucket,
    otherBucket,
    refusedBy("limit", "no JSON", set({ policy: "{" }), "MalformedPolicy", "policy"),
    refusedBy(
      "reference",
      "another bucket's objects",
      set({ policy: bucketPolicy({ AWS: "111122223333" }, "arn:aws:s3:::other/*") }),
      "MalformedPolicy",
      "invalid resource",
    ),
    {
      kind: "limit",
      when: "everybody",
      change: (inputs) => ({ ...inputs, policy: bucketPolicy("*", `arn:aws:s3:::${inputs.bucket}/*`) }),
      code: "AccessDenied",
      says: "BlockPublicPolicy",
    },
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
