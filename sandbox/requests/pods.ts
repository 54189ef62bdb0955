/** Pods and the network policies between them: https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
import type { StoredResource } from "../store.ts";
import { asList, asObject, valueAt } from "../values.ts";
import { type Drop, drop } from "./causes.ts";
import { type Held, namespaceOf, objectsIn, specOf } from "./held.ts";
import { inPolicyPorts, type Port } from "./ports.ts";
import { type Labels, selects } from "./selectors.ts";
import { covers, nowhere, type Spans, spansOf, textOf, without } from "./spans.ts";

/** Pods that are alike. */
export interface Pods {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  /** For messages. */
  readonly title: string;
}

/** The other end of a connection: pods of the same cluster, or addresses outside. */
export type Peer = { readonly pods: Pods } | { readonly addresses: Spans };

export type Direction = "Ingress" | "Egress";

/** Labels of a namespace; the API server adds its name to them. https://kubernetes.io/docs/reference/labels-annotations-taints/ */
export function namespaceLabels(held: Held, inside: string, namespace: string): Labels {
  const object = held.objects(inside, "core", "Namespace").find(({ name }) => name === namespace);
  return { ...asObject(valueAt(object?.outputs, "metadata.labels")), "kubernetes.io/metadata.name": namespace };
}

/** What the policies of the pods' namespace drop of a connection with the peer. @param port at which the other end listens, or for `Ingress` the pods themselves */
export function policyDrop(
  held: Held,
  inside: string,
  pods: Pods,
  direction: Direction,
  peer: Peer,
  port: Port,
): Drop | undefined {
  const policies = policiesOf(held, inside, pods, direction);
  const rules = policies.flatMap((policy) => rulesOf(policy, direction));
  if (policies.length === 0 || letsThrough(rules, pods.namespace, direction, peer, port)) return undefined;
  // Each lets through what it says and the rest is dropped: the one that says most falls short, the others say less.
  const [first] = policies.toSorted(
    (one, other) => rulesOf(other, direction).length - rulesOf(one, direction).length || (one.id < other.id ? -1 : 1),
  );
  if (first === undefined) return undefined;
  const way = direction === "Egress" ? "out to" : "in from";
  const why = `no rule of the policies for ${pods.title} (${policies
    .map(({ name }) => name)
    .toSorted()
    .join(", ")}) lets ${port.protocol} ${port.number} ${way} ${peerText(peer)}`;
  const fix = `Add ${direction.toLowerCase()} for ${port.protocol} ${port.number} ${direction === "Egress" ? "to" : "from"} ${peerText(peer)}`;
  return drop("podPolicy", first, why, fix);
}

/** Policies that the pods are isolated by in that direction. */
function policiesOf(held: Held, inside: string, pods: Pods, direction: Direction): StoredResource[] {
  return held.objects(inside, "networking.k8s.io", "NetworkPolicy").filter((policy) => {
    const { podSelector, policyTypes, egress } = specOf(policy);
    const types = policyTypes ?? (egress === undefined ? ["Ingress"] : ["Ingress", "Egress"]);
    return (
      namespaceOf(policy) === pods.namespace && asList(types).includes(direction) && selects(podSelector, pods.labels)
    );
  });
}

function rulesOf(policy: StoredResource, direction: Direction): Rule[] {
  return objectsIn(specOf(policy)[direction === "Egress" ? "egress" : "ingress"]);
}

type Rule = Readonly<Record<string, unknown>>;

/** Whether rules, each by itself or for addresses together, let all of a connection through. Pure. */
export function letsThrough(
  rules: readonly Rule[],
  namespace: string,
  direction: Direction,
  peer: Peer,
  port: Port,
): boolean {
  const fitting = rules.filter((rule) => inPolicyPorts(rule.ports, port));
  const peers = fitting.map((rule) => objectsIn(rule[direction === "Egress" ? "to" : "from"]));
  if (peers.some((list) => list.length === 0)) return true;
  if ("addresses" in peer) return peer.addresses.length > 0 && covers(peers.flat().flatMap(blockOf), peer.addresses);
  return peers.flat().some((one) => isPodPeer(one, namespace, peer.pods));
}

/** Blocks are for addresses outside the cluster: those of pods come and go. */
function blockOf({ ipBlock }: Rule): Spans {
  const { cidr, except } = asObject(ipBlock);
  return cidr === undefined ? nowhere : without(spansOf(cidr), asList(except).flatMap(spansOf));
}

/** Without a namespace selector pods of the policy's own namespace are meant. */
function isPodPeer({ ipBlock, namespaceSelector, podSelector }: Rule, namespace: string, pods: Pods): boolean {
  if (ipBlock !== undefined) return false;
  const isThere =
    namespaceSelector === undefined ? pods.namespace === namespace : selects(namespaceSelector, pods.namespaceLabels);
  return isThere && selects(podSelector, pods.labels);
}

function peerText(peer: Peer): string {
  if ("pods" in peer) return peer.pods.title;
  return peer.addresses.length > 3 ? "the internet" : textOf(peer.addresses);
}
