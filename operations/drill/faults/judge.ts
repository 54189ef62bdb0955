import { rounded, type Spread, spreadOf } from "../../spread.ts";
import { always, first, isWhole, secondsToReturn } from "./checks.ts";
import type { Fault, Seen, Verdict } from "./types.ts";

/** What came of one fault on one route. */
export interface FaultResult {
  readonly fault: string;
  readonly number: number | null;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why it is short of a pass; null for a pass. */
  readonly because: string | null;
  readonly checks: readonly {
    readonly text: string;
    readonly level: "required" | "advisory";
    readonly holds: boolean;
    readonly measured: string;
  }[];
  readonly measures: Measures;
}

/** Seconds, and counts. */
export interface Measures {
  readonly calls: number;
  readonly answered: number;
  /** Whole answers by who gave them. */
  readonly answeredBy: Readonly<Record<string, number>>;
  /** Model names that answers carried. */
  readonly models: readonly string[];
  /** Null where no token came. */
  readonly firstToken: Spread | null;
  readonly whole: Spread | null;
  /** Attempts by the server that saw them. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Answers of which only a part came. */
  readonly truncated: number;
  /** From the end of the fault until the first path answered; null: not within half a minute. */
  readonly returnSeconds: number | null;
  /** Errors that callers saw. */
  readonly errors: readonly string[];
}

export function judge(fault: Fault, seen: Seen): FaultResult {
  const checks = [...fault.checks, ...always].map(({ text, level, holds, measured }) => ({
    text,
    level,
    holds: holds(seen),
    measured: measured(seen),
  }));
  const verdict = verdictOf(fault, seen, checks);
  const broken = checks.filter(({ holds }) => !holds).map(({ text, measured }) => `${text}: ${measured}`);
  const known = fault.because === undefined ? [] : [fault.because];
  const reasons = verdict === "fail" ? broken : known.length > 0 ? known : broken;
  return {
    fault: fault.id,
    number: fault.number,
    title: fault.title,
    verdict,
    because: verdict === "pass" ? null : reasons.join("; ") || unexpected[fault.right ?? "answer"],
    checks,
    measures: measuresOf(seen),
  };
}

/** What is short of right although every check holds, by what the caller should get. */
const unexpected = { answer: "no path answered", error: "a path answered what another had refused" } as const;

function verdictOf(fault: Fault, { answers }: Seen, checks: FaultResult["checks"]): Verdict {
  const broken = (level: string) => checks.some((check) => check.level === level && !check.holds);
  if (broken("required") || answers.length === 0) return "fail";
  const whole = answers.every(isWhole);
  if (fault.right === "error") return answers.some(isWhole) ? "partial" : "pass";
  if (!whole) return "safe";
  return broken("advisory") ? "partial" : "pass";
}

function measuresOf(seen: Seen): Measures {
  const { answers, attempts } = seen;
  const whole = answers.filter(isWhole);
  return {
    calls: answers.length,
    answered: whole.length,
    answeredBy: countBy(whole.map(({ by }) => by ?? "unknown")),
    models: [...new Set(whole.flatMap(({ model }) => model ?? []))],
    firstToken: spreadOf(answers.flatMap(({ firstTokenSeconds }) => firstTokenSeconds ?? [])),
    whole: spreadOf(whole.map(({ seconds }) => rounded(seconds))),
    attempts: { [first(seen)]: 0, ...countBy(attempts.map(({ server }) => server)) },
    truncated: answers.filter((answer) => !isWhole(answer) && answer.words > 0).length,
    returnSeconds: secondsToReturn(seen),
    errors: [...new Set(answers.flatMap(({ error }) => error ?? []))].slice(0, 5),
  };
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
