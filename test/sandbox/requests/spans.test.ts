import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  covers,
  everywhere,
  internet,
  meet,
  spansOf,
  spansOfAll,
  textOf,
  without,
} from "../../../sandbox/requests/spans.ts";

describe("addresses", () => {
  test.each([
    ["10.0.0.0/8", "10.0.0.0–10.255.255.255"],
    ["192.0.2.7", "192.0.2.7"],
    ["192.0.2.7/32", "192.0.2.7"],
    ["0.0.0.0/0", "0.0.0.0–255.255.255.255"],
    ["10.0.0.1/8", ""],
    ["10.0.0/8", ""],
    ["10.0.0.0/33", ""],
    ["256.0.0.1", ""],
    ["2001:db8::/32", ""],
    ["Internet", ""],
    [undefined, ""],
    [7, ""],
  ])("%j are %j", (text, expected) => expect(textOf(spansOf(text))).toBe(expected));

  test.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["10.0.0.0/9 10.128.0.0/9", "10.0.0.0/8", true],
    ["10.0.0.0/9 10.192.0.0/10", "10.0.0.0/8", false],
    ["192.0.2.1 192.0.2.2", "192.0.2.2 192.0.2.1", true],
    ["192.0.2.1", "192.0.2.1 192.0.2.2", false],
    ["0.0.0.0/0", "", true],
    ["", "192.0.2.1", false],
  ])("%j cover %j: %j", (outer, inner, expected) => {
    expect(covers(spansOfAll(outer.split(" ")), spansOfAll(inner.split(" ")))).toBe(expected);
  });

  test.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", true],
    ["10.0.0.0/9", "10.128.0.0/9", false],
    ["10.0.0.255", "10.0.0.0/24", true],
    ["", "10.0.0.0/8", false],
  ])("%j and %j meet: %j", (one, other, expected) => expect(meet(spansOf(one), spansOf(other))).toBe(expected));

  test.each([
    ["10.0.0.0/8", false],
    ["172.31.0.1", false],
    ["172.32.0.1", true],
    ["169.254.169.254", false],
    ["127.0.0.1", false],
    ["224.0.0.1", false],
    ["199.36.153.4/30", true],
    ["203.0.113.9", true],
  ])("%j are of the internet: %j", (text, expected) => expect(covers(internet, spansOf(text))).toBe(expected));

  test("taken away are those and no others, whatever they are", () => {
    // Few addresses, so that spans touch, overlap and lie inside one another.
    const span = fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }))
      .map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }));
    const members = (spans: readonly { first: number; last: number }[]) =>
      Array.from({ length: 21 }, (_, address) => spans.some(({ first, last }) => first <= address && address <= last));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), fc.array(span, { maxLength: 4 }), (spans, taken) => {
        const [all, gone] = [members(spans), members(taken)];
        expect(members(without(spans, taken))).toEqual(all.map((is, address) => is && !gone[address]));
        expect(covers(taken, spans)).toBe(all.every((is, address) => !is || gone[address]));
        expect(meet(taken, spans)).toBe(all.some((is, address) => is && gone[address]));
      }),
    );
  });

  test("everywhere is the whole of IPv4", () => expect(covers(everywhere, spansOf("0.0.0.0/0"))).toBe(true));
});
