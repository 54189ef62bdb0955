import type { LateRead } from "../../policy/late.ts";
import { exitCodeOf, type Judgement, type PolicyFinding, resourceName } from "../engine/judgement.ts";
import { hanging, lengthOf, type Paint, padEnd, painter, plural, type TextOptions, usableWidth } from "./text.ts";

/** What the policy pack found, for a person and for programs. */

/** A table by stack or file, the gravest first, and a line that sums it up. Ends with a newline. */
export function policyReport(judgements: readonly Judgement[], options: TextOptions): string {
  const width = usableWidth(options.width);
  const paint = painter(options.colour);
  const blocks = judgements.flatMap((judgement) => [...blockOf(judgement, width, paint), ""]);
  return `${[...blocks, ...summaryLines(judgements, width, paint)].join("\n")}\n`;
}

const kinds = { preview: "preview", deployed: "deployed state", state: "state file" } as const;

function blockOf(judgement: Judgement, width: number, paint: Paint): string[] {
  const { kind, subject, pack, findings, problem, late } = judgement;
  const title = hanging("", `${subject} (${kinds[kind]}, pack ${pack}): ${foundText(judgement)}`, width);
  const isBad = problem !== null || countOf(findings, "mandatory") > 0;
  return [
    ...title.map((line) => paint(isBad ? "bad" : "title", line)),
    ...rowsOf(findings, width, paint),
    ...(problem === null ? [] : problem.split("\n").flatMap((line) => problemLines(line, width))),
    ...lateLines(late, width).map((line) => paint("quiet", line)),
  ];
}

/** How much of a verdict a first preview could not have given, by rule. */
function lateLines(late: readonly LateRead[], width: number): string[] {
  if (late.length === 0) return [];
  const rules = [...Map.groupBy(late, ({ rule }) => rule)].map(([rule, reads]) =>
    reads.length === 1 ? rule : `${rule} ${reads.length}`,
  );
  const text = `The verdict rests on ${plural(late.length, "read")} that a first preview can't make (${lateAddress}): ${rules.join(", ")}.`;
  return hanging("  ", text, width);
}

/** Where they are listed. */
const lateAddress = "docs/policies.md#late-reads";

function problemLines(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  return line.trim() === "" ? [] : hanging(`  ${indent}`, line, width);
}

function foundText({ findings, problem, empty }: Judgement): string {
  if (empty) return "no resources, nothing to judge";
  const counts = countsText([findings]);
  if (problem === null) return counts;
  return findings.length === 0 ? "could not be judged" : `${counts}, and could not be judged to the end`;
}

function rowsOf(findings: readonly PolicyFinding[], width: number, paint: Paint): string[] {
  const cells = findings.map(({ level, severity, rule, urn }) => [level, severity, rule, resourceName(urn)] as const);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => lengthOf(row[column] ?? ""))));
  return findings.flatMap(({ level, message }, index) => {
    const lead = (cells[index] ?? []).map((cell, column) => padEnd(cell, widths[column] ?? 0)).join("  ");
    // Where the columns find no room, they become running text.
    const lines =
      lengthOf(lead) + 2 <= width ? [`  ${lead.trimEnd()}`] : hanging("  ", lead.replace(/ +/g, " "), width);
    return [
      ...lines.map((line) => line.replace(level, paint(level === "mandatory" ? "bad" : "warn", level))),
      ...hanging("      ", message, width),
    ];
  });
}

function summaryLines(judgements: readonly Judgement[], width: number, paint: Paint): string[] {
  const code = exitCodeOf(judgements);
  const broken = judgements.filter(({ problem }) => problem !== null).map(({ subject }) => subject);
  const empty = judgements.filter((each) => each.empty).length;
  const total = `${judgements.length - broken.length - empty} of ${judgements.length} judged`;
  const counts = countsText(judgements.map(({ findings }) => findings));
  const nothing = empty === 0 ? "" : `, ${empty} without resources`;
  const missing = broken.length === 0 ? "" : `; not judged: ${broken.join(", ")}`;
  const tone = code === 0 ? "good" : "bad";
  return hanging("", `${total}${nothing}: ${counts}${missing}.`, width).map((line) => paint(tone, line));
}

const countOf = (findings: readonly PolicyFinding[], level: PolicyFinding["level"]): number =>
  findings.filter((finding) => finding.level === level).length;

function countsText(all: readonly (readonly PolicyFinding[])[]): string {
  const sum = (level: PolicyFinding["level"]) => all.reduce((total, findings) => total + countOf(findings, level), 0);
  const [mandatory, advisory] = [sum("mandatory"), sum("advisory")];
  if (mandatory + advisory === 0) return "nothing found";
  return `${plural(mandatory, "mandatory violation")}, ${plural(advisory, "advisory finding")}`;
}

/** The same as one object. */
export function policyJson(judgements: readonly Judgement[]): string {
  const total = (level: PolicyFinding["level"]) =>
    judgements.reduce((sum, { findings }) => sum + countOf(findings, level), 0);
  const answer = {
    schemaVersion: 1,
    exitCode: exitCodeOf(judgements),
    mandatory: total("mandatory"),
    advisory: total("advisory"),
    judgements: judgements.map(({ findings, ...rest }) => ({
      ...rest,
      findings: findings.map((finding) => ({ ...finding, resource: resourceName(finding.urn) })),
    })),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
