/** Property values as the sandbox works with them: plain JSON, in which one string stands for "not known yet". */

/** A resource's properties: JSON values; any string in it may be {@link UNKNOWN}. */
export type Properties = Record<string, unknown>;

/**
 * The engine's sentinel for an unknown string. A string that was built from an unknown one contains it, so that
 * `arn:aws:s3:::${bucket}` of an unknown bucket can be recognised as unknown too.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine marks unknown values of other kinds by other sentinels; here they all become {@link UNKNOWN}. */
const SENTINELS: ReadonlySet<string> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isSentinel(value: unknown): boolean {
  return typeof value === "string" && SENTINELS.has(value);
}

/** True for the unknown itself and for a string that was built from it. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && value.includes(UNKNOWN);
}

/** True if the value or anything inside it is unknown. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isObject(value)) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one if it is anything else (absent, unknown). */
export function asObject(value: unknown): Properties {
  return isObject(value) ? value : {};
}

/** The value as a list; an empty one if it is anything else (absent, unknown). */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string; undefined if it is anything else. An unknown is a string. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The string if it is one and known; undefined otherwise. */
export function knownString(value: unknown): string | undefined {
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

/** Every string built from an unknown becomes unknown as a whole. */
export function settleUnknowns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settleUnknowns);
  if (isObject(value)) return mapValues(value, settleUnknowns);
  return isUnknown(value) ? UNKNOWN : value;
}

/** A copy without `undefined` and `null` members: the engine's SDKs never send them, and JSON cannot hold the former. */
export function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutAbsent(item ?? null));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutAbsent(item)]));
}

export function mapValues(object: Properties, change: (value: unknown) => unknown): Properties {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** A value found at a concrete path, such as `subnetIds[1]`. */
export interface Found {
  readonly path: string;
  readonly value: unknown;
}

/**
 * All values at a path pattern. `a.b` goes into objects, `[]` into every item of a list:
 * `vpcConfig.subnetIds[]`. What is absent or unknown on the way is not there.
 */
export function valuesAt(root: unknown, pattern: string): Found[] {
  let found: Found[] = [{ path: "", value: root }];
  for (const step of pattern.split(/\.|(?=\[\])/)) {
    found = found.flatMap((at) => (step === "[]" ? itemsOf(at) : memberOf(at, step)));
  }
  return found;
}

/** The first value at a path pattern, or undefined. */
export function valueAt(root: unknown, pattern: string): unknown {
  return valuesAt(root, pattern)[0]?.value;
}

/** A copy of the object with the value set at `a.b.c`; objects on the way are made when absent. */
export function withValueAt(root: Properties, path: string, value: unknown): Properties {
  const [head = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...root, [head]: value };
  return { ...root, [head]: withValueAt(asObject(root[head]), rest.join("."), value) };
}

/** Every leaf (string, number, boolean) with its path. */
export function leavesOf(value: unknown, path = ""): Found[] {
  const at = { path, value };
  if (Array.isArray(value)) return itemsOf(at).flatMap((item) => leavesOf(item.value, item.path));
  if (!isObject(value)) return [at];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, joinPath(path, key)));
}

/** Appends a key to a property path in Pulumi's notation: keys that are no plain words are quoted. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function itemsOf({ path, value }: Found): Found[] {
  return asList(value).map((item, index) => ({ path: `${path}[${index}]`, value: item }));
}

function memberOf({ path, value }: Found, key: string): Found[] {
  if (!isObject(value) || value[key] === undefined) return [];
  return [{ path: joinPath(path, key), value: value[key] }];
}
