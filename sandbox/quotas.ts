/** What accounts may use: what a fresh one has, and what its owner was granted since. */
import { LineCounter, parseDocument } from "yaml";
import { quotasFile } from "../infra/config/schema.ts";
import type { FindOne, Problem, Quota } from "./cloud.ts";
import { finder } from "./references.ts";
import type { Target } from "./resources.ts";
import { nearest } from "./schema/suggest.ts";
import type { Placement, StoredResource } from "./store.ts";
import type { Properties } from "./values.ts";

/** By account (`*`: every account), then by quota: a number for the whole account, or one for each region. */
export type Grants = Readonly<Record<string, Readonly<Record<string, number | Readonly<Record<string, number>>>>>>;

/** Accounts that never asked for more. */
export const fresh: Grants = {};

/**
 * Reads a file of granted quotas.
 * @param quotas those that the clouds have
 * @throws Error with all problems, each with line, path, value, what is allowed and what to do
 */
export function readGrants(file: string, text: string, quotas: readonly Quota[]): Grants {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (path: readonly PropertyKey[]): string => {
    const node = document.getIn([...path], true) as { range?: [number, number, number] } | undefined;
    const line = node?.range === undefined ? "" : `:${lines.linePos(node.range[0]).line}`;
    return `${file}${line} ${path.map(String).join(".")}`.trim();
  };
  if (document.errors.length > 0) {
    throw new Error(document.errors.map((error) => `${file}: ${error.message}`).join("\n"));
  }
  const value: unknown = document.toJS() ?? {};
  const parsed = quotasFile.safeParse(value);
  const shape = (parsed.error?.issues ?? []).map(
    ({ path }) =>
      `${at(path)}: is ${JSON.stringify(valueIn(value, path))}; a whole number from 0 is expected, or one for each region`,
  );
  const granted = parsed.data ?? {};
  const known = quotas.map(({ name }) => name);
  const names = Object.entries(granted).flatMap(([account, quotasOf]) =>
    Object.entries(quotasOf).flatMap(([name, limit]) => {
      const quota = quotas.find((each) => each.name === name);
      if (quota === undefined) {
        const near = nearest(name, known);
        return [
          `${at([account, name])}: there is no quota ${name}; ${near === undefined ? `known are ${known.join(", ")}` : `did you mean ${near}?`}`,
        ];
      }
      if (quota.regional === (typeof limit === "object")) return [];
      const wanted = quota.regional ? "write it for each region: { eu-west-1: 8 }" : "write one number";
      return [
        `${at([account, name])}: ${quota.what} counts ${quota.regional ? "in each region" : "for the whole account"}; ${wanted}`,
      ];
    }),
  );
  const problems = [...shape, ...names];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return granted;
}

function valueIn(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** The cloud's answers for what the resource would use beyond the account's quotas. */
export function overQuota(
  { cloud, type, store, grants }: Target,
  { id, placement }: Pick<StoredResource, "id" | "placement">,
  outputs: Properties,
  current: StoredResource | undefined,
): Problem[] {
  const concerned = (cloud.quotas ?? []).filter(({ types }) => types.includes(type.token));
  const lookUp = finder(cloud, store, placement);
  const find: FindOne = (token, id) => lookUp(token, id);
  return concerned.flatMap((quota) => {
    const wanted = quota.usedBy(outputs, find);
    const before = current === undefined ? 0 : quota.usedBy(current.outputs, find);
    if (wanted <= before) return [];
    const regionOf = (each: { readonly id: string; readonly placement: Placement }): string =>
      quota.regionOf?.(each.id, lookUp) ?? each.placement.region;
    const region = regionOf({ id, placement });
    const part = quota.each?.(outputs, find);
    const others = quota.types
      .flatMap((token) => store.list({ type: token, scope: placement.scope }))
      .filter((other) => other.key !== current?.key && (!quota.regional || regionOf(other) === region))
      .filter((other) => part === undefined || quota.each?.(other.outputs, find) === part);
    const used = others.reduce((sum, other) => sum + quota.usedBy(other.outputs, find), 0);
    const limit = limitOf(quota, grants, { ...placement, region });
    if (used + wanted <= limit) return [];
    const where = `${quota.regional ? ` in ${region}` : ""}${part === undefined ? "" : `, ${part}`}`;
    const reason = `${quota.code}: ${quota.what} of ${placement.scope}${where}: limit ${limit}, in use ${used}, asked for ${wanted} (quota ${quota.name})`;
    const fix = `Ask for more of ${quota.name} in that account; in the sandbox, write what was granted into stacks/quotas.yaml`;
    return [{ property: "", kind: "limit", reason, fix, source: quota.source }];
  });
}

function limitOf({ name, fresh: least, regional }: Quota, grants: Grants, { scope, region }: Placement): number {
  const granted = grants[scope]?.[name] ?? grants["*"]?.[name];
  if (typeof granted === "number") return granted;
  return (regional ? granted?.[region] : undefined) ?? least;
}
