import type { Cloud } from "../plan/types.ts";

/** Names that identity, network rules and gateway must agree on, the same in every cluster. */

/** Namespace of the gateway's routes and of its proxies. */
export const gatewayNamespace = "twocloud-gateway";
/** The service account of the proxies; their controller creates it. */
export const gatewayServiceAccount = "twocloud-gateway";
/**
 * The service account of the token refreshers. Not the proxies' own: it may write the Secrets that hold fetched
 * tokens, and what faces the callers should not be able to.
 */
export const tokenServiceAccount = "twocloud-tokens";
export const certManagerNamespace = "cert-manager";
export const certManagerServiceAccount = "cert-manager";
export const proxyControllerNamespace = "envoy-gateway-system";
export const aiControllerNamespace = "envoy-ai-gateway-system";
/** Namespaces of a cluster with a gateway, in which nothing else may stand. */
export const clusterNamespaces: readonly string[] = [
  gatewayNamespace,
  certManagerNamespace,
  proxyControllerNamespace,
  aiControllerNamespace,
];

/** Name of the Gateway object and what hangs on it. */
export const gatewayName = "twocloud";
/** Secret with the certificate that callers see. */
export const gatewayCertificateSecret = "gateway-certificate";
/** ClusterIssuer of the certificates inside the cluster. */
export const internalIssuer = "twocloud-internal";
/** Secret in the gateway's namespace whose `ca.crt` the proxies trust for backends inside the cluster. */
export const internalCaSecret = "internal-ca";

/**
 * The service account whose token a target accepts from a gateway. AWS and GCP models are called by the proxies
 * themselves; for Azure models, and for another gateway, the refresher fetches the token.
 */
export function trustedServiceAccount(target: Cloud | "gateway"): string {
  return target === "azure" || target === "gateway" ? tokenServiceAccount : gatewayServiceAccount;
}

/** Secret with the token for one target: an Azure location's models, or another location's gateway. */
export function tokenSecretName(kind: TokenKind, location: string): string {
  return `${kind}-token-${location}`;
}

/** `models`: an Entra token for the location's managed models; `gateway`: our own token for the location's gateway. */
export const tokenKinds = ["models", "gateway"] as const;
export type TokenKind = (typeof tokenKinds)[number];

/**
 * The model name that reaches exactly one path: `<workload>@<location>`. Another gateway asks by it for the path that
 * only the local gateway reaches, and a live drill pins itself to a fallback by it.
 */
export function pinnedModel(workload: string, location: string): string {
  return `${workload}@${location}`;
}

/** Container images that the gateway needs in its location's registry, by their names in `stacks/images.yaml`. */
export const gatewayImages = {
  proxy: "envoy",
  proxyController: "envoy-gateway",
  aiController: "ai-gateway-controller",
  aiProcessor: "ai-gateway-extproc",
  certificateController: "cert-manager-controller",
  certificateWebhook: "cert-manager-webhook",
  certificateInjector: "cert-manager-cainjector",
  certificateStartup: "cert-manager-startupapicheck",
  certificateSolver: "cert-manager-acmesolver",
  refresher: "node",
} as const;
export type GatewayImage = (typeof gatewayImages)[keyof typeof gatewayImages];

/** Helm charts, by their names in `stacks/images.yaml`, in the order in which they are installed. */
export const gatewayCharts = ["cert-manager", "gateway-helm", "ai-gateway-crds-helm", "ai-gateway-helm"] as const;
export type GatewayChart = (typeof gatewayCharts)[number];
