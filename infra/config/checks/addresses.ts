import { isPrivate, locationPrefix, overlap, parseCidr } from "../../../components/plan/addresses.ts";
import type { Problem } from "../../../components/plan/problem.ts";
import type { StackInput } from "../resolve.ts";
import { inEnvironment } from "./where.ts";

/** Ranges: well formed, private inside, apart from each other; never the whole internet outside. */
export function checkAddresses(input: StackInput): Problem[] {
  const { overlay } = input;
  if (overlay === undefined) return [];
  const locations = Object.entries(overlay.locations);
  const ranges = locations.flatMap(([name, { cidr }]) => {
    const range = parseCidr(cidr);
    return range === undefined ? [] : [{ name, cidr, range }];
  });
  const inside = locations.flatMap(([name, { cidr }]) => checkInside(input, name, cidr));
  const apart = ranges.flatMap((left, index) =>
    ranges
      .slice(index + 1)
      .filter((right) => overlap(left.range, right.range))
      .map((right) => ({
        ...inEnvironment(input, "locations", right.name, "cidr"),
        value: right.cidr,
        message: `this range overlaps that of ${left.name} (${left.cidr})`,
        allowed: "ranges that share no address",
        fix: "give each location a range of its own",
      })),
  );
  const outside = (["runnerCidrs", "clientCidrs"] as const).flatMap((key) =>
    overlay.access[key].flatMap((cidr, index) => checkOutside(input, [key, index], cidr)),
  );
  return [...inside, ...apart, ...outside];
}

const example = "an IPv4 range whose address is its first one: 10.20.0.0/16";

function checkInside(input: StackInput, name: string, cidr: string): Problem[] {
  const at = { ...inEnvironment(input, "locations", name, "cidr"), value: cidr };
  const range = parseCidr(cidr);
  if (range === undefined) return [{ ...at, message: "this is not an IPv4 range", allowed: example, fix: "write address and prefix length" }];
  const problems: Problem[] = [];
  if (!isPrivate(range)) {
    const allowed = "10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
    problems.push({ ...at, message: "this range is public; a location's network is private", allowed, fix: "take a private range" });
  }
  if (range.prefix !== locationPrefix) {
    const fix = "take a /16; the plan cuts it";
    problems.push({ ...at, message: "the location's range has the wrong size", allowed: `a /${locationPrefix}`, fix });
  }
  return problems;
}

function checkOutside(input: StackInput, keys: readonly [string, number], cidr: string): Problem[] {
  const at = { ...inEnvironment(input, "access", ...keys), value: cidr };
  const range = parseCidr(cidr);
  if (range === undefined) return [{ ...at, message: "this is not an IPv4 range", allowed: example, fix: "write address and prefix length" }];
  if (range.prefix >= 8) return [];
  return [
    {
      ...at,
      message: "this opens the door to most of the internet",
      allowed: "ranges of your own, /8 or narrower",
      fix: "name the addresses that you come from",
    },
  ];
}
