import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readConfig } from "../../infra/config/read.ts";
import { anything, sourcesOf, stackFiles } from "../support/arbitrary-stack.ts";
import { built, rules, violations } from "../support/property-build.ts";
import { fixedSeed } from "../support/property-engine.ts";

/** What can be planned can be built, and the policy pack finds nothing against it in a first preview. */

test("5 valid stacks are built without a refusal and without a violation", async () => {
  expect(rules.length).toBeGreaterThan(8);
  await fc.assert(
    fc.asyncProperty(stackFiles(anything), async (files) => {
      const shown = await built(readConfig(sourcesOf(files)));
      expect(shown.filter(({ type }) => type === "twocloud:index:InferencePath")).toHaveLength(
        Object.values(files.meant).flatMap(({ paths }) => paths).length,
      );
      expect(await violations(shown)).toEqual([]);
    }),
    { numRuns: 5, seed: fixedSeed, endOnFailure: true },
  );
}, 120_000);
