import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contains,
  formatCidr,
  isPrivate,
  maxZones,
  overlap,
  parseCidr,
  planSubnets,
  type Range,
  rangeAround,
} from "../../../components/plan/addresses.ts";
import type { Subnets } from "../../../components/plan/types.ts";

const size = (prefix: number) => 2 ** (32 - prefix);
const prefixes = fc.integer({ min: 0, max: 32 });
const ranges = fc
  .tuple(prefixes, fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map(([prefix, address]) => ({ prefix, first: address - (address % size(prefix)) }));
const locations = fc
  .integer({ min: 0, max: 2 ** 16 - 1 })
  .map((index) => formatCidr({ first: index * 2 ** 16, prefix: 16 }));
const zoneLists = fc.integer({ min: 0, max: maxZones }).map((count) => ["a", "b", "c", "d"].slice(0, count));

function range(text: string): Range {
  const found = parseCidr(text);
  if (found === undefined) throw new Error(`${text} is no range`);
  return found;
}

const all = ({ nodes, endpoints, public: outside, controlPlane, services, pods }: Subnets): string[] => [
  ...[...nodes, ...endpoints, ...outside].map(({ cidr }) => cidr),
  controlPlane,
  services,
  pods,
];

describe("a range", () => {
  test("is read back as it was written", () => {
    fc.assert(
      fc.property(ranges, (one) => {
        expect(parseCidr(formatCidr(one))).toEqual(one);
      }),
    );
  });

  test.each([
    "",
    "10.0.0.0",
    "10.0.0/16",
    "10.0.0.0/33",
    "10.0.0.0/",
    "256.0.0.0/8",
    "10.0.0.1/16",
    "10.00.0.0/16",
    "10.0.0.0/016",
    " 10.0.0.0/16",
    "10.0.0.0/16 ",
    "::/0",
    "10.0.0.0/-1",
    "10.0.0.0/1e1",
  ])("%j is none", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test("is found around each of its addresses", () => {
    fc.assert(
      fc.property(ranges, fc.nat(), (one, offset) => {
        const address = formatCidr({ first: one.first + (offset % size(one.prefix)), prefix: one.prefix });
        expect(rangeAround(address)).toEqual(one);
      }),
    );
  });

  test("overlaps another exactly if one of the two contains the other", () => {
    fc.assert(
      fc.property(ranges, ranges, (left, right) => {
        expect(overlap(left, right)).toBe(contains(left, right) || contains(right, left));
      }),
    );
  });

  test("that lies in a private one is private, and one beside it is not", () => {
    const verdicts = ["10.0.0.0/8", "10.255.0.0/16", "172.16.0.0/12", "172.31.0.0/16", "192.168.7.0/24"].map((text) =>
      isPrivate(range(text)),
    );
    expect(verdicts).toEqual([true, true, true, true, true]);
    const others = [
      "10.0.0.0/7",
      "9.255.0.0/16",
      "172.32.0.0/16",
      "172.0.0.0/8",
      "192.169.0.0/16",
      "100.64.0.0/16",
      "0.0.0.0/0",
    ];
    expect(others.filter((text) => parseCidr(text) && isPrivate(range(text)))).toEqual([]);
  });
});

describe("the subnets of a location", () => {
  test("lie inside its range and never overlap", () => {
    fc.assert(
      fc.property(locations, zoneLists, (cidr, zones) => {
        const parts = all(planSubnets(cidr, zones)).map(range);
        expect(parts.every((part) => contains(range(cidr), part))).toBe(true);
        for (const [index, left] of parts.entries()) {
          for (const right of parts.slice(index + 1)) expect(overlap(left, right)).toBe(false);
        }
      }),
    );
  });

  test("stay where they are when a zone is added", () => {
    fc.assert(
      fc.property(locations, fc.integer({ min: 0, max: maxZones - 1 }), (cidr, count) => {
        const [few, more] = [count, count + 1].map((zones) => planSubnets(cidr, ["a", "b", "c", "d"].slice(0, zones)));
        for (const kind of ["nodes", "endpoints", "public"] as const)
          expect(more?.[kind].slice(0, count)).toEqual(few?.[kind]);
        for (const kind of ["pods", "services", "controlPlane"] as const) expect(more?.[kind]).toBe(few?.[kind]);
      }),
    );
  });

  test("have the layout that is documented", () => {
    expect(planSubnets("10.20.0.0/16", ["a", "b"])).toEqual({
      nodes: [
        { zone: "a", cidr: "10.20.0.0/20" },
        { zone: "b", cidr: "10.20.16.0/20" },
      ],
      endpoints: [
        { zone: "a", cidr: "10.20.64.0/24" },
        { zone: "b", cidr: "10.20.65.0/24" },
      ],
      public: [
        { zone: "a", cidr: "10.20.68.0/24" },
        { zone: "b", cidr: "10.20.69.0/24" },
      ],
      controlPlane: "10.20.72.0/28",
      services: "10.20.80.0/20",
      pods: "10.20.128.0/17",
    });
  });

  test("are refused of a range of another size, and for more zones than there is room for", () => {
    expect(() => planSubnets("10.20.0.0/15", ["a"])).toThrow("10.20.0.0/15 is not a /16");
    expect(() => planSubnets("10.20.0.0", ["a"])).toThrow("10.20.0.0 is not a /16");
    expect(() => planSubnets("10.20.0.0/16", ["a", "b", "c", "d", "e"])).toThrow("5 zones; the plan has room for 4");
  });
});
