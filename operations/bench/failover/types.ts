import type { FaultResult } from "../../drill/faults/judge.ts";
import type { Verdict } from "../../drill/faults/types.ts";

/** What a comparison of gateways finds. Plain JSON. */

export const sides = ["twocloud", "LiteLLM"] as const;
export type Side = (typeof sides)[number];

export interface Comparison {
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly machine: string;
  /** What ran, by name: version. */
  readonly ran: Readonly<Record<string, string>>;
  /** Which example of its documentation LiteLLM was set by. */
  readonly settings: string;
  readonly faults: readonly ComparedFault[];
  readonly load: Readonly<Record<Side, Overhead>>;
  readonly bars: readonly Bar[];
}

/** One fault, at each gateway. */
export interface ComparedFault {
  readonly fault: string;
  /** Its number in the public comparison of gateways; null: a series of ours. */
  readonly number: number | null;
  readonly title: string;
  readonly sides: Readonly<Record<Side, SideResult>>;
}

export interface SideResult {
  readonly verdict: Verdict;
  readonly because: string | null;
  /** Until a call ended, in whatever way, seconds; the median where there are several. */
  readonly seconds: number;
  /** The same of the calls that were answered whole; null: none was. */
  readonly answeredSeconds: number | null;
  /** What the model servers saw, first path first. */
  readonly attempts: readonly number[];
  readonly checks: FaultResult["checks"];
}

/** What a gateway adds to a call under steady load, milliseconds. */
export interface Overhead {
  readonly calls: number;
  /** Not answered whole. */
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
}

/** Something that this project promises of the comparison. */
export interface Bar {
  readonly text: string;
  readonly holds: boolean;
  readonly measured: string;
}
