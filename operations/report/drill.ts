import type { Drill, DrilledFault, DrilledRoute } from "../drill/drill.ts";
import { hasPassed, passesWanted } from "../drill/receipt.ts";
import { shortOfPass, verdictTable } from "./drill-table.ts";
import { type Paint, painter, plural, type TextOptions, usableWidth, wrap } from "./text.ts";

/** What a simulated drill found, as a person reads it. */

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
    lines.push("", paint("title", workload), ...verdictTable(routes, width, paint), ...notesOf(routes, width, paint));
  }
  return `${lines.join("\n")}\n`;
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
  const verdicts = routes.map((route) => paint(hasPassed(route) ? "good" : "bad", `  ${standingOf(route)}`));
  return ["", ...verdicts, ...shortOfPass(routes, width)];
}
