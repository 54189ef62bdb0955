import type { Subnets } from "./types.ts";

/** IPv4 ranges as arithmetic, and the plan of one location's subnets. */

export interface Range {
  /** First address, as a number. */
  readonly first: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** Reads `10.20.0.0/16`; undefined when it is no IPv4 range, or not written with its first address and without leading zeros. */
export function parseCidr(text: string): Range | undefined {
  const range = rangeAround(text);
  return range !== undefined && formatCidr(range) === text ? range : undefined;
}

/** Reads `10.20.30.40/16` as the range that the address lies in, 10.20.0.0/16; undefined when it is no IPv4 range. */
export function rangeAround(text: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first: address - (address % size(prefix)), prefix };
}

const size = (prefix: number): number => 2 ** (32 - prefix);

export function formatCidr(range: Range): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(range.first / 2 ** shift) % 256);
  return `${octets.join(".")}/${range.prefix}`;
}

export function overlap(left: Range, right: Range): boolean {
  return left.first < right.first + size(right.prefix) && right.first < left.first + size(left.prefix);
}

export function contains(outer: Range, inner: Range): boolean {
  return inner.prefix >= outer.prefix && inner.first >= outer.first && inner.first < outer.first + size(outer.prefix);
}

/** RFC 1918. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => parseCidr(text) as Range);

export function isPrivate(range: Range): boolean {
  return privateRanges.some((outer) => contains(outer, range));
}

/** The n-th part of a range when it is cut into parts of the given prefix length. */
function part(range: Range, prefix: number, index: number): string {
  return formatCidr({ first: range.first + index * size(prefix), prefix });
}

/** Prefix length of a location's range: a /16, so that pods never run out. */
export const locationPrefix = 16;

/** Most zones that the plan has room for. */
export const maxZones = 4;

/**
 * Cuts a /16 into the subnets of a location. The layout never depends on how many zones are in use, so that a further
 * zone moves nothing:
 * | part | for |
 * |---|---|
 * | .0–.63   | nodes, a /20 a zone |
 * | .64–.67  | private endpoints, a /24 a zone |
 * | .68–.71  | public (address translation, load balancers), a /24 a zone |
 * | .72      | control plane, a /28 |
 * | .80–.95  | services, a /20 |
 * | .128–.255| pods, a /17 |
 */
export function planSubnets(cidr: string, zones: readonly string[]): Subnets {
  const range = parseCidr(cidr);
  if (range === undefined || range.prefix !== locationPrefix)
    throw new RangeError(`${cidr} is not a /${locationPrefix}`);
  if (zones.length > maxZones) throw new RangeError(`${zones.length} zones; the plan has room for ${maxZones}`);
  const byZone = (prefix: number, from: number) =>
    zones.map((zone, index) => ({ zone, cidr: part(range, prefix, from + index) }));
  return {
    nodes: byZone(20, 0),
    endpoints: byZone(24, 64),
    public: byZone(24, 68),
    controlPlane: part(range, 28, 72 * 16),
    services: part(range, 20, 5),
    pods: part(range, 17, 1),
  };
}
