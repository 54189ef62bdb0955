/** Rules of which the first that fits decides, as Azure's security rules and GCP's firewall rules. Pure. */
import { covers, meet, type Spans, without } from "./spans.ts";

/** Addresses that a request may come from, and those that it may go to. */
export interface Flow {
  readonly sources: Spans;
  readonly destinations: Spans;
  /** False: it goes somewhere among the destinations, nobody knows where. */
  readonly exact: boolean;
}

/** A rule that is for the flow's port and direction. */
export interface OrderedRule<T> {
  readonly allows: boolean;
  readonly sources: Spans;
  readonly destinations: Spans;
  /** What has the rule, for the message. */
  readonly from: T;
}

/** The rule that drops some of the flow; undefined when all of it is let through. @param rules first to last; the last fits everything */
export function droppingRule<T>(rules: readonly OrderedRule<T>[], flow: Flow): OrderedRule<T> | undefined {
  let { sources, destinations } = flow;
  for (const rule of rules) {
    if (!meet(rule.sources, sources) || !meet(rule.destinations, destinations)) continue;
    if (!rule.allows) {
      // Where the request goes is not known: that it might be among a few denied addresses is no reason to fear it is.
      if (flow.exact || covers(rule.destinations, destinations)) return rule;
      continue;
    }
    if (covers(rule.sources, sources)) destinations = without(destinations, rule.destinations);
    else if (covers(rule.destinations, destinations)) sources = without(sources, rule.sources);
    if (sources.length === 0 || destinations.length === 0) return undefined;
  }
  return undefined;
}
