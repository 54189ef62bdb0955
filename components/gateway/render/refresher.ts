import type * as pulumi from "@pulumi/pulumi";
import type { TokenKind } from "../names.ts";
import { gatewayNamespace, tokenSecretName } from "../names.ts";
import { tokenLifetimeSeconds } from "./identity.ts";
import { restrictedContainer } from "./proxy.ts";

/** A refresher, by what differs. What only the cloud can tell stays an input, so that the rest of the pod can be judged in a preview. */
export interface RefresherSpec {
  readonly kind: TokenKind;
  /** The location whose models, or gateway, the token is for. */
  readonly location: string;
  /** Audience of the projected token. */
  readonly audience: string;
  /** Entra's part; null where the projected token is sent as it is. */
  readonly entra: { readonly tenant: string; readonly clientId: pulumi.Input<string> } | null;
  readonly image: pulumi.Input<string>;
  readonly serviceAccount: pulumi.Input<string>;
  /** ConfigMap with the script. */
  readonly script: pulumi.Input<string>;
}

const root = "/var/run/secrets/twocloud";
const entraAuthority = "https://login.microsoftonline.com";
const entraScope = "https://cognitiveservices.azure.com/.default";
const port = 8080;

/** The pod that fetches a token and writes it into its Secret: see `refresher/refresh.mjs`. */
export function refresherPod(spec: RefresherSpec) {
  return {
    serviceAccountName: spec.serviceAccount,
    // Both tokens are mounted below, each for one audience and one hour.
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container(spec)],
    volumes: [
      { name: "script", configMap: { name: spec.script } },
      { name: "own-token", projected: { sources: [token(spec.audience)] } },
      { name: "api-token", projected: { sources: [token(null), clusterCa] } },
    ],
  };
}

function container(spec: RefresherSpec) {
  return {
    name: "refresher",
    image: spec.image,
    command: ["node", "/opt/refresher/main.mjs"],
    env: [...environment(spec), ...entraEnvironment(spec.entra)],
    ports: [{ name: "status", containerPort: port }],
    startupProbe: probe(30),
    livenessProbe: probe(3),
    readinessProbe: probe(1),
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    securityContext: { ...restrictedContainer, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "script", mountPath: "/opt/refresher", readOnly: true },
      { name: "own-token", mountPath: `${root}/own`, readOnly: true },
      { name: "api-token", mountPath: `${root}/api`, readOnly: true },
    ],
  };
}

function environment({ kind, location }: RefresherSpec): { name: string; value: string }[] {
  return [
    { name: "MODE", value: kind === "models" ? "entra" : "forward" },
    { name: "TOKEN_FILE", value: `${root}/own/token` },
    { name: "NAMESPACE", value: gatewayNamespace },
    { name: "SECRET_NAME", value: tokenSecretName(kind, location) },
    { name: "API_SERVER", value: "https://kubernetes.default.svc" },
    { name: "API_TOKEN_FILE", value: `${root}/api/token` },
    { name: "NODE_EXTRA_CA_CERTS", value: `${root}/api/ca.crt` },
    { name: "PORT", value: String(port) },
  ];
}

function entraEnvironment(entra: RefresherSpec["entra"]): { name: string; value: pulumi.Input<string> }[] {
  if (entra === null) return [];
  return [
    { name: "ENTRA_AUTHORITY", value: entraAuthority },
    { name: "ENTRA_TENANT", value: entra.tenant },
    { name: "ENTRA_CLIENT_ID", value: entra.clientId },
    { name: "ENTRA_SCOPE", value: entraScope },
  ];
}

/** A token for one audience; null: for the cluster's own API server. */
function token(audience: string | null) {
  const forAudience = audience === null ? {} : { audience };
  return { serviceAccountToken: { ...forAudience, expirationSeconds: tokenLifetimeSeconds, path: "token" } };
}

/** Every namespace has it: the certificate authority of the API server. */
const clusterCa = { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } };

/** Asks every ten seconds; the start may wait for an identity that takes minutes to spread. */
function probe(failureThreshold: number) {
  return { httpGet: { path: "/healthz", port }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold };
}
