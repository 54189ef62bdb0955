import { describe, expect, test } from "vitest";
import { modelRetiring } from "../../../../policy/rules/workload/model-retiring.ts";
import { ask } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const path = { name: "support-chat-aws-main", type: ":InferencePath" };
const retires = (day: string, days: number) =>
  `the model of support-chat/aws-main retires on ${day}, in ${days} days. Fix: choose its successor now.`;

describe.each(views)("model-retiring on a %s", (view) => {
  test("the project's own models stay longer", async () => {
    expect(await ask(modelRetiring, await stack(view))).toEqual([]);
  });

  test.each([
    ["in 60 days", "2027-01-20", []],
    ["in 59 days", "2027-01-19", [retires("2027-01-19", 59)]],
    ["in 31 days", "2026-12-22", [retires("2026-12-22", 31)]],
    ["in 30 days, which model-lifecycle refuses", "2026-12-21", []],
    ["yesterday, which it refuses too", "2026-11-20", []],
    ["never, as far as anybody says", null, []],
    ["without saying when, which it refuses too", undefined, []],
  ])("a model that retires %s", async (_, day, messages) => {
    expect(await ask(modelRetiring, set(await stack(view), path, ["retires"], day))).toEqual(messages);
  });

  test("an unknown day is refused by model-lifecycle", async () => {
    expect(await ask(modelRetiring, unknownAt(await stack(view), path, ["retires"]))).toEqual([]);
    expect(await ask(modelRetiring, [])).toEqual([]);
  });
});
