import { request } from "node:https";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Answer, call } from "../../../../operations/drill/caller.ts";
import { isFalseSuccess, isWhole } from "../../../../operations/drill/faults/checks.ts";
import { type Authority, newAuthority } from "../../../../operations/drill/identity.ts";
import type { Schema } from "../../../../operations/drill/routes.ts";
import type { Behaviour } from "../../../../operations/drill/wire/behaviour.ts";
import { type Attempt, type ModelServer, startModelServer } from "../../../../operations/drill/wire/model-server.ts";
import { messagesIn } from "./events.ts";

/** Every way in which a model server misbehaves, as a caller without a gateway in between sees it. */

const host = "one.localhost";
let authority: Authority;
let stranger: Authority;
const open: ModelServer[] = [];

beforeAll(async () => {
  authority = await newAuthority();
  stranger = await newAuthority();
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function started(schema: Schema = "OpenAI") {
  const attempts: Attempt[] = [];
  const server = await startModelServer({
    name: "one",
    schema,
    trusted: await authority.issue([host]),
    untrusted: await stranger.issue([host]),
    onAttempt: (attempt) => attempts.push(attempt),
  });
  open.push(server);
  const caller = { address: "127.0.0.1", port: server.port, host, authority: authority.cert, token: "caller-token" };
  const ask = (stream: boolean, limitSeconds = 20): Promise<Answer> =>
    call(caller, { model: "m", stream, limitSeconds });
  return { server, attempts, caller, ask };
}

async function asked(behaviour: Behaviour, stream: boolean, limitSeconds?: number): Promise<Answer> {
  const { server, ask } = await started();
  await server.behave(behaviour);
  return ask(stream, limitSeconds);
}

const whole = { ended: "whole", status: 200, by: "one", words: 60, finished: true, model: "m", usage: true };

describe("healthy", () => {
  test("a stream comes whole, with its end marker", async () => {
    const { ask, attempts } = await started();
    const answer = await ask(true);
    expect(answer).toMatchObject({ ...whole, marked: true, broken: false, error: null });
    expect(isWhole(answer)).toBe(true);
    expect(attempts).toMatchObject([
      { server: "one", model: "m", path: "/v1/chat/completions", authorization: "Bearer caller-token" },
    ]);
  });

  test("so does an answer that is not streamed", async () => {
    const answer = await asked({ kind: "healthy" }, false);
    expect(answer).toMatchObject({ ...whole, streamed: false, broken: false });
    expect(isWhole(answer)).toBe(true);
  });
});

describe.each([
  ["streamed", true],
  ["not streamed", false],
] as const)("%s", (_, stream) => {
  test("an error is one as often as it is told to", async () => {
    const { server, ask, attempts } = await started();
    await server.behave({ kind: "status", status: 503, code: "service_unavailable", times: 1 });
    expect(await ask(stream)).toMatchObject({
      ended: "error",
      status: 503,
      by: null,
      words: 0,
      firstTokenSeconds: null,
    });
    expect(await ask(stream)).toMatchObject(whole);
    expect(attempts).toHaveLength(2);
  });

  test("a reset closes the connection before a byte, as often as it is told to", async () => {
    const { server, ask } = await started();
    await server.behave({ kind: "reset", times: 1 });
    expect(await ask(stream)).toMatchObject({ ended: "aborted", status: null, words: 0 });
    expect(await ask(stream)).toMatchObject(whole);
  });

  test("silence lasts until the caller gives up", async () => {
    const { server, ask, attempts } = await started();
    await server.behave({ kind: "silent" });
    expect(await ask(stream, 0.3)).toMatchObject({ ended: "hung", status: null, words: 0 });
    expect(attempts).toHaveLength(1);
  });

  test("a slow start is whole in the end, and its first token is late", async () => {
    const answer = await asked({ kind: "slow-start", seconds: 0.3 }, stream);
    expect(answer).toMatchObject(whole);
    expect(answer.firstTokenSeconds).toBeGreaterThan(0.28);
  });

  test("what is cut off is no whole answer, and does not look like one", async () => {
    const answer = await asked({ kind: "cut", tokens: 40 }, stream);
    expect(answer).toMatchObject({ ended: "aborted", status: 200, finished: false });
    expect(answer.words).toBeLessThanOrEqual(40);
    expect(answer.words > 0).toBe(stream);
    expect(isWhole(answer) || isFalseSuccess(answer)).toBe(false);
  });

  test("what stalls ends with a closed connection", async () => {
    const answer = await asked({ kind: "stall", tokens: 20, seconds: 0.3 }, stream);
    expect(answer).toMatchObject({ ended: "aborted", status: 200, finished: false });
    expect(answer.words).toBeLessThanOrEqual(20);
    expect(answer.seconds).toBeGreaterThan(0.28);
  });

  test("a trickle is whole", async () => {
    expect(await asked({ kind: "trickle", millisecondsEach: 2 }, stream)).toMatchObject(whole);
  });

  test("a certificate of a stranger is not accepted, and the own one is again", async () => {
    const { server, ask, attempts } = await started();
    await ask(stream);
    await server.behave({ kind: "untrusted" });
    // The first may still go out on a connection that was just closed.
    expect(await ask(stream)).toMatchObject({ ended: "aborted", status: null });
    expect(await ask(stream)).toMatchObject({ ended: "aborted", error: expect.stringMatching(/CERT|VERIFY/) });
    await server.behave({ kind: "healthy" });
    expect(await ask(stream)).toMatchObject(whole);
    expect(attempts).toHaveLength(2);
  });

  test("refused connections, and the same port again afterwards", async () => {
    const { server, ask, attempts } = await started();
    await server.behave({ kind: "closed" });
    await server.behave({ kind: "closed" });
    expect(await ask(stream)).toMatchObject({ ended: "aborted", error: "ECONNREFUSED" });
    await server.behave({ kind: "healthy" });
    expect(await ask(stream)).toMatchObject(whole);
    expect(attempts).toHaveLength(1);
  });

  test("a crowded server closes what comes on top, and has room again afterwards", async () => {
    const { server, ask, attempts } = await started();
    await server.behave({ kind: "crowded", connections: 2 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(stream)));
    expect(answers.map(({ ended }) => ended).sort()).toEqual(["aborted", "aborted", "whole", "whole"]);
    expect(attempts).toHaveLength(2);
    await server.behave({ kind: "healthy" });
    const later = await Promise.all([1, 2, 3, 4].map(() => ask(stream)));
    expect(later.filter(isWhole)).toHaveLength(4);
  });
});

test("an event that is no JSON stands in the middle of a stream that is whole otherwise", async () => {
  expect(await asked({ kind: "garbage", token: 10 }, true)).toMatchObject({ ...whole, marked: true, broken: true });
});

test("an answer that is no JSON from its middle on is taken for a whole one by who looks at the status alone", async () => {
  const answer = await asked({ kind: "garbage", token: 10 }, false);
  expect(answer).toMatchObject({ ended: "whole", status: 200, broken: true, words: 0, finished: false });
  expect(isFalseSuccess(answer)).toBe(true);
});

test("a stream without its end marker is whole, and not marked so", async () => {
  expect(await asked({ kind: "endless" }, true)).toMatchObject({ ...whole, marked: false });
});

/** An answer as it comes over the wire. */
async function raw({ port }: { readonly port: number }, path: string, body: object) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(
        { port, host: "127.0.0.1", servername: host, ca: authority.cert, method: "POST", path, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(JSON.stringify(body));
    },
  );
}

test("headers of an error are sent as they are told", async () => {
  const { server, caller } = await started();
  await server.behave({ kind: "status", status: 429, code: "rate_limit_exceeded", headers: { "retry-after": "2" } });
  const { status, headers, body } = await raw(caller, "/v1/chat/completions", { model: "m" });
  expect([status, headers["retry-after"]]).toEqual([429, "2"]);
  expect(JSON.parse(body.toString())).toMatchObject({ error: { code: "rate_limit_exceeded" } });
});

test("Bedrock's stream comes in messages", async () => {
  const { caller, attempts } = await started("AWSBedrock");
  const { headers, body } = await raw(caller, "/model/eu.model/converse-stream", {});
  expect(headers["content-type"]).toBe("application/vnd.amazon.eventstream");
  expect(messagesIn(body).filter((message) => message.headers[":event-type"] === "contentBlockDelta")).toHaveLength(60);
  expect(attempts).toMatchObject([{ model: "eu.model", authorization: null }]);
});

test("Vertex is asked with a query behind the path", async () => {
  const { caller, attempts } = await started("GCPVertexAI");
  const path = "/v1/projects/p/locations/eu/publishers/google/models/gemini:streamGenerateContent";
  const { body } = await raw(caller, `${path}?alt=sse`, {});
  expect(body.toString()).toContain('"finishReason":"STOP"');
  expect(attempts).toMatchObject([{ model: "gemini", path }]);
});

test("closing twice does no harm", async () => {
  const { server } = await started();
  await server.close();
  await expect(server.close()).resolves.toBeUndefined();
});
