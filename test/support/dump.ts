import type { EngineEvent } from "../../operations/engine/events.ts";

/** A resource of a preview, as a reviewer wants to see it. */
export interface DumpedResource {
  readonly type: string;
  readonly parent: string;
  readonly inputs: unknown;
}

interface Planned {
  readonly type: string;
  readonly urn: string;
  readonly parent?: string;
  readonly inputs?: unknown;
}

/**
 * The resources of a first preview by name, as text for a file that shows the infrastructure's difference in a review.
 * What differs from run to run is left out: the random end of automatic names, wherever they are mentioned.
 */
export function dumpOf(events: readonly EngineEvent[]): string {
  const planned = events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata as { new?: Planned } | undefined;
    return metadata?.new === undefined ? [] : [metadata.new];
  });
  const randoms = new Map<string, string>();
  const entries = planned.map(({ urn, type, parent = "", inputs = {} }): [string, DumpedResource] => {
    const name = nameIn(urn);
    findRandoms(inputs, name, randoms);
    return [`${type} ${name}`, { type, parent: nameIn(parent), inputs: stable(inputs) }];
  });
  const sorted = Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
  const text = `${JSON.stringify(sorted, null, 1)}\n`;
  return [...randoms].reduce((result, [value, placeholder]) => result.replaceAll(value, placeholder), text);
}

const nameIn = (urn: string): string => urn.split("::").at(-1) ?? "";

/** What the engine writes in place of values that only the cloud can tell. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Values without the engine's own keys, with sorted keys, and with unknown ones marked. */
function stable(value: unknown): unknown {
  if (typeof value === "string") return value.includes(unknownText) ? "<unknown>" : value;
  if (Array.isArray(value)) return value.map(stable);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(
    entries.sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, each]) => [key, stable(each)]),
  );
}

/**
 * Automatic names among a resource's inputs: its logical name and seven or eight random digits, or what a provider says
 * that it made up.
 */
function findRandoms(value: unknown, name: string, found: Map<string, string>): void {
  if (typeof value === "string") {
    const rest = [name, name.replaceAll("-", "")].flatMap((start) =>
      value.startsWith(start) ? value.slice(start.length) : [],
    );
    if (rest.some((end) => /^-?[0-9a-f]{7,8}$/.test(end))) found.set(value, `${name}-<random>`);
  } else if (value !== null && typeof value === "object") {
    for (const [key, each] of Object.entries(value)) {
      findRandoms(each, name, found);
      if (key === "__defaults") madeUp(value as Record<string, unknown>, each, found);
      // Follows the cluster's issuer, which has the cluster's random name in it.
      if (key === "roleId") madeUp(value as Record<string, unknown>, [key], found);
    }
  }
}

function madeUp(inputs: Record<string, unknown>, keys: unknown, found: Map<string, string>): void {
  for (const key of Array.isArray(keys) ? keys : []) {
    const value = inputs[String(key)];
    if (typeof value === "string" && randomEnd.test(value)) found.set(value, value.replace(randomEnd, "<random>"));
  }
}

const randomEnd = /[0-9a-f]{7,8}$/;
