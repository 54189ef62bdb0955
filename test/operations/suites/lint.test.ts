import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { formatPath } from "../../../components/plan/problem.ts";
import { suiteNames } from "../../../infra/sources.ts";
import { stacksFolder } from "../../../operations/commands/load.ts";
import { lintJson, lintReport } from "../../../operations/report/lint.ts";
import { lintSuite } from "../../../operations/suites/lint.ts";
import * as facts from "../../../operations/suites/lint-facts.ts";
import { readSuites } from "../../../operations/suites/read.ts";

/** What in a suite is tied to one vendor, and what is not. */

const folder = mkdtempSync(join(tmpdir(), "twocloud-lint-"));
mkdirSync(join(folder, "suites"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Parts {
  readonly system?: string;
  readonly tool?: string;
  readonly toolName?: string;
  readonly description?: string;
  readonly output?: string;
  readonly parameters?: string;
  readonly messages?: string;
}

const plain = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };

/** A suite in which nothing is tied, but for these parts. Line 3 is the system prompt, 6 the tool, 8 the output. */
function suiteOf({
  system = "Help.",
  tool = "",
  toolName = "look_up",
  description = "Looks up.",
  output,
  parameters = "{}",
  messages,
}: Parts) {
  const text = `description: x
# two
system: ${JSON.stringify(system)}
tools:
  # five
  ${toolName}: { description: ${description}, parameters: ${JSON.stringify(plain)}${tool} }
outputs:
  out: ${output ?? JSON.stringify(plain)}
cases:
  one:
    parameters: ${parameters}
    messages: ${messages ?? '[{ role: user, content: "Hello?" }]'}
    expect: [{ grader: no-tool-call }]
`;
  writeFileSync(join(folder, "suites", "x.yaml"), text);
  return readSuites(folder, ["x"]);
}

const lint = (parts: Parts) => suiteOf(parts).flatMap(lintSuite);
const told = (parts: Parts) =>
  lint(parts).map(({ line, path, value, fact }) => `${line} ${formatPath(path)} ${value}: ${fact.vendor}`);

const schema = (extra: object) => JSON.stringify({ ...plain, ...extra });
const field = (extra: object) => JSON.stringify({ ...plain, properties: { a: { type: "string", ...extra } } });

test("a plain suite is tied to nobody", () => expect(told({})).toEqual([]));

describe("tied to one vendor is", () => {
  test.each<[string, Parts, string[]]>([
    ["a prompt that names a model", { system: "You are ChatGPT." }, ["3 system ChatGPT: OpenAI"]],
    ["a prompt that names a version", { system: "You are a GPT-5.4 model." }, ["3 system GPT-5.4: OpenAI"]],
    [
      "a prompt that names two",
      { system: "Claude or Gemini" },
      ["3 system Claude: Anthropic", "3 system Gemini: Google"],
    ],
    [
      "a prompt that names open weights",
      { system: "Llama, Qwen3 and Gemma" },
      ["3 system Gemma: Google", "3 system Llama: Meta", "3 system Qwen3: Alibaba (Qwen)"],
    ],
    [
      "a prompt that sets how long one model thinks",
      { system: "Help.\nReasoning: high" },
      ["3 system Reasoning: high: OpenAI (gpt-oss)"],
    ],
    [
      "a tool whose description names a model",
      { description: "What Claude must call." },
      ["6 tools.look_up.description Claude: Anthropic"],
    ],
    [
      "a role of one vendor",
      {
        messages: '[{ role: developer, content: "Be Claude." }, { role: user, content: Hi }]',
      },
      ["12 cases.one.messages[0].role developer: OpenAI", "12 cases.one.messages[0].content Claude: Anthropic"],
    ],
    [
      "a chat template's token",
      { messages: '[{ role: user, content: "<|im_start|>user" }]' },
      ["12 cases.one.messages[0].content <|im_start|>: Alibaba (Qwen)"],
    ],
    ["a harmony token", { system: "<|channel|>final" }, ["3 system <|channel|>: OpenAI (gpt-oss)"]],
    ["a token of Llama", { system: "a<|eot_id|>" }, ["3 system <|eot_id|>: Meta (Llama)"]],
    ["a token of Gemma", { system: "<start_of_turn>user" }, ["3 system <start_of_turn>: Google (Gemma)"]],
    [
      "a tag to think in",
      { system: "Use <thinking> first, or <think>." },
      ["3 system <think>: Alibaba (Qwen)", "3 system <thinking>: Anthropic"],
    ],
    [
      "a temperature",
      { parameters: "{ temperature: 0 }" },
      ["11 cases.one.parameters.temperature temperature: Azure OpenAI"],
    ],
    [
      "the old limit of tokens",
      { parameters: "{ max_tokens: 9 }" },
      ["11 cases.one.parameters.max_tokens max_tokens: Azure OpenAI"],
    ],
    [
      "a key that two vendors do not have",
      { parameters: "{ logit_bias: {} }" },
      [
        "11 cases.one.parameters.logit_bias logit_bias: Azure OpenAI",
        "11 cases.one.parameters.logit_bias logit_bias: Amazon Bedrock",
      ],
    ],
    [
      "how much a model thinks",
      { parameters: "{ reasoning_effort: low }" },
      ["11 cases.one.parameters.reasoning_effort reasoning_effort: Amazon Bedrock"],
    ],
    [
      "what a model server adds",
      { parameters: "{ top_k: 5, parallel_tool_calls: false }" },
      [
        "11 cases.one.parameters.top_k top_k: vLLM",
        "11 cases.one.parameters.parallel_tool_calls parallel_tool_calls: vLLM",
      ],
    ],
    [
      "a vendor's own settings",
      { parameters: "{ google: {}, thinking: {} }" },
      ["11 cases.one.parameters.google google: Google", "11 cases.one.parameters.thinking thinking: Anthropic"],
    ],
    [
      "a mark for the cache in a message",
      { messages: "[{ role: user, content: Hi, cache_control: { type: ephemeral } }]" },
      ["12 cases.one.messages[0].cache_control cache_control: Anthropic"],
    ],
    [
      "a mark for the cache in a tool",
      { tool: ", cache_control: { type: ephemeral }" },
      ["6 tools.look_up.cache_control cache_control: Anthropic"],
    ],
    [
      "a second system message",
      { messages: '[{ role: system, content: "Be short." }, { role: user, content: Hi }]' },
      ["12 cases.one.messages[0].role system: Anthropic"],
    ],
    [
      "the beginning of the answer",
      { messages: '[{ role: user, content: Hi }, { role: assistant, content: "{" }]' },
      ["12 cases.one.messages[1] assistant: Anthropic"],
    ],
    [
      "a tool with a dot in its name",
      { toolName: "orders.look_up" },
      [
        "6 tools.orders.look_up orders.look_up: OpenAI",
        "6 tools.orders.look_up orders.look_up: Amazon Bedrock",
        "6 tools.orders.look_up orders.look_up: Google",
      ],
    ],
    ["a tool whose name begins with a digit", { toolName: "2nd_look" }, ["6 tools.2nd_look 2nd_look: Google"]],
    [
      "an answer with room for more",
      { output: schema({ additionalProperties: undefined }) },
      ["8 outputs.out.additionalProperties (missing): Azure OpenAI"],
    ],
    [
      "an answer with what may be missing",
      { output: schema({ required: [] }) },
      ["8 outputs.out.properties.a a: Azure OpenAI"],
    ],
    [
      "an answer with bounds",
      { output: field({ maxLength: 3 }) },
      [
        "8 outputs.out.properties.a.maxLength maxLength: Azure OpenAI",
        "8 outputs.out.properties.a.maxLength maxLength: Anthropic",
      ],
    ],
    [
      "an answer that joins schemas",
      { output: field({ oneOf: [{ const: "x" }] }) },
      ["8 outputs.out.properties.a.oneOf oneOf: Azure OpenAI"],
    ],
    [
      "an answer that is a choice",
      { output: JSON.stringify({ anyOf: [plain] }) },
      ["8 outputs.out.anyOf anyOf: Azure OpenAI"],
    ],
    ["an answer that contains itself", { output: field({ $ref: "#" }) }, ["8 outputs.out.properties.a.$ref #: Google"]],
    [
      "an answer that contains itself by a detour",
      {
        output: schema({
          properties: { a: { $ref: "#/$defs/b" } },
          $defs: { b: { type: "array", items: { $ref: "#/$defs/c" } }, c: { anyOf: [{ $ref: "#/$defs/b" }] } },
        }),
      },
      [
        "8 outputs.out.$defs.b.items.$ref #/$defs/c: Google",
        "8 outputs.out.properties.a.$ref #/$defs/b: Google",
        "8 outputs.out.$defs.c.anyOf[0].$ref #/$defs/b: Google",
      ],
    ],
  ])("%s", (_, parts, expected) => expect(told(parts).sort()).toEqual([...expected].sort()));
});

describe("tied to nobody is", () => {
  test.each<[string, Parts]>([
    ["a customer who speaks of a model", { messages: '[{ role: user, content: "Are you Claude, or ChatGPT?" }]' }],
    ["a word that only looks like a name", { system: "Claudette sells llama wool and geminis." }],
    ["a limit of tokens that all take", { parameters: "{ max_completion_tokens: 4000 }" }],
    ["a schema by which arguments are described, not held", { tool: ", strict: false", output: schema({}) }],
    [
      "a schema that uses a definition twice",
      { output: schema({ properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: { type: "string" } } }) },
    ],
    [
      "a choice inside an answer",
      { output: field({ type: undefined, anyOf: [{ type: "string" }, { type: "null" }] }) },
    ],
    [
      "a property that has the name of a keyword",
      { output: JSON.stringify({ ...plain, properties: { pattern: { type: "string" } }, required: ["pattern"] }) },
    ],
  ])("%s", (_, parts) => expect(told(parts)).toEqual([]));
});

