import type { Cloud } from "../../plan/types.ts";
import { gatewayCertificateSecret, gatewayName, gatewayNamespace, gatewayServiceAccount } from "../names.ts";
import { apiVersions, type KubernetesObject } from "./object.ts";

/** What the proxies get from outside; all of it known by the time the objects are made. */
export interface ProxySettings {
  /** Image of Envoy, with tag or digest. */
  readonly image: string;
  readonly replicas: number;
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  /** Empty: annotations say which address the load balancer gets. */
  readonly loadBalancerIp: string;
  /** Who the load balancer lets through, IPv4 CIDRs. */
  readonly sourceRanges: readonly string[];
  readonly identity: PodIdentity;
}

/** What makes the pod's own token an identity in other clouds. */
export interface PodIdentity {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
  readonly mounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly: true }[];
}

/** Longest time that a stopping proxy waits for its streams: the request timeout of the routes. */
const drainSeconds = 300;

/** Restricted, as Pod Security asks: nothing runs as root, writes its own file system or gains rights. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  privileged: false,
  runAsNonRoot: true,
  runAsUser: 65532,
  runAsGroup: 65532,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

export function gatewayClass(): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: Record<string, unknown>;
} {
  return {
    apiVersion: apiVersions.gateway,
    kind: "GatewayClass",
    name: gatewayName,
    spec: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
  };
}

/** How the proxies run: replicas over zones, a load balancer with a static address, the trusted service account. */
export function envoyProxy(settings: ProxySettings): KubernetesObject {
  const { image, replicas, identity } = settings;
  return object("EnvoyProxy", apiVersions.envoyGateway, {
    logging: { level: { default: "warn" } },
    shutdown: { drainTimeout: `${drainSeconds}s`, minDrainDuration: "10s" },
    provider: {
      type: "Kubernetes",
      kubernetes: {
        envoyServiceAccount: { name: gatewayServiceAccount },
        envoyDeployment: {
          replicas,
          // A new proxy is ready before an old one goes: with one replica too, nobody is turned away.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          container: {
            image,
            resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "1Gi" } },
            securityContext: restrictedContainer,
          },
          pod: {
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            topologySpreadConstraints: spread({ "gateway.envoyproxy.io/owning-gateway-name": gatewayName }),
            volumes: identity.volumes,
          },
        },
        envoyPDB: { maxUnavailable: 1 },
        envoyService: service(settings),
      },
    },
  });
}

/** The credential processor beside each proxy: it signs the requests, so the identity is mounted into it. */
export function gatewayConfig({ identity }: ProxySettings): KubernetesObject {
  return object("GatewayConfig", apiVersions.aiGateway, {
    extProc: {
      kubernetes: {
        env: [...identity.env, { name: "DISABLE_PPROF", value: "true" }],
        resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } },
        securityContext: { ...restrictedContainer, readOnlyRootFilesystem: true },
        volumeMounts: identity.mounts,
      },
    },
  });
}

/**
 * Where the cloud's load balancer ends the caller's TLS and opens a connection of its own. AWS's names no server in it
 * (SNI, https://github.com/istio/istio/issues/22795), and a listener with a host name refuses a connection that names none.
 */
const balancerEndsTls: Readonly<Record<Cloud, boolean>> = { azure: false, aws: true, gcp: false };

/** The HTTPS listener for the gateway's own name; behind a balancer that ends TLS also one for connections without a name. */
export function gatewayObject(host: string, cloud: Cloud): KubernetesObject {
  const https = {
    port: 443,
    protocol: "HTTPS",
    tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: gatewayCertificateSecret }] },
    allowedRoutes: { namespaces: { from: "Same" } },
  };
  const { metadata, ...rest } = object("Gateway", apiVersions.gateway, {
    gatewayClassName: gatewayName,
    infrastructure: { parametersRef: { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: gatewayName } },
    listeners: [
      { name: "https", hostname: host, ...https },
      ...(balancerEndsTls[cloud] ? [{ name: "https-unnamed", ...https }] : []),
    ],
  });
  // A configuration that is not named here is ignored without a word.
  return { ...rest, metadata: { ...metadata, annotations: { "aigateway.envoyproxy.io/gateway-config": gatewayName } } };
}

/** What callers may do: TLS 1.2 and later, prompts of whole documents, connections that idle for an hour. */
export function clientTrafficPolicy(): KubernetesObject {
  return object("ClientTrafficPolicy", apiVersions.envoyGateway, {
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: gatewayName }],
    tls: { minVersion: "1.2" },
    connection: { bufferLimit: "50Mi" },
    timeout: { http: { requestReceivedTimeout: "60s", idleTimeout: "3600s" } },
  });
}

/** Replicas over zones first, then over machines; a zone that is missing must not keep a replica from starting. */
export function spread(labels: Readonly<Record<string, string>>): Record<string, unknown>[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  }));
}

function service({ serviceAnnotations, loadBalancerIp, sourceRanges }: ProxySettings): Record<string, unknown> {
  return {
    type: "LoadBalancer",
    annotations: serviceAnnotations,
    // Local keeps the caller's address, without which the source ranges would see machines of the cluster.
    externalTrafficPolicy: "Local",
    ...(loadBalancerIp === "" ? {} : { loadBalancerIP: loadBalancerIp }),
    loadBalancerSourceRanges: sourceRanges,
  };
}

function object(kind: string, apiVersion: string, spec: Record<string, unknown>): KubernetesObject {
  return { apiVersion, kind, metadata: { name: gatewayName, namespace: gatewayNamespace }, spec };
}
