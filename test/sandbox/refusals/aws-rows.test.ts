/** The refusal table of AWS: no cell is empty, and it says of each type what the type's own table does. */
import { describe, expect, test } from "vitest";
import { type RefusalRow, refusalKinds } from "../../../sandbox/cloud.ts";
import { aws } from "../../../sandbox/clouds/aws/index.ts";
import { awsRefusals } from "../../../sandbox/clouds/aws/refusals/index.ts";

const code = /^[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z]*)*$/;
const page = /^https:\/\/(docs\.aws\.amazon\.com|www\.pulumi\.com\/registry\/packages\/aws)\/\S+$/;

test("has a row for each type and no other", () => {
  expect(Object.keys(awsRefusals).toSorted()).toEqual(aws.types.map(({ token }) => token).toSorted());
});

describe.each(aws.types.map((type) => [type.token, type] as const))("%s", (token, type) => {
  const row: RefusalRow | undefined = awsRefusals[token];
  const isDocumented = (kind: keyof RefusalRow) => row !== undefined && "code" in row[kind];

  test("says for each kind of rule the code and its page, or why there is none", () => {
    const poor = refusalKinds.filter((kind) => {
      const cell = row?.[kind];
      if (cell === undefined) return true;
      return "none" in cell ? cell.none.length < 12 : !code.test(cell.code) || !page.test(cell.source);
    });
    expect(poor).toEqual([]);
  });

  test("documents what its table refuses", () => {
    expect(isDocumented("immutable")).toBe(type.replaceOn.length > 0);
    expect(isDocumented("inUse")).toBe((type.inUse ?? []).length > 0);
    if ((type.references ?? []).length > 0) expect(isDocumented("reference")).toBe(true);
    if (type.name !== undefined || (type.unique ?? []).length > 0) expect(isDocumented("name")).toBe(true);
  });
});
