import { formatPath, type Problem } from "../../components/plan/problem.ts";

/** All problems of the stack files at once. The message is for people; there is nothing to learn from its stack. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], lineOf: (problem: Problem) => number | undefined = () => undefined) {
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    const text = problems.map((problem) => describe(problem, lineOf(problem)));
    super(`The stack files have ${count}; nothing was created.\n\n${text.join("\n\n")}\n`);
    this.name = "ConfigError";
    this.problems = problems;
    this.stack = this.message;
  }
}

function describe(problem: Problem, line: number | undefined): string {
  const where = line === undefined ? problem.file : `${problem.file}:${line}`;
  const rows = [`${where}  ${formatPath(problem.path)}`, `  ${problem.message}`];
  if (problem.value !== undefined) rows.push(`  value:   ${show(problem.value)}`);
  if (problem.allowed !== undefined) rows.push(`  allowed: ${problem.allowed}`);
  if (problem.fix !== undefined) rows.push(`  fix:     ${problem.fix}`);
  return rows.join("\n");
}

function show(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}
