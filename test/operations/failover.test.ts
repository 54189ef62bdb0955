import { describe, expect, test } from "vitest";
import { barsOf } from "../../operations/bench/failover/bars.ts";
import { documented, sectionsOf } from "../../operations/bench/failover/litellm-settings.ts";
import { overheadOf } from "../../operations/bench/failover/load.ts";
import { comparedObjects, workload } from "../../operations/bench/failover/route.ts";
import type { ComparedFault, Comparison, Overhead, SideResult } from "../../operations/bench/failover/types.ts";
import type { Answer } from "../../operations/drill/caller.ts";
import { type DrillRoute, routesOf } from "../../operations/drill/routes.ts";
import { wholeAnswer } from "../../operations/drill/wire/behaviour.ts";
import { failoverReport } from "../../operations/report/failover.ts";

/** The comparison with LiteLLM, without LiteLLM. */

const result = (changes: Partial<SideResult> = {}): SideResult => ({
  verdict: "pass",
  because: null,
  seconds: 1,
  answeredSeconds: 1,
  attempts: [2, 1],
  checks: [],
  ...changes,
});
const fault = (
  id: string,
  number: number | null,
  ours: Partial<SideResult>,
  theirs: Partial<SideResult>,
): ComparedFault => ({ fault: id, number, title: id, sides: { twocloud: result(ours), LiteLLM: result(theirs) } });
const load = (p99: number, lost = 0): Overhead => ({ calls: 600, lost, p50: 1, p99 });

const good = [
  fault("unavailable", 4, { answeredSeconds: 1 }, { answeredSeconds: 4 }),
  fault("silent", 6, { answeredSeconds: 11 }, { answeredSeconds: 77, verdict: "partial" }),
  fault("unavailable-series", null, {}, { verdict: "fail" }),
];
const goodLoad = { twocloud: load(2), LiteLLM: load(3) };
const broken = (faults: readonly ComparedFault[], overheads = goodLoad): string[] =>
  barsOf(faults, overheads).flatMap(({ text, holds }) => (holds ? [] : [text]));

describe("bars", () => {
  test("hold at their very limits, and LiteLLM's failures are no matter of ours", () => {
    expect(broken(good)).toEqual([]);
  });

  const worse = (id: string, ours: Partial<SideResult>, theirs: Partial<SideResult> = {}) =>
    good.map((one) =>
      one.fault === id
        ? {
            ...one,
            sides: { twocloud: { ...one.sides.twocloud, ...ours }, LiteLLM: { ...one.sides.LiteLLM, ...theirs } },
          }
        : one,
    );

  test.each<[string, readonly ComparedFault[], typeof goodLoad, string[]]>([
    [
      "fewer passes",
      worse("silent", { verdict: "partial" }, { verdict: "pass" }).map((one) =>
        one.fault === "unavailable" ? { ...one, sides: { ...one.sides, twocloud: result({ verdict: "safe" }) } } : one,
      ),
      goodLoad,
      ["at least as many of the sixteen passed as LiteLLM passes"],
    ],
    ["a failed series", worse("unavailable-series", { verdict: "fail" }), goodLoad, ["no fault fails"]],
    [
      "a slow way around a 503",
      worse("unavailable", { answeredSeconds: 1.01 }),
      goodLoad,
      ["a lasting 503 is answered at least 4 times as fast"],
    ],
    [
      "a slow way around silence",
      worse("silent", { answeredSeconds: 11.1 }),
      goodLoad,
      ["silence is answered at least 7 times as fast"],
    ],
    [
      "no answer to silence",
      worse("silent", { answeredSeconds: null }, { answeredSeconds: null }),
      goodLoad,
      ["silence is answered at least 7 times as fast"],
    ],
    [
      "no advantage under load",
      good,
      { twocloud: load(3), LiteLLM: load(3) },
      ["overhead at p99 below LiteLLM's, no call lost"],
    ],
    [
      "a lost call",
      good,
      { twocloud: load(2, 1), LiteLLM: load(3) },
      ["overhead at p99 below LiteLLM's, no call lost"],
    ],
  ])("are broken by %s", (_, faults, overheads, texts) => {
    expect(broken(faults, overheads)).toEqual(texts);
  });

  test("LiteLLM's silence is no reason to break one", () => {
    expect(broken(worse("silent", {}, { answeredSeconds: null }))).toEqual([]);
  });
});

