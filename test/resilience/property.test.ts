import { describe, expect, test } from "vitest";
import { errorsOf } from "../../operations/engine/events.ts";
import { exportState } from "../../operations/engine/state.ts";
import { textsOf } from "../support/arbitrary-stack.ts";
import { fixedSeed, inProject, judge, stacksOf } from "../support/property-engine.ts";
import { shipped, textOf } from "../support/stacks.ts";

/**
 * Random stacks under the real engine. `npm run property -- --seed <seed> --from <number> --count 1` runs one of them
 * again and keeps its files.
 */

describe(`of seed ${fixedSeed}`, () => {
  test.each(stacksOf(fixedSeed, 8).map((files, number) => ({ number, files })))(
    "valid stack $number comes up, changes nothing on a second run, and goes away",
    async ({ files }) => {
      const verdict = await judge(files);
      expect(verdict.problems, Object.values(textsOf(files)).join("\n")).toEqual([]);
      expect(verdict.resources).toBeGreaterThan(20);
    },
  );
});

/** Each is refused by something else: form, meaning, and the way from the engine's settings to values. */
const invalid: readonly (readonly [string, file: "workloads.yaml" | "environment", from: string, to: string])[] = [
  [
    "a fallback that is a second primary",
    "workloads.yaml",
    "role: fallback, location: aws-main",
    "role: primary, location: aws-main",
  ],
  ["a tag that a cloud does not take", "environment", "    costCentre: example", "    cost centre: example"],
  ["a text where a set of keys belongs", "environment", "    costCentre: example", '    "{not: json"'],
];

test.each(invalid)("of %s, nothing is asked of the clouds", async (_, file, from, to) => {
  const sources = shipped("dev");
  const before = textOf(sources, file);
  expect(before).toContain(from);
  const name = file === "environment" ? sources.environmentFile : file;
  await inProject("dev", { [name]: before.replace(from, to) }, async ({ engine, store }) => {
    const up = await engine.run("up", []);
    expect(up.code).not.toBe(0);
    expect(errorsOf(up.events).join("\n")).toContain("nothing was created");
    expect(errorsOf(up.events).join("\n")).not.toMatch(/\n\s+at .+:\d+:\d+/);
    expect(store.count()).toBe(0);
    const { resources = [], pending_operations = [] } = await exportState(engine);
    expect(resources.filter(({ custom }) => custom)).toEqual([]);
    expect(pending_operations).toEqual([]);
  });
});
