/**
 * One gRPC server that answers Pulumi's provider protocol for all four packages. The engine attaches to it by port
 * (PULUMI_DEBUG_PROVIDERS) and ends its own processes only: Cancel must leave the server alive.
 */
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type AnyRequest, effectOn } from "./inject.ts";
import { turnFor, type UnderWay } from "./one-at-a-time.ts";
import { handlers, type Sandbox } from "./protocol.ts";
import { NotYet } from "./waiting.ts";

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What was asked, of whom, how long it took in milliseconds, and what went wrong. */
export type Log = (line: {
  readonly method: string;
  readonly about: string;
  /** Nothing was made or changed. */
  readonly preview?: true;
  readonly milliseconds: number;
  readonly error?: string;
}) => void;

/** Serves on a free port of the loopback address. */
export async function serve(sandbox: Sandbox, log: Log): Promise<RunningServer> {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const serving = { log, underWay: new Set<string>() };
  const implemented = Object.fromEntries(
    Object.entries(handlers(sandbox)).map(([method, handler]) => [method, unary(sandbox, method, handler, serving)]),
  );
  const done = (_: unknown, callback: sendUnaryData<unknown>): void => callback(null, new empty.Empty());
  server.addService(service.ResourceProviderService, { ...implemented, attach: done, cancel: done });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => stop(server) };
}

type Handler = (request: never, peer: string) => unknown;

/**
 * A handler that throws answers with the message as an error of the provider. Faults that are set come before it, then
 * the time that the write takes, if it takes any.
 */
function unary(sandbox: Sandbox, method: string, handler: Handler, { log, underWay }: Serving) {
  return (call: ServerUnaryCall<never, unknown>, callback: sendUnaryData<unknown>): void => {
    const { finish, fail } = ending(method, call, callback, log);
    const trying = (work: () => void) => (): void => {
      try {
        work();
      } catch (error) {
        if (error instanceof NotYet) later(error.until.getTime() - sandbox.now().getTime(), trying(work));
        else fail(error);
      }
    };
    const answer = (crash: boolean): void => {
      const response = handler(call.request, call.getPeer());
      if (crash) endConnection(call, callback);
      else callback(null, response);
      finish(crash ? "the connection was ended before the answer" : undefined);
    };
    const inTurn = (crash: boolean): void => {
      const request = call.request as AnyRequest;
      const turn = turnFor(sandbox, underWay, { method, request, peer: call.getPeer() });
      if (turn === undefined) trying(() => answer(crash))();
      else {
        later(turn.milliseconds, () => {
          turn.end();
          trying(() => answer(crash))();
        });
      }
    };
    trying(() => {
      const effect = effectOn(sandbox, method, call.request as AnyRequest, call.getPeer());
      if (effect === undefined) return inTurn(false);
      const { delay, error, crash } = effect;
      later(delay, () => (error === undefined ? trying(() => inTurn(crash))() : fail(error)));
    })();
  };
}

/** What the handlers of one server have in common. */
interface Serving {
  readonly log: Log;
  readonly underWay: UnderWay;
}

/** How a request ends, with a line in the log. */
function ending(
  method: string,
  { request }: ServerUnaryCall<never, unknown>,
  callback: sendUnaryData<unknown>,
  log: Log,
): { finish(error?: string): void; fail(error: unknown): void } {
  const started = performance.now();
  const finish = (error?: string): void =>
    log({
      method,
      about: aboutOf(request),
      ...((request as AnyRequest).getPreview?.() === true ? { preview: true as const } : {}),
      milliseconds: performance.now() - started,
      ...(error === undefined ? {} : { error }),
    });
  return {
    finish,
    fail(error) {
      const message = error instanceof Error ? error.message : String(error);
      callback({ code: status.UNKNOWN, details: message });
      finish(message);
    },
  };
}

/** What nobody waits for any more must not keep the process alive. */
function later(milliseconds: number, work: () => void): void {
  setTimeout(work, Math.max(0, milliseconds)).unref();
}

/**
 * Ends the connection as a provider does whose process dies. The library has no call for that, so its HTTP/2 session is
 * taken from inside; should another version keep it elsewhere, the caller gets the error that it would see.
 */
function endConnection(call: ServerUnaryCall<never, unknown>, callback: sendUnaryData<unknown>): void {
  const inside = call as unknown as { call?: { stream?: { session?: { destroy(): void } } } };
  const session = inside.call?.stream?.session;
  if (session === undefined) callback({ code: status.UNAVAILABLE, details: "error reading from server: EOF" });
  else session.destroy();
}

function aboutOf(request: { getUrn?: () => string | undefined; getTok?: () => string }): string {
  return request.getUrn?.() ?? request.getTok?.() ?? "";
}

/** Connections that an engine still holds are cut: nothing may keep the process alive. */
async function stop(server: Server): Promise<void> {
  server.forceShutdown();
}
