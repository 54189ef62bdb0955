import { nearest } from "../../components/plan/problem.ts";
import type { Plan } from "../../components/plan/types.ts";
import type { Without } from "../../infra/without.ts";
import type { Run } from "../engine/engine.ts";
import { urnsOf, withoutOf } from "../engine/partial.ts";
import type { State } from "../engine/state.ts";
import { UsageError } from "./load.ts";

/** Which locations a command is about: `--only` some, or all `--without` some. */
export interface ScopeOptions {
  readonly only?: readonly string[];
  readonly without?: readonly string[];
}

/** Locations of a plan, by what happens to them; each in the plan's order. */
export interface Scope {
  /** What the command is about. */
  readonly chosen: readonly string[];
  /** Their cloud need not answer: named by `--without`. */
  readonly without: readonly string[];
  /** Neither. */
  readonly rest: readonly string[];
}

/** @throws UsageError with all that is wrong */
export function scopeOf(plan: Plan, { only = [], without = [] }: ScopeOptions): Scope {
  const known = plan.locations.map(({ name }) => name);
  const strangers = [...new Set([...only, ...without])].filter((name) => !known.includes(name));
  if (strangers.length > 0) {
    const lines = strangers.map((name) => {
      const near = nearest(name, known);
      return `There is no location ${name} in ${plan.environment}; its locations are ${known.join(", ")}.${near === undefined ? "" : ` Did you mean ${near}?`}`;
    });
    throw new UsageError(lines.join("\n"));
  }
  const both = only.filter((name) => without.includes(name));
  if (both.length > 0)
    throw new UsageError(`${both.join(", ")}: named by --only and by --without. Take one of them away.`);
  const chosen = known.filter((name) => (only.length > 0 ? only.includes(name) : !without.includes(name)));
  if (chosen.length === 0) {
    throw new UsageError(`Nothing is left to do: ${plan.environment} has no locations but ${known.join(", ")}.`);
  }
  const left = known.filter((name) => !chosen.includes(name));
  return {
    chosen,
    without: left.filter((name) => without.includes(name)),
    rest: left.filter((name) => !without.includes(name)),
  };
}

/** What the engine and the program are told of a run over a part of a stack. */
export interface PartialRun {
  readonly args: readonly string[];
  readonly run: Pick<Run, "environment" | "rules">;
  readonly without: Without;
}

/** Rules that judge a workload as a whole: of one whose cloud was never reached they can only be advice. */
const wholeWorkload = ["two-cloud-minimum", "fallback-roles", "shared-fate", "reachability"] as const;

/**
 * @param keep locations that are not touched: their cloud need not answer
 * @param remove locations that the program no longer has, so that the engine deletes what is there
 */
export function partialRun(
  state: State,
  plan: Plan,
  keep: readonly string[],
  remove: readonly string[] = [],
): PartialRun {
  if (keep.length + remove.length === 0) return { args: [], run: {}, without: {} };
  const without = withoutOf(state, plan, { keep, remove });
  const isUnknown = keep.some((location) => without[location] === null);
  const rules = Object.fromEntries(wholeWorkload.map((rule) => [rule, "advisory" as const]));
  return {
    args: keep.flatMap((location) => urnsOf(state, location)).flatMap((urn) => ["--exclude", urn]),
    run: {
      environment: { TWOCLOUD_WITHOUT: JSON.stringify(without) },
      ...(remove.length > 0 ? { rules: "off" as const } : isUnknown ? { rules } : {}),
    },
    without,
  };
}
