import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";

/** What an application experiences of one call. */
export interface Answer {
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
  /** Who wrote the text, `server` of {@link wordsOf}; null: nobody, or several. */
  readonly by: string | null;
  /** Words that came, in order, without a gap from the first. */
  readonly words: number;
  /** Something came that no reader understands. */
  readonly broken: boolean;
  /** The text is said to be whole, by a finish reason. */
  readonly finished: boolean;
  /** The stream's end marker came. */
  readonly marked: boolean;
  readonly ended: "whole" | "error" | "aborted" | "hung";
  /** Model name that the answer carries; null without one. */
  readonly model: string | null;
  /** The answer says what it cost. */
  readonly usage: boolean;
  /** Of an error: what it says, shortened. */
  readonly error: string | null;
}

export interface Caller {
  readonly port: number;
  /** Name of the gateway, for TLS and the request. */
  readonly host: string;
  readonly authority: string;
  readonly token: string;
}

export interface Call {
  readonly model: string;
  readonly stream: boolean;
  /** When it is given up, seconds. */
  readonly limitSeconds: number;
}

const agents = new Map<string, Agent>();

/** One call; what goes wrong is an answer, too. */
export function call({ port, host, authority, token }: Caller, { model, stream, limitSeconds }: Call): Promise<Answer> {
  const body = JSON.stringify({
    model,
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    messages: [{ role: "user", content: "Count for me." }],
  });
  const agent = agents.get(host) ?? new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  agents.set(host, agent);
  const reader = newReader(model, stream);
  return new Promise((resolve) => {
    const sent = request(
      {
        agent,
        port,
        host: "127.0.0.1",
        servername: host,
        ca: authority,
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
    function finish(ended: Answer["ended"], error: string | null = null): void {
      clearTimeout(timer);
      resolve(reader.answer(ended, error));
    }
    sent.on("error", (error: NodeJS.ErrnoException) => finish("aborted", error.code ?? error.message));
    sent.end(body);
  });
}

type Finish = (ended: Answer["ended"], error?: string | null) => void;

function newReader(asked: string, streamed: boolean) {
  const at = Date.now();
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const state = {
    status: null as number | null,
    first: null as number | null,
    text: "",
    broken: false,
    finish: false,
    done: false,
    model: null as string | null,
    usage: false,
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
    if (chunk.usage !== undefined && chunk.usage !== null) state.usage = true;
    const [choice] = chunk.choices ?? [];
    const text = choice?.delta?.content ?? choice?.message?.content ?? "";
    if (text !== "") state.first ??= elapsed();
    state.text += text;
    if (choice?.finish_reason != null) state.finish = true;
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
        if (state.status !== 200) finish("error", buffer.slice(0, 300));
        else if (state.failed !== null) finish("error", state.failed.slice(0, 300));
        else finish("whole");
      });
      response.on("error", (error: NodeJS.ErrnoException) => finish("aborted", error.code ?? error.message));
      response.on("aborted", () => finish("aborted", "the connection was closed in the middle of the answer"));
    },
    answer(ended: Answer["ended"], error: string | null): Answer {
      const { by, words } = authorOf(state.text);
      const { status, first, broken, finish, done, model, usage } = state;
      const seconds = elapsed();
      return {
        at,
        asked,
        streamed,
        status,
        firstTokenSeconds: first,
        seconds,
        by,
        words,
        broken,
        finished: finish,
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
  readonly usage?: unknown;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: { readonly content?: string };
    readonly finish_reason?: string | null;
  }[];
}

function parsed(data: string): Chunk | undefined {
  try {
    return JSON.parse(data) as Chunk;
  } catch {
    return undefined;
  }
}

function authorOf(text: string): Pick<Answer, "by" | "words"> {
  const words = text.split(" ").filter((word) => word !== "");
  const [by] = words[0]?.split("#") ?? [];
  if (by === undefined || words.some((word) => !word.startsWith(`${by}#`))) return { by: null, words: 0 };
  const gap = words.findIndex((word, index) => word !== `${by}#${index}`);
  return { by, words: gap < 0 ? words.length : gap };
}
