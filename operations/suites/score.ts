import type { Role, Slo } from "../../components/plan/types.ts";

/** What a suite's results come to; nothing but arithmetic. */

/** What was found of one case on one path. */
export interface CaseResult {
  readonly name: string;
  /** All that was expected is true of a whole answer. */
  readonly passed: boolean;
  /** Why there was no whole answer; null: there was one. */
  readonly error: string | null;
  /** What was expected and is not true; empty when it is, and when there was no answer. */
  readonly misses: readonly { readonly grader: string; readonly found: string }[];
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly seconds: number;
}

/** What was found of one demand of the capability contract on one path. */
export interface CapabilityResult {
  readonly capability: string;
  /** Null: no call can check it. */
  readonly holds: boolean | null;
  /** What is missing, or why there was no answer to judge; null: nothing to tell. */
  readonly found: string | null;
}

/** All that was found on one path. */
export interface PathResult {
  /** `<workload>/<location>`. */
  readonly path: string;
  readonly role: Role;
  /** Name that the model was asked for by. */
  readonly model: string;
  readonly cases: readonly CaseResult[];
  readonly capabilities: readonly CapabilityResult[];
}

/** `broken`: no call brought an answer, so nothing is known of its quality. */
export type Verdict = "holds" | "below" | "broken";

/** One path by what was promised. */
export interface PathScore extends PathResult {
  readonly passed: number;
  /** Part of the cases that passed, 0 to 1; a call without a whole answer passes none. */
  readonly score: number;
  /** How far a fallback lies below the primary, as a part of 1, negative where above; null of the primary, or where nothing is known of one of them. */
  readonly regression: number | null;
  readonly verdict: Verdict;
  /** What the verdict comes from; empty when all holds. */
  readonly reasons: readonly string[];
}

/** Shares of different counts differ in their last digits. */
const tolerance = 1e-9;

/** Each path's score, its fall behind the primary, and the verdict by the service level. */
export function scored(
  results: readonly PathResult[],
  { minScore, maxRegression }: Pick<Slo["quality"], "minScore" | "maxRegression">,
): PathScore[] {
  const primary = results.find(({ role }) => role === "primary");
  const reference = primary === undefined || isBroken(primary) ? null : shareOf(primary);
  return results.map((result): PathScore => {
    const score = shareOf(result);
    const passed = result.cases.filter((each) => each.passed).length;
    const broken = isBroken(result);
    const regression = result.role === "primary" || broken || reference === null ? null : reference - score;
    const unmet = result.capabilities.filter(({ holds }) => holds === false).map(({ capability }) => capability);
    const below = [
      ...(score < minScore - tolerance ? [`score ${percent(score)}, at least ${percent(minScore)}`] : []),
      ...(regression !== null && regression > maxRegression + tolerance
        ? [`${percent(regression)} below the primary, at most ${percent(maxRegression)}`]
        : []),
      ...(unmet.length > 0 ? [`does not meet the contract: ${unmet.join(", ")}`] : []),
    ];
    const reasons = broken ? ["no call brought a whole answer"] : below;
    return {
      ...result,
      passed,
      score,
      regression,
      verdict: broken ? "broken" : below.length > 0 ? "below" : "holds",
      reasons,
    };
  });
}

const isBroken = ({ cases }: PathResult): boolean => cases.every(({ error }) => error !== null);

function shareOf({ cases }: PathResult): number {
  return cases.length === 0 ? 0 : cases.filter(({ passed }) => passed).length / cases.length;
}

/** `91.7 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** 0: all holds; 1: a path is below what was promised; 2: a path is broken, whatever else was found. */
export type SuiteExitCode = 0 | 1 | 2;

export function exitCodeOf(verdicts: readonly Verdict[]): SuiteExitCode {
  if (verdicts.includes("broken")) return 2;
  return verdicts.includes("below") ? 1 : 0;
}
