import { beforeEach, describe, expect, test, vi } from "vitest";
import { catalogueAge } from "../../../../policy/rules/workload/catalogue-age.ts";
import { ask, judgedOn } from "../../../support/policy.ts";
import { stack, views } from "../../../support/policy-stack.ts";

const catalogue = vi.hoisted((): { date: string | undefined } => ({ date: undefined }));

vi.mock("../../../../policy/stack-files.ts", async (original) => {
  const real = await original<typeof import("../../../../policy/stack-files.ts")>();
  return { ...real, snapshotDate: () => catalogue.date ?? real.snapshotDate() };
});

beforeEach(() => {
  catalogue.date = undefined;
});

const old = (date: string, days: number) =>
  `the model catalogue is of ${date}, ${days} days before ${judgedOn}; allowed: 7. Fix: bring stacks/models.yaml up to date.`;

describe.each(views)("catalogue-age on a %s", (view) => {
  test("the project's own catalogue is of the day on which tests judge", async () => {
    expect(await ask(catalogueAge, await stack(view))).toEqual([]);
  });

  test.each([
    ["of the same day", "2026-11-21", []],
    ["seven days old", "2026-11-14", []],
    ["eight days old", "2026-11-13", [old("2026-11-13", 8)]],
    ["a year old", "2025-11-21", [old("2025-11-21", 365)]],
  ])("a catalogue that is %s", async (_, date, messages) => {
    catalogue.date = date;
    expect(await ask(catalogueAge, await stack(view))).toEqual(messages);
  });

  test("where no path is, no catalogue is needed", async () => {
    catalogue.date = "2025-11-21";
    const shown = (await stack(view)).filter(({ type }) => !type.endsWith(":InferencePath"));
    expect(await ask(catalogueAge, shown)).toEqual([]);
    expect(await ask(catalogueAge, [])).toEqual([]);
  });
});
