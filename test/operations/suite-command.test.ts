import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { UsageError } from "../../operations/commands/load.ts";
import { suiteCommand } from "../../operations/commands/suite.ts";
import type { SuiteOptions } from "../../operations/commands/suite-options.ts";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";
import {
  type ChatBody,
  type Fault,
  lastText,
  type ModelServer,
  type Reply,
  startModelServer,
} from "../support/model-server.ts";

/** `twocloud suite` through a gateway on the loopback: what it asks, what it prints, and with which code it ends. */

const asOf = "2026-11-21";
const scratch = mkdtempSync(join(tmpdir(), "twocloud-suite-command-"));
const stacks = join(scratch, "stacks");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const suite = (question: string, answer: string) => `description: One question.
cases:
  a-question: { messages: [{ role: user, content: "${question}" }], expect: [{ grader: contains-any, texts: [${answer}] }] }
  another: { messages: [{ role: user, content: "${question} again" }], expect: [{ grader: contains-any, texts: [${answer}] }] }
`;

beforeAll(() => {
  cpSync(join(projectRoot, "stacks"), stacks, { recursive: true });
  writeSuite("support-chat", suite("chat", "yes"));
  writeSuite("invoice-extraction", suite("invoice", "yes"));
});

function writeSuite(name: string, text: string): void {
  writeFileSync(join(stacks, "suites", `${name}.yaml`), text);
}

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A model that says yes, and can all that a contract may ask for. */
function able(body: ChatBody): Reply {
  const text = lastText(body);
  const tokens: [number, number] = [text.split(/\s+/).length, 1];
  if (body.tool_choice !== undefined)
    return { calls: [{ name: "get_temperature", arguments: '{"city":"Oslo","unit":"celsius"}' }], tokens };
  if (body.response_format !== undefined) return { text: '{"name":"Ada Byron","age":36}', tokens };
  if (text.includes("colour")) return { text: "Red", tokens };
  return { text: /heliotrope-\d+/.exec(text)?.[0] ?? "yes, and yes again", tokens };
}

async function gateway(reply: (body: ChatBody) => Reply | Fault = able): Promise<string> {
  server = await startModelServer(reply);
  return server.baseUrl;
}

async function run(options: Partial<SuiteOptions>, environment: NodeJS.ProcessEnv = {}) {
  const written: string[] = [];
  const told: string[] = [];
  const place = {
    out: { write: (text: string) => void written.push(text) },
    progress: { write: (text: string) => void told.push(text) },
    style: { width: 110, colour: false },
    limits: { callSeconds: 20, concurrency: 4 },
    ...{ environment, asOf, stacks },
  };
  const code = await suiteCommand({ lint: false, json: false, ...options }, place);
  return { code, text: written.join(""), told: told.join("") };
}

