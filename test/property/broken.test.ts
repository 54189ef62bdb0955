import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../components/plan/types.ts";
import { ConfigError } from "../../infra/config/error.ts";
import { type Config, readConfig, sharedFiles } from "../../infra/config/read.ts";
import { planStack } from "../../infra/planning/index.ts";
import { type Broken, brokenStacks } from "../support/arbitrary-broken.ts";
import { built, violations } from "../support/property-build.ts";
import { fixedSeed } from "../support/property-engine.ts";

/** Stack files with slips: each is refused in words, or is right after all; nothing crashes, and nothing is half made. */

const runs = { numRuns: 300, seed: fixedSeed };

/** Either the plan, or the error of files that are wrong. Any other error goes on. */
function planned({ sources }: Broken): { config: Config; plan: Plan } | ConfigError {
  try {
    const config = readConfig(sources);
    return { config, plan: planStack(config) };
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

test("300 stacks with slips are refused with file, place, message and fix, or planned", () => {
  let refused = 0;
  fc.assert(
    fc.property(brokenStacks(), (broken) => {
      const result = planned(broken);
      if (!(result instanceof ConfigError)) {
        expect(JSON.parse(JSON.stringify(result.plan))).toStrictEqual(result.plan);
        return;
      }
      refused += 1;
      const files = [...sharedFiles, broken.sources.environmentFile].map((file) => `stacks/${file}`);
      expect(result.problems.length).toBeGreaterThan(0);
      for (const { file, path, line, message, allowed, fix } of result.problems) {
        expect(files).toContain(file);
        expect(path.every((step) => typeof step === "string" || typeof step === "number")).toBe(true);
        expect(line ?? 1).toBeGreaterThan(0);
        for (const words of [message, allowed, fix]) expect(words.trim()).not.toBe("");
        expect(result.message).toContain(message);
      }
      expect(result.message).toContain("nothing was created");
      expect(result.message).not.toMatch(/\n\s+at .+:\d+:\d+/);
      expect(result.stack).toBe(result.message);
    }),
    runs,
  );
  expect(refused).toBeGreaterThan(200);
}, 120_000);

test("those that are accepted can be built to the end: the first six", async () => {
  const accepted = fc.sample(brokenStacks(), runs).flatMap((broken) => {
    const result = planned(broken);
    return result instanceof ConfigError ? [] : [{ ...result, slips: broken.slips }];
  });
  expect(accepted.length).toBeGreaterThan(5);
  for (const { config, plan, slips } of accepted.slice(0, 6)) {
    const shown = await built(config);
    const paths = shown.filter(({ type }) => type === "twocloud:index:InferencePath");
    expect(paths.length, slips.join("; ")).toBe(plan.workloads.flatMap((workload) => workload.paths).length);
    expect(await violations(shown), slips.join("; ")).toEqual([]);
  }
}, 120_000);
