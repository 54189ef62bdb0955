import { afterEach, describe, expect, test } from "vitest";
import { ask } from "../../../operations/suites/call.ts";
import { CallError } from "../../../operations/suites/call-error.ts";
import type { Answer } from "../../../operations/suites/types.ts";
import { type Fault, type ModelServer, type Reply, startModelServer } from "../../support/model-server.ts";

/** One call by the official client: a whole answer, or why there is none. */

const request = { messages: [{ role: "user" as const, content: "Hello?" }] };
let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function answer(
  reply: Reply | Fault,
  stream = false,
  callSeconds = 20,
  token: string | null = null,
): Promise<Answer> {
  server = await startModelServer(() => reply);
  const { signal } = new AbortController();
  return ask({ baseUrl: server.baseUrl, model: "chat@here", token }, request, stream, { signal, callSeconds });
}

const call = { name: "look_up", arguments: '{"order_number":"4711-22"}' };

describe.each([
  ["at once", false],
  ["as a stream", true],
])("an answer %s", (_, stream) => {
  test("has its text, its tokens and what it calls", async () => {
    const found = await answer({ text: "Good morning to you.", tokens: [12, 7] }, stream);
    expect(found).toMatchObject({ text: "Good morning to you.", calls: [], inputTokens: 12, outputTokens: 7 });
    await server?.close();
    expect((await answer({ calls: [call, { name: "other", arguments: "{}" }] }, stream)).calls).toEqual([
      call,
      { name: "other", arguments: "{}" },
    ]);
  });

  test("whose tokens nobody counted has an unknown number of them", async () => {
    expect(await answer({ text: "Hi", tokens: null }, stream)).toMatchObject({ inputTokens: null, outputTokens: null });
  });

  test.each(["length", "content_filter"])("that ends with %s is not whole", async (end) => {
    await expect(answer({ text: "Good", end }, stream)).rejects.toThrow(`its finish_reason is ${end}`);
  });

  test.each<[string, Fault, string | RegExp]>([
    [
      "a refused token",
      { status: 401, message: "no such key" },
      /^HTTP 401 no such key \(the token is missing, wrong or expired/,
    ],
    ["an unknown route", { status: 404, message: "no route" }, /^HTTP 404 no route \(the gateway has no route/],
    ["a spent quota, without a second attempt", { status: 429, message: "slow down" }, /^HTTP 429 slow down/],
    ["a server that breaks", { status: 503, message: "later" }, /^HTTP 503 later$/],
    [
      "a page instead of an answer",
      { raw: "<html>hello</html>", type: "text/html" },
      /no chat completion|without a finish_reason/,
    ],
    ["JSON that is cut off", { raw: '{"id": "1', type: "application/json" }, /no JSON|without a finish_reason/],
    [
      "JSON of something else",
      { raw: '{"ok": true}', type: "application/json" },
      /no chat completion|without a finish_reason/,
    ],
    [
      "an empty list of choices",
      { raw: '{"choices": []}', type: "application/json" },
      /no chat completion|without a finish_reason/,
    ],
  ])("is not there: %s", async (_case, fault, words) => {
    const failed = answer(fault, stream);
    await expect(failed).rejects.toThrow(CallError);
    await expect(failed).rejects.toThrow(words);
    expect(server?.asked).toHaveLength(1);
  });

  test("that never comes is given up, and its connection closed", async () => {
    await expect(answer("silence", stream, 0.1)).rejects.toThrow("no whole answer within 0.1 s");
    await expect.poll(() => server?.open()).toBe(0);
  });

  test("from a port where nobody listens", async () => {
    server = await startModelServer(() => "silence");
    const { baseUrl } = server;
    await server.close();
    const { signal } = new AbortController();
    const failed = ask({ baseUrl, model: "m", token: null }, request, stream, { signal, callSeconds: 20 });
    await expect(failed).rejects.toThrow(`no connection to ${baseUrl}: ECONNREFUSED`);
  });

  test("is not waited for once somebody stopped the run: the reason is thrown", async () => {
    const controller = new AbortController();
    server = await startModelServer(() => {
      controller.abort(new Error("stopped by hand"));
      return "silence";
    });
    const endpoint = { baseUrl: server.baseUrl, model: "m", token: null };
    await expect(ask(endpoint, request, stream, { signal: controller.signal, callSeconds: 20 })).rejects.toThrow(
      "stopped by hand",
    );
    await expect.poll(() => server?.open()).toBe(0);
  });

  test("is asked for with the token that was given, or with none", async () => {
    await answer({ text: "Hi" }, stream, 20, "secret");
    expect(server?.headers[0]?.authorization).toBe("Bearer secret");
    await server?.close();
    await answer({ text: "Hi" }, stream);
    expect(server?.headers[0]?.authorization).toBeUndefined();
  });
});

test("a token that a server repeats in its error is not told on", async () => {
  const failed = answer(
    { status: 401, message: "Incorrect API key provided: s3cr3t-token" },
    false,
    20,
    "s3cr3t-token",
  );
  await expect(failed).rejects.toThrow("HTTP 401 Incorrect API key provided: (the token)");
});

describe("a stream", () => {
  test.each([
    ["without its last event", "end", "without a finish_reason"],
    ["without its mark", "mark", "without its mark [DONE]"],
  ] as const)("%s was cut off, though every word of it came", async (_, cut, words) => {
    await expect(answer({ text: "All of it.", cut }, true)).rejects.toThrow(words);
  });

  test("whose connection breaks in the middle is a failed call", async () => {
    await expect(answer({ text: "Half of it.", cut: "socket" }, true)).rejects.toThrow(CallError);
  });

  test.each([
    ["a line of its own, without the blank line after it, as the gateway writes it", "data: [DONE]\n"],
    ["a line that ends with the answer", "data: [DONE]"],
    ["a line in the manner of another system", "data:[DONE]\r\n\r\n"],
  ])("may have its mark on %s", async (_, mark) => {
    const event = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n';
    expect((await answer({ raw: event + mark, type: "text/event-stream" }, true)).text).toBe("Hi");
    await server?.close();
    const inText = event.replace("Hi", "data: [DONE]");
    await expect(answer({ raw: inText, type: "text/event-stream" }, true)).rejects.toThrow("without its mark");
  });

  test("with an error in the middle is a failed call", async () => {
    const raw =
      'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\ndata: {"error":{"message":"overloaded"}}\n\n';
    await expect(answer({ raw, type: "text/event-stream" }, true)).rejects.toThrow(
      "broke off with an error: overloaded",
    );
  });

  test("with an event that is no JSON is a failed call", async () => {
    const raw = "data: {oops\n\ndata: [DONE]\n\n";
    await expect(answer({ raw, type: "text/event-stream" }, true)).rejects.toThrow("no JSON");
  });

  test("tells in how many parts the answer came", async () => {
    expect((await answer({ text: "twenty-one characters" }, true)).parts).toBe(5);
    await server?.close();
    expect((await answer({ text: "twenty-one characters", inOnePiece: true }, true)).parts).toBe(1);
  });
});

test("nothing of the caller's own account goes to an endpoint", async () => {
  const own = { OPENAI_API_KEY: "own-key", OPENAI_ORG_ID: "own-org", OPENAI_BASE_URL: "http://127.0.0.1:1" };
  const before = { ...process.env };
  Object.assign(process.env, own);
  try {
    await answer({ text: "Hi" });
  } finally {
    for (const key of Object.keys(own)) delete process.env[key];
    Object.assign(process.env, before);
  }
  expect(server?.headers[0]?.authorization).toBeUndefined();
  expect(server?.headers[0]).not.toHaveProperty("openai-organization");
});
