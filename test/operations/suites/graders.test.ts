import { describe, expect, test } from "vitest";
import type { Expectation } from "../../../infra/config/suite.ts";
import { graded } from "../../../operations/suites/graders.ts";
import type { ToolCall } from "../../../operations/suites/types.ts";

/** What each grader takes, and what it says of what it does not take. */

const said = (text: string, ...calls: ToolCall[]) => ({ text, calls, inputTokens: null, outputTokens: null, parts: 1 });
const call = (name: string, args: unknown): ToolCall => ({ name, arguments: JSON.stringify(args) });
const order = { properties: { order_number: { const: "4711-22" } }, required: ["order_number"] };
const paid = { type: "object", properties: { total: { const: 72.6 }, lines: { maxItems: 1 } }, required: ["total"] };

type Row = readonly [
  Expectation,
  holds: ReturnType<typeof said>[],
  misses: (readonly [ReturnType<typeof said>, string])[],
];

const rows: readonly Row[] = [
  [
    { grader: "contains-any", texts: ["30 days", "thirty days"] },
    [said("Within THIRTY days."), said("30\n days, as we don’t count Sundays")],
    [
      [said("A month."), 'none of "30 days", "thirty days" in "A month."'],
      [said(""), "in an empty answer"],
    ],
  ],
  [{ grader: "contains-any", texts: ["don't", "5-year"] }, [said("We don’t."), said("a 5‑year warranty")], []],
  [
    { grader: "contains-none", texts: ["warranty", "refund"] },
    [said("Garantie"), said("")],
    [[said("The Warranty and the refund"), '"warranty", "refund" in "The Warranty']],
  ],
  [
    { grader: "regex", pattern: "(?i:\\b3\\s*(?:-|–)\\s*5\\b)" },
    [said("3 – 5 working days")],
    [
      [said("13-5"), "no match of"],
      [said("3 or 5"), 'in "3 or 5"'],
    ],
  ],
  [
    { grader: "regex", pattern: "^(a+)+$" },
    [said("aaaa")],
    [[said(`${"a".repeat(50)}!`), "takes more than 250 ms on this text: it repeats itself"]],
  ],
  [
    { grader: "json-schema", schema: paid },
    [said('{"total": 72.60, "lines": []}')],
    [
      [said("The total is 72.60"), 'no JSON: "The total'],
      [said('```json\n{"total": 72.6}\n```'), "no JSON"],
      [said('{"total": 72.5}'), "/total must be equal to constant (72.6)"],
      [said('{"lines": [1, 2]}'), "must have required property 'total'; /lines must NOT have more than 1 items"],
    ],
  ],
  [
    { grader: "json-schema", schema: { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } } },
    [said('{"a": "aaa"}')],
    [[said(`{"a": "${"a".repeat(50)}!"}`), "takes more than 250 ms"]],
  ],
  [
    { grader: "tool-call", tool: "lookup_order", arguments: order },
    [
      said("", call("lookup_order", { order_number: "4711-22" })),
      said("One moment.", call("lookup_order", { order_number: "4711-22" })),
    ],
    [
      [said("It is on its way."), "lookup_order was not called, but this was said"],
      [said("", call("hand_over", {})), "called hand_over instead of lookup_order"],
      [
        said("", call("lookup_order", {}), call("hand_over", {})),
        "called lookup_order, hand_over instead of lookup_order",
      ],
      [said("", call("lookup_order", { order_number: "4711" })), "/order_number must be equal to constant"],
      [said("", { name: "lookup_order", arguments: "{" }), "no JSON"],
    ],
  ],
  [{ grader: "tool-call", tool: "hand_over" }, [said("", call("hand_over", { anything: 1 }))], []],
  [
    { grader: "no-tool-call" },
    [said("30 days")],
    [[said("", call("lookup_order", { order_number: "1" })), 'called lookup_order({"order_number":"1"})']],
  ],
  [
    { grader: "max-length", characters: 5 },
    [said("12345"), said("🚀🚀🚀🚀🚀")],
    [[said("123456"), "6 characters, at most 5"]],
  ],
];

describe.each(rows)("%j", (expected, holds, misses) => {
  test.each(holds.map((answer) => [answer]))("takes %j", (answer) => expect(graded(expected, answer)).toBe(null));

  if (misses.length > 0) {
    test.each(misses)("does not take %j", (answer, words) => expect(graded(expected, answer)).toContain(words));
  }
});

test("a long answer is told by its beginning", () => {
  const found = graded({ grader: "contains-any", texts: ["x"] }, said("a".repeat(5000)));
  expect(found?.length).toBeLessThan(300);
});
