/** Every kind of a cluster has its row, its accepted inputs and its refusals; nothing accepted is refused half known. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { refusalKinds } from "../../../sandbox/cloud.ts";
import { kubernetes } from "../../../sandbox/clouds/kubernetes/index.ts";
import { crdSchema } from "../../../sandbox/schema/load.ts";
import { type Properties, UNKNOWN } from "../../../sandbox/values.ts";
import { suites } from "../../support/refusals-kubernetes/index.ts";
import type { Bench } from "../../support/sandbox-refusals.ts";

const customTokens = Object.keys(crdSchema().kinds).map((id) => {
  const [, version, kind] = /^(.*)\/([^/]+)$/.exec(id) ?? [];
  return `kubernetes:${version}:${kind}`;
});
const all = [...kubernetes.types, ...customTokens.flatMap((token) => kubernetes.dynamicType?.(token) ?? [])];
const refused = Object.assign({}, ...Object.values(suites).map((suite) => suite.refused)) as typeof suites.core.refused;
const accepted = Object.assign(
  {},
  ...Object.values(suites).map((suite) => suite.accepted),
) as typeof suites.core.accepted;

/** The same kind in another version has the same rules. */
const kindOf = (token: string) => {
  const [, version = "", kind] = token.split(":");
  return `${version.split("/")[0]}/${kind}`;
};

test("has all kinds", () => {
  expect(kubernetes.types.length).toBe(25);
  expect(all.length - kubernetes.types.length).toBe(customTokens.length);
  expect(customTokens.length).toBeGreaterThanOrEqual(19);
});

describe.each(all.map((type) => [type.token, type] as const))("%s", (token, type) => {
  const row = kubernetes.refusals(token);

  test("has a row without an empty cell", () => {
    const cells = refusalKinds.map((kind) => row?.[kind]);
    const empty = cells.filter((cell) => {
      if (cell === undefined) return true;
      return "none" in cell ? cell.none.length < 15 : cell.code === "" || !/^https:\/\/[^ ]+$/.test(cell.source);
    });
    expect(empty).toEqual([]);
  });

  test("documents what its table does", () => {
    const documented = (kind: (typeof refusalKinds)[number]) => row !== undefined && "code" in row[kind];
    expect(documented("immutable")).toBe(type.replaceOn.length > 0);
    expect(documented("inUse")).toBe((type.inUse ?? []).length > 0);
    expect(documented("reference") || (type.references ?? []).length === 0).toBe(true);
    expect(documented("name") || (type.name === undefined && (type.unique ?? []).length === 0)).toBe(true);
  });
});

test("every kind has accepted inputs and at least three refusals of two kinds", () => {
  const kinds = new Set(all.map(({ token }) => kindOf(token)));
  const enough = Object.entries(refused)
    .filter(([, cases]) => cases.length >= 3 && new Set(cases.map(({ kind }) => kind)).size >= 2)
    .map(([token]) => kindOf(token));
  expect(new Set(enough)).toEqual(kinds);
  expect(new Set(Object.keys(accepted).map(kindOf))).toEqual(kinds);
});

test.each(["dev", "staging", "prod"])("every kind that %s uses has a row", (stack) => {
  const dump = JSON.parse(readFileSync(new URL(`../../golden/${stack}.json`, import.meta.url), "utf8")) as Record<
    string,
    { type: string }
  >;
  const used = [...new Set(Object.values(dump).map(({ type }) => type))].filter((type) =>
    type.startsWith("kubernetes:"),
  );
  expect(used.filter((type) => kubernetes.refusals(type) === undefined)).toEqual([]);
  expect(used.length).toBeGreaterThan(20);
});

test("a kind that no definition serves has no row", () => {
  expect(kubernetes.refusals("kubernetes:gateway.envoyproxy.io/v2:Backend")).toBeUndefined();
});

describe("in a preview, whatever part of accepted inputs is not known yet, nothing is found wrong", () => {
  const connection = { provider: "", package: "kubernetes", scope: "", region: "", config: {} };
  const bench = { make: async () => ({ id: "", inputs: {}, properties: {} }) } as unknown as Bench;

  test.each(Object.keys(accepted))("%s", async (token) => {
    const table = all.find((type) => type.token === token);
    const inputs = await accepted[token]?.(bench);
    if (table?.check === undefined || inputs === undefined) throw new Error(`no table or inputs of ${token}`);
    expect(table.check(inputs, connection)).toEqual([]);
    const hidden = partsOf(inputs);
    expect(hidden.flatMap((each) => table.check?.(each, connection) ?? [])).toEqual([]);
    expect(hidden.length).toBeGreaterThan(2);
  });
});

/** Copies of an object in each of which another part is unknown. */
function partsOf(value: Properties): Properties[] {
  return Object.entries(value).flatMap(([key, part]) => {
    const inner = typeof part === "object" && part !== null ? partsOf(part as Properties) : [];
    const put = (changed: unknown): Properties =>
      Object.assign(Array.isArray(value) ? [...value] : { ...value }, { [key]: changed });
    return [put(UNKNOWN), ...inner.map((changed) => put(changed))];
  });
}
