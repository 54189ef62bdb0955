/**
 * Writes that a cloud does one after another, refusing those that come meanwhile. The sandbox answers at once, so such
 * a write is given a short time of its own: two that a program does not chain overlap here as they would there.
 */
import type { Connection } from "./cloud.ts";
import type { AnyRequest } from "./inject.ts";
import type { Sandbox } from "./protocol.ts";
import { fold } from "./references.ts";
import { typeOf } from "./registry.ts";
import { refuseOn } from "./resources.ts";
import type { Properties } from "./values.ts";
import { decode } from "./wire.ts";

/** What cannot be written to at the same time. */
export interface OneAtATime {
  /** What the writes have in common: those with the same text exclude each other. */
  readonly parent: (inputs: Properties, connection: Connection) => string;
  /** The cloud's answer to the later one: error code and message. */
  readonly refusal: (parent: string) => string;
  /** Where the vendor states the rule. */
  readonly source: string;
}

/** Milliseconds that a write takes. */
const DURATION = 30;

/** A write's time of its own. */
export interface Turn {
  readonly milliseconds: number;
  readonly end: () => void;
}

/** What is being written to now, by the parents' names. */
export type UnderWay = Set<string>;

const WRITES: Readonly<Record<string, string>> = { create: "creating", update: "updating", delete: "deleting" };

/**
 * The time that a write takes; undefined for what takes none.
 * @throws Refused while another write to the same parent is under way
 */
export function turnFor(
  sandbox: Sandbox,
  underWay: UnderWay,
  { method, request, peer }: { method: string; request: AnyRequest; peer: string },
): Turn | undefined {
  const doing = WRITES[method];
  if (doing === undefined || request.getPreview?.() === true) return undefined;
  const { cloud, connection } = sandbox.providers.connected(peer, request.getType?.() ?? "");
  const type = typeOf(cloud, request.getType?.() ?? "");
  if (type?.oneAtATime === undefined) return undefined;
  const { parent: parentOf, refusal, source } = type.oneAtATime;
  const { properties } = decode(request.getNews?.() ?? request.getProperties?.());
  const parent = fold(cloud, parentOf(properties, connection));
  if (underWay.has(parent)) {
    const fix = "Let each of them depend on the one before (dependsOn), so that they are made one after another";
    const problem = { property: "", kind: "limit", reason: refusal(parent), fix, source } as const;
    refuseOn({ cloud, type, logicalName: request.getName?.() ?? "" }, doing, [problem]);
  }
  underWay.add(parent);
  return { milliseconds: DURATION, end: () => void underWay.delete(parent) };
}
