/** Keys, buckets, logs, models and names in the DNS. */
import type { RefusalRow } from "../../../cloud.ts";
import { apiOnly, dns, grant, inRegions, later, none, says, storage } from "./words.ts";

const KMS = "https://cloud.google.com/kms/docs/reference/rest/v1";
const LOGGING = "https://cloud.google.com/logging/docs/reference/v2/rest/v2";
const VERTEX = "https://cloud.google.com/vertex-ai/docs/reference/rest/v1";
const DNS_ERRORS = "https://cloud.google.com/dns/docs/error-messages";
const DNS = "https://cloud.google.com/dns/docs/reference/rest/v1";
const BUCKETS = "https://cloud.google.com/storage/docs/json_api/v1/buckets";

const kms = later(KMS);
const logging = later(LOGGING);
const neverDeleted = none("Cloud KMS deletes it never: the provider only forgets it");
const inItsParent = (parent: string) => none(`it is where its ${parent} is`);

export const dataRefusals: Readonly<Record<string, RefusalRow>> = {
  "gcp:kms/keyRing:KeyRing": {
    ...kms("projects.locations.keyRings/create", "kms/keyring"),
    reference: apiOnly,
    name: says("badRequest", `${KMS}/projects.locations.keyRings/create`),
    placement: says("badRequest", "https://cloud.google.com/kms/docs/locations"),
    limit: none("a project can have any number of key rings"),
    inUse: neverDeleted,
  },
  "gcp:kms/cryptoKey:CryptoKey": {
    ...kms("projects.locations.keyRings.cryptoKeys/create", "kms/cryptokey"),
    reference: says("notFound", `${KMS}/projects.locations.keyRings.cryptoKeys/create`),
    name: says("badRequest", `${KMS}/projects.locations.keyRings.cryptoKeys/create`),
    placement: inItsParent("key ring"),
    limit: says("badRequest", `${KMS}/projects.locations.keyRings.cryptoKeys`),
    inUse: neverDeleted,
  },
  "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": {
    ...grant(`${KMS}/projects.locations.keyRings.cryptoKeys/setIamPolicy`, "kms/cryptokeyiammember"),
    reference: says("notFound", `${KMS}/projects.locations.keyRings.cryptoKeys/setIamPolicy`),
    placement: inItsParent("key"),
  },
  "gcp:storage/bucket:Bucket": {
    ...storage("buckets/insert", "storage/bucket"),
    reference: says("notFound", "https://cloud.google.com/storage/docs/encryption/using-customer-managed-keys"),
    name: says("invalid", "https://cloud.google.com/storage/docs/buckets#naming"),
    placement: says("invalid", "https://cloud.google.com/storage/docs/locations"),
    limit: says("invalid", BUCKETS),
    inUse: none("only objects keep a bucket, and no program here puts any in"),
  },
  "gcp:storage/bucketIAMMember:BucketIAMMember": {
    ...grant(`${BUCKETS}/setIamPolicy`, "storage/bucketiammember"),
    reference: says("notFound", `${BUCKETS}/setIamPolicy`),
    placement: inItsParent("bucket"),
  },
  "gcp:logging/projectBucketConfig:ProjectBucketConfig": {
    ...logging("projects.locations.buckets/create", "logging/projectbucketconfig"),
    reference: says("notFound", "https://cloud.google.com/logging/docs/routing/managed-encryption-storage"),
    name: says("badRequest", `${LOGGING}/projects.locations.buckets/create`),
    placement: says("badRequest", "https://cloud.google.com/logging/docs/region-support"),
    limit: says("badRequest", "https://cloud.google.com/logging/quotas"),
    inUse: none("sinks that lead to it do not keep it"),
  },
  "gcp:logging/projectSink:ProjectSink": {
    ...logging("projects.sinks/create", "logging/projectsink"),
    reference: says("notFound", "https://cloud.google.com/logging/docs/export/configure_export_v2"),
    name: says("badRequest", `${LOGGING}/projects.sinks`),
    placement: none("a sink is of the whole project"),
    limit: says("badRequest", `${LOGGING}/projects.sinks`),
    inUse: none("nothing refers to a sink"),
  },
  "gcp:vertex/aiEndpoint:AiEndpoint": {
    ...later(VERTEX)("projects.locations.endpoints/create", "vertex/aiendpoint"),
    reference: says("notFound", `${VERTEX}/projects.locations.endpoints`),
    name: says("badRequest", `${VERTEX}/projects.locations.endpoints/create`),
    placement: inRegions,
    limit: says("badRequest", `${VERTEX}/projects.locations.endpoints`),
    inUse: none("only deployed models keep an endpoint, and no program here deploys any"),
  },
  "gcp:dns/managedZone:ManagedZone": {
    ...dns("managedZones/create", "dns/managedzone"),
    reference: says("notFound", DNS_ERRORS),
    name: says("invalidFieldValue", DNS_ERRORS),
    placement: none("zones are global"),
    limit: says("invalidFieldValue", `${DNS}/managedZones`),
    inUse: says("containerNotEmpty", DNS_ERRORS),
  },
  "gcp:dns/recordSet:RecordSet": {
    ...dns("resourceRecordSets/create", "dns/recordset"),
    reference: says("notFound", DNS_ERRORS),
    name: says("invalidFieldValue", DNS_ERRORS),
    placement: inItsParent("zone"),
    limit: says("invalidValue", DNS_ERRORS),
    inUse: none("nothing refers to a record"),
  },
  "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember": {
    ...grant(`${DNS}/managedZones/setIamPolicy`, "dns/dnsmanagedzoneiammember"),
    reference: says("notFound", `${DNS}/managedZones/setIamPolicy`),
    placement: inItsParent("zone"),
  },
};
