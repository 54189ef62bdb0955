import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SummaryInput, summaryReport } from "../../../operations/report/summary.ts";
import { anyPlan, shippedPlan } from "./plans.ts";

const dev = shippedPlan("dev");
const plain = { width: 80, colour: false } as const;
const input: SummaryInput = {
  plan: dev,
  changes: { create: 214, same: 3 },
  seconds: 48.4,
  policies: { passed: 9, advisories: [] },
  requests: "13 of 13 gateway × path deliveries go through, 3 of them to a path of which no replica runs",
  picture: ".twocloud/sandbox/dev/topology.svg",
  commands: {
    inspect: ["npm run twocloud -- plan --stack dev", "npm run twocloud -- sandbox status --stack dev"],
    cleanUp: "npm run twocloud -- sandbox destroy --stack dev",
  },
  sandbox: true,
};

test("the whole summary of the shipped dev stack at 80 columns is as recorded", async () => {
  await expect(summaryReport(input, plain)).toMatchFileSnapshot("../../golden/summary-dev-80.txt");
});

describe("somebody who has never seen the project learns", () => {
  const report = summaryReport(input, plain);

  test("that nothing real was made", () => {
    expect(report).toContain("These are local clouds");
    expect(report).toContain("Nothing real was made, nothing is billed.");
  });

  test("every workload, and where each of its paths is", () => {
    for (const { name, paths } of dev.workloads) {
      expect(report).toContain(name);
      for (const path of paths) expect(report).toMatch(new RegExp(`${path.region} +${path.model} +${path.serving}`));
    }
  });

  test("every gateway's address, whole", () => {
    for (const { gateway } of dev.locations) expect(report).toContain(`https://${gateway?.host}\n`);
  });

  test("how requests fare", () => {
    expect(report).toContain("\nRequests  13 of 13 gateway × path deliveries go through");
  });

  test("policies, cost, picture and the commands, whole", () => {
    expect(report).toContain("9 rules passed, none violated");
    expect(report).toContain("in real accounts about $692 a month idle");
    for (const text of [input.picture, ...input.commands.inspect, input.commands.cleanUp])
      expect(report).toContain(`${text}\n`);
  });
});

test("a run without changes says so", () => {
  expect(summaryReport({ ...input, changes: { same: 217 } }, plain)).toContain(
    "nothing to change, 217 resources as they should be",
  );
});

test("changes are told by what happened", () => {
  expect(summaryReport({ ...input, changes: { create: 1, update: 2, delete: 3, same: 4 } }, plain)).toContain(
    "1 created, 2 updated, 3 deleted, 4 unchanged",
  );
});

test("advisories are counted, and the first three told", () => {
  const advisories = ["one", "two", "three", "four", "five"].map((rule) => ({ rule, message: `look\nat ${rule}` }));
  const report = summaryReport({ ...input, policies: { passed: 4, advisories } }, plain);
  expect(report).toContain(
    "4 rules passed, 5 advisories to look at\n  one: look at one\n  two: look at two\n  three: look at three\n  and 2 more\n",
  );
});

test("a price that nobody states is named", () => {
  const locations = dev.locations.map((location) =>
    location.name === "aws-main" ? { ...location, baseUsdPerMonth: null } : location,
  );
  const report = summaryReport({ ...input, plan: { ...dev, locations } }, { ...plain, width: 120 });
  expect(report).toMatch(/Not in it, for want of a price:\s+aws-main\.\n/);
});

test("a stack in real accounts is not called a sandbox, and promises nothing of requests", () => {
  const { requests: _, ...rest } = input;
  const report = summaryReport({ ...rest, sandbox: false }, plain);
  expect(report).not.toContain("Requests");
  expect(report).toContain("These are real resources");
  expect(report).not.toContain("local clouds");
  expect(report).not.toContain("nothing answers");
});

test("it keeps to 40 lines and, addresses aside, to the width, whatever the plan, and says what it leaves out", () => {
  const advisories = Array.from({ length: 9 }, (_, index) => ({ rule: `rule-${index}`, message: "x".repeat(300) }));
  fc.assert(
    fc.property(anyPlan(), fc.integer({ min: 80, max: 140 }), fc.boolean(), (plan, width, colour) => {
      const report = stripVTControlCharacters(
        summaryReport({ ...input, plan, policies: { passed: 9, advisories } }, { width, colour }),
      );
      const lines = report.trimEnd().split("\n");
      expect(lines.length).toBeLessThanOrEqual(40);
      for (const line of lines.filter((each) => !each.includes("https://")))
        expect([...line].length, line).toBeLessThanOrEqual(Math.min(width, 120));
      const left = Number(/and (\d+) more workload/.exec(report)?.[1] ?? 0);
      const shown = plan.workloads.filter(({ name, type, tier }) =>
        lines.some((line) => line.startsWith(`${name}  ${type}, ${tier}`)),
      );
      expect(shown.length + left).toBe(plan.workloads.length);
    }),
    { numRuns: 60 },
  );
});
