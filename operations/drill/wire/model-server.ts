import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import type { KeyPair } from "../identity.ts";
import type { Schema } from "../routes.ts";
import { type Behaviour, wholeAnswer, wordsOf } from "./behaviour.ts";
import { type Asked, type Dialect, dialects, type Spoken } from "./dialects.ts";

/** One attempt that a model server saw. */
export interface Attempt {
  readonly server: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly model: string;
  readonly path: string;
  /** The `authorization` header as it came; null without one. */
  readonly authorization: string | null;
}

export interface ModelServer {
  readonly port: number;
  /** Misbehaves so from now on. */
  behave(behaviour: Behaviour): Promise<void>;
  close(): Promise<void>;
}

export interface ModelServerOptions {
  readonly name: string;
  readonly schema: Schema;
  readonly trusted: KeyPair;
  readonly untrusted: KeyPair;
  readonly onAttempt: (attempt: Attempt) => void;
}

/** Stands in for a cloud's model endpoint, on the loopback address. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const dialect = dialects[options.schema];
  let behaviour: Behaviour = { kind: "healthy" };
  let served = 0;
  const server = createServer({ ...options.trusted, keepAlive: true }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const body = await jsonOf(request);
    const asked = dialect.asked(path, body);
    const { authorization = null } = request.headers;
    options.onAttempt({ server: options.name, at: Date.now(), model: asked.model, path, authorization });
    served += 1;
    await respond(response, { dialect, asked, behaviour: current(behaviour, served), name: options.name });
  }

  const listen = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async behave(next) {
      const before = behaviour;
      behaviour = next;
      served = 0;
      server.maxConnections = next.kind === "crowded" ? next.connections : Number.MAX_SAFE_INTEGER;
      if (next.kind === "untrusted" || before.kind === "untrusted") {
        server.setSecureContext(next.kind === "untrusted" ? options.untrusted : options.trusted);
        server.closeAllConnections();
      }
      if (next.kind === "crowded") server.closeAllConnections();
      if (next.kind === "closed" && before.kind !== "closed") await shut(server);
      if (next.kind !== "closed" && before.kind === "closed") await listen(port);
    },
    close: () => shut(server),
  };
}

async function shut(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

/** What is left of a behaviour that lasts a number of requests. */
function current(behaviour: Behaviour, served: number): Behaviour {
  const { times } = behaviour as { readonly times?: number };
  return times !== undefined && served > times ? { kind: "healthy" } : behaviour;
}

interface Reply {
  readonly dialect: Dialect;
  readonly asked: Asked;
  readonly behaviour: Behaviour;
  readonly name: string;
}

async function respond(response: ServerResponse, { dialect, asked, behaviour, name }: Reply): Promise<void> {
  if (behaviour.kind === "silent") return;
  if (behaviour.kind === "reset") {
    response.socket?.destroy();
    return;
  }
  if (behaviour.kind === "status") {
    const { status, code, headers = {} } = behaviour;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(dialect.error(status, code, `the drill answers ${status}`)));
    return;
  }
  const words = wordsOf(name);
  if (asked.stream) await stream(response, dialect.streamed(asked.model, words), behaviour);
  else await send(response, JSON.stringify(dialect.whole(asked.model, words)), behaviour);
}

async function stream(response: ServerResponse, spoken: Spoken, behaviour: Behaviour): Promise<void> {
  response.writeHead(200, { "content-type": spoken.contentType });
  response.flushHeaders();
  if (behaviour.kind === "slow-start") await after(behaviour.seconds * 1000);
  for (const piece of spoken.start) response.write(piece);
  const pause = behaviour.kind === "trickle" ? behaviour.millisecondsEach : wholeAnswer.millisecondsEach;
  for (const [index, token] of spoken.tokens.entries()) {
    if (response.destroyed) return;
    if (behaviour.kind === "cut" && index === behaviour.tokens) return void response.socket?.destroy();
    if (behaviour.kind === "stall" && index === behaviour.tokens) {
      await after(behaviour.seconds * 1000);
      return void response.socket?.destroy();
    }
    if (behaviour.kind === "garbage" && index + 1 === behaviour.token) response.write(spoken.garbage);
    response.write(token);
    await after(pause);
  }
  for (const piece of [...spoken.finish, ...(behaviour.kind === "endless" ? [] : spoken.end)]) response.write(piece);
  response.end();
}

/** An answer that is not streamed: the same faults, on its bytes. */
async function send(response: ServerResponse, text: string, behaviour: Behaviour): Promise<void> {
  if (behaviour.kind === "slow-start") await after(behaviour.seconds * 1000);
  const body = Buffer.from(text);
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  if (behaviour.kind === "cut" || behaviour.kind === "stall") {
    response.write(body.subarray(0, Math.floor((body.length * behaviour.tokens) / wholeAnswer.tokens)));
    if (behaviour.kind === "stall") await after(behaviour.seconds * 1000);
    else await after(wholeAnswer.millisecondsEach);
    return void response.socket?.destroy();
  }
  if (behaviour.kind === "garbage") body.fill("{", Math.floor(body.length / 2));
  if (behaviour.kind === "trickle") await after(behaviour.millisecondsEach * wholeAnswer.tokens);
  response.end(body);
}

async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
