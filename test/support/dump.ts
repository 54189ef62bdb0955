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
 * The resources of a first preview by name, for a file that shows the infrastructure's difference in a review. What
 * differs from run to run is left out: the random end of automatic names.
 */
export function dumpOf(events: readonly EngineEvent[]): Record<string, DumpedResource> {
  const planned = events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata as { new?: Planned } | undefined;
    return metadata?.new === undefined ? [] : [metadata.new];
  });
  const entries = planned.map(({ urn, type, parent = "", inputs = {} }): [string, DumpedResource] => {
    const name = nameIn(urn);
    return [`${type} ${name}`, { type, parent: nameIn(parent), inputs: stable(inputs, name) }];
  });
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

const nameIn = (urn: string): string => urn.split("::").at(-1) ?? "";

/** What the engine writes in place of values that only the cloud can tell. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function stable(value: unknown, name: string): unknown {
  if (typeof value === "string") return stableText(value, name);
  if (Array.isArray(value)) return value.map((each) => stable(each, name));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(
    entries.sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, each]) => [key, stable(each, name)]),
  );
}

function stableText(text: string, name: string): string {
  if (text.includes(unknownText)) return "<unknown>";
  const random = new RegExp(`^(${literally(name)}|${literally(name.replaceAll("-", ""))})-?[0-9a-f]{7,8}$`);
  return random.test(text) ? `${name}-<random>` : text;
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
