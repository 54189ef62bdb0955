/** What a walk asks of each cloud's network; one file a cloud in `networks/`. */
import type { StoredResource } from "../store.ts";
import type { Drop } from "./causes.ts";
import type { Held } from "./held.ts";
import type { Port } from "./ports.ts";
import type { Spans } from "./spans.ts";

/** A cluster, as far as a request's way goes. */
export interface Cluster {
  readonly resource: StoredResource;
  /** Scope of the objects inside. */
  readonly inside: string;
  readonly network: CloudNetwork;
}

/** Where pods run: the machines of one subnet. */
export interface Origin {
  readonly cluster: Cluster;
  readonly subnet: StoredResource;
  /** Addresses that requests come from while they are inside the network. */
  readonly addresses: Spans;
  /** The virtual network. */
  readonly network: StoredResource;
  /** Ids of the security groups of the machines, where the cloud has such. */
  readonly groups: readonly string[];
}

/** Where a name leads, seen from an origin. */
export type Way =
  /** An address inside the network that leads to a service. */
  | { readonly to: "endpoint"; readonly endpoint: StoredResource; readonly addresses: Spans }
  /** Addresses at the edge of the cloud's own network, for machines without an address on the internet. */
  | { readonly to: "edge"; readonly addresses: Spans }
  /** @property exact False: nobody knows which of the addresses it is. */
  | { readonly to: "internet"; readonly addresses: Spans; readonly exact: boolean }
  | { readonly to: "nowhere"; readonly drop: Drop };

/** Where requests to the internet come from, seen from there. */
export type Exit = { readonly addresses: Spans } | { readonly drop: Drop };

export interface CloudNetwork {
  /** Type token of the cluster. */
  readonly clusterType: string;
  /** Who vouches for its service accounts, as their tokens say it. */
  issuer(cluster: StoredResource): string;
  /** Where pods may run that ask for nothing special. */
  origins(held: Held, cluster: Cluster): Origin[];
  /** Whether the cluster's network plugin knows network policies. */
  enforcesPolicies(held: Held, cluster: StoredResource): boolean;
  /** Addresses besides the cluster's DNS pods at which pods ask for names. */
  readonly nameServers: (cluster: StoredResource) => NameServers;
  /** Where the network itself sends a name; undefined: nowhere special, ask the internet. */
  resolve(held: Held, origin: Origin, host: string): Way | undefined;
  /** What keeps a request from leaving its machine. */
  leave(held: Held, origin: Origin, way: Exclude<Way, { to: "nowhere" }>, port: Port): Drop | undefined;
  /** What keeps it from entering the endpoint. */
  enter(held: Held, origin: Origin, way: Extract<Way, { to: "endpoint" | "edge" }>, port: Port): Drop | undefined;
  /** How it gets out to the internet. */
  exit(held: Held, origin: Origin): Exit;
  /** What keeps a request from the internet from the machines behind a load balancer of the cluster. */
  admit(held: Held, origin: Origin, arrival: Arrival): Drop | undefined;
}

/** A request at a cluster's load balancer. */
export interface Arrival {
  readonly sources: Spans;
  /** The load balancer's address. */
  readonly address: Spans;
  readonly port: Port;
  /** Whom the load balancer lets in; the clouds open their own rules to them. */
  readonly allowed: Spans;
}

/** Who answers for names instead of the cluster's DNS pods: pods of the cluster's own namespace, or addresses. */
export interface NameServers {
  /** Value of the label `k8s-app`. */
  readonly pods: string;
  readonly addresses: Spans;
}
