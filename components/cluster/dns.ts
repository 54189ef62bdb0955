import type { Cloud } from "../plan/types.ts";

/** Who answers the pods' questions for names, as the peers of a network policy. */

interface Peer {
  readonly namespaceSelector?: object;
  readonly podSelector?: object;
  readonly ipBlock?: { readonly cidr: string };
}

/**
 * Answerers on the node itself, which no pod selector finds. GKE asks its cache there (169.254.20.10,
 * https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache) or, with Cloud DNS, the metadata server.
 */
const onNode: Readonly<Record<Cloud, readonly string[]>> = {
  azure: [],
  aws: [],
  gcp: ["169.254.20.10/32", "169.254.169.254/32"],
};

/** The answerers on the node, where the cloud has any. */
export function nodeDnsPeers(cloud: Cloud): Peer[] {
  return onNode[cloud].map((cidr) => ({ ipBlock: { cidr } }));
}

/** All answerers: the cluster's DNS pods, which all clouds label alike, the cache's pods, and what is on the node. */
export function dnsPeers(cloud: Cloud): Peer[] {
  const pods = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    podSelector: { matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns", "node-local-dns"] }] },
  };
  return [pods, ...nodeDnsPeers(cloud)];
}

/** Names are asked for by either protocol. */
export const dnsPorts = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
] as const;
