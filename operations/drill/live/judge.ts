import type { Slo } from "../../../components/plan/types.ts";
import { rounded, type Spread, spreadOf } from "../../spread.ts";
import type { Received } from "../client.ts";
import type { Verdict } from "../faults/types.ts";
import { judgedObjectives } from "../objectives.ts";
import { problemOf } from "./answer.ts";

/** What was seen of one path, or of one change, in one gateway. */
export interface LiveResult {
  /** `pinned:<location>`, `override:<location>` or `load:<location>`. */
  readonly fault: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why it is short of a pass; null for a pass. */
  readonly because: string | null;
  readonly measures: LiveMeasures;
}

/** Seconds, tokens and counts. */
export interface LiveMeasures {
  readonly calls: number;
  readonly answered: number;
  /** Model names that answers carried. */
  readonly models: readonly string[];
  readonly firstToken: Spread | null;
  readonly whole: Spread | null;
  /** Seconds a token of the text, after the first. */
  readonly perToken: Spread | null;
  /** Null where an answer did not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** What was wrong with the calls that were not answered. */
  readonly errors: readonly string[];
  /** Override only: seconds until the pinned path answered; null: it did not. */
  readonly settleSeconds?: number | null;
  /** Override only: seconds until the first path answered again; null: it did not. */
  readonly returnSeconds?: number | null;
  /** Load only: highest rate that was carried. */
  readonly requestsPerSecond?: number;
  /** Load only: rate that the path must carry. */
  readonly requestsPerSecondWanted?: number;
}

/** @param names model names that a whole answer may carry */
export function measuresOf(received: readonly Received[], names: readonly string[]): LiveMeasures {
  const problems = received.map((one) => problemOf(one, names));
  const whole = received.filter((_, index) => problems[index] === null);
  return {
    calls: received.length,
    answered: whole.length,
    models: [...new Set(received.flatMap(({ model }) => model ?? []))],
    firstToken: spreadOf(whole.flatMap(({ firstTokenSeconds }) => firstTokenSeconds ?? [])),
    whole: spreadOf(whole.map(({ seconds }) => rounded(seconds))),
    perToken: spreadOf(whole.flatMap(secondsPerToken)),
    inputTokens: sum(whole.map(({ usage }) => usage?.input ?? null)),
    outputTokens: sum(whole.map(({ usage }) => usage?.output ?? null)),
    errors: [...new Set(problems.filter((problem) => problem !== null))].slice(0, 5),
  };
}

function secondsPerToken({ streamed, firstTokenSeconds, seconds, usage }: Received): number[] {
  const shown = (usage?.output ?? 0) - (usage?.reasoning ?? 0);
  return streamed && firstTokenSeconds !== null && shown > 1 ? [(seconds - firstTokenSeconds) / (shown - 1)] : [];
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);

/** Which measure an objective of slos.yaml is about; about the others a drill can tell nothing. */
const measuredBy: Readonly<Record<string, "firstToken" | "perToken" | "whole">> = {
  timeToFirstTokenP95Seconds: "firstToken",
  timePerOutputTokenP95Seconds: "perToken",
  durationP95Seconds: "whole",
};

/** What was promised, beside the slowest of these p95. */
export function objectivesOf(slo: Pick<Slo, "latency"> | null, measures: readonly LiveMeasures[]) {
  const slowest = (measure: "firstToken" | "perToken" | "whole"): number | null => {
    const found = measures.flatMap((each) => each[measure]?.p95 ?? []);
    return found.length === 0 ? null : Math.max(...found);
  };
  return judgedObjectives(
    slo,
    Object.fromEntries(Object.entries(measuredBy).map(([objective, measure]) => [objective, slowest(measure)])),
  );
}

/** In words, what was not kept. */
export function missedObjectives(slo: Pick<Slo, "latency"> | null, measures: LiveMeasures): string[] {
  return objectivesOf(slo, [measures])
    .filter(({ met }) => met === false)
    .map(({ objective, limit, measured }) => `${objective}: ${measured}, promised ${limit}`);
}

/** In words, what is wrong with calls that were to be answered; empty: all were. */
export function unanswered({ calls, answered, errors }: LiveMeasures): string[] {
  return answered === calls ? [] : [`${answered} of ${calls} calls answered whole: ${errors.join("; ")}`];
}
