import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Throughput } from "../../../components/plan/catalogue.ts";
import {
  acceleratorsPerReplica,
  carries,
  managedCapacity,
  missingCapabilities,
  replicaRate,
  replicasFor,
  selfHostedCapacity,
  tokensPerMinute,
} from "../../../components/plan/sizing.ts";
import type { Traffic } from "../../../components/plan/types.ts";
import { configOf } from "../../support/stacks.ts";

const accelerator = "nvidia-h100-80gb";
const traffic = (inputTokens: number, outputTokens: number, peakRequestsPerSecond = 1): Traffic => ({
  inputTokens,
  outputTokens,
  peakRequestsPerSecond,
  fallbackShare: 1,
});

const bench = (
  inputTokens: number,
  outputTokensBench: number,
  requestsPerSecond: number,
  more: Partial<Throughput> = {},
): Throughput => ({
  accelerator,
  acceleratorsPerReplica: 1,
  outputTokensPerSecond: requestsPerSecond * outputTokensBench,
  inputTokens,
  outputTokensBench,
  atConcurrency: null,
  source: "a measurement",
  date: "2026-01-01",
  ...more,
});

const tokens = fc.integer({ min: 1, max: 100_000 });

describe("the rate of a replica", () => {
  test("is that of the measurements, for requests of their shapes", () => {
    const measured = configOf("prod").models.models["gpt-oss-120b"]?.selfHosted?.throughput ?? [];
    const saturated = measured.filter((one) => one.atConcurrency === null && one.accelerator === accelerator);
    expect(saturated).toHaveLength(2);
    for (const { inputTokens, outputTokensBench, outputTokensPerSecond } of saturated) {
      const { requestsPerSecond } = replicaRate(
        measured,
        accelerator,
        traffic(inputTokens ?? 0, outputTokensBench ?? 0),
      );
      expect(requestsPerSecond).toBeCloseTo(outputTokensPerSecond / (outputTokensBench ?? 1), 9);
    }
  });

  test("comes back from any two measurements that seconds per input and per output token can explain", () => {
    const seconds = fc.double({ min: 1e-6, max: 1e-2, noNaN: true });
    fc.assert(
      fc.property(
        seconds,
        seconds,
        tokens,
        tokens,
        fc.integer({ min: 2, max: 50 }),
        (perInput, perOutput, input, output, factor) => {
          const rate = (left: number, right: number) => 1 / (left * perInput + right * perOutput);
          const measured = [
            bench(input, output, rate(input, output)),
            bench(input * factor, output, rate(input * factor, output)),
          ];
          const found = replicaRate(measured, accelerator, traffic(777, 333)).requestsPerSecond ?? 0;
          expect(found / rate(777, 333)).toBeCloseTo(1, 4);
        },
      ),
    );
  });

  test("falls when requests or answers grow", () => {
    const measured = [bench(200, 200, 20), bench(2000, 100, 7)];
    const rate = (input: number, output: number) =>
      replicaRate(measured, accelerator, traffic(input, output)).requestsPerSecond ?? 0;
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 1, max: 1000 }), (input, output, more) => {
        expect(rate(input + more, output)).toBeLessThan(rate(input, output));
        expect(rate(input, output + more)).toBeLessThan(rate(input, output));
      }),
    );
  });

  test("from one measurement takes the less favourable of output and of all tokens", () => {
    const one = [bench(1000, 100, 10)];
    expect(replicaRate(one, accelerator, traffic(100, 100)).requestsPerSecond).toBe(10);
    expect(replicaRate(one, accelerator, traffic(10_000, 100)).requestsPerSecond).toBeCloseTo(11_000 / 10_100, 9);
  });

  test("does not believe measurements that contradict each other", () => {
    const measured = [bench(100, 100, 1), bench(1000, 100, 50)];
    expect(replicaRate(measured, accelerator, traffic(100, 100))).toEqual({
      requestsPerSecond: 1,
      because: "at saturation, from a measurement, 2026-01-01",
    });
  });

  test.each([
    ["another accelerator", [bench(100, 100, 1, { accelerator: "nvidia-l4" })]],
    ["few callers at a time, which says nothing of saturation", [bench(100, 100, 1, { atConcurrency: 4 })]],
    ["requests of unknown shape", [bench(100, 100, 1, { inputTokens: null })]],
    ["nothing", []],
  ])("is unknown when only %s was measured", (_, measured) => {
    expect(replicaRate(measured, accelerator, traffic(1, 1))).toEqual({
      requestsPerSecond: null,
      because: `no source states the throughput on ${accelerator}`,
    });
  });
});

