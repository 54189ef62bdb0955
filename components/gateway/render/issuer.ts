import type { Cloud } from "../../plan/types.ts";

/** Where each cloud publishes the keys of a cluster's issuer, as its discovery document says. */
const keyPaths: Readonly<Record<Cloud, string>> = { azure: "/openid/v1/jwks", aws: "/keys", gcp: "/jwks" };

/** Address of the public keys of a cluster's issuer. */
export function keysUri(cloud: Cloud, issuerUrl: string): string {
  return `${issuerUrl.replace(/\/+$/, "")}${keyPaths[cloud]}`;
}
