import { generateKeyPairSync, type KeyObject, randomBytes, sign, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** Keys, certificates and tokens of one drill. All are made for it and go with it. */

x509.cryptoProvider.set(webcrypto as never);

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM. */
  readonly cert: string;
  /** A server certificate for these names and addresses. */
  issue(names: readonly string[]): Promise<KeyPair>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const hourMs = 3_600_000;

/** A certificate authority that nobody else trusts. */
export async function newAuthority(): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const validity = { notBefore: new Date(Date.now() - hourMs), notAfter: new Date(Date.now() + 24 * hourMs) };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=drill",
    ...validity,
    signingAlgorithm: algorithm,
    keys: keys as never,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  return {
    cert: root.toString("pem"),
    async issue(names) {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const leaf = await x509.X509CertificateGenerator.create({
        serialNumber: serial(),
        subject: "CN=drill server",
        issuer: root.subject,
        ...validity,
        signingAlgorithm: algorithm,
        publicKey: own.publicKey as never,
        signingKey: keys.privateKey as never,
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
          ),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        ],
      });
      const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", own.privateKey));
      return {
        cert: leaf.toString("pem"),
        key: `-----BEGIN PRIVATE KEY-----\n${key.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END PRIVATE KEY-----\n`,
      };
    },
  };
}

/** Positive, and different each time. */
function serial(): string {
  return `01${randomBytes(8).toString("hex")}`;
}

/** Signs callers' tokens. */
export interface TokenIssuer {
  /** JSON Web Key Set with the public key. */
  readonly keySet: string;
  /** A token with these claims, valid for an hour. */
  token(claims: Readonly<Record<string, unknown>>): string;
}

export function newTokenIssuer(): TokenIssuer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const kid = randomBytes(8).toString("hex");
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" };
  return {
    keySet: JSON.stringify({ keys: [jwk] }),
    token: (claims) => signed({ alg: "ES256", typ: "JWT", kid }, claims, privateKey),
  };
}

function signed(header: object, claims: object, key: KeyObject): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part(header)}.${part({ iat: now, exp: now + 3600, ...claims })}`;
  const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

/** A secret that nothing else has. */
export function newSecret(): string {
  return randomBytes(24).toString("base64url");
}
