/** Requests through the sandbox's clouds: what each gateway's routes reach, and what would drop the rest. */
import type { Store } from "../store.ts";
import { backendsOf, callFor, routesOf } from "./backends.ts";
import { type Drop, drop } from "./causes.ts";
import { clustersIn, hostsOf } from "./clusters.ts";
import { type Held, heldIn } from "./held.ts";
import { follow } from "./walk.ts";

export type { Drop, Thing } from "./causes.ts";

/** One gateway's request for one path of one workload. */
export interface Delivery {
  /** Public name of the gateway; its object's where it has none. */
  readonly gateway: string;
  /** Id of the gateway's cluster. */
  readonly cluster: string;
  /** Name of the route: what applications ask for. */
  readonly workload: string;
  /** Name of the backend. */
  readonly path: string;
  /** Where the request goes. */
  readonly host: string;
  readonly port: number;
  /** The model name that is written into it. */
  readonly model: string;
  /** What drops it; null when it arrives. */
  readonly dropped: Drop | null;
  /** What there is to say of a request that arrives; null: nothing. */
  readonly note: string | null;
}

/** Follows a request for every backend of every route of every cluster. Reads only. */
export function deliveriesIn(store: Pick<Store, "list" | "named">): Delivery[] {
  const held = heldIn(store);
  const found = clustersIn(held).flatMap((cluster) =>
    routesOf(held, cluster).flatMap((route) =>
      backendsOf(route).map((listed) => delivery(held, cluster.resource.id, route, listed)),
    ),
  );
  return found.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ gateway, workload, path, model }: Delivery) => [gateway, workload, path, model].join(" ");

function delivery(
  held: Held,
  cluster: string,
  { route, gateway }: ReturnType<typeof routesOf>[number],
  listed: ReturnType<typeof backendsOf>[number],
): Delivery {
  const named = gateway === undefined ? "" : (hostsOf(gateway.gateway)[0] ?? gateway.gateway.id);
  const row = { gateway: named, cluster, workload: route.name, path: listed.name, model: listed.model };
  const unsent = { ...row, host: "", port: 0, note: null };
  if (gateway === undefined) {
    const dropped = drop("noParent", route, "the gateway that it names is not there", "Make the Gateway");
    return { ...unsent, dropped };
  }
  const call = callFor(held, gateway, listed);
  if ("drop" in call) return { ...unsent, dropped: call.drop };
  const { host, port } = call.call;
  const answer = follow(held, call.call);
  const dropped: Drop | null = answer.drop ?? null;
  return { ...row, host, port: port.number, dropped, note: dropped === null ? (answer.note ?? null) : null };
}
