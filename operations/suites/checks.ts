import { type Problem, suggest } from "../../components/plan/problem.ts";
import type { Evaluation, Expectation, Message, SuiteFile } from "../../infra/config/suite.ts";
import { type JsonSchema, schemaProblem } from "./json-schema.ts";

/** Something wrong in a suite, without its file and line. */
export type Finding = Omit<Problem, "file" | "line">;
type Path = Problem["path"];

/** Keys of a request that the suite's own words decide. */
const ownKeys = ["model", "messages", "tools", "response_format", "stream", "stream_options"];

/** What is wrong in a suite beyond the form of single values: names that lead nowhere, schemas and patterns that are none. */
export function checkSuite(suite: SuiteFile): Finding[] {
  const { tools, outputs, parameters, cases } = suite;
  return [
    ...Object.entries(tools).flatMap(([name, tool]) => schema(["tools", name, "parameters"], tool.parameters)),
    ...Object.entries(outputs).flatMap(([name, output]) => schema(["outputs", name], output)),
    ...reserved(["parameters"], parameters),
    ...Object.entries(cases).flatMap(([name, evaluation]) => checkCase(["cases", name], evaluation, suite)),
  ];
}

function checkCase(at: Path, evaluation: Evaluation, suite: SuiteFile): Finding[] {
  const { tools = [], output, parameters, messages, expect } = evaluation;
  const known = Object.keys(suite.tools);
  return [
    ...tools.flatMap((tool, index) => named([...at, "tools", index], tool, known, "tool", "tools")),
    ...(output === undefined ? [] : named([...at, "output"], output, Object.keys(suite.outputs), "output", "outputs")),
    ...reserved([...at, "parameters"], parameters),
    ...checkMessages([...at, "messages"], messages, known),
    ...expect.flatMap((expectation, index) => checkExpectation([...at, "expect", index], expectation, tools)),
  ];
}

function checkMessages(at: Path, messages: readonly Message[], tools: readonly string[]): Finding[] {
  const made: string[] = [];
  return messages.flatMap((message, index): Finding[] => {
    if (message.role === "assistant") {
      const calls = message.calls ?? [];
      made.push(...calls.map(({ id }) => id));
      if (calls.length === 0 && message.content === undefined) return [nothingSaid([...at, index])];
      return calls.flatMap(({ tool }, call) =>
        named([...at, index, "calls", call, "tool"], tool, tools, "tool", "tools"),
      );
    }
    if (message.role !== "tool" || made.includes(message.call)) return [];
    return [
      {
        path: [...at, index, "call"],
        value: message.call,
        message: "no call before this has such an id",
        allowed: made.join(", ") || "there is no call before this",
        fix: suggest(message.call, made, "let an assistant's message before it call the tool"),
      },
    ];
  });
}

function nothingSaid(path: Path): Finding {
  const message = "this turn says nothing and calls nothing";
  return { path, message, allowed: "content, calls, or both", fix: "add one of them" };
}

function checkExpectation(at: Path, expectation: Expectation, tools: readonly string[]): Finding[] {
  switch (expectation.grader) {
    case "regex":
      return pattern([...at, "pattern"], expectation.pattern);
    case "json-schema":
      return schema([...at, "schema"], expectation.schema);
    case "tool-call":
      return [
        ...(tools.includes(expectation.tool) ? [] : [notOffered([...at, "tool"], expectation.tool, tools)]),
        ...schema([...at, "arguments"], expectation.arguments ?? {}),
      ];
    default:
      return [];
  }
}

function notOffered(path: Path, value: string, tools: readonly string[]): Finding {
  return {
    path,
    value,
    message: "the case does not offer this tool, so no model can call it",
    allowed: tools.join(", ") || "the case offers none",
    fix: suggest(value, tools, "name it under the case's tools"),
  };
}

function named(path: Path, value: string, known: readonly string[], what: string, where: string): Finding[] {
  if (known.includes(value)) return [];
  return [
    {
      path,
      value,
      message: `the suite has no such ${what}`,
      allowed: known.join(", ") || `there is none under ${where}`,
      fix: suggest(value, known, `write it under ${where}`),
    },
  ];
}

function reserved(at: Path, parameters: Readonly<Record<string, unknown>>): Finding[] {
  return Object.entries(parameters)
    .filter(([key]) => ownKeys.includes(key))
    .map(([key, value]) => ({
      path: [...at, key],
      value,
      message: "the suite's own words decide this key of the request",
      allowed: `keys other than ${ownKeys.join(", ")}`,
      fix: "remove it",
    }));
}

function schema(path: Path, value: JsonSchema): Finding[] {
  const problem = schemaProblem(value);
  if (problem === null) return [];
  const allowed = "a JSON Schema, draft 2020-12, without formats and without references to other files";
  return [{ path, value, message: `this is no schema that can be used: ${problem}`, allowed, fix: "mend it" }];
}

function pattern(path: Path, value: string): Finding[] {
  try {
    new RegExp(value, "u");
    return [];
  } catch (error) {
    const { message } = error as Error;
    const allowed = "a regular expression of JavaScript that holds with the flag u";
    return [{ path, value, message: `this is no pattern: ${message}`, allowed, fix: "mend it" }];
  }
}
