/** The refusal table's rows of keys, registries, buckets, logs and secrets. */
import { ecr, fixed, kms, none, pages, type Rows, refused, s3 } from "./rows.ts";

const invalid = (call: string) => ecr("InvalidParameterException", call);
const log = (code: string, call: string) => refused(code, `${pages.logs}/API_${call}.html`);
const secret = (code: string, call: string) => refused(code, `${pages.secrets}/API_${call}.html`);
const malformed = s3("MalformedXML");
/** S3 has no call that moves a setting to another bucket. */
const ofBucket = (type: string) => fixed("MethodNotAllowed", `s3/${type}`);
const itsBucket = none("a setting is where its bucket is");
const noName = none("a bucket has one such setting, and it has no name");
const nobody = none("nothing names a setting");

export const keyRows: Rows = {
  "aws:kms/key:Key": {
    required: refused("ValidationError", `${pages.kms}/CommonErrors.html`),
    immutable: fixed("UnsupportedOperationException", "kms/key"),
    reference: kms("MalformedPolicyDocumentException", "CreateKey"),
    name: none("KMS gives a key its id; its names are aliases"),
    placement: none("every region has KMS, and the specs of keys that the sandbox takes"),
    limit: refused("ValidationError", `${pages.kms}/API_ScheduleKeyDeletion.html`),
    inUse: none("KMS deletes a key after its waiting period, whatever it has encrypted"),
  },
  "aws:kms/alias:Alias": {
    required: refused("ValidationError", `${pages.kms}/CommonErrors.html`),
    immutable: fixed("UnsupportedOperationException", "kms/alias"),
    reference: kms("NotFoundException", "CreateAlias"),
    name: kms("InvalidAliasNameException", "CreateAlias"),
    placement: none("an alias is where its key is"),
    limit: refused("LimitExceededException", `${pages.kmsGuide}/resource-limits.html`),
    inUse: none("an alias goes whoever still uses it"),
  },
};

export const registryRows: Rows = {
  "aws:ecr/repository:Repository": {
    required: invalid("CreateRepository"),
    immutable: fixed("InvalidParameterException", "ecr/repository"),
    reference: ecr("KmsException", "CreateRepository"),
    name: invalid("CreateRepository"),
    placement: none("every region has ECR"),
    limit: invalid("CreateRepository"),
    inUse: ecr("RepositoryNotEmptyException", "DeleteRepository"),
  },
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": {
    required: invalid("CreatePullThroughCacheRule"),
    immutable: fixed("InvalidParameterException", "ecr/pullThroughCacheRule"),
    reference: ecr("SecretNotFoundException", "CreatePullThroughCacheRule"),
    name: invalid("CreatePullThroughCacheRule"),
    placement: ecr("UnsupportedUpstreamRegistryException", "CreatePullThroughCacheRule"),
    limit: ecr("LimitExceededException", "CreatePullThroughCacheRule"),
    inUse: none("a rule goes; what was pulled through it stays"),
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    required: invalid("SetRepositoryPolicy"),
    immutable: fixed("InvalidParameterException", "ecr/repositoryPolicy"),
    reference: ecr("RepositoryNotFoundException", "SetRepositoryPolicy"),
    name: none("a repository has one policy, and it has no name"),
    placement: none("a policy is where its repository is"),
    limit: invalid("SetRepositoryPolicy"),
    inUse: none("nothing names a policy"),
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    required: invalid("PutLifecyclePolicy"),
    immutable: fixed("InvalidParameterException", "ecr/lifecyclePolicy"),
    reference: ecr("RepositoryNotFoundException", "PutLifecyclePolicy"),
    name: none("a repository has one policy, and it has no name"),
    placement: none("a policy is where its repository is"),
    limit: refused("InvalidParameterException", `${pages.ecrGuide}/lifecycle_policy_parameters.html`),
    inUse: none("nothing names a policy"),
  },
};

export const bucketRows: Rows = {
  "aws:s3/bucket:Bucket": {
    required: s3("InvalidRequest"),
    immutable: ofBucket("bucket"),
    reference: none("a bucket stands by itself"),
    name: refused("InvalidBucketName", `${pages.s3Guide}/bucketnamingrules.html`),
    placement: none("every region has buckets"),
    limit: s3("InvalidBucketState"),
    inUse: s3("BucketNotEmpty"),
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    required: malformed,
    immutable: ofBucket("bucketPublicAccessBlock"),
    reference: s3("NoSuchBucket"),
    name: noName,
    placement: itsBucket,
    limit: none("its four switches go together in every way"),
    inUse: nobody,
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    required: malformed,
    immutable: ofBucket("bucketServerSideEncryptionConfiguration"),
    reference: s3("NoSuchBucket"),
    name: noName,
    placement: itsBucket,
    limit: refused("InvalidArgument", pages.s3Errors),
    inUse: nobody,
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    required: malformed,
    immutable: ofBucket("bucketVersioning"),
    reference: s3("NoSuchBucket"),
    name: noName,
    placement: itsBucket,
    limit: malformed,
    inUse: nobody,
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    required: s3("MalformedPolicy"),
    immutable: ofBucket("bucketPolicy"),
    reference: s3("NoSuchBucket"),
    name: noName,
    placement: itsBucket,
    limit: s3("AccessDenied"),
    inUse: nobody,
  },
};

export const dataRows: Rows = {
  "aws:cloudwatch/logGroup:LogGroup": {
    required: log("InvalidParameterException", "CreateLogGroup"),
    immutable: fixed("InvalidParameterException", "cloudwatch/logGroup"),
    reference: log("InvalidParameterException", "AssociateKmsKey"),
    name: log("InvalidParameterException", "CreateLogGroup"),
    placement: none("every region has CloudWatch Logs"),
    limit: log("InvalidParameterException", "PutRetentionPolicy"),
    inUse: none("a log group goes whoever still writes to it; many of those make it anew"),
  },
  "aws:secretsmanager/secret:Secret": {
    required: secret("InvalidParameterException", "CreateSecret"),
    immutable: fixed("InvalidRequestException", "secretsmanager/secret"),
    reference: secret("ResourceNotFoundException", "CreateSecret"),
    name: secret("InvalidParameterException", "CreateSecret"),
    placement: none("every region has Secrets Manager"),
    limit: secret("InvalidParameterException", "DeleteSecret"),
    inUse: none("a secret goes whoever still reads it; the provider ends its replicas first"),
  },
};
