import { fixes, judge } from "../components/plan/independence.ts";
import type { Dimension, Shared } from "../components/plan/types.ts";
import { chainText, dependenciesOf, type Traced, type TracedPath } from "./dependencies.ts";
import type { Graph } from "./graph.ts";
import type { DeclaredWorkload } from "./paths.ts";
import type { Finding } from "./rule.ts";

/** What the fallbacks of a workload share with its primary, in words. */

/**
 * One finding for each thing that a fallback shares with the primary in one of the dimensions that `wanted` accepts.
 * Several dimensions of one thing (a registry, and with it its cloud) are one finding.
 */
export function sharedFates(graph: Graph, workload: DeclaredWorkload, wanted: (shared: Shared) => boolean): Finding[] {
  const primary = workload.paths.find((path) => path.role === "primary");
  const fallbacks = workload.paths.filter((path) => path.role === "fallback");
  if (primary === undefined || fallbacks.length === 0) return [];
  const from = dependenciesOf(graph, primary);
  const others = fallbacks.map((path) => dependenciesOf(graph, path));
  const shared = judge(from, others).shared.filter(wanted);
  return others.flatMap((other) =>
    findingsOf(
      from,
      other,
      shared.filter(({ paths }) => paths.includes(other.path)),
    ),
  );
}

/** A thing that both need, with the two ways to it. */
interface Meeting {
  readonly dimension: Dimension;
  readonly title: string;
  readonly here: Traced | undefined;
  readonly there: Traced | undefined;
}

function findingsOf(primary: TracedPath, fallback: TracedPath, shared: readonly Shared[]): Finding[] {
  const meetings = shared.map(({ dimension, node }) =>
    meetingOf(primary, fallback, dimension, node === "unknown" ? "" : node),
  );
  const places = meetings.filter(({ dimension }) => isPlace(dimension));
  const things = withoutGeneric(meetings.filter(({ dimension }) => !isPlace(dimension)));
  if (things.length === 0) return places.length === 0 ? [] : [findingOf(primary, fallback, places)];
  const causes = things.filter((thing) => !things.some((other) => comesWith(thing, other)));
  return causes.map((cause, index) => {
    const consequences = things.filter((thing) => comesWith(thing, cause));
    // Where a thing is shared, so is the place that it is in: said once.
    return findingOf(primary, fallback, [cause, ...consequences, ...(index === 0 ? places : [])]);
  });
}

/** Whether the fallback needs a thing only because it needs another one, that lies before it on its way. */
function comesWith({ there }: Meeting, other: Meeting): boolean {
  const end = other.there?.chain.at(-1);
  return end !== undefined && (there?.chain.slice(0, -1).includes(end) ?? false);
}

const isPlace = (dimension: Dimension) => ["cloud", "account", "region", "metro"].includes(dimension);

/** `registry of azure` says nothing where the registry itself is named. */
function withoutGeneric(meetings: readonly Meeting[]): Meeting[] {
  const isGeneric = ({ dimension, title }: Meeting) => title.startsWith(`${dimension} of `);
  return meetings.filter(
    (one) => !isGeneric(one) || !meetings.some((other) => other.dimension === one.dimension && !isGeneric(other)),
  );
}

function meetingOf(primary: TracedPath, fallback: TracedPath, dimension: Dimension, node: string): Meeting {
  const find = ({ dependencies }: TracedPath) =>
    dependencies.find((one) => one.dimension === dimension && one.node === node);
  const [here, there] = [find(primary), find(fallback)];
  // Of an unknown thing only one side may say that it is unknown.
  const title = there?.title ?? here?.title ?? "something unknown";
  return { dimension, title, here, there };
}

function findingOf(primary: TracedPath, fallback: TracedPath, [first, ...rest]: readonly Meeting[]): Finding {
  if (first === undefined) throw new Error("a finding needs something that is shared");
  const { dimension, title, here, there } = first;
  const also =
    rest.length === 0 ? "" : `, and with it ${rest.map((one) => `${one.dimension} ${one.title}`).join(", ")}`;
  const ways = [wayText(primary, here), wayText(fallback, there)].filter((text) => text !== "").join("; ");
  const unknownThing = here?.node === "" || there?.node === "";
  const what = unknownThing
    ? `the ${dimension} of one of them is not known (${title}), which counts as shared`
    : `both need the ${dimension} ${title}`;
  return {
    message: `${fallback.path} can be lost together with its primary ${primary.path}: ${what}${also} [${ways}]. Fix: ${fixes[dimension]}.`,
    urn: fallback.declared.node.urn,
  };
}

function wayText({ path, declared }: TracedPath, traced: Traced | undefined): string {
  if (traced === undefined) return "";
  const chain = traced.chain[0] === declared.node.urn ? traced.chain.slice(1) : traced.chain;
  return `${path}: ${chain.length === 0 ? "by itself" : chainText(chain)}`;
}

/** Whether a shared dependency disqualifies a fallback. */
export function isHard({ level }: Shared): boolean {
  return level === "hard";
}
