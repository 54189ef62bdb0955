/** Keys, registries, buckets, logs and Vertex AI. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties } from "../../values.ts";
import { alone, gcpType, locationIn, named, projectNumber, ref } from "./common.ts";
import { iamType } from "./iam.ts";
import { NETWORK } from "./network.ts";

const KEY_RING = "gcp:kms/keyRing:KeyRing";
const KEY = "gcp:kms/cryptoKey:CryptoKey";
const KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";
const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const BUCKET = "gcp:storage/bucket:Bucket";
const LOG_BUCKET = "gcp:logging/projectBucketConfig:ProjectBucketConfig";

const inLocation =
  (kind: string, name: string) =>
  (inputs: Properties, { placement }: Context) =>
    `projects/${inputs.project ?? placement.scope}/locations/${inputs.location ?? placement.region}/${kind}/${inputs[name]}`;

const kmsName = named({
  property: "name",
  pattern: /^[a-zA-Z0-9_-]+$/,
  allowed: "letters, digits, _ and -",
  maxLength: 63,
  source: "https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings/create",
});

const keyRing = gcpType({
  token: KEY_RING,
  place: "location",
  id: inLocation("keyRings", "name"),
  name: kmsName,
  unique: [alone(["name"], "region")],
  replaceOn: ["name"],
});

const cryptoKey = gcpType({
  token: KEY,
  project: false,
  labelled: true,
  id: (inputs) => `${inputs.keyRing}/cryptoKeys/${inputs.name}`,
  name: kmsName,
  unique: [alone(["keyRing", "name"], "scope")],
  defaults: { purpose: "ENCRYPT_DECRYPT" },
  replaceOn: ["name", "keyRing", "purpose", "destroyScheduledDuration", "importOnly", "skipInitialVersionCreation"],
  references: [ref("keyRing", KEY_RING)],
  check: rotationProblems,
  outputs: (inputs, { id }) => ({
    primaries: [{ name: `${id}/cryptoKeyVersions/1`, state: "ENABLED" }],
    destroyScheduledDuration: inputs.destroyScheduledDuration ?? "2592000s",
    versionTemplate: {
      algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION",
      protectionLevel: "SOFTWARE",
      ...asObject(inputs.versionTemplate),
    },
  }),
});

/** https://cloud.google.com/kms/docs/key-rotation: a day at least. */
function rotationProblems(inputs: Properties): Problem[] {
  const period = knownString(inputs.rotationPeriod);
  if (period === undefined) return [];
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(period)?.[1] ?? 0);
  if (seconds >= 86_400) return [];
  const reason = `rotation period must be greater than 1 day (86400s) and end in s; given: ${period}`;
  return [{ property: "rotationPeriod", reason }];
}

const keyMember = iamType({
  token: KEY_MEMBER,
  project: false,
  target: (inputs) => String(inputs.cryptoKeyId),
  targetInputs: ["cryptoKeyId"],
  references: [ref("cryptoKeyId", KEY)],
});

const repository = gcpType({
  token: REPOSITORY,
  place: "location",
  labelled: true,
  id: inLocation("repositories", "repositoryId"),
  name: {
    property: "repositoryId",
    pattern: /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    allowed: "lowercase letters, digits and hyphens, beginning with a letter",
    maxLength: 63,
    source: "https://cloud.google.com/artifact-registry/docs/repositories/create-repos",
  },
  unique: [alone(["repositoryId"], "region")],
  defaults: { mode: "STANDARD_REPOSITORY" },
  replaceOn: ["repositoryId", "format", "kmsKeyName", "mode"],
  references: [ref("kmsKeyName", KEY)],
  outputs: (inputs, context) => ({
    name: inputs.repositoryId,
    createTime: context.createdAt,
    updateTime: context.createdAt,
    registryUri: `${inputs.location ?? context.placement.region}-docker.pkg.dev/${inputs.project ?? context.placement.scope}/${inputs.repositoryId}`,
  }),
});

const repositoryMember = iamType({
  token: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
  place: "location",
  target: (inputs) => String(inputs.repository),
  targetInputs: ["repository"],
  references: [ref("repository", REPOSITORY)],
});

const bucket = gcpType({
  token: BUCKET,
  labelled: true,
  id: (inputs) => String(inputs.name),
  name: named({
    property: "name",
    pattern: /^(?!goog)(?!.*google)[a-z0-9][a-z0-9._-]*[a-z0-9]$/,
    allowed:
      'lowercase letters, digits, -, _ and ., beginning and ending with a letter or digit, without "google" or a beginning "goog"',
    minLength: 3,
    maxLength: 63,
    source: "https://cloud.google.com/storage/docs/buckets#naming",
  }),
  unique: [
    {
      paths: ["name"],
      within: "world",
      refusal: () =>
        "googleapi: Error 409: The requested bucket name is not available. The bucket namespace is shared by all users of the system., conflict",
    },
  ],
  defaults: { forceDestroy: false, storageClass: "STANDARD" },
  replaceOn: ["name", "location", "customPlacementConfig", "hierarchicalNamespace", "enableObjectRetention"],
  references: [ref("encryption.defaultKmsKeyName", KEY)],
  refuse: bucketKeyRefusals,
  outputs: (inputs, context) => ({
    selfLink: `https://www.googleapis.com/storage/v1/b/${inputs.name}`,
    url: `gs://${inputs.name}`,
    projectNumber: Number(projectNumber(context.placement.scope)),
    publicAccessPrevention: inputs.publicAccessPrevention ?? "inherited",
    uniformBucketLevelAccess: inputs.uniformBucketLevelAccess ?? false,
    timeCreated: context.createdAt,
    updated: context.createdAt,
  }),
});

