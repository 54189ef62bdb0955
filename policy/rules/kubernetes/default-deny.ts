import { at, type Graph, listAt, unknown } from "../../graph.ts";
import { type ClusterObject, isBeside, objectsOf, titleOf } from "../../kubernetes.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "default-deny";
const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

export const defaultDeny: Rule = {
  name,
  description:
    "Every namespace in which the program runs pods denies traffic by default, in and out, and lists where to its pods may go.",
  severity: "high",
  tags: ["network", "kubernetes"],
  references: ["CIS EKS 5.4.4"],
  remediationSteps:
    "Add a NetworkPolicy with an empty podSelector and the policyTypes Ingress and Egress, and a second one that lists the egress that the pods need.",
  url: explainedAt(name),
  reads: [
    { type: policyType, path: "spec.podSelector" },
    { type: policyType, path: "spec.policyTypes" },
    { type: policyType, path: "spec.egress" },
  ],
  validateStack: judging((graph) => {
    const policies = objectsOf(graph, "networking.k8s.io", "NetworkPolicy");
    return places(graph).flatMap((pods) => findings(pods, policies));
  }),
};

/** Kinds that run pods. */
const kinds = [
  ["", "Pod"],
  ["batch", "Job"],
  ["batch", "CronJob"],
  ["apps", "ReplicaSet"],
  ["apps", "DaemonSet"],
  ["apps", "StatefulSet"],
  ["apps", "Deployment"],
] as const;

/** One object that runs pods for each namespace of each cluster. */
function places(graph: Graph): ClusterObject[] {
  const running = kinds.flatMap(([group, kind]) => objectsOf(graph, group, kind));
  const seen = new Map(running.map((one) => [`${one.cluster} ${one.namespace}`, one]));
  return [...seen.values()];
}

function findings(pods: ClusterObject, policies: readonly ClusterObject[]): Finding[] {
  const where = `namespace ${pods.namespace ?? "that is not known"} of ${titleOf(pods)}`;
  const own = policies.filter((policy) => isBeside(policy, pods));
  const texts = [
    ...(own.some(deniesAll) ? [] : ["does not deny traffic by default. Fix: add a NetworkPolicy for it"]),
    ...(own.some(listsEgress) ? [] : ["has no list of where its pods may go. Fix: add a NetworkPolicy for it"]),
    // What one policy lets through no other one stops.
    ...own.flatMap((policy) =>
      ["ingress", "egress"]
        .filter((way) => isOpen(policy, way))
        .map((way) => `lets all ${way} through by ${titleOf(policy)}. Fix: name its peers or ports`),
    ),
  ];
  return texts.map((text) => ({ message: `${where} ${text}.`, urn: pods.node.urn }));
}

function deniesAll({ node }: ClusterObject): boolean {
  const spec = at(node.props, "spec");
  const selector = at(spec, "podSelector");
  const types = listAt(spec, "policyTypes");
  if (selector === unknown || types === unknown || typeof selector !== "object" || selector === null) return false;
  const open = ["ingress", "egress"].some((key) => {
    const rules = listAt(spec, key);
    return rules === unknown || rules.length > 0;
  });
  return Object.keys(selector).length === 0 && types.includes("Ingress") && types.includes("Egress") && !open;
}

function listsEgress(policy: ClusterObject): boolean {
  const rules = listAt(policy.node.props, "spec", "egress");
  return rules !== unknown && rules.length > 0 && !isOpen(policy, "egress");
}

/** A rule without ports and without peers lets everything through; so does one whose peers are everybody. */
function isOpen({ node }: ClusterObject, way: string): boolean {
  const rules = listAt(node.props, "spec", way);
  if (rules === unknown) return true;
  return rules.some((rule) => {
    const ports = listAt(rule, "ports");
    const peers = listAt(rule, way === "egress" ? "to" : "from");
    if (ports === unknown || peers === unknown) return true;
    return ports.length === 0 && (peers.length === 0 || peers.some(isEverybody));
  });
}

const isEverybody = (peer: unknown): boolean => /\/0$/.test(String(at(peer, "ipBlock", "cidr")));
