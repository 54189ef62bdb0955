import { at, listAt, unknown } from "../graph.ts";
import { isBeside, objectsOf } from "../kubernetes.ts";
import type { Call } from "./call.ts";

/** Whether the gateway's own network policies let a call out. */
export function outgoingProblems({ graph, route, backend, host }: Call): string[] {
  const policies = objectsOf(graph, "networking.k8s.io", "NetworkPolicy").filter((policy) =>
    isBeside(policy, route.object),
  );
  const shutting = policies.filter(({ node }) => {
    const types = listAt(node.props, "spec", "policyTypes");
    return types === unknown || types.includes("Egress");
  });
  if (shutting.length === 0) return [];
  const port = at(listAt(backend.node.props, "spec", "endpoints"), 0, "fqdn", "port");
  const rules = shutting.flatMap(({ node }) => {
    const found = listAt(node.props, "spec", "egress");
    return found === unknown ? [] : [...found];
  });
  if (rules.some((rule) => allowsPort(rule, port) && allowsTarget(rule, host))) return [];
  return [
    `no NetworkPolicy in the gateway's namespace ${route.object.namespace} lets calls out to it on port ${String(port)}`,
  ];
}

function allowsPort(rule: unknown, wanted: unknown): boolean {
  const ports = listAt(rule, "ports");
  return (
    ports !== unknown &&
    (ports.length === 0 || ports.some((port) => at(port, "port") === undefined || at(port, "port") === wanted))
  );
}

/** A name outside the cluster may be any address; one inside is pods of a namespace. */
function allowsTarget(rule: unknown, host: string): boolean {
  const to = listAt(rule, "to");
  if (to === unknown) return false;
  if (to.length === 0) return true;
  const namespace = /\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/.exec(host)?.[1];
  if (namespace === undefined) return to.some((peer) => at(peer, "ipBlock", "cidr") === "0.0.0.0/0");
  return to.some((peer) => {
    const selector = at(peer, "namespaceSelector");
    if (selector === undefined) return false;
    const name = at(selector, "matchLabels", "kubernetes.io/metadata.name");
    return name === undefined || name === namespace;
  });
}
