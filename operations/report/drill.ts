import type { Drill, DrilledRoute } from "../drill/drill.ts";
import { hasPassed, passesWanted } from "../drill/receipt.ts";
import { shortOfPass, verdictTable } from "./drill-table.ts";
import { type Paint, painter, plural, type TextOptions, usableWidth, wrap } from "./text.ts";

/** What a simulated drill found, as a person reads it. */

/** One table a workload: faults by gateways. Ends with a newline. */
export function drillReport(drill: Drill, options: TextOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const lines = [
    paint("title", `Drill of ${drill.stack}, gateways as ${drill.source === "state" ? "deployed" : "planned"}`),
    ...wrap(
      "Simulated: the stack's own gateway objects under the real gateway, with model servers on this machine in place of the clouds. It proves the configuration, not access, quota or capacity.",
      width,
    ),
  ];
  for (const [workload, routes] of Map.groupBy(drill.routes, (route) => route.workload)) {
    lines.push("", paint("title", workload), ...verdictTable(routes, width, paint), ...notesOf(routes, width, paint));
  }
  return `${lines.join("\n")}\n`;
}

function notesOf(routes: readonly DrilledRoute[], width: number, paint: Paint): string[] {
  const verdicts = routes.map((route) => {
    const compared = route.results.filter(({ number }) => number !== null);
    const passed = compared.filter(({ verdict }) => verdict === "pass").length;
    const failed = route.results.filter(({ verdict }) => verdict === "fail").length;
    const text = `  ${route.gateway}: ${passed} of ${compared.length} compared faults passed${route.critical ? ` (${passesWanted} wanted)` : ""}, ${plural(failed, "failure")} of ${route.results.length}`;
    return paint(hasPassed(route) ? "good" : "bad", text);
  });
  return ["", ...verdicts, ...shortOfPass(routes, width)];
}
