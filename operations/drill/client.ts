import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";

/** One call of a gateway as an application makes it, and all that can be seen of the answer. */

/** Who calls, and where. */
export interface Caller {
  /** Name of the gateway, for TLS and the request. */
  readonly host: string;
  readonly port: number;
  /** IP address to connect to. Default: what the name resolves to */
  readonly address?: string;
  /** PEM of the only certificate authority that is believed. Default: those that Node believes */
  readonly authority?: string;
  /** Bearer token; nothing that comes back is told on with it. */
  readonly token: string;
}

export interface ChatCall {
  /** Model name that is asked for. */
  readonly model: string;
  readonly stream: boolean;
  readonly prompt: string;
  /** Longest answer that is asked for, tokens. Default: the model's own */
  readonly maxTokens?: number;
  /** When it is given up, seconds. */
  readonly limitSeconds: number;
  /** Ends the call at once. */
  readonly signal?: AbortSignal;
}

/** What came back of one call. */
export interface Received {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Model that was asked for. */
  readonly asked: string;
  readonly streamed: boolean;
  readonly status: number | null;
  /** Seconds to the first token, or to the whole answer where it is not streamed; null: none came. */
  readonly firstTokenSeconds: number | null;
  /** Seconds to the end, whatever it was. */
  readonly seconds: number;
  readonly text: string;
  /** Something came that no reader understands. */
  readonly broken: boolean;
  /** Why the text is said to end; null: it is not said to be whole. */
  readonly finishReason: string | null;
  /** The stream's end marker came. */
  readonly marked: boolean;
  readonly ended: "whole" | "error" | "aborted" | "hung";
  /** Model name that the answer carries; null without one. */
  readonly model: string | null;
  /** What the answer says that it cost; null: it does not say. */
  readonly usage: Usage | null;
  /** Of an error: what it says, shortened. */
  readonly error: string | null;
}

/** Tokens; null: not counted. */
export interface Usage {
  readonly input: number | null;
  readonly output: number | null;
  /** Part of the output that is thought and not shown. */
  readonly reasoning: number;
}

/** Longest text of an error that is told on. */
const longestError = 300;

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** One call; what goes wrong is an answer, too. */
export function chat(caller: Caller, { signal, limitSeconds, ...call }: ChatCall): Promise<Received> {
  const { host, port, address = host, authority, token } = caller;
  const body = bodyOf(call);
  const reader = newReader(call.model, call.stream);
  return new Promise((resolve) => {
    const sent = request(
      {
        agent,
        port,
        host: address,
        servername: host,
        // Whatever the environment says of it.
        rejectUnauthorized: true,
        ...(authority === undefined ? {} : { ca: authority }),
        ...(signal === undefined ? {} : { signal }),
        method: "POST",
        path: "/v1/chat/completions",
        headers: {
          host,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          authorization: `Bearer ${token}`,
        },
      },
      (response) => reader.read(response, finish),
    );
    const timer = setTimeout(() => {
      finish("hung");
      sent.destroy();
    }, limitSeconds * 1000);
    function finish(ended: Received["ended"], error: string | null = null): void {
      clearTimeout(timer);
      resolve(reader.received(ended, error?.replaceAll(token, "(the token)").slice(0, longestError) ?? null));
    }
    sent.on("error", (error: NodeJS.ErrnoException) => finish("aborted", error.code ?? error.message));
    sent.end(body);
  });
}

function bodyOf({ model, stream, prompt, maxTokens }: Omit<ChatCall, "limitSeconds" | "signal">): string {
  return JSON.stringify({
    model,
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    // Models that think refuse `max_tokens`; the gateway translates this one for every cloud.
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
    messages: [{ role: "user", content: prompt }],
  });
}

type Finish = (ended: Received["ended"], error?: string | null) => void;

function newReader(asked: string, streamed: boolean) {
  const at = Date.now();
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const state = {
    status: null as number | null,
    first: null as number | null,
    text: "",
    broken: false,
    finish: null as string | null,
    done: false,
    model: null as string | null,
    usage: null as Usage | null,
    failed: null as string | null,
  };

  function take(data: string): void {
    if (data === "[DONE]") {
      state.done = true;
      return;
    }
    const chunk = parsed(data);
    if (chunk === undefined) {
      state.broken = true;
      return;
    }
    if (chunk.error !== undefined) state.failed = JSON.stringify(chunk.error);
    if (typeof chunk.model === "string" && chunk.model !== "") state.model = chunk.model;
    if (chunk.usage !== undefined && chunk.usage !== null) state.usage = usageOf(chunk.usage);
    const [choice] = chunk.choices ?? [];
    const text = choice?.delta?.content ?? choice?.message?.content ?? "";
    if (text !== "") state.first ??= elapsed();
    state.text += text;
    state.finish = choice?.finish_reason ?? state.finish;
  }

  return {
    read(response: IncomingMessage, finish: Finish): void {
      state.status = response.statusCode ?? null;
      let buffer = "";
      const events = streamed && state.status === 200;
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        buffer += text;
        if (!events) return;
        const lines = buffer.split("\n");
        buffer = lines.pop() ?? "";
        for (const line of lines) if (line.startsWith("data:")) take(line.slice(5).trim());
      });
      response.on("end", () => {
        if (!events && state.status === 200) take(buffer);
        if (state.status !== 200) finish("error", buffer);
        else if (state.failed !== null) finish("error", state.failed);
        else finish("whole");
      });
      response.on("error", (error: NodeJS.ErrnoException) => finish("aborted", error.code ?? error.message));
      response.on("aborted", () => finish("aborted", "the connection was closed in the middle of the answer"));
    },
    received(ended: Received["ended"], error: string | null): Received {
      const { status, first, text, broken, finish, done, model, usage } = state;
      return {
        at,
        asked,
        streamed,
        status,
        firstTokenSeconds: first,
        seconds: elapsed(),
        text,
        broken,
        finishReason: finish,
        marked: done,
        ended,
        model,
        usage,
        error,
      };
    },
  };
}

interface Chunk {
  readonly model?: unknown;
  readonly error?: unknown;
  readonly usage?: ChunkUsage | null;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null };
    readonly message?: { readonly content?: string | null };
    readonly finish_reason?: string | null;
  }[];
}

interface ChunkUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
}

function usageOf({ prompt_tokens, completion_tokens, completion_tokens_details }: ChunkUsage): Usage {
  return {
    input: prompt_tokens ?? null,
    output: completion_tokens ?? null,
    reasoning: completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

/** Undefined for what is no JSON object. */
function parsed(data: string): Chunk | undefined {
  try {
    const value = JSON.parse(data) as Chunk | null;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
