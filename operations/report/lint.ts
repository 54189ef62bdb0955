import { formatPath } from "../../components/plan/problem.ts";
import type { Tie } from "../suites/lint.ts";
import { hanging, type Paint, painter, plural, type TextOptions, usableWidth } from "./text.ts";

/** What ties suites to one vendor, for a person and for programs. */

/** Each place with what the vendor says of it, and a line that sums it up. Ends with a newline. */
export function lintReport(suites: readonly string[], ties: readonly Tie[], options: TextOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const places = Map.groupBy(ties, ({ file, line, path }) => `${file}:${line ?? ""}  ${formatPath(path)}`);
  const blocks = [...places].flatMap(([place, found]) => [
    ...hanging("", place, width),
    ...found.flatMap((tie) => tieLines(tie, width, paint)),
    "",
  ]);
  const words = ties.length === 0 ? "nothing is tied to one vendor" : `${plural(ties.length, "tie")} to one vendor`;
  const summary = hanging("", `${plural(suites.length, "suite")} (${suites.join(", ") || "none"}): ${words}.`, width);
  return `${[...blocks, ...summary.map((line) => paint(ties.length === 0 ? "good" : "bad", line))].join("\n")}\n`;
}

function tieLines({ value, fact }: Tie, width: number, paint: Paint): string[] {
  return [
    ...hanging("  ", `${value}: ${fact.vendor}: ${fact.says}`, width),
    ...hanging("    fix     ", fact.fix, width),
    // Never broken: an address is there to be copied.
    `    ${paint("quiet", "source")}  ${fact.source} (${fact.seen})`,
  ];
}

/** The same as one object. */
export function lintJson(suites: readonly string[], ties: readonly Tie[]): string {
  const found = ties.map(({ path, fact, ...rest }) => ({ ...rest, path: formatPath(path), ...fact }));
  return `${JSON.stringify({ schemaVersion: 1, exitCode: ties.length > 0 ? 1 : 0, suites, ties: found }, null, 2)}\n`;
}
