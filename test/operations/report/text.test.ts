import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gridLines } from "../../../operations/report/grid.ts";
import { cut, money, painter, pieces, wantsColour, wrap } from "../../../operations/report/text.ts";
import { ordinal, rate } from "../../../operations/report/words.ts";

describe("wrapping", () => {
  test("keeps every letter, in its order, and the width", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  test("breaks at spaces, long words after a separator, and else where it must", () => {
    expect(wrap("one two three", 7)).toStrictEqual(["one two", "three"]);
    expect(wrap("eu.anthropic.claude-sonnet-4-6", 20)).toStrictEqual(["eu.anthropic.claude-", "sonnet-4-6"]);
    expect(wrap("abcdefgh", 3)).toStrictEqual(["abc", "def", "gh"]);
  });
});

test("what is cut shows it, also over several tones", () => {
  expect(cut("abcdef", 4)).toBe("abc…");
  expect(cut("abcdef", 6)).toBe("abcdef");
  expect(
    pieces(
      [
        ["title", "abc"],
        ["good", "defgh"],
      ],
      5,
      painter(false),
    ),
  ).toBe("abcd…");
});

test("a table puts below what finds no room beside", () => {
  const grid = {
    heads: [{ text: "one" }, { text: "two" }, { text: "three" }],
    rows: [{ label: "row", cells: [{ text: "1" }, { text: "2" }, { text: "3" }] }],
  };
  expect(gridLines(grid, 45, painter(false))).toStrictEqual([
    "     one  two",
    "     ───  ───",
    "row  1    2",
    "",
    "     three",
    "     ─────",
    "row  3",
  ]);
});

test("money is told to the cent, nothing as $0", () => {
  expect([0, 189, 4877.06, 0.1].map(money)).toStrictEqual(["$0", "$189.00", "$4,877.06", "$0.10"]);
});

test("ordinals and rates", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal)).toStrictEqual([
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "112th",
  ]);
  expect([rate(1), rate(23.2), rate(2_160_000, "tokens/min")]).toStrictEqual([
    "1 request/s",
    "23.2 requests/s",
    "2,160,000 tokens/min",
  ]);
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: "" }, true],
  [{ isTTY: true }, { NO_COLOR: "1" }, false],
  [{ isTTY: true }, { TERM: "dumb" }, false],
  [{ isTTY: false }, {}, false],
  [{}, {}, false],
])("colour on %j with %j: %j", (out, env, wanted) => {
  expect(wantsColour(out, env)).toBe(wanted);
});
