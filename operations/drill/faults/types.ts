import type { Answer } from "../caller.ts";
import type { DrillRoute } from "../routes.ts";
import type { Behaviour } from "../wire/behaviour.ts";
import type { Attempt } from "../wire/model-server.ts";

/** What a fault did, as the caller and the model servers saw it. */
export interface Seen {
  readonly route: DrillRoute;
  /** What the gateway proves itself with at each server: a part of the `authorization` header; null: nothing. */
  readonly proofs: Readonly<Record<string, string | null>>;
  /** Milliseconds since the epoch at which the servers began to misbehave. */
  readonly from: number;
  /** At which they stopped. */
  readonly until: number;
  /** Calls of the fault, in the order in which they were made. */
  readonly answers: readonly Answer[];
  /** What every server saw of these calls. */
  readonly attempts: readonly Attempt[];
  /** Calls after the servers were well again, until the first path answered, or for half a minute. */
  readonly afterwards: readonly Answer[];
}

/** Something that has to hold, or should. */
export interface Check {
  readonly text: string;
  readonly level: "required" | "advisory";
  readonly holds: (seen: Seen) => boolean;
  /** What was measured, in words. */
  readonly measured: (seen: Seen) => string;
}

/** How the fault is called on. */
export type Calls =
  | { readonly kind: "sequence"; readonly count: number }
  | { readonly kind: "burst"; readonly count: number }
  /** One call in so many seconds, from the start of the fault on. */
  | { readonly kind: "paced"; readonly count: number; readonly everySeconds: number }
  /** So many calls a second that are not streamed, for so long. */
  | { readonly kind: "load"; readonly perSecond: number; readonly seconds: number };

export interface Fault {
  readonly id: string;
  /** Its number in the public comparison of gateways (docs/drill.md); null: one of ours. */
  readonly number: number | null;
  readonly title: string;
  /** How each path misbehaves, by its place in the gateway's order; what is not listed is healthy. */
  readonly behaviours: (route: DrillRoute) => Readonly<Record<string, Behaviour>>;
  /** The servers are well again after so many seconds, while calls go on. Default: after the last call */
  readonly lastsSeconds?: number;
  /** The first path's name does not resolve. */
  readonly unresolved?: true;
  readonly calls: Calls;
  /** When a call is given up, seconds. */
  readonly limitSeconds: number;
  readonly checks: readonly Check[];
  /** What the caller should get. Default: a whole answer */
  readonly right?: "error";
  /** Needs what not every route has. Default: every route that has a fallback */
  readonly applies?: (route: DrillRoute) => boolean;
  /** Why it may end short of a pass with this version of the gateway. */
  readonly because?: string;
  /** About how long it takes, seconds, with the return to the first path. */
  readonly seconds: number;
}

export type Verdict = "pass" | "partial" | "safe" | "fail";
