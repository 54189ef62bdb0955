import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CaseResult, exitCodeOf, type PathResult, percent, scored } from "../../../operations/suites/score.ts";

/** The arithmetic of suites: shares, falls behind the primary, verdicts. */

const outcomes = {
  p: { passed: true, error: null },
  w: { passed: false, error: null },
  f: { passed: false, error: "HTTP 503" },
};

/** A path by its cases: p passed, w answered wrongly, f failed as a call. */
function path(role: PathResult["role"], cases: string, ...unmet: string[]): PathResult {
  return {
    path: `chat/${role}`,
    role,
    model: "m",
    cases: [...cases].map((letter, index): CaseResult => {
      const outcome = outcomes[letter as keyof typeof outcomes];
      return { name: `case-${index}`, ...outcome, misses: [], inputTokens: 1, outputTokens: 1, seconds: 1 };
    }),
    capabilities: [
      { capability: "tools", holds: true, found: null },
      { capability: "audio", holds: null, found: "no call checks it" },
      ...unmet.map((capability) => ({ capability, holds: false, found: "no" })),
    ],
  };
}

const promised = { minScore: 0.9, maxRegression: 0.1 };
const [primary, fallback] = [
  (cases: string, ...unmet: string[]) => path("primary", cases, ...unmet),
  (cases: string, ...unmet: string[]) => path("fallback", cases, ...unmet),
];

describe("a path", () => {
  test.each<[string, PathResult[], object[]]>([
    [
      "whose every case passes holds",
      [primary("pppppppppp")],
      [{ passed: 10, score: 1, regression: null, verdict: "holds", reasons: [] }],
    ],
    ["just at the promised score holds", [primary("pppppppppw")], [{ score: 0.9, verdict: "holds" }]],
    [
      "below the promised score does not",
      [primary("ppppppppww")],
      [{ passed: 8, score: 0.8, verdict: "below", reasons: ["score 80 %, at least 90 %"] }],
    ],
    ["whose call failed has not passed it", [primary("ppppppppff")], [{ score: 0.8, verdict: "below" }]],
    [
      "without any answer is broken, not below",
      [primary("ffff")],
      [{ score: 0, verdict: "broken", reasons: ["no call brought a whole answer"] }],
    ],
    ["that answers wrongly all the time is below, not broken", [primary("wwww")], [{ score: 0, verdict: "below" }]],
    [
      "that does not meet the contract is below, whatever its score",
      [primary("pp", "streaming")],
      [{ score: 1, verdict: "below", reasons: ["does not meet the contract: streaming"] }],
    ],
  ])("%s", (_, results, expected) => expect(scored(results, promised)).toMatchObject(expected));
});

describe("a fallback", () => {
  test.each<[string, PathResult[], object]>([
    ["as good as the primary has no regression", [primary("pp"), fallback("pp")], { regression: 0, verdict: "holds" }],
    [
      "just at the limit holds",
      [primary("pppppppppp"), fallback("pppppppppw")],
      { regression: expect.closeTo(0.1), verdict: "holds" },
    ],
    [
      "further below than the limit does not, though its score would do",
      [primary("pppppppppp"), fallback("pppppppppw")],
      { regression: expect.closeTo(0.1), verdict: "below", reasons: ["10 % below the primary, at most 5 %"] },
    ],
    [
      "better than the primary has a negative one",
      [primary("pppppppppw"), fallback("pppppppppp")],
      { regression: expect.closeTo(-0.1), verdict: "holds" },
    ],
    ["of a broken primary has an unknown one", [primary("ff"), fallback("pp")], { regression: null, verdict: "holds" }],
    ["that is broken has an unknown one", [primary("pp"), fallback("ff")], { regression: null, verdict: "broken" }],
    ["alone has an unknown one", [fallback("pp")], { regression: null, verdict: "holds" }],
  ])("%s", (name, results, expected) => {
    const limits = name.startsWith("further") ? { ...promised, maxRegression: 0.05 } : promised;
    expect(scored(results, limits).at(-1)).toMatchObject(expected);
  });

  test("is compared with the primary wherever that stands", () => {
    const [first] = scored([fallback("pw"), primary("pp")], { minScore: 0, maxRegression: 0.4 });
    expect(first).toMatchObject({ regression: 0.5, verdict: "below" });
  });
});

test("a share that is exactly as promised is never below it", () => {
  const counts = fc
    .integer({ min: 1, max: 40 })
    .chain((all) => fc.tuple(fc.constant(all), fc.integer({ min: 1, max: all })));
  fc.assert(
    fc.property(counts, ([all, good]) => {
      const fallen = fallback("p".repeat(good) + "w".repeat(all - good));
      const limits = { minScore: good / all, maxRegression: (all - good) / all };
      expect(scored([primary("p".repeat(all)), fallen], limits).map(({ verdict }) => verdict)).toEqual([
        "holds",
        "holds",
      ]);
    }),
  );
});

test.each([
  [[], 0],
  [["holds", "holds"], 0],
  [["holds", "below"], 1],
  [["below", "broken", "holds"], 2],
] as const)("%j ends with %i", (verdicts, code) => expect(exitCodeOf(verdicts)).toBe(code));

test.each([
  [1, "100 %"],
  [11 / 12, "91.7 %"],
  [0, "0 %"],
])("%d is %s", (share, text) => expect(percent(share)).toBe(text));
