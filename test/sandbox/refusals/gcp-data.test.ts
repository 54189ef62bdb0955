/** What the sandbox's Google Cloud refuses of keys, buckets, logs, models and names in the DNS. */
import { accepted } from "../../support/gcp-accepted.ts";
import { apiOff, cases, compute, connect, gcp, later, nowhere, set } from "../../support/gcp-cases.ts";
import { key } from "../../support/gcp-things.ts";
import { type Refused, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const dns = cases({ needed: "required", fixed: "invalid" });
const nobody = "serviceAccount:nobody@example-ai.iam.gserviceaccount.com";

const grants = (parent: string, says = "The resource 'nowhere' was not found"): Refused[] => [
  later.missing("member"),
  later.fixed("role", "roles/browser"),
  later.reference("somebody who does not exist", { member: nobody }, "nobody@example-ai", "badRequest"),
  later.reference("a thing that there is not", { [parent]: "nowhere" }, says),
  later.limit("a role without its form", { role: "viewer" }, "Role viewer is not valid"),
];

const deletedBefore = (type: string, says: string): Refused => ({
  kind: "name",
  when: "a name of one that was given up",
  first: async ({ make, provider }, inputs) => {
    const { id, properties } = await make(gcp(type), inputs);
    await provider.remove(gcp(type), id, properties);
  },
  code: "alreadyExists",
  says,
});

const refused: RefusedTypes = {
  [gcp("kms/keyRing:KeyRing")]: [
    later.missing("location"),
    later.fixed("location", "europe-west1"),
    later.name("name", "my keys", "letters, digits, _ and -"),
    nowhere("location"),
    apiOff("cloudkms"),
    deletedBefore("kms/keyRing:KeyRing", "'keys' already exists: Cloud KMS deletes no key rings"),
  ],
  [gcp("kms/cryptoKey:CryptoKey")]: [
    later.missing("keyRing"),
    later.fixed("purpose", "MAC"),
    later.reference("a key ring that there is not", { keyRing: "nowhere" }, "'nowhere' was not found"),
    later.limit("a rotation every hour", { rotationPeriod: "3600s" }, "86400s"),
    later.limit("a wait of a year", { destroyScheduledDuration: "31536000s" }, "24 hours to 120 days"),
    later.limit("a rotation of keys that sign", { purpose: "ASYMMETRIC_SIGN" }, "of purpose ENCRYPT_DECRYPT"),
    deletedBefore("kms/cryptoKey:CryptoKey", "weights' already exists"),
  ],
  [gcp("kms/cryptoKeyIAMMember:CryptoKeyIAMMember")]: grants("cryptoKeyId"),
  [gcp("storage/bucket:Bucket")]: [
    compute.mistyped("versioning", "on"),
    compute.fixed("enableObjectRetention", true),
    compute.name("name", "my-google-weights", 'without "google"'),
    compute.limit("a class that there is not", { storageClass: "COLD" }, "'COLD' is none of"),
    compute.limit(
      "deleted things kept for a day",
      { softDeletePolicy: { retentionDurationSeconds: 86400 } },
      "7 to 90 days",
    ),
    {
      kind: "placement",
      when: "a place that there is not",
      change: set({ location: "EUROPE-WEST44" }),
      code: "invalid",
      says: "Fix: Write europe-west4",
    },
    {
      kind: "placement",
      when: "a key of another region",
      change: async (inputs, bench) => ({
        ...inputs,
        encryption: { defaultKmsKeyName: (await key(bench, "europe-west1", "other")).id },
      }),
      code: "invalid",
      says: "does not match the location of the Cloud KMS key",
    },
    {
      kind: "reference",
      when: "a key that Cloud Storage may not use",
      change: async (inputs, bench) => ({
        ...inputs,
        encryption: { defaultKmsKeyName: (await key(bench, undefined, "other")).id },
      }),
      code: "forbidden",
      says: "Permission denied on Cloud KMS key",
    },
    {
      kind: "name",
      when: "a name that somebody else in the world has",
      first: async ({ box, round }) => {
        const other = await box.provider("gcp", { project: "somebody-else", region: "us-east1" });
        await other.make(gcp("storage/bucket:Bucket"), { name: `weights-of-round-${round}`, location: "US" });
      },
      code: "conflict",
      says: "The requested bucket name is not available",
    },
  ],
  [gcp("storage/bucketIAMMember:BucketIAMMember")]: [
    ...grants("bucket", "The specified bucket does not exist"),
    {
      kind: "limit",
      when: "everybody, where the public is kept out",
      change: set({ member: "allUsers" }),
      code: "conditionNotMet",
      says: "public access prevention is enforced",
    },
  ],
  [gcp("logging/projectBucketConfig:ProjectBucketConfig")]: [
    later.missing("bucketId"),
    later.fixed("bucketId", "others"),
    later.fixed("enableAnalytics", false),
    later.name("bucketId", "my flows", "letters, digits"),
    later.limit("logs for ever", { retentionDays: 9999 }, "1 to 3650"),
    nowhere("location"),
  ],
  [gcp("logging/projectSink:ProjectSink")]: [
    later.missing("destination"),
    later.fixed("name", "others"),
    later.name("name", "-flows", "beginning with a letter or digit"),
    later.limit("a destination without its service", { destination: "projects/x" }, "logging.googleapis.com/"),
    later.reference(
      "a bucket that there is not",
      { destination: "logging.googleapis.com/projects/x/locations/europe-west4/buckets/none" },
      "does not exist",
    ),
  ],
  [gcp("vertex/aiEndpoint:AiEndpoint")]: [
    later.missing("displayName"),
    later.fixed("network", "projects/1/global/networks/other"),
    later.name("name", "models", "a number of at most 10 digits"),
    later.reference("a network that there is not", { network: "projects/1/global/networks/none" }, "was not found"),
    later.limit("a long name to show", { displayName: "a".repeat(129) }, "1 to 128 are allowed"),
    nowhere("location"),
    apiOff("aiplatform"),
    {
      kind: "placement",
      when: "a key of another region",
      change: async (inputs, bench) => ({
        ...inputs,
        encryptionSpec: { kmsKeyName: (await key(bench, "europe-west1", "other")).id },
      }),
      code: "badRequest",
      says: "is not in europe-west4, where the endpoint is",
    },
  ],
  [gcp("dns/managedZone:ManagedZone")]: [
    dns.missing("dnsName"),
    dns.fixed("dnsName", "other.example.com."),
    { ...dns.name("dnsName", "ai.example.com", "'ai.example.com.'"), code: "invalidFieldValue" },
    dns.name("dnsName", "com.", "its name is reserved"),
    dns.reference(
      "a network that there is not",
      { visibility: "private", privateVisibilityConfig: { networks: [{ networkUrl: "nowhere" }] } },
      "The resource 'nowhere' was not found",
    ),
    dns.limit(
      "networks for a public one",
      { privateVisibilityConfig: { networks: [{ networkUrl: "main" }] } },
      "this one is public",
      "invalidFieldValue",
    ),
    apiOff("dns"),
    {
      kind: "inUse",
      when: "deleting it with a record in it",
      afterwards: ({ make }, { properties }) =>
        make(gcp("dns/recordSet:RecordSet"), {
          managedZone: properties.name,
          name: "a.ai.example.com.",
          type: "A",
          rrdatas: ["192.0.2.1"],
        }),
      code: "containerNotEmpty",
      says: "it contains projects/",
    },
  ],
  [gcp("dns/recordSet:RecordSet")]: [
    dns.missing("type"),
    dns.fixed("name", "other.ai.example.com."),
    dns.reference("a zone that there is not", { managedZone: "nowhere" }, "'parameters.managedZone'"),
    { ...dns.name("name", "gateway.example.com.", "it is not in the zone"), code: "invalidFieldValue" },
    dns.limit("an address that is none", { rrdatas: ["X.X.X.X"] }, "'X.X.X.X'", "invalidValue"),
    dns.limit("an alias of two", { type: "CNAME", rrdatas: ["a.b.", "c.d."] }, "one record", "invalidRecordCount"),
    dns.limit(
      "an alias at the apex",
      { name: "ai.example.com.", type: "CNAME", rrdatas: ["a.b."] },
      "at the apex",
      "recordTypeDisallowedAtZoneApex",
    ),
    {
      kind: "limit",
      when: "an alias beside an address",
      change: set({ type: "CNAME", rrdatas: ["a.b."] }),
      first: ({ make }, inputs) => make(gcp("dns/recordSet:RecordSet"), inputs, "address"),
      code: "cnameResourceRecordSetConflict",
      says: "but not both",
    },
  ],
  [gcp("dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember")]: grants("managedZone", "'parameters.managedZone'"),
};

testRefused({ package: "gcp", accepted, refused, connect });
