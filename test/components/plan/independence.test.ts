import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Dependency,
  daysBetween,
  fixes,
  judge,
  levels,
  type PathDependencies,
} from "../../../components/plan/independence.ts";
import { type Dimension, dimensions } from "../../../components/plan/words.ts";

const path = (name: string, ...dependencies: Dependency[]): PathDependencies => ({ path: name, dependencies });
const needs = (dimension: Dimension, node: string): Dependency => ({ dimension, node });
const hard = dimensions.filter((dimension) => levels[dimension] === "hard" && dimension !== "vendor");
const soft = dimensions.filter((dimension) => levels[dimension] === "soft");

const someNeeds = fc.array(
  fc.record({ dimension: fc.constantFrom(...dimensions), node: fc.constantFrom("", "a", "b", "c") }),
  { maxLength: 8 },
);

describe("a fallback", () => {
  test("that shares nothing is independent", () => {
    const verdict = judge(path("p", needs("cloud", "azure"), needs("vendor", "openai")), [
      path("f", needs("cloud", "aws"), needs("vendor", "anthropic")),
    ]);
    expect(verdict).toEqual({ fallbacks: [{ path: "f", independent: true }], holds: true, shared: [] });
  });

  test.each(hard)("that shares its %s is not, and the thing is named with its fix", (dimension) => {
    expect(judge(path("p", needs(dimension, "x")), [path("f", needs(dimension, "x"))])).toEqual({
      fallbacks: [{ path: "f", independent: false }],
      holds: false,
      shared: [{ dimension, level: "hard", node: "x", paths: ["p", "f"], fix: fixes[dimension] }],
    });
  });

  test.each(soft)("that shares its %s is, and the thing is named", (dimension) => {
    expect(judge(path("p", needs(dimension, "x")), [path("f", needs(dimension, "x"))])).toEqual({
      fallbacks: [{ path: "f", independent: true }],
      holds: true,
      shared: [{ dimension, level: "soft", node: "x", paths: ["p", "f"], fix: fixes[dimension] }],
    });
  });

  test("is not, when a thing weighs more than its dimension usually does", () => {
    const clock: Dependency = { dimension: "retirement", node: "x", level: "hard" };
    const verdict = judge(path("p", needs("retirement", "x")), [path("f", clock)]);
    expect(verdict).toMatchObject({ holds: false, shared: [{ dimension: "retirement", level: "hard" }] });
  });

  test.each([
    ["the primary's", [needs("keys", "")], [needs("keys", "a")]],
    ["the fallback's", [needs("keys", "a")], [needs("keys", "")]],
    ["both", [needs("keys", "")], [needs("keys", "")]],
    ["the only one that has any", [], [needs("keys", "")]],
  ])("with an unknown thing on %s side shares it", (_, primary, fallback) => {
    expect(judge(path("p", ...primary), [path("f", ...fallback)])).toMatchObject({
      fallbacks: [{ path: "f", independent: false }],
      holds: false,
      shared: [{ dimension: "keys", node: "unknown", paths: ["p", "f"] }],
    });
  });

  test("is compared in each dimension for itself", () => {
    expect(judge(path("p", needs("keys", "x")), [path("f", needs("registry", "x"))])).toMatchObject({
      holds: true,
      shared: [],
    });
  });
});

describe("a workload", () => {
  test("holds with one independent fallback, and tells what the other shares", () => {
    const verdict = judge(path("p", needs("region", "x")), [
      path("bad", needs("region", "x")),
      path("good", needs("region", "y")),
    ]);
    expect(verdict.holds).toBe(true);
    expect(verdict.fallbacks).toEqual([
      { path: "bad", independent: false },
      { path: "good", independent: true },
    ]);
    expect(verdict.shared).toMatchObject([{ dimension: "region", paths: ["p", "bad"] }]);
  });

  test("names a thing that several fallbacks share once, with all of them", () => {
    const verdict = judge(path("p", needs("registry", "hub")), [
      path("f", needs("registry", "hub")),
      path("g", needs("registry", "hub")),
    ]);
    expect(verdict.shared).toMatchObject([{ dimension: "registry", node: "hub", paths: ["p", "f", "g"] }]);
  });

  test("without a fallback does not hold", () => {
    expect(judge(path("p"), [])).toEqual({ fallbacks: [], holds: false, shared: [] });
  });

  test("holds when one fallback has another vendor: the vendor that others share is only reported", () => {
    const primary = path("p", needs("vendor", "openai"));
    const verdict = judge(primary, [path("f", needs("vendor", "openai")), path("g", needs("vendor", "anthropic"))]);
    expect(verdict).toMatchObject({ holds: true, shared: [{ dimension: "vendor", level: "soft", paths: ["p", "f"] }] });
  });

  test("holds when one fallback has open weights, which have no vendor to lose", () => {
    expect(judge(path("p", needs("vendor", "openai")), [path("f")])).toMatchObject({ holds: true, shared: [] });
  });

  test("does not hold when every path has the same vendor", () => {
    const verdict = judge(path("p", needs("vendor", "openai")), [path("f", needs("vendor", "openai"))]);
    expect(verdict).toMatchObject({
      fallbacks: [{ independent: true }],
      holds: false,
      shared: [{ dimension: "vendor", level: "hard" }],
    });
  });

  test("never holds when a hard thing takes all its paths", () => {
    fc.assert(
      fc.property(
        someNeeds,
        fc.array(someNeeds, { maxLength: 3 }),
        fc.constantFrom(...hard),
        (primary, fallbacks, dimension) => {
          const one = needs(dimension, "takes-all");
          const others = fallbacks.map((dependencies, index) => path(`f${index}`, ...dependencies, one));
          expect(judge(path("p", ...primary, one), others).holds).toBe(false);
        },
      ),
    );
  });
});

describe("the comparison", () => {
  const common = (left: Dependency[], right: Dependency[]) =>
    judge(path("p", ...left), [path("f", ...right)])
      .shared.map(({ dimension, node }) => `${dimension} ${node}`)
      .sort();

  test("is symmetric", () => {
    fc.assert(
      fc.property(someNeeds, someNeeds, (left, right) => {
        expect(common(left, right)).toEqual(common(right, left));
      }),
    );
  });

  test("of a path with a copy of itself finds everything", () => {
    fc.assert(
      fc.property(someNeeds, (dependencies) => {
        const expected = new Set(dependencies.map(({ dimension, node }) => `${dimension} ${node || "unknown"}`));
        expect(common(dependencies, dependencies)).toEqual([...expected].sort());
      }),
    );
  });

  test("never gets better when a path comes to need more", () => {
    fc.assert(
      fc.property(someNeeds, someNeeds, someNeeds, (left, right, more) => {
        const before = common(left, right);
        expect(common(left, [...right, ...more])).toEqual(expect.arrayContaining(before));
      }),
    );
  });
});

test("days are counted over leap days and changes of the clock", () => {
  expect(daysBetween("2028-02-28", "2028-03-01")).toBe(2);
  expect(daysBetween("2027-03-27", "2027-03-29")).toBe(2);
  expect(daysBetween("2026-11-21", "2026-11-21")).toBe(0);
  expect(daysBetween("2026-11-21", "2026-06-29")).toBe(-145);
});
