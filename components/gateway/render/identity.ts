import type { Location } from "../../plan/types.ts";
import type { PodIdentity } from "./proxy.ts";

/** A gateway's access to one location's models, with its principal known. */
export interface KnownAccess {
  readonly target: Location;
  readonly principal: string;
  readonly audience: string;
}

/** ConfigMap with the client configuration for Google Cloud. */
export const googleConfigMap = "google-credentials";
export const googleConfigKey = "external-account.json";

/** Where the tokens are in the container that signs requests. */
const tokenRoot = "/var/run/secrets/twocloud";
/** The kubelet renews a token when four fifths of this have passed, seconds. */
export const tokenLifetimeSeconds = 3600;

/**
 * What the proxies need in order to be accepted by AWS and Google Cloud: a projected token for each, and the variables
 * by which their standard credential chains find it. Azure has no such chain in the gateway; see the refresher.
 */
export function podIdentity(home: Location, accesses: readonly KnownAccess[]): PodIdentity {
  const parts = accesses.map((access) => {
    if (access.target.cloud === "aws") return aws(access);
    return access.target.cloud === "gcp" && needsFederation(home, access) ? google(access) : nothing;
  });
  return {
    env: parts.flatMap(({ env }) => env),
    volumes: parts.flatMap(({ volumes }) => volumes),
    mounts: parts.flatMap(({ mounts }) => mounts),
  };
}

/** The standard client configuration of Google Cloud for a token in a file; it holds no secret. */
export function externalAccount(principal: string): string {
  return JSON.stringify({
    type: "external_account",
    audience: `//iam.googleapis.com/${principal}`,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source: { file: `${tokenRoot}/gcp/token`, format: { type: "text" } },
  });
}

/** Inside GKE the metadata server answers for the pod's service account: nothing is mounted. */
export function needsFederation(home: Location, { target }: { readonly target: Location }): boolean {
  return target.cloud !== home.cloud;
}

const nothing: PodIdentity = { env: [], volumes: [], mounts: [] };

function aws({ target, principal, audience }: KnownAccess): PodIdentity {
  return {
    env: [
      { name: "AWS_REGION", value: target.region },
      { name: "AWS_ROLE_ARN", value: principal },
      { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: `${tokenRoot}/aws/token` },
      { name: "AWS_STS_REGIONAL_ENDPOINTS", value: "regional" },
    ],
    volumes: [{ name: "aws-token", projected: { sources: [tokenSource(audience)] } }],
    mounts: [{ name: "aws-token", mountPath: `${tokenRoot}/aws`, readOnly: true }],
  };
}

function google({ audience }: KnownAccess): PodIdentity {
  const sources = [
    tokenSource(audience),
    { configMap: { name: googleConfigMap, items: [{ key: googleConfigKey, path: googleConfigKey }] } },
  ];
  return {
    env: [{ name: "GOOGLE_APPLICATION_CREDENTIALS", value: `${tokenRoot}/gcp/${googleConfigKey}` }],
    volumes: [{ name: "gcp-token", projected: { sources } }],
    mounts: [{ name: "gcp-token", mountPath: `${tokenRoot}/gcp`, readOnly: true }],
  };
}

/** A token of the pod's own service account for one audience, at `token` in its volume. */
export function tokenSource(audience: string): Record<string, unknown> {
  return { serviceAccountToken: { audience, expirationSeconds: tokenLifetimeSeconds, path: "token" } };
}
