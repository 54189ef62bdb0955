/** Inputs that Google Cloud accepts, each with what it refers to. */
import { acceptedIdentity } from "./gcp-accepted-identity.ts";
import { acceptedNetwork } from "./gcp-accepted-network.ts";
import { gcp, madeOf, region } from "./gcp-cases.ts";
import { key, keyFor, member } from "./gcp-things.ts";
import type { Accepted } from "./sandbox-refusals.ts";

const acceptedData: Accepted = {
  [gcp("artifactregistry/repository:Repository")]: () => ({
    repositoryId: "images",
    format: "DOCKER",
    location: region,
    dockerConfig: { immutableTags: true },
  }),
  [gcp("artifactregistry/repositoryIamMember:RepositoryIamMember")]: async (bench) => ({
    ...(await member(bench)),
    location: region,
    repository: (await madeOf(bench, "artifactregistry/repository:Repository")).id,
  }),
  [gcp("kms/keyRing:KeyRing")]: () => ({ location: region, name: "keys" }),
  [gcp("kms/cryptoKey:CryptoKey")]: async (bench) => ({
    keyRing: (await madeOf(bench, "kms/keyRing:KeyRing")).id,
    name: "weights",
    rotationPeriod: "7776000s",
    destroyScheduledDuration: "2592000s",
  }),
  [gcp("kms/cryptoKeyIAMMember:CryptoKeyIAMMember")]: async (bench) => ({
    ...(await member(bench)),
    cryptoKeyId: (await key(bench)).id,
  }),
  [gcp("storage/bucket:Bucket")]: async (bench) => ({
    name: `weights-of-round-${bench.round}`,
    location: "EUROPE-WEST4",
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
    encryption: { defaultKmsKeyName: (await keyFor(bench, "gs-project-accounts")).id },
  }),
  [gcp("storage/bucketIAMMember:BucketIAMMember")]: async (bench) => ({
    ...(await member(bench)),
    bucket: (await madeOf(bench, "storage/bucket:Bucket")).properties.name,
  }),
  [gcp("logging/projectBucketConfig:ProjectBucketConfig")]: ({ account: project }) => ({
    project,
    location: region,
    bucketId: "flows",
    retentionDays: 90,
    enableAnalytics: true,
  }),
  [gcp("logging/projectSink:ProjectSink")]: async (bench) => ({
    name: "flows",
    destination: `logging.googleapis.com/${(await madeOf(bench, "logging/projectBucketConfig:ProjectBucketConfig")).id}`,
    filter: "",
  }),
  [gcp("vertex/aiEndpoint:AiEndpoint")]: async (bench) => ({
    name: "4711",
    displayName: "models",
    location: region,
    encryptionSpec: { kmsKeyName: (await key(bench)).id },
  }),
  [gcp("dns/managedZone:ManagedZone")]: () => ({ name: "entry", dnsName: "ai.example.com." }),
  [gcp("dns/recordSet:RecordSet")]: async (bench) => ({
    managedZone: (await madeOf(bench, "dns/managedZone:ManagedZone")).properties.name,
    name: "gateway.ai.example.com.",
    type: "A",
    rrdatas: ["192.0.2.1"],
  }),
  [gcp("dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember")]: async (bench) => ({
    ...(await member(bench)),
    managedZone: (await madeOf(bench, "dns/managedZone:ManagedZone")).properties.name,
  }),
};

export const accepted: Accepted = { ...acceptedNetwork, ...acceptedIdentity, ...acceptedData };
