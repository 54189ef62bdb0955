/** Claims about every row of Google Cloud's refusal table. */
import { describe, expect, test } from "vitest";
import { type RefusalKind, type RefusalRow, refusalKinds } from "../../../sandbox/cloud.ts";
import { gcp } from "../../../sandbox/clouds/gcp/index.ts";
import { gcpRefusals } from "../../../sandbox/clouds/gcp/refusals/index.ts";

test("there is a row for every type, and no other", () => {
  expect(Object.keys(gcpRefusals).toSorted()).toEqual(gcp.types.map(({ token }) => token).toSorted());
});

describe.each(gcp.types.map((type) => [type.token, type] as const))("%s", (token, type) => {
  const row = gcpRefusals[token] as RefusalRow;
  const isDocumented = (kind: RefusalKind) => "code" in row[kind];

  test.each(refusalKinds)("%s: a code with a page of the vendor, or why there is no such rule", (kind) => {
    const cell = row[kind];
    if ("none" in cell) {
      expect(cell.none).toMatch(/^\S.{15,}$/);
      return;
    }
    expect(cell.code).toMatch(/^googleapi: Error \d{3}, \w+$/);
    expect(cell.source).toMatch(/^https:\/\/(cloud\.google\.com|www\.pulumi\.com)\/\S+$/);
  });

  test("documents what the tables do, and denies what they don't", () => {
    expect(isDocumented("immutable")).toBe(type.replaceOn.length > 0);
    expect(isDocumented("inUse")).toBe((type.inUse ?? []).length > 0);
    if ((type.references ?? []).length > 0) expect(isDocumented("reference")).toBe(true);
    if (type.name !== undefined) expect(isDocumented("name")).toBe(true);
    if ((type.unique ?? []).length > 0) expect(isDocumented("name")).toBe(true);
  });
});