describe("overhead", () => {
  const answers = (milliseconds: readonly number[], changes: Partial<Answer> = {}): Answer[] =>
    milliseconds.map((each) => ({
      at: 0,
      asked: "model",
      streamed: false,
      status: 200,
      firstTokenSeconds: each / 1000,
      seconds: each / 1000,
      by: "direct",
      words: wholeAnswer.tokens,
      broken: false,
      finished: true,
      marked: false,
      ended: "whole",
      model: "model",
      usage: true,
      error: null,
      ...changes,
    }));
  const hundred = (offset: number) => Array.from({ length: 100 }, (_, index) => index + 1 + offset);

  test("is the difference of the quantiles, to the hundredth of a millisecond", () => {
    expect(overheadOf(answers(hundred(0.75)), answers(hundred(0)))).toEqual({
      calls: 100,
      lost: 0,
      p50: 0.75,
      p99: 0.75,
    });
  });

  test("counts what was lost, and does not measure it", () => {
    const through = [...answers(hundred(1)), ...answers([5_000], { ended: "error", status: 503 })];
    expect(overheadOf(through, answers(hundred(0)))).toEqual({ calls: 101, lost: 1, p50: 1, p99: 1 });
  });
});

test("our side is a route of two OpenAI backends with the measured policy", () => {
  const [route, ...more] = routesOf(comparedObjects());
  expect(more).toEqual([]);
  expect(route).toMatchObject({ workload, attemptTimeoutSeconds: 10 } satisfies Partial<DrillRoute>);
  expect(route?.paths.map(({ schema, model }) => [schema, model])).toEqual([
    ["OpenAI", "model-first"],
    ["OpenAI", "model-second"],
  ]);
});

test("LiteLLM's settings stand in one section, with the fallbacks beside them", () => {
  expect(sectionsOf(documented["load-balancing"], "chat", ["other"])).toEqual({
    router_settings: {
      routing_strategy: "simple-shuffle",
      num_retries: 2,
      timeout: 30,
      allowed_fails: 3,
      cooldown_time: 30,
      fallbacks: [{ chat: ["other"] }],
    },
  });
});

test("the report is one table with what holds and what does not below it", () => {
  const faults = [
    fault("unavailable", 4, { seconds: 1.04 }, { seconds: 5.9, attempts: [3, 1] }),
    fault("silent-series", null, { seconds: 10.94 }, { verdict: "fail", seconds: 96.3, attempts: [60, 20] }),
  ];
  const comparison: Comparison = {
    at: "2026-11-27T08:00:00.000Z",
    machine: "linux x64, 2 × processor, 24 GiB",
    ran: { aigw: "1.0.0", litellm: "1.100.5" },
    settings: "load-balancing",
    faults,
    load: { twocloud: { calls: 600, lost: 0, p50: 1.2, p99: 3.4 }, LiteLLM: { calls: 600, lost: 2, p50: 5, p99: 13 } },
    bars: [
      { text: "no fault fails", holds: true, measured: "none" },
      { text: "silence is answered at least 7 times as fast", holds: false, measured: "4.5 times" },
    ],
  };
  const text = failoverReport(comparison, { width: 100, colour: false });
  const [heading, table, bars] = text.split("\n\n");
  expect(heading).toContain("2026-11-27, linux x64, 2 × processor, 24 GiB; aigw 1.0.0, litellm 1.100.5");
  expect(table?.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
    ["twocloud", "LiteLLM"],
    [expect.stringMatching(/^─+$/), expect.stringMatching(/^─+$/)],
    ["4 unavailable", "pass, 1.04 s, 2 + 1", "pass, 5.90 s, 3 + 1"],
    ["silent-series", "pass, 10.94 s, 2 + 1", "fail, 96.30 s, 60 + 20"],
    ["of sixteen", "1 pass, 0 partial, 0 safe, 0 fail", "1 pass, 0 partial, 0 safe, 0 fail"],
    ["overhead p50, p99", "1.2 ms, 3.4 ms", "5 ms, 13 ms, 2 of 600 lost"],
  ]);
  expect(bars).toBe("holds   no fault fails: none\nbroken  silence is answered at least 7 times as fast: 4.5 times\n");
});
