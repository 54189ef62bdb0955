import { describe, expect, test } from "vitest";
import type { Quota } from "../../sandbox/cloud.ts";
import { readGrants } from "../../sandbox/quotas.ts";

/** The file of granted quotas. */

const common = { what: "GPUs", fresh: 0, source: "https://example.com", code: "Exceeded", types: [], usedBy: () => 1 };
const quotas: Quota[] = [
  { ...common, name: "GPUS", regional: true },
  { ...common, name: "GPUS_ALL_REGIONS", regional: false },
];
const read = (text: string) => readGrants("stacks/quotas.yaml", text, quotas);

test("says what each account was granted", () => {
  expect(read('"111":\n  GPUS: { eu-west-1: 8 }\n  GPUS_ALL_REGIONS: 16\n')).toEqual({
    "111": { GPUS: { "eu-west-1": 8 }, GPUS_ALL_REGIONS: 16 },
  });
  expect(read("# nothing yet\n")).toEqual({});
});

describe("a slip is told with line, path and what to do", () => {
  test.each([
    ["a: { GPU: { x: 1 } }", ["stacks/quotas.yaml:1 a.GPU: there is no quota GPU; did you mean GPUS?"]],
    ["a:\n  GPUS: 8", ["stacks/quotas.yaml:2 a.GPUS: GPUs counts in each region; write it for each region"]],
    ["a:\n  GPUS_ALL_REGIONS: { x: 1 }", ["a.GPUS_ALL_REGIONS: GPUs counts for the whole account; write one number"]],
    ["a:\n  GPUS: { x: -1 }", ["stacks/quotas.yaml:2 a.GPUS", "a whole number from 0 is expected"]],
    ["a: 3", ["stacks/quotas.yaml:1 a: is 3"]],
    ["a: [", ["stacks/quotas.yaml"]],
  ])("%s", (text, parts) => {
    for (const part of parts) expect(() => read(text)).toThrow(part);
  });

  test("all of them at once", () => {
    expect(() => read("a: { GPU: { x: 1 }, GPUS: 1 }")).toThrow(/did you mean GPUS\?\n.*write it for each region/);
  });
});
