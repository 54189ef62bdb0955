import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { expiryOf, Refresher, serve, settingsFrom } from "../../../components/gateway/refresher/refresh.mjs";

const now = 1_800_000_000;

interface Call {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** An Entra token endpoint and an API server in one: what they got, and what they answer. */
class Clouds {
  readonly calls: Call[] = [];
  token: { status: number; body: object } = { status: 200, body: { access_token: "entra-token-1", expires_in: 3600 } };
  patch: { status: number; body: object } = { status: 200, body: {} };
  readonly #server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    this.calls.push({ method, url, headers, body: await textOf(request) });
    const answer = method === "PATCH" ? this.patch : this.token;
    response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  of(method: string): Call[] {
    return this.calls.filter((call) => call.method === method);
  }
}

let clouds: Clouds;
let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  vi.spyOn(console, "error").mockReturnValue();
  clouds = new Clouds();
  const url = await clouds.start();
  folder = await mkdtemp(join(tmpdir(), "refresher-"));
  await writeFile(join(folder, "own"), `${jwt(now + 3600)}\n`);
  await writeFile(join(folder, "api"), "api-token\n");
  env = {
    MODE: "entra",
    TOKEN_FILE: join(folder, "own"),
    NAMESPACE: "twocloud-gateway",
    SECRET_NAME: "models-token-azure-main",
    API_SERVER: url,
    API_TOKEN_FILE: join(folder, "api"),
    ENTRA_AUTHORITY: url,
    ENTRA_TENANT: "tenant",
    ENTRA_CLIENT_ID: "client",
    ENTRA_SCOPE: "https://cognitiveservices.azure.com/.default",
  };
});

afterEach(async () => {
  vi.restoreAllMocks();
  await clouds.stop();
  await rm(folder, { recursive: true });
});

test("the projected token is exchanged as a client assertion, and the answer written into the one Secret", async () => {
  const refresher = new Refresher(settingsFrom(env), now);
  expect(await refresher.round(now)).toBe(1800);

  const [exchange] = clouds.of("POST");
  expect(exchange?.url).toBe("/tenant/oauth2/v2.0/token");
  expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
    grant_type: "client_credentials",
    client_id: "client",
    scope: "https://cognitiveservices.azure.com/.default",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: jwt(now + 3600),
  });
  const [patch] = clouds.of("PATCH");
  expect(patch?.url).toBe("/api/v1/namespaces/twocloud-gateway/secrets/models-token-azure-main");
  expect(patch?.headers.authorization).toBe("Bearer api-token");
  expect(patch?.headers["content-type"]).toBe("application/merge-patch+json");
  expect(JSON.parse(patch?.body ?? "")).toEqual({
    metadata: {
      annotations: {
        "twocloud/refreshed-at": "2027-01-15T08:00:00.000Z",
        "twocloud/expires-at": "2027-01-15T09:00:00.000Z",
      },
    },
    data: { apiKey: Buffer.from("entra-token-1").toString("base64") },
  });
});

test("to another gateway the projected token goes as it is, and is written again only when it is a new one", async () => {
  const refresher = new Refresher(settingsFrom({ ...env, MODE: "forward" }), now);
  expect(await refresher.round(now)).toBe(30);
  expect(await refresher.round(now + 30)).toBe(30);
  expect(clouds.of("POST")).toEqual([]);
  expect(clouds.of("PATCH")).toHaveLength(1);

  await writeFile(join(folder, "own"), jwt(now + 7200));
  await refresher.round(now + 60);
  const written = clouds.of("PATCH").map(({ body }) => Buffer.from(JSON.parse(body).data.apiKey, "base64").toString());
  expect(written).toEqual([jwt(now + 3600), jwt(now + 7200)]);
});

test("a refusal is tried again, ever more slowly, while the last token holds; then the process ends", async () => {
  const refresher = new Refresher(settingsFrom(env), now);
  await refresher.round(now);
  clouds.token = {
    status: 401,
    body: { error: "invalid_client", error_description: "AADSTS70021: no matching credential" },
  };
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) pauses.push(await refresher.round(now + 1800 + attempt));
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  await expect(refresher.round(now + 3600 - 119)).rejects.toThrow(
    "Entra answered 401: AADSTS70021: no matching credential",
  );
});

test("without a first token it gives up after five minutes", async () => {
  clouds.patch = { status: 403, body: { message: "secrets is forbidden" } };
  const refresher = new Refresher(settingsFrom(env), now);
  expect(await refresher.round(now + 299)).toBe(1);
  await expect(refresher.round(now + 300)).rejects.toThrow(
    "the API server answered 403 to the patch of Secret twocloud-gateway/models-token-azure-main: secrets is forbidden",
  );
});

test("the probe turns with the token, and the metrics tell its age", async () => {
  const refresher = new Refresher(settingsFrom(env), now);
  let clock = now;
  const server = await serve(refresher, 0, () => clock);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  try {
    expect((await get("/healthz")).status).toBe(503);
    await refresher.round(now);
    clock = now + 100;
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/metrics")).text).toContain('twocloud_token_age_seconds{secret="models-token-azure-main"} 100');
    expect((await get("/metrics")).text).toContain(
      'twocloud_token_seconds_left{secret="models-token-azure-main"} 3500',
    );
    clock = now + 3600 - 120;
    expect((await get("/healthz")).status).toBe(503);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("missing settings are named all at once", () => {
  expect(() => settingsFrom({ MODE: "entra" })).toThrow(
    /TOKEN_FILE is not set; .*API_TOKEN_FILE is not set; .*ENTRA_SCOPE is not set/,
  );
  expect(() => settingsFrom({ ...env, MODE: "both" })).toThrow('MODE is "both"; allowed: entra, forward');
});

test("a token without an expiry is refused", () => {
  expect(expiryOf(jwt(now))).toBe(now);
  expect(() => expiryOf("not-a-token")).toThrow("the projected token is no JWT with an expiry");
});

test("the process that the pod starts writes the Secret, and ends by itself when its settings are wrong", async () => {
  const main = join(import.meta.dirname, "../../../components/gateway/refresher/main.mjs");
  const start = (settings: Record<string, string>) =>
    spawn(process.execPath, [main], { env: { ...settings, PORT: "0" }, stdio: "pipe" });

  const wrong = start({ MODE: "entra" });
  expect(await once(wrong, "exit")).toEqual([1, null]);

  await writeFile(join(folder, "own"), jwt(Math.floor(Date.now() / 1000) + 3600));
  const running = start({ ...env, MODE: "forward" });
  while (clouds.of("PATCH").length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  running.kill("SIGTERM");
  expect(await once(running, "exit")).toEqual([0, null]);
});

function jwt(exp: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ exp })}.signature`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
