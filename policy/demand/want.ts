import { unknown } from "../graph.ts";

/** What a property has to be: the test, the words for it, and examples from which the tests are made. */
export interface Want {
  /** What is allowed, in words: `true`, `at most 10`. */
  readonly text: string;
  /** Judges a value; undefined is an absent one, `unknown` one that only the cloud can tell. */
  accepts(value: unknown): boolean;
  /** A value that is right. */
  readonly good: unknown;
  /** Values that are wrong, one for each way to be wrong. */
  readonly bad: readonly unknown[];
  /**
   * A value that only the cloud can tell passes a preview: it refers to something that is made in the same run. The rule
   * is asked again, with the value, before the resource is made, and stops it then.
   * @default an unknown value is a wrong one
   */
  readonly deferred?: true;
}

export function deferred(want: Want): Want {
  return { ...want, deferred: true, accepts: (found) => found === unknown || want.accepts(found) };
}

const other = (value: unknown): unknown => {
  if (typeof value === "boolean") return !value;
  return typeof value === "number" ? value + 1 : `not-${String(value)}`;
};

/** Exactly this value. */
export function is(value: boolean | number | string): Want {
  return { text: String(value), accepts: (found) => found === value, good: value, bad: [other(value)] };
}

/** One of these values. */
export function oneOf(...values: readonly [string, ...string[]]): Want {
  return {
    text: values.join(" or "),
    accepts: (found) => values.some((value) => value === found),
    good: values[0],
    bad: [other(values[0]), ""],
  };
}

/** Anything at all. */
export const given: Want = deferred({
  text: "set",
  accepts: (found) => found !== undefined && found !== null && found !== "" && !isEmpty(found),
  good: "something",
  bad: [""],
});

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length === 0
    : value !== null && typeof value === "object" && Object.keys(value).length === 0;

/** Nothing there. */
export const absent: Want = {
  text: "absent",
  accepts: (found) => found === undefined || found === null,
  good: undefined,
  bad: ["something"],
};

/** A number not under this one. */
export function atLeast(least: number): Want {
  return {
    text: `at least ${least}`,
    accepts: (found) => typeof found === "number" && found >= least,
    good: least,
    bad: [least - 1],
  };
}

/** A text of a form. */
export function matching(pattern: RegExp, text: string, good: string, ...bad: readonly [string, ...string[]]): Want {
  return { text, accepts: (found) => typeof found === "string" && pattern.test(found), good, bad };
}

/** A list that has all of these in it. */
export function including(...values: readonly [string, ...string[]]): Want {
  return {
    text: `a list with ${values.join(", ")}`,
    accepts: (found) => Array.isArray(found) && values.every((value) => found.includes(value)),
    good: values,
    bad: [[], ...values.map((value) => values.filter((each) => each !== value))],
  };
}

/** Networks that are as good as the whole internet: a prefix shorter than eight bits, which 10.0.0.0/8 has. */
const isWide = (cidr: unknown): boolean => typeof cidr !== "string" || /\/[0-7]$/.test(cidr) || !cidr.includes("/");

/** Named networks, none of them the internet. */
export const namedNetworks: Want = deferred({
  text: "a list of networks, each /8 or narrower",
  accepts: (found) =>
    Array.isArray(found) && found.length > 0 && found.every((cidr) => cidr === unknown || !isWide(cidr)),
  good: ["192.0.2.0/24"],
  bad: [[], ["0.0.0.0/0"], ["192.0.2.0/24", "0.0.0.0/0"], ["192.0.2.0/24", "::/0"]],
});

/** The same, or nothing: where nothing is what the cloud takes for right. */
export function orAbsent(want: Want): Want {
  return {
    ...want,
    text: `${want.text}, or absent`,
    accepts: (found) => found === undefined || found === null || want.accepts(found),
  };
}

/** Nothing is right: the resource must not be. */
export const never: Want = { text: "no such resource", accepts: () => false, good: undefined, bad: [{}] };
