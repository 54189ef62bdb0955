import type { Graph } from "../graph.ts";
import type { ClusterObject } from "../kubernetes.ts";
import type { Listed, Route } from "../routes.ts";

/** A request on its way from one gateway to one backend. */
export interface Call {
  readonly graph: Graph;
  readonly route: Route;
  readonly listed: Listed;
  readonly backend: ClusterObject;
  /** Name that the gateway connects to. */
  readonly host: string;
  /** URN of the caller's cluster. */
  readonly cluster: string;
}

/** What a call meets. */
export interface Answer {
  /** URNs of what answers by that name; empty when nothing of the program does. */
  readonly serves: readonly string[];
  /** Why the request is dropped on its way, in words; empty when it arrives. */
  readonly problems: readonly string[];
}

/** Knows one kind of host; undefined for every other. */
export type Reach = (call: Call) => Answer | undefined;

/** Nothing in the program has that name. */
export function nobody(what: string): Answer {
  return { serves: [], problems: [what] };
}
