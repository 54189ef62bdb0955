import { expect, test } from "vitest";
import { packs } from "../../policy/packs.ts";
import { rowsOf, tableOf } from "../policy/table.ts";
import { ask } from "../support/policy.ts";
import { stack, views } from "../support/policy-stack.ts";

const rows = await rowsOf();

test("no cell of the table of rules and tests is empty", () => {
  expect(rows.filter((row) => Object.values(row).includes("")).map(({ rule }) => rule)).toEqual([]);
});

test("docs/policy-tests.md is what the rules and tests say", async () => {
  await expect(tableOf(rows)).toMatchFileSnapshot("../../docs/policy-tests.md");
});

test.each(views)("production violates nothing mandatory, as a %s", async (view) => {
  const shown = await stack(view);
  // Of the day and of receipts judge tests of their own: mocks are no sandbox.
  const others = ["as-of", "fallback-receipt"];
  const mandatory = packs.production.filter(
    ({ enforcementLevel, name }) => enforcementLevel !== "advisory" && !others.includes(name),
  );
  for (const rule of mandatory) expect(await ask(rule, shown), rule.name).toEqual([]);
});
