import { dnsPorts, nodeDnsPeers } from "../../cluster/dns.ts";
import { serverPort } from "../../plan/routing.ts";
import type { Cloud } from "../../plan/types.ts";
import { proxyControllerNamespace } from "../names.ts";

/** A network policy of the gateway's namespace. */
export interface Isolation {
  readonly role: string;
  readonly spec: {
    podSelector: object;
    policyTypes: string[];
    ingress?: { from?: object[]; ports: Port[] }[];
    egress?: { to?: object[]; ports: Port[] }[];
  };
}

interface Port {
  protocol: "TCP" | "UDP";
  port: number;
}

/** Envoy Gateway moves a listener's port below 1024 up by ten thousand inside the pod. */
const listenerPort = 10443;
/** Metrics and readiness of proxy and credential processor. */
const proxyStatusPorts = [19001, 19003, 1064];
const refresherStatusPort = 8080;
/** Configuration that the proxies get from their controller. */
const controllerPorts = [18000, 18002];

/** Where GKE's nodes answer for the identity of a pod: https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy */
const googleMetadata = [
  { cidr: "169.254.169.252/32", port: 988 },
  { cidr: "169.254.169.254/32", port: 80 },
];

/**
 * Nothing in but callers and metrics; nothing out but TLS, DNS, the controller and the model servers. The clouds'
 * model endpoints and token services have no fixed addresses, so TLS may go anywhere; the backends are by name.
 */
export function networkPolicies(cloud: Cloud): Isolation[] {
  const everyPod = {};
  const metadata = cloud === "gcp" ? googleMetadata : [];
  return [
    { role: "deny-all", spec: { podSelector: everyPod, policyTypes: ["Ingress", "Egress"] } },
    {
      role: "proxy-ingress",
      spec: {
        podSelector: { matchLabels: proxyLabels },
        policyTypes: ["Ingress"],
        ingress: [{ ports: tcp(listenerPort) }, { from: [anyNamespace], ports: tcp(...proxyStatusPorts) }],
      },
    },
    {
      role: "refresher-ingress",
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "token-refresher" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [anyNamespace], ports: tcp(refresherStatusPort) }],
      },
    },
    {
      role: "egress",
      spec: {
        podSelector: everyPod,
        policyTypes: ["Egress"],
        egress: [
          { ports: tcp(443) },
          { to: [anyNamespace, ...nodeDnsPeers(cloud)], ports: [...dnsPorts] },
          { to: [namespaceNamed(proxyControllerNamespace)], ports: tcp(...controllerPorts) },
          { to: [modelServers], ports: tcp(serverPort) },
          ...metadata.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: tcp(port) })),
        ],
      },
    },
  ];
}

/** Labels that Envoy Gateway puts on its proxies. */
const proxyLabels = { "app.kubernetes.io/managed-by": "envoy-gateway", "app.kubernetes.io/component": "proxy" };

const anyNamespace = { namespaceSelector: {} };
const modelServers = { ...anyNamespace, podSelector: { matchLabels: { "app.kubernetes.io/name": "model-server" } } };

function namespaceNamed(name: string): object {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function tcp(...ports: number[]): Port[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}
