import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document as Yaml,
} from "yaml";
import type { z } from "zod";
import type { Problem } from "../../components/plan/problem.ts";
import { type Form, formOf } from "./form.ts";
import { type Path, problemsOf } from "./issues.ts";
import { mend } from "./mend.ts";

/** One stack file, read as far as it goes. */
export interface Document<T> {
  readonly file: string;
  /** The content; absent when anything in it is wrong. */
  readonly data: T | undefined;
  /**
   * The content with what is wrong replaced, each time by something else, so that the rest can still be checked: what is
   * found in every reading is about the person's words and not about ours. The content itself when it is right; none
   * when the file can't be read.
   */
  readonly readings: readonly T[];
  /** Places whose value was made up. */
  readonly repaired: readonly Path[];
  readonly problems: readonly Problem[];
  /** Line of a path, from 1; of its nearest parent where the path itself is missing. */
  lineOf(path: Path): number | undefined;
}

/**
 * Reads a file's text and checks it against a schema.
 *
 * @param select The part of the content that is checked.
 */
export function readText<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  select: (content: unknown) => unknown = (content) => content,
): Document<z.output<S>> {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const lineOf = (path: Path) => lineAt(offsetOf(yaml, path));
  const duplicates = yaml.errors.filter((error) => error.code === "DUPLICATE_KEY");
  // One slip of syntax often breaks everything after it: only the first is news.
  const broken = yaml.errors.find((error) => error.code !== "DUPLICATE_KEY");
  const problems = [...duplicates, ...(broken ? [broken] : [])].map((error): Problem => {
    const line = lineAt(error.pos[0]);
    const value = text.split("\n")[line - 1]?.trim() ?? "";
    const path = error.code === "DUPLICATE_KEY" ? pathTo(yaml.contents, error.pos[0]) : [];
    return { file, path, line, value, ...wordsOf(error.code, error.message) };
  });
  if (broken !== undefined) return { file, data: undefined, readings: [], repaired: [], problems, lineOf };
  const dangling = danglingAlias(yaml);
  if (dangling !== undefined) {
    const found = { line: lineAt(start(dangling) ?? 0), value: `*${dangling.source}`, ...unknownAlias };
    return { file, data: undefined, readings: [], repaired: [], problems: [{ file, path: [], ...found }], lineOf };
  }
  const document = readValue(file, select(yaml.toJS()), schema, lineOf);
  return {
    ...document,
    data: problems.length > 0 ? undefined : document.data,
    problems: [...problems, ...document.problems],
  };
}

/** Checks content that is parsed already. */
export function readValue<S extends z.ZodType>(
  file: string,
  value: unknown,
  schema: S,
  lineOf: (path: Path) => number | undefined = () => undefined,
): Document<z.output<S>> {
  const unreadable = { file, data: undefined, readings: [], repaired: [], lineOf };
  if (isEmpty(value)) return { ...unreadable, problems: [located({ file, path: [], ...empty }, lineOf)] };
  const result = schema.safeParse(value);
  if (result.success) return { ...unreadable, data: result.data, readings: [result.data], problems: [] };
  const form: Form = formOf(schema);
  const problems = problemsOf(file, result.error, value, form).map((problem) => located(problem, lineOf));
  return { ...unreadable, problems, ...mend(value, result.error, schema, form) };
}

/** The problem with its line. */
export function located(problem: Problem, lineOf: (path: Path) => number | undefined): Problem {
  const line = problem.line ?? lineOf(problem.path);
  return line === undefined ? problem : { ...problem, line };
}

const empty = {
  message: "there is nothing in this file",
  allowed: "at least one entry",
  fix: "fill it in, or restore the file",
};

const unknownAlias = {
  message: "this alias has no anchor before it",
  allowed: "the name of an anchor (&name)",
  fix: "write the value itself",
};

function isEmpty(value: unknown): boolean {
  return value == null || (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0);
}

function wordsOf(code: string, message: string): Pick<Problem, "message" | "allowed" | "fix"> {
  if (code === "DUPLICATE_KEY")
    return { message: "this key stands twice", allowed: "each key once", fix: "remove one, or rename it" };
  const said = `${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;
  return {
    message: `this is not valid YAML: ${said}`,
    allowed: "YAML",
    fix: "look at indentation, colons, quotes and brackets here and in the line before",
  };
}

function danglingAlias(yaml: Yaml.Parsed): Alias | undefined {
  let found: Alias | undefined;
  visit(yaml, {
    Alias(_, alias) {
      if (alias.resolve(yaml) !== undefined) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/** The path of the key that begins at an offset; empty when none does. */
function pathTo(node: unknown, offset: number): Path {
  const children = isMap(node)
    ? node.items.map(({ key, value }) => ({ key, value, step: String(isScalar(key) ? key.value : key) }))
    : isSeq(node)
      ? node.items.map((value, step) => ({ key: undefined, value, step }))
      : [];
  for (const { key, value, step } of children) {
    if (start(key) === offset) return [step];
    const below = pathTo(value, offset);
    if (below.length > 0) return [step, ...below];
  }
  return [];
}

/** Where a path begins: at its key, or at the entry of a list. */
function offsetOf(yaml: Yaml.Parsed, path: Path): number {
  let node: unknown = yaml.contents;
  let offset = start(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(yaml);
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (pair === undefined) return offset;
      offset = start(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      offset = start(node) ?? offset;
    } else return offset;
  }
  return offset;
}

const start = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);
