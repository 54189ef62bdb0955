import { dnsPeers, dnsPorts } from "../cluster/dns.ts";
import { gatewayNamespace } from "../gateway/names.ts";
import { serverPort } from "../plan/routing.ts";
import type { Cloud } from "../plan/types.ts";
import { serverLabels } from "./server.ts";

/** Where a model server may connect to besides the cluster's DNS: what its weights are read from. */
export interface EgressRule {
  /** IPv4 CIDR. */
  cidr: string;
  /** TCP ports. */
  ports: number[];
}

/** Nothing in, nothing out: what holds for every pod of the namespace unless another policy says otherwise. */
export const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** The gateway's proxies in, DNS and the weights' storage out. */
export function serverTraffic(pathName: string, cloud: Cloud, egress: readonly EgressRule[]) {
  return {
    podSelector: { matchLabels: serverLabels(pathName) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [proxies], ports: [{ protocol: "TCP", port: serverPort }] }],
    egress: [
      { to: dnsPeers(cloud), ports: [...dnsPorts] },
      ...egress.map(({ cidr, ports }) => ({
        to: [{ ipBlock: { cidr } }],
        ports: ports.map((port) => ({ protocol: "TCP", port })),
      })),
    ],
  };
}

/** The label that Envoy Gateway puts on its proxies, in the gateway's namespace. */
const proxies = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": gatewayNamespace } },
  podSelector: { matchLabels: { "app.kubernetes.io/managed-by": "envoy-gateway" } },
};
