import { formatPath, type Problem } from "../../components/plan/problem.ts";

/** All problems of the stack files at once. The message is for people; there is nothing to learn from its stack. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    super(`The stack files have ${count}; nothing was created.\n\n${problems.map(describe).join("\n\n")}\n`);
    this.name = "ConfigError";
    this.problems = problems;
    this.stack = this.message;
  }
}

function describe({ file, line, path, value, message, allowed, fix }: Problem): string {
  const where = line === undefined ? file : `${file}:${line}`;
  const rows = [
    [where, formatPath(path)].join("  ").trimEnd(),
    `  ${message}`,
    `  value:   ${show(value)}`,
    `  allowed: ${allowed}`,
    `  fix:     ${fix}`,
  ];
  return rows.join("\n");
}

function show(value: unknown): string {
  if (value === undefined) return "(missing)";
  if (value === null) return "(empty)";
  const text = typeof value === "string" && /^\S(.*\S)?$/.test(value) ? value : written(value);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}

/** On one line, with quotes where they matter. */
function written(value: unknown): string {
  try {
    return typeof value === "number" ? String(value) : JSON.stringify(value);
  } catch {
    return "a structure that contains itself";
  }
}
