import {
  certManagerNamespace,
  gatewayCertificateSecret,
  gatewayNamespace,
  internalCaSecret,
  internalIssuer,
} from "../names.ts";

/** ClusterIssuers: the public one proves the gateway's name, the bootstrap one signs the cluster's own authority. */
export const publicIssuer = "twocloud-public";
export const bootstrapIssuer = "twocloud-bootstrap";
/** Secret with the key of the cluster's own authority; a ClusterIssuer looks for it in cert-manager's namespace. */
const authoritySecret = "twocloud-internal-authority";

/** A certificate object, by what differs. */
export interface CertificateObject {
  readonly role: string;
  readonly name: string;
  readonly namespace: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * `spec` of the issuer of the gateway's certificate: ACME by a challenge record in the gateway's own zone; self-signed
 * where the cloud's load balancer brings the certificate that callers see.
 *
 * @param dns01 The solver's `dns01`; empty: the load balancer brings its own.
 */
export function publicIssuerSpec(
  dns01: Readonly<Record<string, unknown>>,
  authority: { directory: string; email: string },
): Record<string, unknown> {
  if (Object.keys(dns01).length === 0) return { selfSigned: {} };
  return {
    acme: {
      server: authority.directory,
      email: authority.email,
      privateKeySecretRef: { name: `${publicIssuer}-account` },
      solvers: [{ dns01 }],
    },
  };
}

/** `spec` of the issuer of certificates inside the cluster. */
export const internalIssuerSpec = { ca: { secretName: authoritySecret } };

/** The certificate of the cluster's own authority. Its key stays the same: a new one would break every open trust. */
export function authorityCertificate(): CertificateObject {
  return {
    role: "internal-authority",
    name: internalIssuer,
    namespace: certManagerNamespace,
    spec: {
      isCA: true,
      commonName: internalIssuer,
      secretName: authoritySecret,
      duration: "87600h",
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
      issuerRef: { name: bootstrapIssuer, kind: "ClusterIssuer", group: "cert-manager.io" },
    },
  };
}

/** The gateway's own certificate, and one whose only use is to bring the cluster's authority into this namespace. */
export function gatewayCertificates(host: string): CertificateObject[] {
  return [
    { role: "certificate", ...leaf(gatewayCertificateSecret, publicIssuer, host) },
    {
      role: "internal-trust",
      ...leaf(internalCaSecret, internalIssuer, `trust.${gatewayNamespace}.svc.cluster.local`),
    },
  ];
}

function leaf(secretName: string, issuer: string, host: string): Omit<CertificateObject, "role"> {
  return { name: secretName, namespace: gatewayNamespace, spec: leafSpec(secretName, issuer, host) };
}

/** `spec` of a server certificate, renewed by cert-manager two thirds into its ninety days. */
export function leafSpec(secretName: string, issuer: string, host: string): Record<string, unknown> {
  return {
    secretName,
    dnsNames: [host],
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { name: issuer, kind: "ClusterIssuer", group: "cert-manager.io" },
  };
}
