import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CapabilityContract } from "../../../components/plan/types.ts";
import { readSuites, type Suite } from "../../../operations/suites/read.ts";
import { runSuite, type SuiteTask } from "../../../operations/suites/run.ts";
import {
  type ChatBody,
  type Fault,
  lastText,
  type ModelServer,
  type Reply,
  startModelServer,
} from "../../support/model-server.ts";

/** A suite against several paths of one server, which tells them apart by the model's name. */

const folder = mkdtempSync(join(tmpdir(), "twocloud-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = `description: Sums.
system: You add numbers.
parameters: { max_completion_tokens: 100 }
tools:
  add: { description: Adds., parameters: { type: object, properties: { a: { type: number } } } }
outputs:
  sum: { type: object, properties: { sum: { type: number } }, required: [sum], additionalProperties: false }
cases:
  one: { messages: [{ role: user, content: "1 + 1" }], stream: true, expect: [{ grader: contains-any, texts: ["2"] }] }
  two: { messages: [{ role: user, content: "1 + 2" }], expect: [{ grader: regex, pattern: "^3$" }] }
  three: { messages: [{ role: user, content: "1 + 3" }], output: sum, expect: [{ grader: max-length, characters: 99 }] }
  four:
    tools: [add]
    parameters: { max_completion_tokens: 200 }
    messages:
      - { role: user, content: "1 + 4" }
      - { role: assistant, calls: [{ id: call_1, tool: add, arguments: { a: 1 } }] }
      - { role: tool, call: call_1, content: "5" }
    expect: [{ grader: contains-any, texts: ["5"] }]
`;

let suite: Suite;
beforeAll(() => {
  mkdirSync(join(folder, "suites"));
  writeFileSync(join(folder, "suites", "sums.yaml"), text);
  [suite] = readSuites(folder, ["sums"]) as [Suite];
});

let server: ModelServer;
afterEach(() => server.close());

const nothing: CapabilityContract = {
  contextTokens: 4000,
  tools: false,
  structuredOutput: false,
  streaming: false,
  modalities: ["text"],
};

const right: Readonly<Record<string, string>> = { "1 + 1": "2", "1 + 2": "3", "1 + 3": '{"sum": 4}', "5": "It is 5." };

/** A model that adds, and reads long prompts. */
function adds(body: ChatBody): Reply {
  const asked = lastText(body);
  const found = /heliotrope-\d+/.exec(asked)?.[0];
  return { text: found ?? right[asked] ?? "?", tokens: [asked.split(/\s+/).length, 2] };
}

interface Run {
  readonly models?: Readonly<Record<string, (body: ChatBody) => Reply | Fault | Promise<Reply | Fault>>>;
  readonly maxRegression?: number;
  readonly concurrency?: number;
  readonly callSeconds?: number;
  readonly signal?: AbortSignal;
}

async function run({ models = {}, maxRegression = 0.1, concurrency = 4, callSeconds = 20, signal }: Run) {
  server = await startModelServer((body) => (models[body.model] ?? adds)(body));
  const path = (role: "primary" | "fallback", model: string) => ({
    path: `sums/${model}`,
    role,
    endpoint: { baseUrl: server.baseUrl, model, token: null },
  });
  const task: SuiteTask = {
    workload: "sums",
    suite,
    quality: { minScore: 0.7, maxRegression },
    requires: nothing,
    paths: [path("primary", "large"), path("fallback", "small")],
  };
  return runSuite(task, { signal: signal ?? new AbortController().signal, concurrency, callSeconds });
}

test("paths that answer rightly hold, with all that was counted", async () => {
  const [first, second] = await run({});
  expect(first).toMatchObject({
    path: "sums/large",
    role: "primary",
    model: "large",
    passed: 4,
    score: 1,
    regression: null,
    verdict: "holds",
  });
  expect(second).toMatchObject({ path: "sums/small", passed: 4, regression: 0, verdict: "holds", reasons: [] });
  expect(first?.cases.map(({ name }) => name)).toEqual(["one", "two", "three", "four"]);
  expect(first?.cases[0]).toMatchObject({ passed: true, error: null, misses: [], inputTokens: 3, outputTokens: 2 });
  expect(first?.capabilities).toEqual([{ capability: "context length", holds: true, found: null }]);
});

test("a case is asked as an application would ask it", async () => {
  await run({});
  const asked = (content: string) => server.asked.find((body) => body.model === "large" && lastText(body) === content);
  const system = { role: "system", content: "You add numbers." };
  expect(asked("1 + 1")).toEqual({
    model: "large",
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 100,
    messages: [system, { role: "user", content: "1 + 1" }],
  });
  expect(asked("1 + 3")?.response_format).toEqual({
    type: "json_schema",
    json_schema: { name: "sum", strict: true, schema: suite.content.outputs.sum },
  });
  expect(asked("5")).toEqual({
    model: "large",
    stream: false,
    max_completion_tokens: 200,
    tools: [
      {
        type: "function",
        function: { name: "add", description: "Adds.", parameters: suite.content.tools.add?.parameters },
      },
    ],
    messages: [
      system,
      { role: "user", content: "1 + 4" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "add", arguments: '{"a":1}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "5" },
    ],
  });
});

/** Everything right but one answer. */
const but = (asked: string, reply: Reply | Fault) => (body: ChatBody) =>
  lastText(body) === asked ? reply : adds(body);

describe("a case does not pass", () => {
  test.each<[string, string, Reply | Fault, object]>([
    [
      "with a wrong answer",
      "1 + 2",
      { text: "4" },
      { error: null, misses: [{ grader: "regex", found: 'no match of ^3$ in "4"' }] },
    ],
    [
      "with an answer that is not of its output, whatever else holds",
      "1 + 3",
      { text: '{"sum": "4"}' },
      { error: null, misses: [{ grader: "output", found: expect.stringContaining("/sum must be number") }] },
    ],
    [
      "with a stream that was cut off, though the right word came",
      "1 + 1",
      { text: "2", cut: "end" },
      { misses: [], error: expect.stringContaining("finish_reason") },
    ],
    [
      "with a stream without its mark, though all of it came",
      "1 + 1",
      { text: "2", cut: "mark" },
      { misses: [], error: expect.stringContaining("[DONE]") },
    ],
    [
      "with a page instead of an answer",
      "1 + 2",
      { raw: "<html>3</html>", type: "text/html" },
      { misses: [], error: expect.stringContaining("no chat completion") },
    ],
    [
      "with a refusal of the server",
      "1 + 2",
      { status: 401, message: "expired" },
      { misses: [], error: expect.stringContaining("HTTP 401 expired") },
    ],
  ])("%s", async (_, asked, reply, expected) => {
    const [first, second] = await run({ models: { small: but(asked, reply) } });
    expect(first).toMatchObject({ passed: 4, verdict: "holds" });
    expect(second).toMatchObject({
      passed: 3,
      score: 0.75,
      regression: 0.25,
      verdict: "below",
      reasons: ["25 % below the primary, at most 10 %"],
    });
    expect(second?.cases.filter(({ passed }) => !passed)).toMatchObject([expected]);
  });

  test("when its answer does not come in time; the others do", async () => {
    const [, second] = await run({ models: { small: but("1 + 2", "silence") }, callSeconds: 0.5, maxRegression: 0.25 });
    expect(second).toMatchObject({ passed: 3, verdict: "holds" });
    expect(second?.cases[1]).toMatchObject({ passed: false, error: "no whole answer within 0.5 s" });
  });
});

test("a path without any answer is broken, and says why in every case", async () => {
  const [first, second] = await run({ models: { large: () => ({ status: 503, message: "down" }) } });
  expect(first).toMatchObject({ score: 0, verdict: "broken" });
  expect(new Set(first?.cases.map(({ error }) => error))).toEqual(new Set(["HTTP 503 down"]));
  expect(first?.capabilities).toEqual([{ capability: "context length", holds: false, found: "HTTP 503 down" }]);
  expect(second).toMatchObject({ score: 1, regression: null, verdict: "holds" });
});

test("no more calls than allowed are under way at once, over all paths", async () => {
  const second = Promise.withResolvers<void>();
  const paired = async (body: ChatBody) => {
    if (server.asked.length === 2) second.resolve();
    await second.promise;
    return adds(body);
  };
  await run({ models: { large: paired, small: paired }, concurrency: 2 });
  expect(server.mostOpen()).toBe(2);
  expect(server.asked.length).toBe(2 * (4 + 3));
});

test("whoever stops it leaves no call behind, and none begins", async () => {
  const controller = new AbortController();
  const silent = () => {
    if (server.asked.length === 3) controller.abort(new Error("stopped by hand"));
    return "silence" as const;
  };
  const stopped = run({ models: { large: silent, small: silent }, concurrency: 3, signal: controller.signal });
  await expect(stopped).rejects.toThrow("stopped by hand");
  await expect.poll(() => server.open()).toBe(0);
  expect(server.asked).toHaveLength(3);
});
