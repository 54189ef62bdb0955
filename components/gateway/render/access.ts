import type { Cloud } from "../../plan/types.ts";
import { gatewayName, gatewayNamespace, trustedServiceAccount } from "../names.ts";
import type { ClientIssuer } from "../types.ts";
import { keysUri } from "./issuer.ts";
import { apiVersions, type KubernetesObject } from "./object.ts";

/** A gateway that may call, with its issuer known. */
export interface TrustedPeer {
  /** Name of its location. */
  readonly name: string;
  readonly cloud: Cloud;
  readonly issuerUrl: string;
}

interface Provider {
  readonly name: string;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  /** The only subject that is let in; null: any that the issuer vouches for. */
  readonly subject: string | null;
}

/** A gateway takes at most so many token issuers (CRD). */
export const maxIssuers = 16;

/**
 * Who may call the gateway: applications with a token of their issuer, and the other gateways' refreshers with a
 * token of their cluster. Everybody else is refused.
 *
 * @param host The gateway's own name: the audience that the other gateways' tokens must carry.
 */
export function securityPolicy(
  host: string,
  clients: readonly ClientIssuer[],
  peers: readonly TrustedPeer[],
): KubernetesObject {
  const providers = [
    ...clients.map((client) => ({ ...client, subject: null })),
    ...peers.map((peer) => peerProvider(host, peer)),
  ];
  return {
    apiVersion: apiVersions.envoyGateway,
    kind: "SecurityPolicy",
    metadata: { name: gatewayName, namespace: gatewayNamespace },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: gatewayName }],
      jwt: {
        optional: false,
        providers: providers.map(({ name, issuer, audience, jwksUri }) => ({
          name,
          issuer,
          audiences: [audience],
          remoteJWKS: { uri: jwksUri },
        })),
      },
      authorization: { defaultAction: "Deny", rules: providers.map(rule) },
    },
  };
}

function peerProvider(host: string, { name, cloud, issuerUrl }: TrustedPeer): Provider {
  return {
    name: `gateway-${name}`,
    issuer: issuerUrl,
    jwksUri: keysUri(cloud, issuerUrl),
    audience: host,
    // Any pod of that cluster can ask for a token with our audience: only the refresher's is the gateway's.
    subject: `system:serviceaccount:${gatewayNamespace}:${trustedServiceAccount("gateway")}`,
  };
}

function rule({ name, issuer, subject }: Provider): Record<string, unknown> {
  // A rule must name a claim; where every subject is welcome it repeats the issuer.
  const claim = subject === null ? { name: "iss", values: [issuer] } : { name: "sub", values: [subject] };
  return { name, action: "Allow", principal: { jwt: { provider: name, claims: [claim] } } };
}
