import { gatewayNamespace } from "../gateway/names.ts";
import { serverPort } from "../plan/routing.ts";
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
export function serverTraffic(pathName: string, egress: readonly EgressRule[]) {
  return {
    podSelector: { matchLabels: serverLabels(pathName) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [proxies], ports: [{ protocol: "TCP", port: serverPort }] }],
    egress: [
      { to: [clusterDns], ports: [53].flatMap((port) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }))) },
      ...egress.map(({ cidr, ports }) => ({
        to: [{ ipBlock: { cidr } }],
        ports: ports.map((port) => ({ protocol: "TCP", port })),
      })),
    ],
  };
}

const namespaceNamed = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

/** The label that Envoy Gateway puts on its proxies, in the gateway's namespace. */
const proxies = {
  ...namespaceNamed(gatewayNamespace),
  podSelector: { matchLabels: { "app.kubernetes.io/managed-by": "envoy-gateway" } },
};

/** All three clouds label their DNS pods so. */
const clusterDns = { ...namespaceNamed("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } };
