/** One request from a gateway's pods to a backend, hop by hop over what the clouds hold. */
import { type Drop, drop } from "./causes.ts";
import type { GatewayPods } from "./clusters.ts";
import type { Held } from "./held.ts";
import type { Cluster, Origin, Way } from "./network.ts";
import { namespaceLabels, type Peer, type Pods, policyDrop } from "./pods.ts";
import { type Port, tcp } from "./ports.ts";
import { internet, nowhere } from "./spans.ts";
import type { Call, Target, Visit } from "./target.ts";
import { azureOpenAi } from "./targets/azure-openai.ts";
import { bedrock } from "./targets/bedrock.ts";
import { peerGateway } from "./targets/gateway.ts";
import { nobody } from "./targets/nobody.ts";
import { isServiceHost, type ServiceAnswer, toService } from "./targets/service.ts";
import { vertex } from "./targets/vertex.ts";

const targets: readonly Target[] = [azureOpenAi, bedrock, vertex, peerGateway, nobody];

/** A request that was passed on once ends at the next gateway. */
const mostHops = 2;

/** Follows a request to its end. */
export function follow(held: Held, call: Call, hops = mostHops): ServiceAnswer {
  const { from } = call;
  const asking = namesDrop(held, from);
  if (asking !== undefined) return { drop: asking, note: undefined };
  if (isServiceHost(call.host)) return toService(held, call);
  const origins = from.cluster.network.origins(held, from.cluster);
  if (origins.length === 0) {
    const why = "it has no machines that take the gateway's pods";
    return { drop: drop("noMachine", from.cluster.resource, why, "Add a node pool without taints"), note: undefined };
  }
  let note: string | undefined;
  // The pods are spread over the subnets: a request that one of them can't send is lost as often as it is sent there.
  const drops = origins.map((origin) => {
    const onward = (next: Call) => {
      const answer = follow(held, next, hops - 1);
      note = answer.note;
      return answer.drop;
    };
    return dropFrom(held, call, origin, hops > 1 ? onward : undefined);
  });
  return { drop: together(drops), note };
}

/** The first, with how many of the subnets it is that lose requests. */
function together(drops: readonly (Drop | undefined)[]): Drop | undefined {
  const lost = drops.filter((one) => one !== undefined);
  const [first] = lost;
  if (first === undefined || drops.length === 1) return first;
  return {
    ...first,
    why: `${first.why} (${lost.length} of ${drops.length} subnets with the gateway's pods lose requests)`,
  };
}

function dropFrom(
  held: Held,
  call: Call,
  origin: Origin,
  onward: ((next: Call) => Drop | undefined) | undefined,
): Drop | undefined {
  const { from, host, port } = call;
  const target = targets.find(({ knows }) => knows(held, host));
  const publicly = () => target?.publicly(held, host) ?? unknownName(call);
  const reached = reach(held, origin, from.pods, { host, port, publicly });
  if ("drop" in reached) return reached.drop;
  return errandsDrop(held, call, origin, target) ?? target?.receive({ ...call, ...reached, held, origin, onward });
}

/** Token services have names that the whole internet knows. */
function errandsDrop(held: Held, call: Call, origin: Origin, target: Target | undefined): Drop | undefined {
  const anywhere: Way = { to: "internet", addresses: internet, exact: false };
  const drops = (target?.errands?.(held, call) ?? []).map(({ host, pods }) => {
    const reached = reach(held, origin, pods, { host, port: tcp(443), publicly: () => anywhere });
    return "drop" in reached
      ? { ...reached.drop, why: `asking ${host} for a credential: ${reached.drop.why}` }
      : undefined;
  });
  return drops.find((one) => one !== undefined);
}

interface Wanted {
  readonly host: string;
  readonly port: Port;
  /** Where the internet's names lead. */
  readonly publicly: () => Way;
}

type Reached = Pick<Visit, "way" | "sources"> | { readonly drop: Drop };

/** From the pods through the network up to whoever answers there. */
function reach(held: Held, origin: Origin, pods: Pods, { host, port, publicly }: Wanted): Reached {
  const { network } = origin.cluster;
  const way = network.resolve(held, origin, host) ?? publicly();
  if (way.to === "nowhere") return way;
  const left =
    podsDrop(held, origin.cluster, pods, { addresses: way.addresses }, port) ?? network.leave(held, origin, way, port);
  if (left !== undefined) return { drop: left };
  if (way.to !== "internet") {
    const entering = network.enter(held, origin, way, port);
    return entering === undefined ? { way, sources: nowhere } : { drop: entering };
  }
  const exit = network.exit(held, origin);
  return "drop" in exit ? exit : { way, sources: exit.addresses };
}

function unknownName({ backend, host }: Call): Way {
  const why = `it names ${host}, which no private zone and no public name that the clouds hold serves`;
  return { to: "nowhere", drop: drop("publicName", backend, why, "Correct the host, or make what answers by it") };
}

/** Whether the gateway's pods may ask for names: of the cluster's DNS pods, or of what stands for them on the machine. */
function namesDrop(held: Held, from: GatewayPods): Drop | undefined {
  const { inside, network, resource } = from.cluster;
  const { pods, addresses } = network.nameServers(resource);
  const system = "kube-system";
  const servers = {
    namespace: system,
    namespaceLabels: namespaceLabels(held, inside, system),
    labels: { "k8s-app": pods },
    title: `the DNS pods (k8s-app ${pods}) in ${system}`,
  };
  const dns: Port = { number: 53, protocol: "UDP" };
  const byPods = pods === "" ? undefined : podsDrop(held, from.cluster, from.pods, { pods: servers }, dns);
  if (pods !== "" && byPods === undefined) return undefined;
  return addresses.length === 0 ? byPods : podsDrop(held, from.cluster, from.pods, { addresses }, dns);
}

function podsDrop(held: Held, cluster: Cluster, pods: Pods, peer: Peer, port: Port): Drop | undefined {
  if (!cluster.network.enforcesPolicies(held, cluster.resource)) return undefined;
  return policyDrop(held, cluster.inside, pods, "Egress", peer, port);
}
