import * as kms from "@pulumi/gcp/kms/index.js";
import * as storage from "@pulumi/gcp/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { argumentProblems, clusterIdentity, labels } from "../gcp.ts";
import { guarded } from "../guard.ts";
import type { Location } from "../plan/types.ts";
import type { EgressRule } from "./isolation.ts";

/**
 * What the driver's part in a model server's pod connects to: Google's APIs over either private entrance
 * (components/network/gcp-apis.ts), and the node's metadata server for its token.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity
 */
export const googleApiRanges: EgressRule[] = [
  { cidr: "199.36.153.4/30", ports: [443] },
  { cidr: "199.36.153.8/30", ports: [443] },
  { cidr: "169.254.169.252/32", ports: [988] },
  { cidr: "169.254.169.254/32", ports: [80] },
];

/** Where the weights of a location's self-hosted models lie. */
export interface GcpWeightsArgs {
  location: Location;
  /** See `Network.scope`. */
  scope: pulumi.Input<string>;
  /** See `Cluster.issuerUrl`. */
  issuerUrl: pulumi.Input<string>;
  /** Namespace of the model servers. */
  namespace: string;
  /** Their service account: it alone may read. */
  serviceAccount: string;
  /** Keep bucket and key against deletion. */
  protect: boolean;
  tags: Record<string, string>;
}

/**
 * A bucket for model weights in the location's region: closed to the public, encrypted with a key of its own, with
 * versions, readable by one Kubernetes service account. The model servers mount it, so nothing is pulled from a public
 * hub when they start. What was overwritten goes after thirty days; what was deleted can be had back for seven.
 *
 * @throws Error when the location is not in GCP, or a name is no Kubernetes name
 */
export class GcpWeights extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** The key that encrypts the weights. */
  readonly keyId: pulumi.Output<string>;

  constructor(name: string, args: GcpWeightsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpWeights", name, {}, opts);
    refuse("GcpWeights", name, problemsOf(args));
    const build: Build = { name, args, opts: { parent: this } };

    const { key, grant } = buildKey(build);
    const bucket = buildBucket(build, key, grant);
    const reader = buildReader(build, bucket);

    const { account, cloud, name: location, region } = args.location;
    // Whoever mounts it has to wait until it may read.
    this.bucketName = pulumi.all([bucket.name, reader.id]).apply(([bucketName]) => bucketName);
    this.keyId = key.id;
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      reader: `${args.namespace}/${args.serviceAccount}`,
      bucketName: this.bucketName,
      keyId: this.keyId,
    });
  }
}

interface Build {
  readonly name: string;
  readonly args: GcpWeightsArgs;
  readonly opts: { readonly parent: GcpWeights };
}

/** Ninety days, and the thirty for which a key that was given up can still be had back. */
const rotation = { rotationPeriod: "7776000s", destroyScheduledDuration: "2592000s" };

const daysOfOldVersions = 30;
const secondsOfDeleted = 604_800;

function problemsOf({ location, tags, namespace, serviceAccount }: GcpWeightsArgs): string[] {
  const problems = argumentProblems(location, tags);
  for (const [word, value] of Object.entries({ namespace, serviceAccount })) {
    if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) continue;
    problems.push(`${word} is "${value}"; a Kubernetes name is of at most 63 lower-case letters, digits and hyphens`);
  }
  return problems;
}

/** The key, and Cloud Storage's right to use it; a bucket with it can't be made before. */
function buildKey({ name, args, opts }: Build): { key: kms.CryptoKey; grant: kms.CryptoKeyIAMMember } {
  const { location, scope, protect } = args;
  // GCP never deletes a key ring or a key's name: both are auto-named, so that new ones can be made.
  const ring = new kms.KeyRing(`${name}-keys`, { project: scope, location: location.region }, opts);
  const key = new kms.CryptoKey(
    `${name}-objects`,
    { keyRing: ring.id, purpose: "ENCRYPT_DECRYPT", ...rotation, labels: labels(args.tags) },
    guarded(opts.parent, protect),
  );
  // Asking for Cloud Storage's service account is what makes it exist; there is no resource for it.
  const agent = storage.getProjectServiceAccountOutput({ project: scope }, { parent: opts.parent, dependsOn: key });
  const grant = new kms.CryptoKeyIAMMember(
    `${name}-objects-storage`,
    {
      cryptoKeyId: key.id,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: pulumi.interpolate`serviceAccount:${agent.emailAddress}`,
    },
    opts,
  );
  return { key, grant };
}

function buildBucket({ name, args, opts }: Build, key: kms.CryptoKey, grant: pulumi.Resource): storage.Bucket {
  return new storage.Bucket(
    `${name}-bucket`,
    {
      project: args.scope,
      location: args.location.region.toUpperCase(),
      storageClass: "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      versioning: { enabled: true },
      encryption: { defaultKmsKeyName: key.id },
      softDeletePolicy: { retentionDurationSeconds: secondsOfDeleted },
      lifecycleRules: [
        {
          action: { type: "Delete" },
          condition: { daysSinceNoncurrentTime: daysOfOldVersions, withState: "ARCHIVED" },
        },
      ],
      // Weights can be fetched again; where nothing is protected they go with the bucket.
      forceDestroy: !args.protect,
      labels: labels(args.tags),
    },
    { ...guarded(opts.parent, args.protect), dependsOn: grant },
  );
}

function buildReader({ name, args, opts }: Build, bucket: storage.Bucket): storage.BucketIAMMember {
  return new storage.BucketIAMMember(
    `${name}-reader`,
    {
      bucket: bucket.name,
      role: "roles/storage.objectViewer",
      member: clusterIdentity(args.location, args.issuerUrl, args.namespace, args.serviceAccount),
    },
    opts,
  );
}
