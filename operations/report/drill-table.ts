import type { Verdict } from "../drill/faults/types.ts";
import type { Spread } from "../spread.ts";
import { type Cell, gridLines } from "./grid.ts";
import { hanging, type Paint, type Tone } from "./text.ts";

/** What a drill of any kind found of one workload: faults by gateways. */

/** One workload in one gateway. */
export interface JudgedRoute {
  readonly gateway: string;
  readonly results: readonly JudgedFault[];
}

export interface JudgedFault {
  readonly fault: string;
  readonly verdict: Verdict;
  readonly because: string | null;
  readonly measures: { readonly firstToken: Spread | null; readonly whole: Spread | null };
}

const tones: Readonly<Record<Verdict, Tone>> = { pass: "good", partial: "warn", safe: "warn", fail: "bad" };

export function verdictTable(routes: readonly JudgedRoute[], width: number, paint: Paint): string[] {
  const faults = new Set(routes.flatMap(({ results }) => results.map(({ fault }) => fault)));
  return gridLines(
    {
      heads: routes.map(({ gateway }) => ({ text: gateway, tone: "title" })),
      rows: [...faults].map((fault) => ({
        label: fault,
        cells: routes.map(({ results }) => cellOf(results.find((result) => result.fault === fault))),
      })),
    },
    width,
    paint,
  );
}

function cellOf(result: JudgedFault | undefined): Cell {
  if (result === undefined) return { text: "–", tone: "quiet" };
  const { firstToken, whole } = result.measures;
  const seconds = firstToken?.median ?? whole?.median;
  return {
    text: seconds === undefined ? result.verdict : `${result.verdict}, ${seconds} s`,
    tone: tones[result.verdict],
  };
}

/** Why results are short of a pass, each reason once; nothing where all passed. */
export function shortOfPass(routes: readonly JudgedRoute[], width: number): string[] {
  const reasons = new Map<string, string[]>();
  for (const { gateway, results } of routes) {
    for (const { fault, verdict, because } of results) {
      if (because === null) continue;
      const reason = `${fault}, ${verdict}: ${because}`;
      reasons.set(reason, [...(reasons.get(reason) ?? []), gateway]);
    }
  }
  const lines = [...reasons].flatMap(([reason, gateways]) =>
    hanging("  - ", gateways.length === routes.length ? reason : `${reason} (${gateways.join(", ")})`, width),
  );
  return lines.length === 0 ? [] : ["", "  Short of a pass:", ...lines];
}