describe("replicas", () => {
  const rates = fc.double({ min: 0.01, max: 1000, noNaN: true });
  const peaks = fc.double({ min: 0.01, max: 10_000, noNaN: true });

  test("as many as needed carry the share, and more carry no less", () => {
    fc.assert(
      fc.property(rates, peaks, fc.nat({ max: 10 }), (rate, peak, more) => {
        const one = { requestsPerSecond: rate, because: "" };
        const needed = replicasFor(peak, one) ?? 0;
        expect(carries(selfHostedCapacity(traffic(1, 1, peak), 1, needed + more, one))).toBe(true);
      }),
    );
  });

  test("one fewer carries less than the share", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 2, max: 100 }), (rate, replicas) => {
        const one = { requestsPerSecond: rate, because: "" };
        const peak = rate * replicas;
        expect(replicasFor(peak, one)).toBe(replicas);
        expect(carries(selfHostedCapacity(traffic(1, 1, peak), 1, replicas - 1, one))).toBe(false);
      }),
    );
  });

  test("of unknown rate carry nobody knows what", () => {
    const unknown = { requestsPerSecond: null, because: "nobody measured it" };
    const capacity = selfHostedCapacity(traffic(1, 1, 20), 0.5, 4, unknown);
    expect(capacity).toEqual({ needed: 10, available: null, unit: "requests/s", because: "nobody measured it" });
    expect([carries(capacity), replicasFor(10, unknown)]).toEqual([undefined, undefined]);
  });

  test("take as many accelerators as were measured with, otherwise as their memory asks for", () => {
    expect(acceleratorsPerReplica([bench(1, 1, 1, { acceleratorsPerReplica: 2 })], accelerator, 80, 80)).toBe(2);
    expect(acceleratorsPerReplica([], accelerator, 80, 24)).toBe(4);
    expect(acceleratorsPerReplica([], accelerator, null, 24)).toBe(1);
    expect(acceleratorsPerReplica([bench(1, 1, 1)], "nvidia-l4", 16, 24)).toBe(1);
  });
});

describe("a managed path", () => {
  test("needs the tokens of its share of the peak, in and out", () => {
    expect(tokensPerMinute(traffic(1500, 300, 20), 1)).toBe(2_160_000);
    expect(tokensPerMinute(traffic(1500, 300, 20), 0.5)).toBe(1_080_000);
  });

  test.each([
    [undefined, undefined],
    [2_160_000, true],
    [2_159_999, false],
  ])("with a quota of %s carries it: %s", (quota, expected) => {
    expect(carries(managedCapacity(traffic(1500, 300, 20), 1, quota))).toBe(expected);
  });
});

describe("capabilities", () => {
  const offered = {
    contextTokens: 128_000,
    tools: true,
    structuredOutput: false,
    streaming: true,
    modalities: ["text"],
  } as const;

  test("that are there are not missing", () => {
    expect(missingCapabilities({ ...offered }, offered)).toEqual([]);
    expect(
      missingCapabilities(
        { contextTokens: 1, tools: false, structuredOutput: false, streaming: false, modalities: [] },
        offered,
      ),
    ).toEqual([]);
  });

  test("that are missing are all named", () => {
    const required = {
      contextTokens: 200_000,
      tools: true,
      structuredOutput: true,
      streaming: true,
      modalities: ["text", "image", "audio"],
    } as const;
    expect(missingCapabilities(required, offered)).toEqual([
      "a context of 200000 tokens (it has 128000)",
      "structuredOutput",
      "image input",
      "audio input",
    ]);
  });
});
