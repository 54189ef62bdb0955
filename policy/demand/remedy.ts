import type { ResourceRemediation } from "@pulumi/policy";
import { unknown } from "../graph.ts";
import { withoutVersion } from "./index.ts";

/** A remediation that writes a safe value where nothing, or another one, stands. */
export function setting(type: string, path: string, value: unknown): ResourceRemediation {
  return ({ type: token, props }) => (withoutVersion(token) === type ? settingAt(props, path, value) : undefined);
}

/** The value at a path of what the host hands to a remediation, which throws when it is asked for an unknown one. */
function peek(props: Record<string, unknown>, steps: readonly string[]): unknown {
  let found: unknown = props;
  try {
    for (const step of steps) {
      if (found === null || typeof found !== "object") return undefined;
      found = (found as Record<string, unknown>)[step];
    }
  } catch (error) {
    if ((error as Error).constructor.name === "UnknownValueError") return unknown;
    throw error;
  }
  return found;
}

/**
 * Writes a value at a path. What only the cloud can tell is left alone: the rule judges it when it is known.
 * @param where `absent`: only where nothing stands. Default: where anything else stands
 */
export function settingAt(
  props: Record<string, unknown>,
  path: string,
  value: unknown,
  where: "absent" | "other" = "other",
): Record<string, unknown> | undefined {
  const steps = path.split(".");
  const found = peek(props, steps);
  const stands = found !== undefined && found !== null && found !== "";
  if (found === value || found === unknown || (where === "absent" && stands)) return undefined;
  // In place: what is handed in keeps secrets secret, and a copy would not.
  let target = props;
  for (const step of steps.slice(0, -1)) {
    if (target[step] === undefined || target[step] === null) target[step] = {};
    target = target[step] as Record<string, unknown>;
  }
  target[steps.at(-1) ?? ""] = value;
  return props;
}
