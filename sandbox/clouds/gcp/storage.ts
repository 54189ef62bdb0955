/** Cloud Storage. https://cloud.google.com/storage/docs/json_api/v1/buckets */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, isUnknown, knownString, type Properties, valueAt } from "../../values.ts";
import { answer, oneOf, wrong } from "./answers.ts";
import { gcpType, locationIn, named, ref } from "./common.ts";
import { iamType } from "./iam.ts";
import { KEY, KEY_MEMBER } from "./keys.ts";
import { type Offer, placeProblems } from "./places.ts";
import { projectNumber } from "./project-numbers.ts";

const BUCKET = "gcp:storage/bucket:Bucket";
const KEYS_PAGE = "https://cloud.google.com/storage/docs/encryption/using-customer-managed-keys";

/** Places of several regions. */
const offer: Offer = {
  also: ["asia", "eu", "us", "asia1", "eur4", "eur5", "eur7", "eur8", "nam4"],
  source: "https://cloud.google.com/storage/docs/locations",
};

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
        answer(
          "conflict",
          "The requested bucket name is not available. The bucket namespace is shared by all users of the system.",
        ),
    },
  ],
  defaults: { forceDestroy: false, storageClass: "STANDARD" },
  replaceOn: [
    "name",
    "location",
    "customPlacementConfig.dataLocations",
    "enableObjectRetention",
    "hierarchicalNamespace",
  ],
  references: [ref("encryption.defaultKmsKeyName", KEY)],
  check: (inputs) => [
    ...placeProblems("location", inputs.location, "", offer),
    ...classProblems(inputs),
    ...retentionProblems(inputs),
    ...ruleProblems(inputs),
  ],
  refuse: keyRefusals,
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

/** https://cloud.google.com/storage/docs/storage-classes */
const classes = ["STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE", "RAPID"];

function classProblems({ storageClass, hierarchicalNamespace, uniformBucketLevelAccess }: Properties): Problem[] {
  const problems = oneOf("storageClass", storageClass, classes, "invalid");
  if (asObject(hierarchicalNamespace).enabled !== true || uniformBucketLevelAccess === true) return problems;
  if (isUnknown(uniformBucketLevelAccess)) return problems;
  const text = "Hierarchical namespace buckets must use uniform bucket-level access";
  return [
    ...problems,
    wrong("hierarchicalNamespace", "invalid", text, { fix: "Set uniformBucketLevelAccess to true" }),
  ];
}

/** https://cloud.google.com/storage/docs/soft-delete */
function retentionProblems(inputs: Properties): Problem[] {
  const at = "softDeletePolicy.retentionDurationSeconds";
  const seconds = valueAt(inputs, at);
  if (typeof seconds !== "number" || seconds === 0 || (seconds >= 604_800 && seconds <= 7_776_000)) return [];
  const text = `Invalid soft delete retention ${seconds}: 7 to 90 days, in seconds, or 0 for none`;
  return [wrong(at, "invalid", text, { fix: "Write 604800 to 7776000, or 0" })];
}

/** https://cloud.google.com/storage/docs/lifecycle */
function ruleProblems(inputs: Properties): Problem[] {
  return asList(inputs.lifecycleRules).flatMap((rule, index) => {
    const { type, storageClass } = asObject(asObject(rule).action);
    const at = `lifecycleRules[${index}].action`;
    const actions = ["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"];
    const unknown = oneOf(`${at}.type`, type, actions, "invalid");
    if (type !== "SetStorageClass" || storageClass !== undefined) return unknown;
    return [wrong(`${at}.storageClass`, "invalid", "SetStorageClass needs a storage class", { kind: "required" })];
  });
}

function keyRefusals(inputs: Properties, context: Context): Problem[] {
  const property = "encryption.defaultKmsKeyName";
  const keyName = asObject(inputs.encryption).defaultKmsKeyName;
  if (keyName === undefined) return [];
  const location = String(inputs.location).toLowerCase();
  if (locationIn(keyName) !== location) {
    const text = `Bucket location ${location} does not match the location of the Cloud KMS key ${keyName}.`;
    const more = { kind: "placement", fix: `Make key ring and key in ${location}`, source: KEYS_PAGE } as const;
    return [wrong(property, "invalid", text, more)];
  }
  const granted = context
    .all(KEY_MEMBER)
    .some(
      ({ inputs: grant }) => grant.cryptoKeyId === keyName && String(grant.member).includes("@gs-project-accounts."),
    );
  if (granted) return [];
  const text =
    "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been authorized to use this key.";
  const fix = "Grant it roles/cloudkms.cryptoKeyEncrypterDecrypter on the key, and let the bucket depend on the grant";
  return [wrong(property, "forbidden", text, { kind: "reference", fix, source: KEYS_PAGE })];
}

const bucketMember = iamType({
  token: "gcp:storage/bucketIAMMember:BucketIAMMember",
  project: false,
  target: (inputs) => `b/${inputs.bucket}`,
  targetInputs: ["bucket"],
  references: [ref("bucket", BUCKET, { refusal: () => answer("notFound", "The specified bucket does not exist.") })],
  refuse: publicRefusals,
});

/** https://cloud.google.com/storage/docs/public-access-prevention */
function publicRefusals({ bucket: name, member }: Properties, context: Context): Problem[] {
  const held = context.find(BUCKET, name, "ref")?.inputs;
  const isPublic = ["allUsers", "allAuthenticatedUsers"].includes(knownString(member) ?? "");
  if (!isPublic || held?.publicAccessPrevention !== "enforced") return [];
  const text =
    "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.";
  const source = "https://cloud.google.com/storage/docs/public-access-prevention";
  return [wrong("member", "conditionNotMet", text, { fix: "Name who may read", source })];
}

export const storageTypes: readonly ResourceType[] = [bucket, bucketMember];