/** https://cloud.google.com/storage/docs/encryption/using-customer-managed-keys */
function bucketKeyRefusals(inputs: Properties, context: Context): Problem[] {
  const property = "encryption.defaultKmsKeyName";
  const keyName = asObject(inputs.encryption).defaultKmsKeyName;
  if (keyName === undefined) return [];
  const location = String(inputs.location).toLowerCase();
  if (locationIn(keyName) !== location) {
    const reason = `googleapi: Error 400: Bucket location ${location} does not match the location of the Cloud KMS key ${keyName}., invalid`;
    return [{ property, reason }];
  }
  const granted = context
    .all(KEY_MEMBER)
    .some(
      ({ inputs: grant }) => grant.cryptoKeyId === keyName && String(grant.member).includes("@gs-project-accounts."),
    );
  if (granted) return [];
  const reason =
    "googleapi: Error 403: Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been authorized to use this key., forbidden";
  return [{ property, reason }];
}

const bucketMember = iamType({
  token: "gcp:storage/bucketIAMMember:BucketIAMMember",
  project: false,
  target: (inputs) => `b/${inputs.bucket}`,
  targetInputs: ["bucket"],
  references: [
    ref("bucket", BUCKET, { refusal: () => "googleapi: Error 404: The specified bucket does not exist., notFound" }),
  ],
});

const logBucket = gcpType({
  token: LOG_BUCKET,
  place: "location",
  id: inLocation("buckets", "bucketId"),
  name: {
    property: "bucketId",
    pattern: /^[A-Za-z0-9._-]+$/,
    allowed: "letters, digits, ., _ and -",
    maxLength: 100,
    source: "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.locations.buckets/create",
  },
  unique: [alone(["bucketId"], "region")],
  defaults: { retentionDays: 30 },
  replaceOn: ["bucketId"],
  check: ({ retentionDays: days }) => {
    if (typeof days !== "number" || (days >= 1 && days <= 3650)) return [];
    return [{ property: "retentionDays", reason: `Error 400: retention days must be 1 to 3650; given: ${days}` }];
  },
  outputs: (inputs, context) => ({
    name: context.id,
    lifecycleState: "ACTIVE",
    description: inputs.description ?? "",
  }),
});

const sink = gcpType({
  token: "gcp:logging/projectSink:ProjectSink",
  id: (inputs, { placement }) => `projects/${inputs.project ?? placement.scope}/sinks/${inputs.name}`,
  name: named({
    property: "name",
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    allowed: "letters, digits, ., _ and -, beginning with a letter or digit",
    maxLength: 100,
    source: "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks",
  }),
  unique: [alone(["name"], "scope")],
  defaults: { uniqueWriterIdentity: true },
  replaceOn: ["name"],
  refuse: (inputs, context) => {
    const destination = String(inputs.destination).replace(/^logging\.googleapis\.com\//, "");
    if (destination === inputs.destination || context.find(LOG_BUCKET, destination) !== undefined) return [];
    const reason = `googleapi: Error 404: The log bucket ${destination} does not exist., notFound`;
    return [{ property: "destination", reason }];
  },
  outputs: (inputs, { placement }) => ({
    writerIdentity: `serviceAccount:service-${projectNumber(String(inputs.project ?? placement.scope))}@gcp-sa-logging.iam.gserviceaccount.com`,
  }),
});

const endpoint = gcpType({
  token: "gcp:vertex/aiEndpoint:AiEndpoint",
  place: "location",
  labelled: true,
  id: inLocation("endpoints", "name"),
  name: {
    property: "name",
    pattern: /^[1-9]\d{0,9}$/,
    allowed: "a number of at most 10 digits without leading zeros",
    source: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/create",
  },
  unique: [alone(["name"], "region")],
  replaceOn: ["name", "network", "encryptionSpec", "privateServiceConnectConfig", "dedicatedEndpointEnabled"],
  references: [ref("network", NETWORK), ref("encryptionSpec.kmsKeyName", KEY)],
  outputs: (_, context) => ({
    createTime: context.createdAt,
    updateTime: context.createdAt,
    etag: context.hex(16, "etag"),
    deployedModels: [],
    dedicatedEndpointDns: "",
    modelDeploymentMonitoringJob: "",
  }),
});

export const dataTypes: readonly ResourceType[] = [
  keyRing,
  cryptoKey,
  keyMember,
  repository,
  repositoryMember,
  bucket,
  bucketMember,
  logBucket,
  sink,
  endpoint,
];
