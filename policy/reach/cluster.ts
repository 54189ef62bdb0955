import { at, listAt, unknown } from "../graph.ts";
import { type ClusterObject, isBeside, objectsOf, targets, titleOf } from "../kubernetes.ts";
import { perGraph } from "../memo.ts";
import { groups, hostOf, type Listed, routesOf } from "../routes.ts";
import { holds, visit } from "../texts.ts";
import { hostsOf } from "../ways.ts";
import { type Call, nobody, type Reach } from "./call.ts";
import { accepts } from "./issuer.ts";
import { addressList, dropped, egressOf } from "./network.ts";

/** A Service of the caller's own cluster, behind the network policies of its namespace. */
export const inCluster: Reach = (call) => {
  const [, name, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/.exec(call.host) ?? [];
  if (name === undefined) return undefined;
  const { graph, cluster } = call;
  const service = objectsOf(graph, "", "Service").find(
    (one) => one.cluster === cluster && one.name === name && one.namespace === namespace,
  );
  if (service === undefined) return nobody(`its cluster has no Service ${name} in namespace ${namespace}`);
  return { serves: [service.node.urn], problems: [...portProblems(call, service), ...policyProblems(call, service)] };
};

function portOf({ backend }: Call): unknown {
  return at(listAt(backend.node.props, "spec", "endpoints"), 0, "fqdn", "port");
}

function portProblems(call: Call, service: ClusterObject): string[] {
  const ports = listAt(service.node.props, "spec", "ports");
  const wanted = portOf(call);
  if (ports !== unknown && ports.some((port) => at(port, "port") === wanted)) return [];
  return [`${titleOf(service)} has no port ${String(wanted)}`];
}

/** In a namespace without policies everybody is let in; with one, only who is named. */
function policyProblems({ graph, route }: Call, service: ClusterObject): string[] {
  const policies = objectsOf(graph, "networking.k8s.io", "NetworkPolicy").filter((policy) => isBeside(policy, service));
  const caller = route.object.namespace;
  if (policies.length === 0 || caller === service.namespace) return [];
  const admits = policies.some((policy) => {
    const rules = listAt(policy.node.props, "spec", "ingress");
    return rules !== unknown && rules.some((rule) => admitsNamespace(rule, caller));
  });
  return admits ? [] : [`no NetworkPolicy in namespace ${service.namespace} lets the gateway's namespace ${caller} in`];
}

function admitsNamespace(rule: unknown, namespace: string | undefined): boolean {
  const from = listAt(rule, "from");
  if (from === unknown) return false;
  if (from.length === 0) return true;
  return from.some((peer) => {
    const labels = at(peer, "namespaceSelector", "matchLabels");
    if (labels === undefined) return at(peer, "namespaceSelector") !== undefined;
    return at(labels, "kubernetes.io/metadata.name") === namespace;
  });
}

/** Another gateway: through its load balancer, with a token that it accepts, on to a path of its own. */
export const otherGateway: Reach = (call) => {
  const { graph, cluster, host } = call;
  const gateway = objectsOf(graph, groups.gateway, "Gateway").find((one) => hostsOf(one).includes(host));
  if (gateway === undefined) return undefined;
  const serves = [gateway.cluster];
  if (gateway.cluster === cluster)
    return { serves, problems: [`${host} is the gateway itself: the request would return to where it came from`] };
  return {
    serves,
    problems: [...balancerProblems(call, gateway), ...tokenProblems(call, gateway), ...onwardProblems(call, gateway)],
  };
};

function balancerProblems({ graph, cluster }: Call, gateway: ClusterObject): string[] {
  const named = at(gateway.node.props, "spec", "infrastructure", "parametersRef", "name");
  const proxies = objectsOf(graph, groups.envoy, "EnvoyProxy").find(
    (one) => isBeside(one, gateway) && (one.name === named || named === undefined),
  );
  if (proxies === undefined)
    return [
      `the program has no EnvoyProxy of ${titleOf(gateway)}, whose loadBalancerSourceRanges would say who comes in`,
    ];
  const list = addressList(proxies.node, [
    "spec",
    "provider",
    "kubernetes",
    "envoyService",
    "loadBalancerSourceRanges",
  ]);
  const shut = dropped(list, egressOf(graph, cluster));
  return shut === undefined ? [] : [`loadBalancerSourceRanges of ${titleOf(proxies)}: ${shut}`];
}

function tokenProblems({ graph, cluster }: Call, gateway: ClusterObject): string[] {
  const policies = objectsOf(graph, groups.envoy, "SecurityPolicy").filter(
    (one) => isBeside(one, gateway) && isFor(one, gateway),
  );
  if (policies.some(({ node }) => accepts(graph, node, "spec", cluster))) return [];
  return [`no SecurityPolicy of ${titleOf(gateway)} accepts the issuer of the caller's cluster`];
}

/** A policy whose targets are not known yet may be for it. */
function isFor(policy: ClusterObject, gateway: ClusterObject): boolean {
  return at(policy.node.props, "spec") === unknown || targets(policy, "Gateway", gateway.name);
}

/** What was passed on once has to end there. */
function onwardProblems({ graph, listed }: Call, gateway: ClusterObject): string[] {
  const rules = rulesByText(graph, gateway.cluster).get(listed.modelName) ?? [];
  if (rules.length === 0) return [`no route of ${titleOf(gateway)} takes the model name ${String(listed.modelName)}`];
  const hosts = rules.flat().flatMap(({ backend }) => (backend === undefined ? [] : [hostOf(backend)]));
  const onward = hosts.filter((host) =>
    objectsOf(graph, groups.gateway, "Gateway").some(({ node }) => holds(at(node.props, "spec", "listeners"), host)),
  );
  return onward.length === 0
    ? []
    : [`${titleOf(gateway)} would pass it on to ${onward.join(", ")}: a request passes two gateways at most`];
}

/** The rules of a cluster's routes by every text that they match. */
const rulesByText = perGraph((graph, cluster: string): ReadonlyMap<unknown, readonly (readonly Listed[])[]> => {
  const found = new Map<unknown, (readonly Listed[])[]>();
  for (const { object, rules } of routesOf(graph)) {
    const raw = listAt(object.node.props, "spec", "rules");
    if (object.cluster !== cluster || rules === unknown || raw === unknown) continue;
    for (const [index, rule] of rules.entries()) {
      for (const text of textsBelow(at(raw[index], "matches"))) found.set(text, [...(found.get(text) ?? []), rule]);
    }
  }
  return found;
});

function textsBelow(value: unknown): Set<string> {
  const found = new Set<string>();
  visit(value, (each) => {
    if (typeof each === "string") found.add(each);
  });
  return found;
}
