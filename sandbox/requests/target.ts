/** What answers at the end of a request's way; one file each in `targets/`. */
import type { StoredResource } from "../store.ts";
import type { Drop } from "./causes.ts";
import type { GatewayPods } from "./clusters.ts";
import type { Held } from "./held.ts";
import type { Origin, Way } from "./network.ts";
import type { Pods } from "./pods.ts";
import type { Port } from "./ports.ts";
import type { Spans } from "./spans.ts";

/** One request of one gateway for one backend. */
export interface Call {
  readonly from: GatewayPods;
  /** The Backend object that names the host. */
  readonly backend: StoredResource;
  readonly host: string;
  readonly port: Port;
  /** The model name that is written into the request. */
  readonly model: string;
  /** The BackendSecurityPolicy object that says by what the request is signed. */
  readonly credential: StoredResource | undefined;
}

/** A request that arrived. */
export interface Visit extends Call {
  readonly held: Held;
  readonly origin: Origin;
  readonly way: Exclude<Way, { to: "nowhere" }>;
  /** Where it comes from, seen from the internet; nowhere when it stayed inside. */
  readonly sources: Spans;
  /** Follows a further request; undefined when this one may not be passed on any more. */
  readonly onward: ((call: Call) => Drop | undefined) | undefined;
}

/** A further request without which this one has no credential. */
export interface Errand {
  readonly host: string;
  /** Who sends it. */
  readonly pods: Pods;
}

export interface Target {
  /** Whether it answers by that name. */
  readonly knows: (held: Held, host: string) => boolean;
  /** Where the internet's names lead; nowhere with the reason. */
  readonly publicly: (held: Held, host: string) => Way;
  /** Where the caller's credential comes from. Default: nowhere */
  readonly errands?: (held: Held, call: Call) => readonly Errand[];
  /** What it has against the request. */
  readonly receive: (visit: Visit) => Drop | undefined;
}
