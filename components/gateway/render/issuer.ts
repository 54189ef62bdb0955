import type { Cloud } from "../../plan/types.ts";

/**
 * `iss` of the tokens that a cluster issues. AKS writes its issuer with a trailing slash, the others without; the
 * comparison is by character.
 */
export function tokenIssuer(cloud: Cloud, issuerUrl: string): string {
  const bare = issuerUrl.replace(/\/+$/, "");
  return cloud === "azure" ? `${bare}/` : bare;
}

/** Where each cloud publishes the keys of a cluster's issuer, as its discovery document says. */
const keyPaths: Readonly<Record<Cloud, string>> = { azure: "/openid/v1/jwks", aws: "/keys", gcp: "/jwks" };

/** Address of the public keys of a cluster's issuer. */
export function keysUri(cloud: Cloud, issuerUrl: string): string {
  return `${issuerUrl.replace(/\/+$/, "")}${keyPaths[cloud]}`;
}
