/** What holds for every row of Azure's refusal table. */
import { describe, expect, test } from "vitest";
import { refusalKinds } from "../../../sandbox/cloud.ts";
import { azureNative } from "../../../sandbox/clouds/azure-native/index.ts";

describe.each(azureNative.types.map((type) => [type.token, type] as const))("%s", (token, type) => {
  const row = azureNative.refusals(token);
  const documented = (kind: (typeof refusalKinds)[number]) => row !== undefined && "code" in row[kind];

  test("has a code and a page, or a reason, for each kind of refusal", () => {
    const empty = refusalKinds.filter((kind) => {
      const cell = row?.[kind];
      if (cell === undefined) return true;
      return "code" in cell ? cell.code === "" || !/^https:\/\/\S+$/.test(cell.source) : cell.none.length < 10;
    });
    expect(empty).toEqual([]);
  });

  test("documents what its table refuses", () => {
    expect(documented("immutable")).toBe(type.replaceOn.length > 0);
    expect(documented("inUse")).toBe((type.inUse ?? []).length > 0);
    expect(documented("reference") || (type.references ?? []).length === 0).toBe(true);
    expect(documented("name") || (type.name === undefined && (type.unique ?? []).length === 0)).toBe(true);
    expect(documented("limit") || !(azureNative.quotas ?? []).some(({ types }) => types.includes(token))).toBe(true);
  });
});

test("there is no row for a type that is not there", () => {
  const known = azureNative.types.map(({ token }) => token);
  expect(known.length).toBe(32);
  expect(known.filter((token) => azureNative.refusals(token) === undefined)).toEqual([]);
});
