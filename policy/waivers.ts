import type { WaiverEntry } from "../infra/config/schema.ts";
import { judgedDay } from "./day.ts";
import type { Graph } from "./graph.ts";
import { type DeclaredWorkload, needsOf, workloadsOf } from "./paths.ts";
import { stackFiles } from "./stack-files.ts";

/** Exemptions that somebody wrote down (stacks/waivers.yaml), and what they took away in this run. */

/** A finding that a waiver took away. */
export interface Waived {
  readonly waiver: WaiverEntry;
  readonly rule: string;
  readonly message: string;
  readonly urn: string | undefined;
}

const waived = new Map<string, Waived>();

/** Everything that was waived since the pack started, each once. */
export function waivedFindings(): Waived[] {
  return [...waived.values()];
}

export interface Asked {
  readonly rule: string;
  readonly message: string;
  readonly urn: string | undefined;
  /** The resources, where the rule sees them all. */
  readonly graph?: Graph;
}

/**
 * Whether a waiver that has not expired takes the finding away. It has to name the resource; or, of a rule that sees
 * the whole stack, the only workload that needs it. What a resource says of itself never does.
 */
export function isWaived(
  { rule, message, urn, graph }: Asked,
  waivers: readonly WaiverEntry[] = stackFiles().waivers,
): boolean {
  const stack = stackIn(urn);
  const waiver = waivers.find(
    (one) =>
      one.rule === rule &&
      one.expires >= judgedDay() &&
      (one.environments === undefined || stack === undefined || one.environments.includes(stack)) &&
      concerns(one, urn, graph),
  );
  if (waiver === undefined) return false;
  waived.set(`${rule} ${urn} ${message}`, { waiver, rule, message, urn });
  return true;
}

/** The stack in a URN. */
export function stackIn(urn: string | undefined): string | undefined {
  return urn?.split("::")[0]?.split(":")[2];
}

function concerns({ workload, resource }: WaiverEntry, urn: string | undefined, graph: Graph | undefined): boolean {
  if (urn === undefined) return false;
  if (resource !== undefined) return urn.split("::").at(-1) === resource;
  if (graph === undefined) return false;
  const needs = ({ paths }: DeclaredWorkload) => paths.some((path) => needsOf(graph, path).has(urn));
  const all = workloadsOf(graph);
  const own = all.find(({ name }) => name === workload);
  return own !== undefined && needs(own) && !all.some((other) => other !== own && needs(other));
}
