import { aiControllerNamespace, certManagerServiceAccount, gatewayImages, proxyControllerNamespace } from "../names.ts";
import type { LockedImage } from "../types.ts";
import { restrictedContainer, spread } from "./proxy.ts";

/** Images by name, and where they are pulled from. */
export interface ImageSource {
  readonly prefix: string;
  readonly images: Readonly<Record<string, LockedImage>>;
}

/**
 * Reference of a locked image in a location's registry: by digest, or by tag while the lock has none.
 * @throws Error if the lock does not have it
 */
export function imageReference({ prefix, images }: ImageSource, name: string): string {
  const locked = lockedImage(images, name);
  return `${prefix}/${name}${locked.digest === null ? `:${locked.tag}` : `@${locked.digest}`}`;
}

/** Two replicas: the pod webhook refuses every proxy while no controller answers, and xDS updates stop. */
const controllerReplicas = 2;

/** Values of the `gateway-helm` chart: what the AI gateway needs of Envoy Gateway, and what its defaults lack. */
export function proxyControllerValues(source: ImageSource): Record<string, unknown> {
  return {
    config: {
      envoyGateway: {
        gateway: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
        logging: { level: { default: "info" } },
        // The proxies run in the Gateway's own namespace, apart from the controller and its certificates.
        provider: { type: "Kubernetes", kubernetes: { deploy: { type: "GatewayNamespace" } } },
        extensionApis: { enableBackend: true },
        extensionManager: extensionManager(),
      },
    },
    deployment: {
      replicas: controllerReplicas,
      envoyGateway: { resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } } },
      pod: { topologySpreadConstraints: spread({ "control-plane": "envoy-gateway" }) },
    },
    global: { images: { envoyGateway: { image: taggedReference(source, gatewayImages.proxyController) } } },
    podDisruptionBudget: { minAvailable: 1 },
  };
}

/** Values of the `ai-gateway-helm` chart; it has no disruption budget of its own. */
export function aiControllerValues(source: ImageSource): Record<string, unknown> {
  return {
    controller: {
      replicaCount: controllerReplicas,
      image: chartImage(source, gatewayImages.aiController),
      leaderElection: { enabled: true },
      // The chart's own certificate is valid for a year and never renewed.
      mutatingWebhook: { certManager: { enable: true } },
      // The chart lets requests through when the quota service is away.
      quotaRateLimitFailureModeDeny: true,
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      securityContext: { ...restrictedContainer, readOnlyRootFilesystem: true },
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [apart(aiControllerLabels)] } },
    },
    extProc: { image: chartImage(source, gatewayImages.aiProcessor), logLevel: "info" },
    envoyGateway: { namespace: proxyControllerNamespace },
  };
}

/** Name of the `ai-gateway-helm` release: its pods' labels contain it. */
export const aiControllerRelease = "ai-gateway";
export const aiControllerLabels: Readonly<Record<string, string>> = {
  "app.kubernetes.io/name": "ai-gateway-helm",
  "app.kubernetes.io/instance": aiControllerRelease,
};

/** Values of the `cert-manager` chart. */
export function certManagerValues(
  source: ImageSource,
  account: {
    readonly annotations: Readonly<Record<string, string>>;
    readonly podLabels: Readonly<Record<string, string>>;
  },
): Record<string, unknown> {
  const budget = { enabled: true, minAvailable: 1 };
  const image = (name: string) => repositoryAndDigest(source, name);
  return {
    crds: { enabled: true, keep: true },
    replicaCount: controllerReplicas,
    podDisruptionBudget: budget,
    image: image(gatewayImages.certificateController),
    acmesolver: { image: image(gatewayImages.certificateSolver) },
    serviceAccount: { create: true, name: certManagerServiceAccount, annotations: account.annotations },
    podLabels: account.podLabels,
    webhook: {
      replicaCount: controllerReplicas,
      podDisruptionBudget: budget,
      image: image(gatewayImages.certificateWebhook),
    },
    cainjector: {
      replicaCount: controllerReplicas,
      podDisruptionBudget: budget,
      image: image(gatewayImages.certificateInjector),
    },
    startupapicheck: { image: image(gatewayImages.certificateStartup) },
  };
}

function extensionManager(): Record<string, unknown> {
  const all = { includeAll: true };
  return {
    hooks: {
      xdsTranslator: {
        translation: { listener: all, route: all, cluster: all, secret: all },
        post: ["Translation", "Cluster", "Route"],
      },
    },
    service: { fqdn: { hostname: `ai-gateway-controller.${aiControllerNamespace}.svc.cluster.local`, port: 1063 } },
  };
}

/** A reference that keeps its tag: the chart's helper, and Envoy Gateway's own check, take no digest without one. */
export function taggedReference({ prefix, images }: ImageSource, name: string): string {
  return `${prefix}/${name}:${tagAndDigest(lockedImage(images, name))}`;
}

/** `repository` and `tag` as the AI gateway's chart joins them by a colon. */
function chartImage({ prefix, images }: ImageSource, name: string): { repository: string; tag: string } {
  return { repository: `${prefix}/${name}`, tag: tagAndDigest(lockedImage(images, name)) };
}

function repositoryAndDigest({ prefix, images }: ImageSource, name: string): Record<string, string> {
  const { tag, digest } = lockedImage(images, name);
  return { repository: `${prefix}/${name}`, tag, ...(digest === null ? {} : { digest }) };
}

function tagAndDigest({ tag, digest }: LockedImage): string {
  return digest === null ? tag : `${tag}@${digest}`;
}

function lockedImage(images: ImageSource["images"], name: string): LockedImage {
  const locked = images[name];
  if (locked !== undefined) return locked;
  throw new Error(
    `image "${name}" is not in the lock, which has ${Object.keys(images).join(", ") || "none"}; add it to stacks/images.yaml`,
  );
}

function apart(labels: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    weight: 100,
    podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: "topology.kubernetes.io/zone" },
  };
}