test("a tool's schema is held against the vendors only where the tool is strict", () => {
  const open = JSON.stringify({ type: "object", properties: { n: { type: "integer", minimum: 1 } } });
  const suite = (strict: boolean) => {
    writeFileSync(
      join(folder, "suites", "y.yaml"),
      `description: x\ntools: { t: { description: T., strict: ${strict}, parameters: ${open} } }\ncases: { one: { messages: [{ role: user, content: Hi }], expect: [{ grader: no-tool-call }] } }\n`,
    );
    return readSuites(folder, ["y"]).flatMap(lintSuite);
  };
  expect(suite(false)).toEqual([]);
  expect(
    suite(true)
      .map(({ value }) => value)
      .sort(),
  ).toEqual(["(missing)", "minimum", "minimum", "n"]);
});

test("the shipped suites are tied to nobody", () => {
  const shipped = readSuites(stacksFolder, suiteNames(stacksFolder));
  expect(shipped.length).toBeGreaterThanOrEqual(2);
  expect(shipped.flatMap(lintSuite)).toEqual([]);
});

test("every fact names its vendor, a page, the day on which that was read, and what to do", () => {
  const all = Object.values(facts).flatMap((table) => Object.values(table) as facts.Fact[]);
  expect(all.length).toBeGreaterThan(25);
  const bad = all.filter(
    ({ vendor, says, fix, source, seen }) =>
      vendor === "" ||
      says.length < 10 ||
      fix === "" ||
      !/^https:\/\/\S+$/.test(source) ||
      !/^\d{4}-\d\d-\d\d$/.test(seen),
  );
  expect(bad).toEqual([]);
});

