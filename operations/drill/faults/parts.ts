import type { DrillRoute } from "../routes.ts";
import type { Behaviour } from "../wire/behaviour.ts";
import type { Check } from "./types.ts";

/** What faults are put together from. */

/** One call. */
export const once = { kind: "sequence", count: 1 } as const;
/** Longer than any gateway should take. */
export const patience = 100;

/** The path at a place of the gateway's order misbehaves. */
export const at = (place: number, behaviour: Behaviour) => (route: DrillRoute) => {
  const path = route.paths[place];
  return path === undefined ? {} : { [path.name]: behaviour };
};
/** The path that the gateway tries first. */
export const primary = (behaviour: Behaviour) => at(0, behaviour);
/** Answers with an error. */
export const status = (code: number, name: string, more: object = {}): Behaviour => ({
  kind: "status",
  status: code,
  code: name,
  ...more,
});
/** A server that is not there for anybody. */
export const unavailable = status(503, "service_unavailable");
/** A check in one line. */
export const check = (
  text: string,
  level: Check["level"],
  holds: Check["holds"],
  measured: Check["measured"],
): Check => ({
  text,
  level,
  holds,
  measured,
});
