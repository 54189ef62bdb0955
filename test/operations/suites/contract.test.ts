import { inflateSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { CapabilityContract } from "../../../components/plan/types.ts";
import { ask } from "../../../operations/suites/call.ts";
import { demandedProbes } from "../../../operations/suites/contract.ts";
import { colourImage } from "../../../operations/suites/image.ts";
import {
  type ChatBody,
  type Fault,
  lastText,
  type ModelServer,
  type Reply,
  startModelServer,
} from "../../support/model-server.ts";

/** The capability contract against a model that can everything, and against models that lack one thing. */

const everything: CapabilityContract = {
  contextTokens: 8000,
  tools: true,
  structuredOutput: true,
  streaming: true,
  modalities: ["text", "image", "audio"],
};

/** A model whose tokens are words. */
function able(body: ChatBody): Reply {
  const text = lastText(body);
  const tokens: [number, number] = [text.split(/\s+/).length + 9, 5];
  if (body.tool_choice !== undefined)
    return { calls: [{ name: "get_temperature", arguments: '{"city":"Oslo","unit":"celsius"}' }], tokens };
  if (body.response_format !== undefined) return { text: '{"name":"Ada Byron","age":36}', tokens };
  if (text.includes("colour")) return { text: "Red.", tokens };
  if (text.includes("access word")) return { text: /heliotrope-\d+/.exec(text)?.[0] ?? "", tokens };
  return { text: "one\ntwo\nthree", tokens };
}

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function found(reply: (body: ChatBody) => Reply | Fault, requires: CapabilityContract = everything) {
  server = await startModelServer(reply);
  const endpoint = { baseUrl: server.baseUrl, model: "m", token: null };
  const limits = { signal: new AbortController().signal, callSeconds: 20 };
  const results: Record<string, [boolean | null, string | null]> = {};
  for (const probe of demandedProbes(requires)) {
    const { capability, holds, found } = await probe.run((request, stream = false) =>
      ask(endpoint, request, stream, limits),
    );
    results[capability] = [holds, found];
  }
  return results;
}

test("a model that can all of it meets it; what no call can check is said to be unchecked", async () => {
  expect(await found(able)).toEqual({
    tools: [true, null],
    "structured output": [true, null],
    streaming: [true, null],
    image: [true, null],
    audio: [null, "no call checks it"],
    "context length": [true, null],
  });
});

test("only what the workload demands is asked for", async () => {
  const modest = {
    contextTokens: 4000,
    tools: false,
    structuredOutput: false,
    streaming: false,
    modalities: ["text"] as const,
  };
  expect(Object.keys(await found(able, modest))).toEqual(["context length"]);
  expect(server?.asked.some(({ stream, tools, response_format }) => stream || tools || response_format)).toBe(false);
});

test("the prompt of the demanded length has that length by the endpoint's own count", async () => {
  await found(able, { ...everything, contextTokens: 20_000 });
  const sizes = (server?.asked ?? []).map((body) => able(body).tokens?.[0] ?? 0);
  expect(Math.max(...sizes)).toBeGreaterThan(18_900);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000 - 1024);
});

describe("a model does not meet it", () => {
  const isLong = (body: ChatBody) => lastText(body).length > 20_000;
  const isContext = (body: ChatBody) => lastText(body).includes("access word");
  test.each<[string, string, (body: ChatBody) => Reply | Fault, string]>([
    [
      "that answers instead of calling the tool",
      "tools",
      () => ({ text: "It is cold." }),
      'was not called: "It is cold."',
    ],
    [
      "that calls with arguments of another form",
      "tools",
      () => ({ calls: [{ name: "get_temperature", arguments: '{"city":"Oslo"}' }] }),
      "must have required property 'unit'",
    ],
    [
      "that calls with half a JSON",
      "tools",
      () => ({ calls: [{ name: "get_temperature", arguments: '{"city":' }] }),
      "no JSON",
    ],
    [
      "that wraps its JSON into words",
      "structured output",
      () => ({ text: 'Here: {"name":"Ada","age":36}' }),
      "no JSON",
    ],
    [
      "whose JSON is of another form",
      "structured output",
      () => ({ text: '{"name":"Ada","age":"36"}' }),
      "/age must be integer",
    ],
    [
      "that does not know structured output",
      "structured output",
      () => ({ status: 400, message: "response_format is not supported" }),
      "HTTP 400 response_format is not supported",
    ],
    [
      "whose stream comes in one piece",
      "streaming",
      () => ({ text: "one two three", inOnePiece: true }),
      "came in one piece",
    ],
    ["whose stream has no end", "streaming", () => ({ text: "one two three", cut: "mark" }), "[DONE]"],
    ["that does not see", "image", () => ({ text: "I cannot see images." }), "a red image is said to be"],
    [
      "that refuses a long prompt",
      "context length",
      (body) => (isLong(body) ? { status: 400, message: "context_length_exceeded" } : able(body)),
      "HTTP 400 context_length_exceeded",
    ],
    [
      "that loses the middle of a long prompt",
      "context length",
      (body) => (isLong(body) ? { ...able(body), text: "I do not know." } : able(body)),
      "what stands in the middle of",
    ],
    [
      "that reads the end of a long prompt only",
      "context length",
      (body) => (isLong(body) ? { ...able(body), tokens: [2000, 5] } : able(body)),
      "2000 were read: it was cut",
    ],
    [
      "that does not count its tokens",
      "context length",
      (body) => (isContext(body) ? { ...able(body), tokens: null } : able(body)),
      "counts no tokens",
    ],
    [
      "that always counts the same",
      "context length",
      (body) => (isContext(body) ? { ...able(body), tokens: [7, 5] } : able(body)),
      "the count is wrong",
    ],
  ])("%s", async (_, capability, reply, words) => {
    const [holds, told] = (await found(reply, { ...everything, modalities: ["text", "image"] }))[capability] ?? [];
    expect(holds).toBe(false);
    expect(told).toContain(words);
  });
});

test("the image is a PNG of one colour", () => {
  const image = colourImage(4, [255, 128, 0]);
  expect(image.subarray(1, 4).toString()).toBe("PNG");
  expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([4, 4]);
  const at = image.indexOf("IDAT");
  const rows = inflateSync(image.subarray(at + 4, at + 4 + image.readUInt32BE(at - 4)));
  expect([...rows.subarray(0, 7)]).toEqual([0, 255, 128, 0, 255, 128, 0]);
  expect(rows).toHaveLength(4 * 13);
});
