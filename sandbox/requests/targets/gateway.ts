/** Another gateway: its name, its load balancer, who that lets in, its pods, and the route that takes the request on. */
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, valueAt } from "../../values.ts";
import { backendsOf, callFor, routesOf } from "../backends.ts";
import { type Drop, drop } from "../causes.ts";
import { clustersIn, type GatewayPods, gatewaysIn, hostsOf } from "../clusters.ts";
import { type Held, objectsIn, specOf } from "../held.ts";
import { policyDrop } from "../pods.ts";
import { tcp } from "../ports.ts";
import { nowhereIn, publicZone, recordsIn } from "../records.ts";
import { covers, everywhere, spansOfAll, textOf } from "../spans.ts";
import type { Target, Visit } from "../target.ts";
import { gatewayTrustDrop } from "../trust/gateway.ts";

export const peerGateway: Target = {
  knows: (held, host) => peerOf(held, host) !== undefined,
  publicly,
  receive: (visit) => {
    const peer = peerOf(visit.held, visit.host);
    if (peer === undefined) return undefined;
    return (
      balancerDrop(visit, peer) ??
      podsDrop(visit, peer) ??
      gatewayTrustDrop(visit, peer.cluster, peer.gateway) ??
      onwardDrop(visit, peer)
    );
  },
};

function peerOf(held: Held, host: string): GatewayPods | undefined {
  return clustersIn(held)
    .flatMap((cluster) => gatewaysIn(held, cluster))
    .find(({ gateway }) => hostsOf(gateway).includes(host));
}

function publicly(held: Held, host: string): ReturnType<Target["publicly"]> {
  const zone = publicZone(held, host);
  const addresses = zone === undefined ? [] : recordsIn(held, zone, host).addresses;
  if (addresses.length > 0) return { to: "internet", addresses: spansOfAll(addresses), exact: true };
  const why = zone === undefined ? `no public zone is for ${host}` : nowhereIn(zone, host);
  const thing = zone ?? peerOf(held, host)?.gateway;
  if (thing === undefined) return { to: "internet", addresses: [], exact: true };
  return {
    to: "nowhere",
    drop: drop("publicName", thing, why, `Add an A record of ${host} with its load balancer's address`),
  };
}

function balancerDrop({ held, way, port, sources }: Visit, peer: GatewayPods): Drop | undefined {
  const { cluster, gateway, proxy } = peer;
  const service = asObject(valueAt(specOf(proxy), "provider.kubernetes.envoyService"));
  const own = addressesOf(held, service, cluster.resource);
  const thing = proxy ?? gateway;
  if (!covers(spansOfAll(own), way.addresses)) {
    const why = `its load balancer has ${own.join(", ") || "no address that the account holds"}; the name leads to ${textOf(way.addresses)}`;
    return drop("noBalancer", thing, why, "Give the load balancer the address that the name leads to");
  }
  const ranges = asList(service.loadBalancerSourceRanges);
  const allowed = ranges.length === 0 ? everywhere : spansOfAll(ranges);
  if (!covers(allowed, sources)) {
    const why = `loadBalancerSourceRanges has ${ranges.join(", ")}; the request comes from ${textOf(sources)}`;
    return drop("balancerSource", thing, why, `Add ${textOf(sources)} to loadBalancerSourceRanges`);
  }
  const listening = objectsIn(specOf(gateway).listeners).some((one) => one.port === port.number);
  if (!listening) return drop("servicePort", gateway, `it has no listener at port ${port.number}`, "Add the listener");
  const arrival = { sources, address: way.addresses, port, allowed };
  const admitted = cluster.network.origins(held, cluster).map((origin) => cluster.network.admit(held, origin, arrival));
  return admitted.find((one) => one !== undefined);
}

/** Static addresses of the load balancer, as each cloud's controller is told: by `loadBalancerIP` or by annotation. */
function addressesOf(held: Held, service: Readonly<Record<string, unknown>>, cluster: StoredResource): string[] {
  const annotation = (name: string) => knownString(asObject(service.annotations)[`service.beta.kubernetes.io/${name}`]);
  const { scope } = cluster.placement;
  const asked = knownString(service.loadBalancerIP);
  const reserved = held.all("gcp:compute/address:Address", scope).filter(({ outputs }) => outputs.address === asked);
  const allocations = (annotation("aws-load-balancer-eip-allocations") ?? "").split(",");
  const elastic = allocations.flatMap((id) => held.find("aws:ec2/eip:Eip", id.trim()) ?? []);
  const publicAddress = annotation("azure-pip-name");
  const named = held
    .all("azure-native:network:PublicIPAddress", scope)
    .filter(({ name }) => publicAddress !== undefined && name === publicAddress);
  return [
    ...reserved.map(({ outputs }) => String(outputs.address)),
    ...elastic.map(({ outputs }) => String(outputs.publicIp)),
    ...named.map(({ outputs }) => String(outputs.ipAddress)),
  ];
}

/** Envoy Gateway moves a listener's port below 1024 up by ten thousand inside the pod: https://gateway.envoyproxy.io/docs/tasks/operations/customize-envoyproxy/ */
function podsDrop({ held, port, sources }: Visit, { cluster, pods }: GatewayPods): Drop | undefined {
  if (!cluster.network.enforcesPolicies(held, cluster.resource)) return undefined;
  const inside = port.number < 1024 ? port.number + 10_000 : port.number;
  return policyDrop(held, cluster.inside, pods, "Ingress", { addresses: sources }, tcp(inside));
}

/** The rule for the model's name, and of its backends the one that is tried first. */
function onwardDrop({ held, model, onward, host }: Visit, peer: GatewayPods): Drop | undefined {
  const routes = routesOf(held, peer.cluster).filter(({ gateway }) => gateway?.gateway.key === peer.gateway.key);
  const [next] = routes.flatMap((route) => backendsOf(route, model));
  if (next === undefined) {
    const why = `none of its routes has a rule for the model ${model}`;
    return drop("noRoute", peer.gateway, why, `Add a rule for ${model} to a route of this gateway`);
  }
  const call = callFor(held, peer, next);
  if ("drop" in call) return call.drop;
  if (onward === undefined) {
    const why = `it passes ${model} on to ${call.call.host}: a request passes two gateways at most`;
    return drop("noRoute", peer.gateway, why, `End ${model} at ${host}`);
  }
  const found = onward(call.call);
  return found && { ...found, why: `${host} passes it on; there ${found.why}` };
}
