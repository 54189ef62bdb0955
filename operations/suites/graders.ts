import type { Expectation } from "../../infra/config/suite.ts";
import { type JsonSchema, misfits } from "./json-schema.ts";
import { isFound } from "./pattern.ts";
import type { Answer } from "./types.ts";

export type GraderName = Expectation["grader"];
type Of<N extends GraderName> = Extract<Expectation, { grader: N }>;

/** What is wrong with an answer, in a few words; null: nothing. */
type Grade<N extends GraderName> = (expected: Of<N>, answer: Answer) => string | null;

const graders: { readonly [N in GraderName]: Grade<N> } = {
  "contains-any": ({ texts }, { text }) =>
    texts.some((each) => holds(text, each)) ? null : `none of ${quoted(texts)} in ${seen(text)}`,
  "contains-none": ({ texts }, { text }) => {
    const found = texts.filter((each) => holds(text, each));
    return found.length === 0 ? null : `${quoted(found)} in ${seen(text)}`;
  },
  regex: ({ pattern }, { text }) => (isFound(pattern, text) ? null : `no match of ${pattern} in ${seen(text)}`),
  "json-schema": ({ schema }, { text }) => jsonProblem(schema, text),
  "tool-call": ({ tool, arguments: schema = {} }, { calls, text }) => {
    const [call, ...others] = calls;
    if (call === undefined) return `${tool} was not called, but this was said: ${seen(text)}`;
    if (call.name !== tool || others.length > 0)
      return `called ${calls.map(({ name }) => name).join(", ")} instead of ${tool}`;
    return jsonProblem(schema, call.arguments);
  },
  "no-tool-call": (_, { calls }) =>
    calls.length === 0 ? null : `called ${calls.map((call) => `${call.name}(${call.arguments})`).join(", ")}`,
  "max-length": ({ characters }, { text }) =>
    [...text].length <= characters ? null : `${[...text].length} characters, at most ${characters}`,
};

/** What is wrong with an answer by one expectation; null: nothing. A grader that can't tell is not satisfied. */
export function graded(expected: Expectation, answer: Answer): string | null {
  const grade = graders[expected.grader] as Grade<GraderName>;
  try {
    return grade(expected, answer);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Where a text is no JSON of a schema; null: it is. */
export function jsonProblem(schema: JsonSchema, text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `no JSON: ${seen(text)}`;
  }
  const found = misfits(schema, value);
  return found.length === 0 ? null : `${found.join("; ")} in ${seen(text)}`;
}

/** Without case, and with the plain forms of what models like to set in type: quotes, dashes and spaces. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[‐-―]/g, "-")
    .replaceAll(/\s+/g, " ");
}

const holds = (text: string, part: string): boolean => plain(text).includes(plain(part));

const quoted = (texts: readonly string[]): string => texts.map((text) => JSON.stringify(text)).join(", ");

const longest = 200;

/** The beginning of an answer, in one line. */
function seen(text: string): string {
  if (text === "") return "an empty answer";
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
