import {
  formatCidr,
  isPrivate,
  locationPrefix,
  overlap,
  parseCidr,
  rangeAround,
} from "../../../components/plan/addresses.ts";
import type { Problem } from "../../../components/plan/problem.ts";
import type { Cloud } from "../../../components/plan/types.ts";
import type { StackInput } from "../resolve.ts";
import { inEnvironment } from "./where.ts";

/** Ranges: well formed, private inside, apart from each other; never the whole internet outside. */
export function checkAddresses(input: StackInput): Problem[] {
  const { overlay } = input;
  const locations = Object.entries(overlay.locations);
  const ranges = locations.flatMap(([name, { cidr }]) => {
    const range = parseCidr(cidr);
    return range === undefined ? [] : [{ name, cidr, range }];
  });
  const inside = locations.flatMap(([name, { cloud, cidr }]) => checkInside(input, name, cloud, cidr));
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

/** Networks of other parties, and the whole internet, are wider than this. */
const widestOutside = 8;

/**
 * Private ranges that a cloud's clusters use themselves.
 * https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning
 */
const reserved: Readonly<Partial<Record<Cloud, readonly string[]>>> = { azure: ["172.30.0.0/16", "172.31.0.0/16"] };

function checkInside(input: StackInput, name: string, cloud: Cloud, cidr: string): Problem[] {
  const at = { ...inEnvironment(input, "locations", name, "cidr"), value: cidr };
  const range = parseCidr(cidr);
  if (range === undefined) return [{ ...at, ...malformed(cidr) }];
  const fix = `take a /${locationPrefix} of these that no other network of yours uses`;
  if (!isPrivate(range)) {
    const allowed = `a /${locationPrefix} in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`;
    return [{ ...at, message: "this range is public; a location's network is private", allowed, fix }];
  }
  if (range.prefix !== locationPrefix) {
    const [allowed, message] = [`a /${locationPrefix}`, "this range has the wrong size"];
    return [{ ...at, message, allowed, fix: `write a /${locationPrefix}; the plan cuts it` }];
  }
  const closed = reserved[cloud] ?? [];
  if (!closed.includes(cidr)) return [];
  const message = `clusters in ${cloud} can't use this range`;
  return [{ ...at, message, allowed: `a private /${locationPrefix} except ${closed.join(", ")}`, fix }];
}

function checkOutside(input: StackInput, [key, index]: readonly [string, number], cidr: string): Problem[] {
  const at = { ...inEnvironment(input, "access", key, index), value: cidr };
  const range = parseCidr(cidr);
  if (range === undefined) return [{ ...at, ...malformed(cidr) }];
  if (range.prefix >= widestOutside) return [];
  const message = "this opens the door to much of the internet";
  return [
    {
      ...at,
      message,
      allowed: `ranges of your own, /${widestOutside} or narrower`,
      fix: "name the addresses that you come from",
    },
  ];
}

function malformed(cidr: string): Pick<Problem, "message" | "allowed" | "fix"> {
  const around = rangeAround(cidr);
  const allowed = "a range like 10.20.0.0/16, written with its first address";
  if (around === undefined)
    return { message: "this is not an IPv4 range", allowed, fix: "write address and prefix length" };
  return { message: "this is not how the range is written", allowed, fix: `write ${formatCidr(around)}` };
}
