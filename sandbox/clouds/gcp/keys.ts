/** Keys. https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys */
import type { Problem, ResourceType } from "../../cloud.ts";
import { asObject, knownString, type Properties } from "../../values.ts";
import { answer, oneOf, wrong } from "./answers.ts";
import { alone, gcpType, inLocation, named, ref } from "./common.ts";
import { iamType } from "./iam.ts";
import type { Offer } from "./places.ts";

const KEY_RING = "gcp:kms/keyRing:KeyRing";
export const KEY = "gcp:kms/cryptoKey:CryptoKey";
export const KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";

const kmsName = named({
  property: "name",
  pattern: /^[a-zA-Z0-9_-]+$/,
  allowed: "letters, digits, _ and -",
  maxLength: 63,
  source: "https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings/create",
});

/** Places that are larger than a region. */
const kmsOffer: Offer = {
  also: [
    "global",
    "asia",
    "asia1",
    "ca",
    "eur3",
    "eur4",
    "eur5",
    "eur6",
    "europe",
    "in",
    "nam3",
    "nam4",
    "nam6",
  ].concat(["nam7", "nam8", "nam9", "nam10", "nam11", "nam12", "us"]),
  source: "https://cloud.google.com/kms/docs/locations",
};

/** The provider takes it out of its state; Cloud KMS keeps it, so that no other thing can ever have the name. */
const kept = {
  refusal: (name: string) =>
    answer("alreadyExists", `'${name}' already exists: Cloud KMS deletes no key rings and no keys`),
  fix: "Take another name, or import what is there",
};

const keyRing = gcpType({
  token: KEY_RING,
  api: "cloudkms",
  place: "location",
  offer: kmsOffer,
  id: inLocation("keyRings", "name"),
  name: kmsName,
  unique: [alone(["name"], "region")],
  keepsName: kept,
  replaceOn: ["name"],
});

const cryptoKey = gcpType({
  token: KEY,
  project: false,
  labelled: true,
  id: (inputs) => `${inputs.keyRing}/cryptoKeys/${inputs.name}`,
  name: kmsName,
  unique: [alone(["keyRing", "name"], "scope")],
  keepsName: kept,
  defaults: { purpose: "ENCRYPT_DECRYPT" },
  replaceOn: [
    "name",
    "keyRing",
    "purpose",
    "cryptoKeyBackend",
    "destroyScheduledDuration",
    "importOnly",
    "versionTemplate.protectionLevel",
  ],
  references: [ref("keyRing", KEY_RING)],
  check: (inputs) => [...purposeProblems(inputs), ...rotationProblems(inputs), ...destructionProblems(inputs)],
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

const purposes = [
  "ENCRYPT_DECRYPT",
  "ASYMMETRIC_SIGN",
  "ASYMMETRIC_DECRYPT",
  "RAW_ENCRYPT_DECRYPT",
  "MAC",
  "KEY_ENCAPSULATION",
] as const;

/** https://cloud.google.com/kms/docs/algorithms */
function purposeProblems({ purpose, rotationPeriod, versionTemplate }: Properties): Problem[] {
  const problems = oneOf("purpose", purpose, purposes, "badRequest");
  if (purpose === undefined || purpose === "ENCRYPT_DECRYPT") return problems;
  if (rotationPeriod !== undefined) {
    const text = `rotation_period can only be set on keys of purpose ENCRYPT_DECRYPT, not on ${purpose}`;
    problems.push(wrong("rotationPeriod", "badRequest", text, { fix: "Leave it out" }));
  }
  const algorithm = asObject(versionTemplate).algorithm;
  if (algorithm === undefined || algorithm === "GOOGLE_SYMMETRIC_ENCRYPTION") {
    const text = `a key of purpose ${purpose} needs an algorithm of that purpose`;
    problems.push(wrong("versionTemplate.algorithm", "badRequest", text, { kind: "required" }));
  }
  return problems;
}

const secondsOf = (period: string) => Number(/^(\d+(?:\.\d+)?)s$/.exec(period)?.[1] ?? 0);
const DAY = 86_400;

/** https://cloud.google.com/kms/docs/key-rotation: a day at least. */
function rotationProblems(inputs: Properties): Problem[] {
  const period = knownString(inputs.rotationPeriod);
  if (period === undefined || secondsOf(period) >= DAY) return [];
  const text = `rotation period must be greater than 1 day (86400s) and end in s; given: ${period}`;
  return [wrong("rotationPeriod", "badRequest", text, { fix: "Write seconds, as 7776000s for ninety days" })];
}

/** https://cloud.google.com/kms/docs/destroy-restore */
function destructionProblems(inputs: Properties): Problem[] {
  const wait = knownString(inputs.destroyScheduledDuration);
  if (wait === undefined || inputs.importOnly === true) return [];
  const seconds = secondsOf(wait);
  if (seconds >= DAY && seconds <= 120 * DAY) return [];
  const text = `destroy_scheduled_duration must be 24 hours to 120 days; given: ${wait}`;
  return [wrong("destroyScheduledDuration", "badRequest", text, { fix: "Write 86400s to 10368000s" })];
}

const keyMember = iamType({
  token: KEY_MEMBER,
  project: false,
  target: (inputs) => String(inputs.cryptoKeyId),
  targetInputs: ["cryptoKeyId"],
  references: [ref("cryptoKeyId", KEY)],
});

export const keyTypes: readonly ResourceType[] = [keyRing, cryptoKey, keyMember];
