import type { Path } from "../../infra/config/issues.ts";
import type { Evaluation, Message, SuiteFile } from "../../infra/config/suite.ts";
import type { JsonSchema } from "./json-schema.ts";
import { type Fact, keyFacts, promptFacts, textFacts, toolNameFacts, turnFacts } from "./lint-facts.ts";
import { lintSchema } from "./lint-schema.ts";
import type { Suite } from "./read.ts";

/** A place in a suite that is tied to one vendor. */
export interface Tie {
  readonly file: string;
  readonly path: Path;
  readonly line: number | undefined;
  /** What stands there. */
  readonly value: string;
  readonly fact: Fact;
}

/** A tie without its file. */
export type FoundTie = Pick<Tie, "path" | "value" | "fact">;

/** Where the prompts and tool definitions of a suite are tied to one vendor, by line. */
export function lintSuite({ file, content, lineOf }: Suite): Tie[] {
  const { system, tools, outputs, parameters, cases } = content;
  const found = [
    ...(system === undefined ? [] : prompt(["system"], system)),
    ...Object.entries(tools).flatMap(([name, tool]) => lintTool(["tools", name], name, tool)),
    ...Object.entries(outputs).flatMap(([name, output]) => lintSchema(["outputs", name], output)),
    ...keys(["parameters"], parameters),
    ...Object.entries(cases).flatMap(([name, evaluation]) =>
      lintCase(["cases", name], evaluation, system !== undefined),
    ),
  ];
  return found
    .map((tie) => ({ file, line: lineOf(tie.path), ...tie }))
    .sort((left, right) => (left.line ?? 0) - (right.line ?? 0));
}

function lintTool(at: Path, name: string, tool: SuiteFile["tools"][string]): FoundTie[] {
  const { description, parameters, ...others } = tool;
  return [
    ...toolNameFacts.filter(({ rule }) => !rule.test(name)).map((fact) => ({ path: at, value: name, fact })),
    ...prompt([...at, "description"], description),
    ...keys(at, others),
    ...(others.strict === true ? lintSchema([...at, "parameters"], parameters as JsonSchema) : []),
  ];
}

function lintCase(at: Path, { messages, parameters }: Evaluation, hasSystem: boolean): FoundTie[] {
  const turns = [...at, "messages"];
  return [
    ...messages.flatMap((message, index) => lintMessage([...turns, index], message, hasSystem || index > 0)),
    ...(messages.at(-1)?.role === "assistant"
      ? [{ path: [...turns, messages.length - 1], value: "assistant", fact: turnFacts.prefill }]
      : []),
    ...keys([...at, "parameters"], parameters),
  ];
}

function lintMessage(at: Path, message: Message, isLate: boolean): FoundTie[] {
  const { role, content = "" } = message;
  const instructs = role === "system" || role === "developer";
  return [
    ...(role === "developer" ? [{ path: [...at, "role"], value: role, fact: turnFacts.developer }] : []),
    ...(role === "system" && isLate ? [{ path: [...at, "role"], value: role, fact: turnFacts.lateSystem }] : []),
    ...(instructs ? prompt([...at, "content"], content) : texts([...at, "content"], content, textFacts)),
    ...keys(at, message),
  ];
}

const prompt = (at: Path, text: string): FoundTie[] => texts(at, text, [...textFacts, ...promptFacts]);

function texts(path: Path, text: string, facts: readonly (Fact & { readonly pattern: RegExp })[]): FoundTie[] {
  return facts.flatMap((fact) => {
    const value = fact.pattern.exec(text)?.[0];
    return value === undefined ? [] : [{ path, value, fact }];
  });
}

function keys(at: Path, owner: Readonly<Record<string, unknown>>): FoundTie[] {
  return Object.keys(owner).flatMap((key) =>
    keyFacts.filter((fact) => fact.keys.includes(key)).map((fact) => ({ path: [...at, key], value: key, fact })),
  );
}
