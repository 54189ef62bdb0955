import { describe, expect, test } from "vitest";
import type { Plan } from "../../components/plan/types.ts";
import { estimateOf } from "../../operations/drill/live/estimate.ts";
import type { Inventory } from "../../operations/drill/live/inventory.ts";
import { type LiveLimits, liveLimits } from "../../operations/drill/live/limits.ts";
import { liveRoutes } from "../../operations/drill/live/routes.ts";
import { planned } from "../support/plans.ts";

/** What a live drill takes at most, by the plan's prices. */

const prod = planned("prod");

function routesOf(plan: Plan) {
  const inventory: Inventory = {
    gateways: [
      {
        location: "azure-main",
        url: "https://localhost",
        routes: [{ workload: "support-chat", paths: ["azure-main", "aws-main", "gcp-main"].map(idOf) }],
      },
    ],
    workloads: plan.workloads.map(({ name, paths }) => ({
      name,
      paths: paths.map(({ id, managed, selfHosted }) => ({ id, modelId: (managed ?? selfHosted)?.modelId })),
    })),
  };
  const callers = new Map([["azure-main", { host: "localhost", port: 443, token: "secret" }]]);
  return liveRoutes({ stack: "prod", plan, inventory, callers });
}

const idOf = (location: string): string => `support-chat/${location}`;

function withPath(location: string, change: object): Plan {
  return {
    ...prod,
    workloads: prod.workloads.map((workload) => ({
      ...workload,
      paths: workload.paths.map((path) => (path.id === idOf(location) ? { ...path, ...change } : path)),
    })),
  };
}

/** Mean requests: as many tokens in and out as the workload declares. */
const mean: LiveLimits = {
  ...liveLimits,
  ...{ callsPerPath: 10, promptTokens: 1500, answerTokens: 300 },
  override: { ...liveLimits.override, calls: 1, settleSeconds: 4, returnSeconds: 4, askEverySeconds: 4 },
};

describe("an estimate", () => {
  test("counts every call, and each that waits at the dearer of the two paths", () => {
    // USD a mean request at the shipped prices: 653.40 and 712.80 an hour for 72,000 of them.
    const [azure, aws] = [653.4 / 72_000, 712.8 / 72_000];
    const { usd, ...counts } = estimateOf(routesOf(prod), false, mean);
    expect(counts).toEqual({
      ...{ calls: 30 + 3 + 3, inputTokens: 36 * 1500, outputTokens: 36 * 300 },
      priceDate: "2026-08-20",
    });
    const due = 10 * (azure + aws) + 3 * aws + 2 * azure;
    expect(usd).toBe(Math.ceil(due * 100) / 100);
  });

  test("is never below what the prices of input and output come to", () => {
    const limits = { ...mean, promptTokens: 100, answerTokens: 300 };
    const real = (input: number, output: number) => (100 * input + 300 * output) / 1e6;
    const due = 10 * (real(2.75, 16.5) + real(3.3, 16.5)) + 3 * real(3.3, 16.5) + 2 * real(2.75, 16.5);
    expect(estimateOf(routesOf(prod), false, limits).usd).toBeGreaterThanOrEqual(due);
  });

  test("counts an hour of all machines of a server that calls may start", () => {
    const running = estimateOf(routesOf(prod), false, mean).usd;
    const selfHosted = prod.workloads[0]?.paths.find(({ id }) => id === idOf("gcp-main"))?.selfHosted;
    const cold = withPath("gcp-main", { selfHosted: { ...selfHosted, minNodes: 0 } });
    expect(estimateOf(routesOf(cold), false, mean).usd).toBeCloseTo(running + 26.72, 1);
  });

  test("is refused where a price is unknown, by the paths' names", () => {
    const cost = { standbyUsdPerMonth: 0, peakUsdPerHour: null, priceDate: null, because: "" };
    expect(() => estimateOf(routesOf(withPath("aws-main", { cost })), false, mean)).toThrow(
      "stacks/models.yaml has no price for support-chat/aws-main",
    );
    expect(() => estimateOf(routesOf(withPath("gcp-main", { cost })), false, mean)).not.toThrow();
    expect(() => estimateOf(routesOf(withPath("gcp-main", { cost })), true, mean)).toThrow("support-chat/gcp-main");
  });

  test("of the shipped limits is within what they allow", () => {
    expect(estimateOf(routesOf(prod), false, liveLimits).usd).toBeLessThan(liveLimits.spendUsd);
    expect(estimateOf(routesOf(prod), true, liveLimits).usd).toBeLessThan(liveLimits.load.spendUsd);
  });
});
