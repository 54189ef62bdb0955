import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { Problem } from "../../components/plan/problem.ts";
import { problemsOf, type Repaired, repair } from "./issues.ts";

/** One stack file, parsed as far as it goes. */
export interface Document<T> {
  readonly file: string;
  /** The content, with slips repaired so that the rest can still be checked; absent when nothing can be made of it. */
  readonly data: T | undefined;
  /** Paths whose value was made up: later findings there would be about our value, not the person's. */
  readonly repaired: Repaired;
  readonly problems: readonly Problem[];
  /** Line of a path, from 1; of its nearest parent where the path itself is missing. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/** Parses YAML text and checks it against a schema. */
export function parseYaml<S extends z.ZodType>(file: string, text: string, schema: S): Document<z.infer<S>> {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineOf = (path: readonly (string | number)[]): number | undefined => {
    for (let length = path.length; length > 0; length--) {
      const node = yaml.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  if (yaml.errors.length > 0) {
    const problems = yaml.errors.map((error) => ({
      file: `${file}:${lines.linePos(error.pos[0]).line}`,
      path: [],
      message: `this is not valid YAML: ${error.message.split("\n")[0]}`,
      fix: "look at the indentation, colons and brackets on this line and the one before",
    }));
    return { file, data: undefined, repaired: [], problems, lineOf };
  }
  return { ...checkValue(file, yaml.toJS() ?? {}, schema), lineOf };
}

/** Checks a value that is parsed already (the engine's configuration). */
export function checkValue<S extends z.ZodType>(file: string, value: unknown, schema: S): Document<z.infer<S>> {
  const first = schema.safeParse(value);
  const lineOf = () => undefined;
  if (first.success) return { file, data: first.data, repaired: [], problems: [], lineOf };
  const problems = problemsOf(file, first.error, value, schema);
  const { value: mended, repaired } = repair(value, first.error);
  const second = schema.safeParse(mended);
  if (second.success) return { file, data: second.data, repaired, problems, lineOf };
  const third = schema.safeParse(withoutBroken(mended, second.error));
  return { file, data: third.success ? third.data : undefined, repaired, problems, lineOf };
}

/** The entries that are whole, so that one hopeless entry does not hide what is wrong with the others. */
function withoutBroken(value: unknown, error: z.ZodError): unknown {
  if (typeof value !== "object" || value === null) return value;
  const broken = new Set(error.issues.map((issue) => String(issue.path[0])));
  return Object.fromEntries(Object.entries(value).filter(([key]) => !broken.has(key)));
}
