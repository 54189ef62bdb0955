import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baseCost, systemShapes } from "../../../components/plan/base.ts";
import { managedCost, type Priced, selfHostedCost, sum } from "../../../components/plan/cost.ts";
import {
  controlPlanePrices,
  machinePrices,
  natPrices,
  privateEndpointPrices,
} from "../../../components/plan/prices.ts";
import { profiles } from "../../../components/plan/profiles.ts";
import { regions } from "../../../components/plan/regions.ts";
import type { Location } from "../../../components/plan/types.ts";
import { clouds } from "../../../components/plan/words.ts";

const traffic = { peakRequestsPerSecond: 10, inputTokens: 1000, outputTokens: 100, fallbackShare: 1 };

const parts = fc.array(
  fc.record({
    usd: fc.option(fc.integer({ min: 0, max: 1_000_000 }).map((cents) => cents / 100)),
    date: fc.option(fc.constantFrom("2026-01-01", "2026-06-01", "2026-12-31")),
  }),
);

describe("a sum of prices", () => {
  test("is unknown exactly if a part is unknown", () => {
    fc.assert(
      fc.property(parts, (prices) => {
        expect(sum(prices).usd === null).toBe(prices.some((price) => price.usd === null));
      }),
    );
  });

  test("does not depend on the order of its parts", () => {
    fc.assert(
      fc.property(parts, (prices) => {
        const { usd, date } = sum([...prices].reverse());
        expect(date).toBe(sum(prices).date);
        expect(Math.abs((usd ?? 0) - (sum(prices).usd ?? 0))).toBeLessThan(0.011);
      }),
    );
  });

  test("is as old as its oldest part", () => {
    const at = (date: string | null): Priced => ({ usd: 1.25, date });
    expect(sum([at("2026-06-18"), at(null), at("2025-01-01")])).toEqual({ usd: 3.75, date: "2025-01-01" });
    expect(sum([at(null)]).date).toBeNull();
    expect(sum([])).toEqual({ usd: 0, date: null });
  });
});

describe("a managed path", () => {
  const offer = { usdPerMillionInputTokens: 3, usdPerMillionOutputTokens: 15, date: "2026-10-07" };

  test("costs its tokens at peak and nothing while it waits", () => {
    expect(managedCost(traffic, 0.5, offer)).toEqual({
      standbyUsdPerMonth: 0,
      peakUsdPerHour: 81,
      priceDate: "2026-10-07",
      because: "pay as you go: 3 and 15 USD per million tokens in and out",
    });
  });

  test.each(["usdPerMillionInputTokens", "usdPerMillionOutputTokens"])(
    "whose %s no source states costs nobody knows what",
    (key) => {
      const { peakUsdPerHour, because } = managedCost(traffic, 1, { ...offer, [key]: null });
      expect(peakUsdPerHour).toBeNull();
      expect(because).toContain("unknown");
    },
  );
});

describe("a self-hosted path", () => {
  test("costs the nodes that run, at peak all of them", () => {
    expect(selfHostedCost(1, 4, { usd: 2, date: "2026-08-20" }, "a-shape")).toEqual({
      standbyUsdPerMonth: 1460,
      peakUsdPerHour: 8,
      priceDate: "2026-08-20",
      because: "1 of at most 4 × a-shape running, 2 USD an hour each",
    });
  });

  test("from zero costs nothing while it waits, even at an unknown price", () => {
    expect(selfHostedCost(0, 4, { usd: null, date: null }, "a-shape")).toMatchObject({
      standbyUsdPerMonth: 0,
      peakUsdPerHour: null,
    });
  });

  test("at an unknown price costs nobody knows what", () => {
    expect(selfHostedCost(1, 4, { usd: null, date: null }, "a-shape").standbyUsdPerMonth).toBeNull();
  });
});

describe("the base of a location", () => {
  const location: Location = {
    name: "aws-main",
    cloud: "aws",
    account: "000000000000",
    region: "eu-west-1",
    zones: ["a", "b", "c"],
    cidr: "10.0.0.0/16",
    geography: "eu",
    metro: "dublin",
  };

  test("is the sum of its machines, control plane, address translation and private endpoints", () => {
    const machines = 3 * 0.2247 * 730;
    const expected = machines + 0.1 * 730 + 3 * 0.048 * 730 + 3 * 0.011 * 730;
    expect(baseCost(location, profiles.prod, true).usd).toBeCloseTo(expected, 2);
  });

  test("without a gateway has no cluster in it", () => {
    expect(baseCost(location, profiles.prod, false).usd).toBeCloseTo(3 * 0.048 * 730 + 3 * 0.011 * 730, 2);
  });

  test("is unknown in a region whose machines nobody priced", () => {
    expect(baseCost({ ...location, region: "us-east-1" }, profiles.prod, true)).toEqual({ usd: null, date: null });
  });

  test.each(clouds)("grows from dev to staging to prod in %s", (cloud) => {
    const region = Object.keys(machinePrices[cloud])[0] ?? "";
    const cost = (profile: keyof typeof profiles, zones: string[]) =>
      baseCost({ ...location, cloud, region, zones }, profiles[profile], true).usd ?? Number.NaN;
    const [dev, staging, prod] = [cost("dev", ["a", "b"]), cost("staging", ["a", "b"]), cost("prod", ["a", "b", "c"])];
    expect(dev).toBeLessThan(staging);
    expect(staging).toBeLessThan(prod);
  });
});

describe("the price list", () => {
  const prices = [
    ...clouds.flatMap((cloud) => Object.values(machinePrices[cloud]).flatMap((shapes) => Object.values(shapes))),
    ...[controlPlanePrices, natPrices, privateEndpointPrices].flatMap((list) => Object.values(list)),
  ];

  test("has a source for every price, and a date or a plain null", () => {
    for (const { usd, source, date } of prices) {
      expect(usd === null || usd > 0).toBe(true);
      expect(source).not.toBe("");
      expect(date ?? "2026-01-01").toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  test("names known regions, and in each first one the shape of the CPU pool", () => {
    for (const cloud of clouds) {
      const named = Object.keys(machinePrices[cloud]);
      expect(named.filter((region) => !(region in regions[cloud]))).toEqual([]);
      expect(Object.keys(machinePrices[cloud][named[0] ?? ""] ?? {})).toContain(systemShapes[cloud]);
    }
  });
});
