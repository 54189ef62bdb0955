import { describe, expect, test } from "vitest";
import { schemas } from "../../../../operations/drill/routes.ts";
import { dialects, type Spoken } from "../../../../operations/drill/wire/dialects.ts";
import { messagesIn } from "./events.ts";

/** What a client of each API reads in an answer. */

const words = ["a#0 ", "a#1 ", "a#2 "];

/** JSON of the `data:` lines of server-sent events. */
function dataIn(pieces: readonly Buffer[]): Record<string, never>[] {
  const text = Buffer.concat(pieces).toString();
  expect(text).toMatch(/^(data: .*\n\n)*$/);
  return text
    .split("\n\n")
    .filter((part) => part !== "" && part !== "data: [DONE]")
    .map((part) => JSON.parse(part.slice("data: ".length)) as Record<string, never>);
}

const all = ({ start, tokens, finish, end }: Spoken) => [...start, ...tokens, ...finish, ...end];

describe("OpenAI", () => {
  const { asked, streamed, whole, error } = dialects.OpenAI;
  const spoken = streamed("m", words);

  test("model and stream are in the body", () => {
    expect(asked("/openai/v1/chat/completions", { model: "m", stream: true })).toEqual({ model: "m", stream: true });
    expect(asked("/openai/v1/chat/completions", { model: "m" })).toEqual({ model: "m", stream: false });
  });

  test("a stream has a chunk a word, a finish reason, what was used, and the end marker", () => {
    const chunks = dataIn(all(spoken)) as unknown as {
      model: string;
      choices: { delta: { content?: string }; finish_reason: string | null }[];
      usage?: { completion_tokens: number };
    }[];
    expect(chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta.content ?? "")).join("")).toBe(
      "a#0 a#1 a#2 ",
    );
    expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason))).toEqual([
      null,
      null,
      null,
      "stop",
    ]);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(3);
    expect(new Set(chunks.map(({ model }) => model))).toEqual(new Set(["m"]));
    expect(Buffer.concat([...spoken.end]).toString()).toBe("data: [DONE]\n\n");
  });

  test("a whole answer and an error", () => {
    expect(whole("m", words)).toMatchObject({
      model: "m",
      choices: [{ message: { content: "a#0 a#1 a#2 " }, finish_reason: "stop" }],
      usage: { completion_tokens: 3 },
    });
    expect(error(400, "too_long", "no")).toMatchObject({ error: { code: "too_long", message: "no" } });
  });
});

describe("AWSBedrock", () => {
  const { asked, streamed, whole, error } = dialects.AWSBedrock;
  const spoken = streamed("m", words);

  test("model and stream are in the path", () => {
    expect(asked("/model/eu.anthropic.claude/converse-stream", {})).toEqual({
      model: "eu.anthropic.claude",
      stream: true,
    });
    expect(asked("/model/a%3Ab/converse", {})).toEqual({ model: "a:b", stream: false });
    expect(asked("/somewhere/else", {})).toEqual({ model: "", stream: false });
  });

  test("a stream is messages of the event stream", () => {
    const messages = messagesIn(Buffer.concat(all(spoken)));
    expect(messages.map(({ headers }) => headers[":event-type"])).toEqual([
      "messageStart",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
    ]);
    const payloads = messages.map(({ payload }) => JSON.parse(payload) as Record<string, never>);
    expect(payloads.slice(1, 4)).toEqual(words.map((text) => ({ contentBlockIndex: 0, delta: { text } })));
    expect(payloads.at(-2)).toEqual({ stopReason: "end_turn" });
    expect(payloads.at(-1)).toMatchObject({ usage: { outputTokens: 3 } });
  });

  test("a whole answer and an error", () => {
    expect(whole("m", words)).toMatchObject({
      output: { message: { content: [{ text: "a#0 a#1 a#2 " }] } },
      stopReason: "end_turn",
      usage: { outputTokens: 3 },
    });
    expect(error(503, "ServiceUnavailable", "no")).toEqual({ __type: "ServiceUnavailable", message: "no" });
  });
});

describe("GCPVertexAI", () => {
  const { asked, streamed, whole, error } = dialects.GCPVertexAI;
  const path = "/v1/projects/p/locations/eu/publishers/google/models/gemini-3.5-flash";

  test("model and stream are in the path", () => {
    expect(asked(`${path}:streamGenerateContent`, {})).toEqual({ model: "gemini-3.5-flash", stream: true });
    expect(asked(`${path}:generateContent`, {})).toEqual({ model: "gemini-3.5-flash", stream: false });
  });

  test("a stream has a part a word, then the finish reason and what was used; it has no end marker", () => {
    const spoken = streamed("m", words);
    const chunks = dataIn(all(spoken)) as unknown as {
      candidates: { content: { parts: { text: string }[] }; finishReason?: string }[];
      usageMetadata?: { candidatesTokenCount: number };
    }[];
    const texts = chunks.flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts));
    expect(texts.map(({ text }) => text).join("")).toBe("a#0 a#1 a#2 ");
    expect(chunks.flatMap(({ candidates }) => candidates.flatMap((one) => one.finishReason ?? []))).toEqual(["STOP"]);
    expect(chunks.at(-1)?.usageMetadata?.candidatesTokenCount).toBe(3);
    expect(spoken.end).toEqual([]);
  });

  test("a whole answer and an error", () => {
    expect(whole("m", words)).toMatchObject({
      candidates: [{ content: { parts: [{ text: "a#0 a#1 a#2 " }] }, finishReason: "STOP" }],
      usageMetadata: { candidatesTokenCount: 3 },
    });
    expect(error(429, "RESOURCE_EXHAUSTED", "no")).toEqual({
      error: { code: 429, message: "no", status: "RESOURCE_EXHAUSTED" },
    });
  });
});

test.each(schemas)("an event of %s that nobody can read is framed like any other", (schema) => {
  const { garbage } = dialects[schema].streamed("m", words);
  const text =
    schema === "AWSBedrock" ? (messagesIn(garbage)[0]?.payload ?? "") : garbage.toString().slice("data: ".length);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});
