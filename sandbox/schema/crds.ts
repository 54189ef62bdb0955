/**
 * The custom resources that our gateways and certificates are made of. No SDK knows them; their definitions come with Helm
 * charts, and the manifests are taken from the Go modules of the same release.
 */

/** Where the definitions of some kinds are read from. */
export interface CrdSource {
  /** Go module that holds the manifests. */
  module: string;
  version: string;
  /** The chart in `stacks/images.yaml` that brings these definitions, where its version is the module's own. */
  lockedBy?: string;
  /** Folder inside the module. */
  folder: string;
  group: string;
  kinds: readonly string[];
}

/** The versions of the charts in `stacks/images.yaml`. The Gateway API is the one that Envoy Gateway's go.mod requires. */
export const crdSources: readonly CrdSource[] = [
  {
    module: "github.com/envoyproxy/ai-gateway",
    version: "v1.0.0",
    lockedBy: "ai-gateway-crds-helm",
    folder: "manifests/charts/ai-gateway-crds-helm/templates",
    group: "aigateway.envoyproxy.io",
    kinds: ["AIGatewayRoute", "AIServiceBackend", "BackendSecurityPolicy", "GatewayConfig", "MCPRoute", "QuotaPolicy"],
  },
  {
    module: "github.com/envoyproxy/gateway",
    version: "v1.8.3",
    lockedBy: "gateway-helm",
    folder: "charts/gateway-helm/charts/crds/crds/generated",
    group: "gateway.envoyproxy.io",
    kinds: ["Backend", "BackendTrafficPolicy", "ClientTrafficPolicy", "EnvoyProxy", "SecurityPolicy"],
  },
  {
    module: "sigs.k8s.io/gateway-api",
    version: "v1.5.1",
    // Envoy Gateway's charts install the experimental channel.
    folder: "config/crd/experimental",
    group: "gateway.networking.k8s.io",
    kinds: ["BackendTLSPolicy", "Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant"],
  },
  {
    module: "github.com/cert-manager/cert-manager",
    version: "v1.20.3",
    lockedBy: "cert-manager",
    folder: "deploy/crds",
    group: "cert-manager.io",
    kinds: ["Certificate", "ClusterIssuer", "Issuer"],
  },
];

/** That a chart brings the definitions of an API group. */
export interface ChartCrds {
  /** The chart's name, without repository. */
  chart: string;
  group: string;
  /** The chart value that must be true for it. Absent: no value is needed. */
  enabledBy?: string;
  /** The chart value that leaves them out when it is false. */
  disabledBy?: string;
  /** Definitions in Helm's `crds` folder are left out by a release with `skipCrds`. */
  inCrdsFolder?: true;
}

/** Which chart installs which definitions. `ai-gateway-helm` brings none. */
export const chartKinds: readonly ChartCrds[] = [
  { chart: "ai-gateway-crds-helm", group: "aigateway.envoyproxy.io" },
  { chart: "gateway-helm", group: "gateway.envoyproxy.io", disabledBy: "crds.enabled", inCrdsFolder: true },
  { chart: "gateway-helm", group: "gateway.networking.k8s.io", disabledBy: "crds.enabled", inCrdsFolder: true },
  { chart: "gateway-crds-helm", group: "gateway.envoyproxy.io", enabledBy: "crds.envoyGateway.enabled" },
  { chart: "gateway-crds-helm", group: "gateway.networking.k8s.io", enabledBy: "crds.gatewayAPI.enabled" },
  { chart: "cert-manager", group: "cert-manager.io", enabledBy: "crds.enabled" },
];

/** What of a Helm release decides which definitions it installs. */
export interface ReleaseOfChart {
  /** The chart as the program names it: a name, a path or an OCI address. */
  chart: string;
  values?: unknown;
  /** Default: false. */
  skipCrds?: boolean;
}

/** The API groups whose definitions a Helm release installs. */
export function groupsInstalledBy(release: ReleaseOfChart): string[] {
  const name = release.chart.split("/").at(-1);
  return chartKinds
    .filter((entry) => entry.chart === name)
    .filter((entry) => entry.enabledBy === undefined || valueAt(release.values, entry.enabledBy) === true)
    .filter((entry) => entry.disabledBy === undefined || valueAt(release.values, entry.disabledBy) !== false)
    .filter((entry) => !(entry.inCrdsFolder === true && release.skipCrds === true))
    .map((entry) => entry.group);
}

function valueAt(values: unknown, path: string): unknown {
  let value = values;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