describe("over a whole stack", () => {
  test("every path is asked by its pinned name, with the token of the variable, and all of it holds", async () => {
    const endpoint = await gateway();
    const { code, text, told } = await run(
      { stack: "prod", endpoint: `${endpoint}/`, tokenEnv: "AI_TOKEN" },
      { AI_TOKEN: "secret" },
    );
    expect(code).toBe(0);
    expect([...new Set(server?.asked.map(({ model }) => model))].sort()).toEqual([
      "invoice-extraction@azure-main",
      "invoice-extraction@gcp-main",
      "support-chat@aws-main",
      "support-chat@azure-main",
      "support-chat@gcp-main",
    ]);
    expect(new Set(server?.headers.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer secret"]));
    expect(text + told).not.toContain("secret");
    for (const words of [
      "support-chat, suite support-chat: at least 90 % of 2 cases",
      "support-chat/gcp-main",
      "3 of 3",
      "5 of 5 paths hold.",
    ])
      expect(text).toContain(words);
    expect(told).toContain("invoice-extraction: 2 cases of invoice-extraction and the capability contract on 2 paths");
  });

  test("one workload can be meant alone", async () => {
    const { text } = await run({ stack: "prod", endpoint: await gateway(), workload: "invoice-extraction" });
    expect(text).not.toContain("support-chat");
    expect(text).toContain("2 of 2 paths hold.");
  });

  test("the same is there as JSON", async () => {
    const { code, text } = await run({ stack: "prod", endpoint: await gateway(), json: true });
    const answer = JSON.parse(text);
    expect(answer).toMatchObject({ schemaVersion: 1, exitCode: code });
    expect(
      answer.workloads.map(({ workload, suite: name, quality }: Record<string, unknown>) => [workload, name, quality]),
    ).toEqual([
      ["support-chat", "support-chat", { suite: "support-chat", minScore: 0.9, maxRegression: 0.03 }],
      [
        "invoice-extraction",
        "invoice-extraction",
        { suite: "invoice-extraction", minScore: 0.97, maxRegression: 0.01 },
      ],
    ]);
    expect(answer.workloads[0].paths[1]).toMatchObject({
      path: "support-chat/aws-main",
      role: "fallback",
      model: "support-chat@aws-main",
      score: 1,
      regression: 0,
      verdict: "holds",
    });
  });
});

describe("exit codes", () => {
  const chat = { stack: "prod", workload: "support-chat" };
  const only = (model: string, reply: (body: ChatBody) => Reply | Fault) => (body: ChatBody) =>
    body.model === model ? reply(body) : able(body);
  const isCase = (body: ChatBody) => lastText(body).startsWith("chat");

  test.each<[string, (body: ChatBody) => Reply | Fault, number, string[]]>([
    [
      "1: a fallback's wrong answer, which is told",
      only("support-chat@aws-main", (body) =>
        lastText(body) === "chat again" ? { ...able(body), text: "no" } : able(body),
      ),
      1,
      [
        "50 %",
        "below: score 50 %, at least 90 %; 50 % below the primary, at most 3 %",
        'contains-any: none of "yes" in "no"',
        "2 of 3 paths hold, 1 below",
      ],
    ],
    [
      "1: a demand of the contract that a path does not meet",
      only("support-chat@gcp-main", (body) => (body.tool_choice === undefined ? able(body) : { text: "Cold." })),
      1,
      ["2 of 3", "does not meet the contract: tools", "contract: tools the tool that it had to call was not called"],
    ],
    [
      "2: a path without any answer, beside one that is below",
      (body) =>
        body.model === "support-chat@aws-main"
          ? { status: 401, message: "expired" }
          : isCase(body) && body.model.endsWith("gcp-main")
            ? { text: "no" }
            : able(body),
      2,
      [
        "broken: no call brought a whole answer",
        "a-question, another, contract: tools, contract: streaming, contract: context length HTTP 401 expired",
        "unknown",
        "1 of 3 paths hold, 1 below what is promised, 1 without an answer.",
      ],
    ],
  ])("%s", async (_, reply, expected, words) => {
    const { code, text } = await run({ ...chat, endpoint: await gateway(reply) });
    expect(code).toBe(expected);
    for (const each of words) expect(text.replaceAll(/\s+/g, " ")).toContain(each);
  });

  test("2: nobody listens at the endpoint", async () => {
    const endpoint = await gateway();
    await server?.close();
    const { code, text } = await run({ ...chat, endpoint });
    expect(code).toBe(2);
    expect(text).toContain(`no connection to ${endpoint}: ECONNREFUSED`);
  });
});

describe("what is missing or wrong is told before anybody is called", () => {
  test.each<[string, Partial<SuiteOptions>, string[]]>([
    ["everything", { tokenEnv: "NOWHERE" }, ["--stack <name>", "--endpoint <url>", "NOWHERE is not set"]],
    ["an address without a scheme", { stack: "prod", endpoint: "ai.example.com/v1" }, ["ai.example.com/v1 is no URL"]],
    [
      "a password in the address",
      { stack: "prod", endpoint: "https://me:word@ai.example.com/v1" },
      ["token by --token-env"],
    ],
    [
      "a token over plain HTTP",
      { stack: "prod", endpoint: "http://ai.example.com/v1", tokenEnv: "AI_TOKEN" },
      ["unencrypted; write https"],
    ],
    ["an unknown stack", { stack: "prd", endpoint: "https://ai.example.com/v1" }, ["Did you mean prod?"]],
    [
      "an unknown workload",
      { stack: "prod", endpoint: "https://ai.example.com/v1", workload: "suport-chat" },
      ["There is no workload suport-chat in prod", "did you mean support-chat?"],
    ],
    ["a lint that would call", { lint: true, endpoint: "https://ai.example.com/v1" }, ["--lint calls nobody"]],
    [
      "a lint of a workload of no stack",
      { lint: true, workload: "support-chat" },
      ["Say whose workload support-chat is"],
    ],
  ])("%s", async (_, options, words) => {
    const refused = run(options, { AI_TOKEN: "secret" });
    await expect(refused).rejects.toThrow(UsageError);
    for (const each of words) await expect(refused).rejects.toThrow(each);
  });

  test.each([
    [
      "a malformed suite, with its line",
      "suites/support-chat.yaml",
      "grader: contains-any, texts: [yes] }] }\n  another",
      "grader: contians-any, texts: [yes] }] }\n  another",
      /suites\/support-chat\.yaml:3 {2}cases\.a-question\.expect\[0\]\.grader[\s\S]*did you mean contains-any\?/,
    ],
    [
      "a suite that is not there",
      "slos.yaml",
      "suite: support-chat",
      "suite: support-chats",
      /slos\.yaml:10 {2}interactive-chat\.quality\.suite[\s\S]*did you mean support-chat\?/,
    ],
  ])("%s", async (_, file, from, to, words) => {
    const path = join(stacks, file);
    const before = readFileSync(path, "utf8");
    expect(before.split(from)).toHaveLength(2);
    writeFileSync(path, before.replace(from, to));
    try {
      await expect(run({ stack: "prod", endpoint: await gateway() })).rejects.toThrow(words);
      expect(server?.asked).toEqual([]);
    } finally {
      writeFileSync(path, before);
    }
  });
});

describe("--lint", () => {
  test("looks at all suites, also at those that no workload names", async () => {
    writeSuite("unused", suite("Hello <|im_start|>", "yes"));
    try {
      const { code, text } = await run({ lint: true });
      expect(code).toBe(1);
      expect(text).toContain("stacks/suites/unused.yaml:3");
      expect((await run({ lint: true, stack: "prod" })).code).toBe(0);
      expect(JSON.parse((await run({ lint: true, json: true })).text)).toMatchObject({
        exitCode: 1,
        ties: [{ value: "<|im_start|>" }, {}],
      });
    } finally {
      rmSync(join(stacks, "suites", "unused.yaml"));
    }
  });

  test("of one workload looks at its suite", async () => {
    const { code, text } = await run({ lint: true, stack: "prod", workload: "support-chat" });
    expect([code, text]).toEqual([0, "1 suite (support-chat): nothing is tied to one vendor.\n"]);
  });
});

describe("as a person types it", () => {
  const main = join(projectRoot, "operations/main.ts");
  const start = (...args: string[]) => {
    const child = spawn(nodeBinary(), ["--disable-warning=ExperimentalWarning", main, "suite", ...args], {
      env: { ...process.env, TWOCLOUD_AS_OF: asOf },
    });
    const chunks = { out: "", err: "" };
    child.stdout.on("data", (chunk) => (chunks.out += chunk));
    child.stderr.on("data", (chunk) => (chunks.err += chunk));
    const end = once(child, "close").then(([code]) => ({ code: code as number | null, ...chunks }));
    return { child, end };
  };

  test("a lint of the shipped suites ends with 0", async () => {
    expect(await start("--lint").end).toEqual({
      code: 0,
      out: "2 suites (invoice-extraction, support-chat): nothing is tied to one vendor.\n",
      err: "",
    });
  });

  test.each([
    [["--stack", "prod"], "--endpoint <url>"],
    [["--stack", "prd", "--endpoint", "https://ai.example.com/v1"], "Did you mean prod?"],
    [
      ["--stack", "prod", "--endpoint", "https://ai.example.com/v1", "--token-env", "TWOCLOUD_NO_SUCH"],
      "TWOCLOUD_NO_SUCH is not set",
    ],
    [["--stak", "prod"], "--stack"],
  ])("%j ends with 2 and says what to do, without a stack trace", async (args, words) => {
    const { code, out, err } = await start(...args).end;
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends all calls and the command, with 130", async (signal) => {
    const waiting = Promise.withResolvers<void>();
    const endpoint = await gateway(() => {
      if (server?.open() === 4) waiting.resolve();
      return "silence";
    });
    const { child, end } = start("--stack", "prod", "--endpoint", endpoint);
    await Promise.race([waiting.promise, end]);
    child.kill(signal);
    const { code, out, err } = await end;
    expect([code, out]).toEqual([130, ""]);
    expect(err).toContain("The suite was interrupted");
    expect(err).not.toMatch(/\n\s+at /);
    await expect.poll(() => server?.open()).toBe(0);
  });
});
