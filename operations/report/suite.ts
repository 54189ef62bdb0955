import type { Slo } from "../../components/plan/types.ts";
import { type CaseResult, exitCodeOf, type PathScore, percent, type Verdict } from "../suites/score.ts";
import { type GridRow, gridLines } from "./grid.ts";
import { count, hanging, type Paint, painter, plural, type TextOptions, type Tone, usableWidth } from "./text.ts";

/** What suites found, for a person and for programs. */

/** One workload's paths by its suite. */
export interface WorkloadScore {
  readonly workload: string;
  readonly suite: string;
  /** How many the suite has. */
  readonly cases: number;
  readonly quality: Pick<Slo["quality"], "minScore" | "maxRegression">;
  readonly paths: readonly PathScore[];
}

const tones: Readonly<Record<Verdict, Tone>> = { holds: "good", below: "bad", broken: "bad" };

/** A table by workload, one column a path, and what did not pass below it. Ends with a newline. */
export function suiteReport(scores: readonly WorkloadScore[], options: TextOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const blocks = scores.flatMap((score) => [...blockOf(score, width, paint), ""]);
  return `${[...blocks, summary(scores, paint)].join("\n")}\n`;
}

function blockOf({ workload, suite, cases, quality, paths }: WorkloadScore, width: number, paint: Paint): string[] {
  const demands = `at least ${percent(quality.minScore)} of ${plural(cases, "case")}, fallbacks at most ${percent(quality.maxRegression)} below the primary (one case is ${percent(1 / cases)})`;
  const grid = { heads: paths.map(({ path }) => ({ text: path, tone: "title" as const })), rows: rowsOf(paths) };
  return [
    ...hanging("", `${workload}, suite ${suite}: ${demands}`, width).map((line) => paint("title", line)),
    "",
    ...gridLines(grid, width, paint),
    ...paths.flatMap((path) => missesOf(path, width, paint)),
  ];
}

function rowsOf(paths: readonly PathScore[]): GridRow[] {
  const row = (label: string, text: (path: PathScore) => string, tone: (path: PathScore) => Tone = () => "plain") => ({
    label,
    cells: paths.map((path) => ({ text: text(path), tone: tone(path) })),
  });
  return [
    row("role", ({ role }) => role),
    row("passed", ({ passed, cases }) => `${passed} of ${cases.length}`),
    row("score", ({ score, verdict }) => (verdict === "broken" ? "unknown" : percent(score))),
    row("regression", ({ role, regression }) => regressionText(role === "primary", regression)),
    row("failed calls", ({ cases }) => count(cases.filter(({ error }) => error !== null).length)),
    row("contract", contractText),
    row("tokens in", ({ cases }) => sum(cases.map(({ inputTokens }) => inputTokens))),
    row("tokens out", ({ cases }) => sum(cases.map(({ outputTokens }) => outputTokens))),
    row("slowest", ({ cases }) => `${Math.max(0, ...cases.map(({ seconds }) => seconds)).toFixed(1)} s`),
    row(
      "verdict",
      ({ verdict }) => verdict,
      ({ verdict }) => tones[verdict],
    ),
  ];
}

function regressionText(isPrimary: boolean, regression: number | null): string {
  if (isPrimary) return "-";
  if (regression === null) return "unknown";
  return regression > 0 ? percent(regression) : "none";
}

function contractText({ capabilities }: PathScore): string {
  const checked = capabilities.filter(({ holds }) => holds !== null);
  const rest = capabilities.length - checked.length;
  return `${checked.filter(({ holds }) => holds).length} of ${checked.length}${rest === 0 ? "" : `, ${rest} not checked`}`;
}

/** What the endpoint counted; calls that failed or were not counted are missing in it. */
function sum(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "unknown";
  const total = count(known.reduce((all, value) => all + value, 0));
  return known.length === values.length ? total : `${total} or more`;
}

/** A path that does not hold, or of which not everything is known: why, and each case and demand with what was found. */
function missesOf({ path, verdict, reasons, cases, capabilities }: PathScore, width: number, paint: Paint): string[] {
  const found = [
    ...cases.filter(({ passed }) => !passed).map((each) => ({ name: each.name, words: caseWords(each) })),
    ...capabilities
      .filter(({ holds }) => holds !== true)
      .map(({ capability, found: words }) => ({ name: `contract: ${capability}`, words: [words ?? ""] })),
  ];
  if (found.length === 0 && reasons.length === 0) return [];
  // A path that is down says the same of everything.
  const alike = Map.groupBy(found, ({ words }) => words.join("\n"));
  const title = [path, verdict, ...(reasons.length === 0 ? [] : [reasons.join("; ")])].join(": ");
  return [
    "",
    ...hanging("", title, width).map((line) => paint(tones[verdict], line)),
    ...[...alike.values()].flatMap((group) => [
      ...hanging("  ", group.map(({ name }) => name).join(", "), width),
      ...(group[0]?.words ?? []).flatMap((words) => hanging("    ", words, width)),
    ]),
  ];
}

function caseWords({ error, misses }: CaseResult): string[] {
  return error === null ? misses.map(({ grader, found }) => `${grader}: ${found}`) : [error];
}

function summary(scores: readonly WorkloadScore[], paint: Paint): string {
  const verdicts = scores.flatMap(({ paths }) => paths.map(({ verdict }) => verdict));
  const number = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length;
  const parts = [
    `${number("holds")} of ${plural(verdicts.length, "path")} hold`,
    ...(number("below") > 0 ? [`${number("below")} below what is promised`] : []),
    ...(number("broken") > 0 ? [`${number("broken")} without an answer`] : []),
  ];
  return paint(exitCodeOf(verdicts) === 0 ? "good" : "bad", `${parts.join(", ")}.`);
}

/** The same as one object, with every case. */
export function suiteJson(scores: readonly WorkloadScore[]): string {
  const verdicts = scores.flatMap(({ paths }) => paths.map(({ verdict }) => verdict));
  return `${JSON.stringify({ schemaVersion: 1, exitCode: exitCodeOf(verdicts), workloads: scores }, null, 2)}\n`;
}
