import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KeyPair } from "../../operations/drill/identity.ts";

/** A model's chat API on the loopback, which answers as a test says: always in the same way. */

/** The body of a request, as far as tests look at it. */
export interface ChatBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly tool_choice?: unknown;
  readonly response_format?: { readonly json_schema: { readonly name: string; readonly strict: boolean } };
  readonly [key: string]: unknown;
}

export interface Reply {
  readonly text?: string;
  /** Model name that the answer carries. @default the one that was asked for */
  readonly model?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: string }[];
  /** @default "stop", or "tool_calls" where something is called */
  readonly end?: string;
  /** Null: not counted. @default 10 and 5 */
  readonly tokens?: readonly [input: number, output: number] | null;
  /** Streams only: what is missing. `socket`: the connection is cut in the middle. */
  readonly cut?: "mark" | "end" | "socket";
  /** Streams only: all in one event. */
  readonly inOnePiece?: boolean;
}

/** Instead of an answer: a status with an error, anything at all, or nothing for ever. */
export type Fault =
  | { readonly status: number; readonly message: string }
  | { readonly raw: string; readonly type: string }
  | "silence";

export interface ModelServer {
  /** As a client takes it. */
  readonly baseUrl: string;
  readonly asked: ChatBody[];
  /** Of each request. */
  readonly headers: IncomingHttpHeaders[];
  /** Requests that were neither answered nor left. */
  open(): number;
  /** The most requests that were open at once. */
  mostOpen(): number;
  close(): Promise<void>;
}

/** @param tls certificate for `localhost`. @default plain HTTP */
export async function startModelServer(
  reply: (body: ChatBody) => Reply | Fault | Promise<Reply | Fault>,
  tls?: KeyPair,
): Promise<ModelServer> {
  const asked: ChatBody[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let open = 0;
  let mostOpen = 0;
  const listener: RequestListener = async (request, response) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.on("close", () => {
      open -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as ChatBody;
    asked.push(body);
    headers.push(request.headers);
    send(response, body, await reply(body));
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `${tls === undefined ? "http://127.0.0.1" : "https://localhost"}:${port}/v1`,
    asked,
    headers,
    open: () => open,
    mostOpen: () => mostOpen,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function send(response: ServerResponse, body: ChatBody, reply: Reply | Fault): void {
  if (reply === "silence") return;
  if ("raw" in reply) response.writeHead(200, { "content-type": reply.type }).end(reply.raw);
  else if ("status" in reply) {
    response.writeHead(reply.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: reply.message } }));
  } else if (body.stream === true) stream(response, body, reply);
  else {
    const { text = null, calls = [], tokens } = reply;
    const made = calls.map((call, index) => ({ id: `call_${index}`, type: "function", function: call }));
    const message = { role: "assistant", content: text, ...(made.length === 0 ? {} : { tool_calls: made }) };
    const choices = [{ index: 0, message, finish_reason: endOf(reply) }];
    response.writeHead(200, { "content-type": "application/json" });
    const { model = body.model } = reply;
    response.end(JSON.stringify({ id: "1", object: "chat.completion", model, choices, ...usage(tokens) }));
  }
}

function stream(response: ServerResponse, body: ChatBody, reply: Reply): void {
  const { text = "", calls = [], tokens, cut, inOnePiece = false, model = body.model } = reply;
  response.writeHead(200, { "content-type": "text/event-stream" });
  const event = (rest: object) =>
    response.write(`data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", model, ...rest })}\n\n`);
  const delta = (content: object, end: string | null = null) =>
    event({ choices: [{ index: 0, delta: content, finish_reason: end }] });
  for (const piece of inOnePiece ? [text] : (text.match(/.{1,5}/gsu) ?? [])) delta({ content: piece });
  if (cut === "socket") {
    response.destroy();
    return;
  }
  for (const [index, call] of calls.entries()) {
    delta({
      tool_calls: [{ index, id: `call_${index}`, type: "function", function: { name: call.name, arguments: "" } }],
    });
    for (const piece of call.arguments.match(/.{1,7}/gsu) ?? [])
      delta({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  if (cut !== "end") delta({}, endOf(reply));
  if (tokens !== null) event({ choices: [], ...usage(tokens) });
  response.end(cut === "mark" ? "" : "data: [DONE]\n\n");
}

const endOf = ({ end, calls = [] }: Reply): string => end ?? (calls.length > 0 ? "tool_calls" : "stop");

function usage(tokens: Reply["tokens"] = [10, 5]): object {
  if (tokens === null) return {};
  const [input, output] = tokens;
  return { usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output } };
}

/** The text of a request's last message. */
export function lastText({ messages }: ChatBody): string {
  const { content } = messages.at(-1) ?? {};
  if (typeof content === "string") return content;
  const parts = (content ?? []) as readonly { readonly text?: string }[];
  return parts.map(({ text = "" }) => text).join("");
}
