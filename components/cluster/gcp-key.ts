import * as kms from "@pulumi/gcp/kms/index.js";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../gcp.ts";
import { guarded } from "../guard.ts";
import type { Build } from "./gcp.ts";

/** Ninety days, seconds. */
const rotationPeriod = "7776000s";

/** How long a key that was given up can still be had back. */
const destroyScheduledDuration = "2592000s";

/** The key of the cluster's secrets, and GKE's right to use it; the cluster can't be made before it has that. */
export function buildKey({ name, args, opts }: Build): { name: pulumi.Output<string>; grants: pulumi.Resource[] } {
  // GCP never deletes a key ring or a key's name: both are auto-named, so that a new cluster can have new ones.
  const ring = new kms.KeyRing(`${name}-keys`, { project: args.scope, location: args.location.region }, opts);
  const key = new kms.CryptoKey(
    `${name}-secrets`,
    {
      keyRing: ring.id,
      purpose: "ENCRYPT_DECRYPT",
      rotationPeriod,
      destroyScheduledDuration,
      labels: labels(args.tags),
    },
    guarded(opts.parent, args.protect),
  );
  const grant = new kms.CryptoKeyIAMMember(
    `${name}-secrets-gke`,
    {
      cryptoKeyId: key.id,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: pulumi.interpolate`serviceAccount:service-${args.location.projectNumber}@container-engine-robot.iam.gserviceaccount.com`,
    },
    opts,
  );
  return { name: key.id, grants: [grant] };
}