describe("the report", () => {
  const ties = () => lint({ system: "You are ChatGPT.", parameters: "{ logit_bias: {} }" });

  test("shows each place once, with what the vendors say, what to do, and the whole address", () => {
    const text = lintReport(["x"], ties(), { width: 60, colour: false });
    expect(text.match(/stacks\/suites\/x\.yaml:11/g)).toHaveLength(1);
    expect(text).toContain("ChatGPT: OpenAI: names of its models");
    expect(text).toContain(`    source  ${facts.turnFacts.developer.source} (2026-11-27)`);
    expect(text.trimEnd().endsWith("1 suite (x): 3 ties to one vendor.")).toBe(true);
  });

  test("says when there is nothing to say", () => {
    expect(lintReport(["a", "b"], [], { width: 80, colour: false })).toBe(
      "2 suites (a, b): nothing is tied to one vendor.\n",
    );
  });

  test("holds the same as JSON", () => {
    const answer = JSON.parse(lintJson(["x"], ties()));
    expect(answer).toMatchObject({ schemaVersion: 1, exitCode: 1, suites: ["x"] });
    expect(answer.ties[0]).toMatchObject({
      file: "stacks/suites/x.yaml",
      line: 3,
      path: "system",
      value: "ChatGPT",
      vendor: "OpenAI",
    });
    expect(JSON.parse(lintJson(["x"], [])).exitCode).toBe(0);
  });
});
