/** Sets of IPv4 addresses, as spans of numbers. Pure. */
import { parseBlock } from "../clouds/ipv4.ts";

/** Addresses from first to last, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export type Spans = readonly Span[];

export const nowhere: Spans = [];
export const everywhere: Spans = [{ first: 0, last: 2 ** 32 - 1 }];

/** What no request to the internet goes to: https://www.iana.org/assignments/iana-ipv4-special-registry */
const notInternet = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
];

/** The internet's addresses; those that are reserved for documentation stand for public ones in the sandbox. */
export const internet: Spans = without(everywhere, notInternet.flatMap(spansOf));

/** `10.0.0.0/8` or `10.0.0.1`; nowhere when the text is neither. */
export function spansOf(text: unknown): Spans {
  if (typeof text !== "string") return nowhere;
  const block = parseBlock(text.includes("/") ? text : `${text}/32`);
  return block === undefined ? nowhere : [{ first: block.first, last: block.last }];
}

/** All of them together. */
export function spansOfAll(texts: readonly unknown[]): Spans {
  return texts.flatMap(spansOf);
}

/** What is left of some addresses when others are taken away. */
export function without(spans: Spans, taken: Spans): Spans {
  return taken.reduce<Spans>(
    (left, { first, last }) =>
      left.flatMap((span) => {
        if (last < span.first || first > span.last) return [span];
        const before = first > span.first ? [{ first: span.first, last: first - 1 }] : [];
        const after = last < span.last ? [{ first: last + 1, last: span.last }] : [];
        return [...before, ...after];
      }),
    spans,
  );
}

/** Whether every inner address is an outer one. */
export function covers(outer: Spans, inner: Spans): boolean {
  return without(inner, outer).length === 0;
}

/** Whether they have an address in common. */
export function meet(one: Spans, other: Spans): boolean {
  return one.some(({ first, last }) => other.some((span) => first <= span.last && span.first <= last));
}

/** Single addresses by name, larger spans by their ends. */
export function textOf(spans: Spans): string {
  return spans
    .map(({ first, last }) => (first === last ? dotted(first) : `${dotted(first)}–${dotted(last)}`))
    .join(", ");
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
