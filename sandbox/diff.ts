/** What differs between two sets of inputs, in the provider protocol's terms. */
import { isObject, isUnknown, joinPath, type Properties } from "./values.ts";

export type ChangeKind = "add" | "delete" | "update";

/** One changed property; `replaces` when the cloud cannot change it in place. */
export interface Change {
  /** Property path, e.g. `tags.Name` or `subnetIds[0]`. */
  readonly path: string;
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}

/**
 * The changes from one set of inputs to another. Top-level keys that begin with `__` are bookkeeping and not compared.
 * A new value that is unknown counts as changed.
 * @param replaceOn path patterns (`vpcConfig.subnetIds`, `nodes[].size`) whose change, or a change inside, replaces
 */
export function changesBetween(before: Properties, after: Properties, replaceOn: readonly string[]): Change[] {
  return [...differences(visible(before), visible(after), "")].map(([path, kind]) => ({
    path,
    kind,
    replaces: replaceOn.some((pattern) => covers(pattern, path)),
  }));
}

/** The top-level property that a path is in. */
export function topLevelOf(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** True if the changed path is the pattern's property, lies in it, or contains it. */
function covers(pattern: string, path: string): boolean {
  const general = path.replace(/\[\d+\]/g, "[]");
  return within(general, pattern) || within(pattern, general);
}

function within(path: string, outer: string): boolean {
  return path === outer || (path.startsWith(outer) && (path[outer.length] === "." || path[outer.length] === "["));
}

function visible(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** Yields path and kind of each difference. */
function* differences(before: unknown, after: unknown, path: string): Generator<[string, ChangeKind]> {
  if (before === after && !isUnknown(after)) return;
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(before[key], after[key], joinPath(path, key));
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let index = 0; index < length; index++) yield* differences(before[index], after[index], `${path}[${index}]`);
  } else if (before === undefined) {
    yield [path, "add"];
  } else {
    yield [path, after === undefined ? "delete" : "update"];
  }
}
