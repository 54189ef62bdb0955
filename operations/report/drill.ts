import type { Drill, DrilledFault, DrilledRoute } from "../drill/drill.ts";
import type { Verdict } from "../drill/faults/types.ts";
import { hasPassed, passesWanted } from "../drill/receipt.ts";
import { type Cell, gridLines } from "./grid.ts";
import { hanging, type Paint, painter, plural, type TextOptions, type Tone, usableWidth, wrap } from "./text.ts";

/** What a drill found, as a person reads it. */

const tones: Readonly<Record<Verdict, Tone>> = { pass: "good", partial: "warn", safe: "warn", fail: "bad" };

/** What a drill of this kind can tell, and what it can't. */
export const simulatedWords =
  "Simulated: the stack's own gateway objects under the real gateway, with model servers on this machine in place of the clouds. It proves the configuration, not access, quota or capacity.";

/** One table a workload: faults by gateways. Ends with a newline. */
export function drillReport(drill: Drill, options: TextOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const lines = [
    paint("title", `Drill of ${drill.stack}, gateways as ${drill.source === "state" ? "deployed" : "planned"}`),
    ...wrap(simulatedWords, width),
  ];
  for (const [workload, routes] of Map.groupBy(drill.routes, (route) => route.workload)) {
    lines.push("", paint("title", workload), ...tableOf(routes, width, paint), ...notesOf(routes, width, paint));
  }
  return `${lines.join("\n")}\n`;
}

function tableOf(routes: readonly DrilledRoute[], width: number, paint: Paint): string[] {
  const titles = new Map(routes.flatMap(({ results }) => results.map(({ fault, title }) => [fault, title] as const)));
  return gridLines(
    {
      heads: routes.map(({ gateway }) => ({ text: gateway, tone: "title" })),
      rows: [...titles.keys()].map((fault) => ({
        label: fault,
        cells: routes.map(({ results }) => cellOf(results.find((result) => result.fault === fault))),
      })),
    },
    width,
    paint,
  );
}

function cellOf(result: DrilledFault | undefined): Cell {
  if (result === undefined) return { text: "–", tone: "quiet" };
  const seconds = secondsOf(result);
  return {
    text: seconds === null ? result.verdict : `${result.verdict}, ${seconds} s`,
    tone: tones[result.verdict],
  };
}

/** Seconds to the first token, the median of the calls; null: none came. */
export function secondsOf({ measures: { firstToken, whole } }: DrilledFault): number | null {
  return firstToken?.median ?? whole?.median ?? null;
}

/** How a route stands: what it passed of what was compared, and how often it failed. */
export function standingOf(route: DrilledRoute): string {
  const { gateway, critical, results } = route;
  const compared = results.filter(({ number }) => number !== null);
  const passed = compared.filter(({ verdict }) => verdict === "pass").length;
  const failed = results.filter(({ verdict }) => verdict === "fail").length;
  const verdict = hasPassed(route) ? "passed" : "did not pass";
  return `${gateway} ${verdict}: ${passed} of ${compared.length} compared faults${critical ? ` (${passesWanted} wanted)` : ""}, ${plural(failed, "failure")} of ${results.length}`;
}

function notesOf(routes: readonly DrilledRoute[], width: number, paint: Paint): string[] {
  const reasons = new Map<string, string[]>();
  for (const { gateway, results } of routes) {
    for (const { fault, verdict, because } of results) {
      if (because !== null)
        reasons.set(`${fault}, ${verdict}: ${because}`, [
          ...(reasons.get(`${fault}, ${verdict}: ${because}`) ?? []),
          gateway,
        ]);
    }
  }
  const short = [...reasons].flatMap(([reason, gateways]) =>
    hanging("  - ", gateways.length === routes.length ? reason : `${reason} (${gateways.join(", ")})`, width),
  );
  const verdicts = routes.map((route) => paint(hasPassed(route) ? "good" : "bad", `  ${standingOf(route)}`));
  return ["", ...verdicts, ...(short.length === 0 ? [] : ["", "  Short of a pass:", ...short])];
}
