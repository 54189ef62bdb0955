import type { Schema } from "../routes.ts";
import { eventMessage } from "./event-stream.ts";

/** How a model server speaks: the three APIs that gateways translate to. */

/** What a request asks for, whatever the API. */
export interface Asked {
  /** Model name, from the body or the path. */
  readonly model: string;
  readonly stream: boolean;
}

/** An answer in pieces: one a token, and what ends it. */
export interface Spoken {
  readonly contentType: string;
  /** Before the first token; may be nothing. */
  readonly start: readonly Buffer[];
  readonly tokens: readonly Buffer[];
  /** What a reader needs to know that the text is whole. */
  readonly finish: readonly Buffer[];
  /** The marker after which nothing follows; empty where the API has none. */
  readonly end: readonly Buffer[];
  /** An event that no reader understands. */
  readonly garbage: Buffer;
}

export interface Dialect {
  asked(path: string, body: Readonly<Record<string, unknown>>): Asked;
  streamed(model: string, words: readonly string[]): Spoken;
  whole(model: string, words: readonly string[]): object;
  error(status: number, code: string, message: string): object;
}

const inputTokens = 12;
const line = (data: object | string): Buffer =>
  Buffer.from(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
const event = (type: string, payload: object): Buffer => eventMessage(type, JSON.stringify(payload));

const openAi: Dialect = {
  asked: (_, body) => ({ model: String(body.model), stream: body.stream === true }),
  streamed(model, words) {
    const chunk = (more: object) =>
      line({ id: "chatcmpl-drill", object: "chat.completion.chunk", created: 1, model, ...more });
    const choice = (delta: object, finish: string | null) => [{ index: 0, delta, finish_reason: finish }];
    return {
      contentType: "text/event-stream",
      start: [],
      tokens: words.map((content) => chunk({ choices: choice({ role: "assistant", content }, null) })),
      finish: [chunk({ choices: choice({}, "stop") }), chunk({ choices: [], usage: openAiUsage(words.length) })],
      end: [line("[DONE]")],
      garbage: line("{ this is no JSON"),
    };
  },
  whole: (model, words) => ({
    id: "chatcmpl-drill",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message: { role: "assistant", content: words.join("") }, finish_reason: "stop" }],
    usage: openAiUsage(words.length),
  }),
  error: (_, code, message) => ({ error: { message, type: "invalid_request_error", param: null, code } }),
};

function openAiUsage(tokens: number) {
  return { prompt_tokens: inputTokens, completion_tokens: tokens, total_tokens: inputTokens + tokens };
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
const bedrock: Dialect = {
  asked(path) {
    const [, model = "", verb] = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(path) ?? [];
    return { model: decodeURIComponent(model), stream: verb === "converse-stream" };
  },
  streamed: (_, words) => ({
    contentType: "application/vnd.amazon.eventstream",
    start: [event("messageStart", { role: "assistant" })],
    tokens: words.map((text) => event("contentBlockDelta", { contentBlockIndex: 0, delta: { text } })),
    finish: [event("contentBlockStop", { contentBlockIndex: 0 }), event("messageStop", { stopReason: "end_turn" })],
    end: [event("metadata", { usage: bedrockUsage(words.length), metrics: { latencyMs: 1 } })],
    garbage: eventMessage("contentBlockDelta", "{ this is no JSON"),
  }),
  whole: (_, words) => ({
    output: { message: { role: "assistant", content: [{ text: words.join("") }] } },
    stopReason: "end_turn",
    usage: bedrockUsage(words.length),
    metrics: { latencyMs: 1 },
  }),
  error: (_, code, message) => ({ __type: code, message }),
};

function bedrockUsage(tokens: number) {
  return { inputTokens, outputTokens: tokens, totalTokens: inputTokens + tokens };
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.publishers.models/streamGenerateContent */
const vertex: Dialect = {
  asked(path) {
    const [, model = "", verb] = /\/models\/([^/:]+):(\w+)/.exec(path) ?? [];
    return { model: decodeURIComponent(model), stream: verb === "streamGenerateContent" };
  },
  streamed(model, words) {
    const part = (text: string, more: object) =>
      line({ candidates: [{ index: 0, content: { role: "model", parts: [{ text }] }, ...more }], modelVersion: model });
    return {
      contentType: "text/event-stream",
      start: [],
      tokens: words.map((text) => part(text, {})),
      finish: [
        line({
          candidates: [{ index: 0, content: { role: "model", parts: [{ text: "" }] }, finishReason: "STOP" }],
          usageMetadata: vertexUsage(words.length),
          modelVersion: model,
        }),
      ],
      end: [],
      garbage: line("{ this is no JSON"),
    };
  },
  whole: (model, words) => ({
    candidates: [{ index: 0, content: { role: "model", parts: [{ text: words.join("") }] }, finishReason: "STOP" }],
    usageMetadata: vertexUsage(words.length),
    modelVersion: model,
  }),
  error: (status, code, message) => ({ error: { code: status, message, status: code } }),
};

function vertexUsage(tokens: number) {
  return { promptTokenCount: inputTokens, candidatesTokenCount: tokens, totalTokenCount: inputTokens + tokens };
}

export const dialects: Readonly<Record<Schema, Dialect>> = { OpenAI: openAi, AWSBedrock: bedrock, GCPVertexAI: vertex };
