import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { type Authority, newAuthority, newSecret } from "../../drill/identity.ts";
import type { DrillPath, DrillRoute } from "../../drill/routes.ts";
import { loopback, type ModelServers, startModelServers } from "../../drill/servers.ts";
import { freePort, type Stage } from "../../drill/stage.ts";
import { quiet, type Settings, sectionsOf } from "./litellm-settings.ts";

/** LiteLLM's proxy in the place of the gateway: the same model servers behind it, the same caller in front of it. */

const host = "litellm.example.com";

export interface LiteLlmOptions {
  /** The Python that it is installed for. */
  readonly python: string;
  readonly settings: Settings;
  /** Route of the gateway that it is compared with. */
  readonly like: DrillRoute;
}

/** @throws Error with the end of its log when it does not start */
export async function openLiteLlmStage({ python, settings, like }: LiteLlmOptions): Promise<Stage> {
  const route = routeLike(like, settings);
  const folder = mkdtempSync(join(tmpdir(), "twocloud-litellm-"));
  const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const authority = await newAuthority();
    const servers = await startModelServers(route.paths, authority);
    closing.push(() => servers.close());
    const keys = Object.fromEntries(route.paths.map(({ name }) => [name, newSecret()]));
    const token = `sk-${newSecret()}`;
    const port = await freePort();
    const config = configOf(route, settings, servers, keys);
    closing.push(await start({ python, folder, config, port, token, authority }));
    return {
      routes: [route],
      caller: { address: loopback, port, host, authority: authority.cert, token },
      attempts: servers.attempts,
      unresolved: new Set(),
      proofs: keys,
      behave: servers.behave,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same paths, by the names that LiteLLM has for them: a model group each, the first under the workload's. */
function routeLike({ workload, paths }: DrillRoute, { attemptTimeoutSeconds }: Settings): DrillRoute {
  const group = (path: DrillPath, place: number): string => (place === 0 ? workload : path.model);
  return {
    workload,
    paths: paths.map((path, place) => ({ ...path, pinned: group(path, place), secret: null })),
    attemptTimeoutSeconds,
  };
}

/** Its config.yaml, and JSON is YAML. */
function configOf(
  route: DrillRoute,
  settings: Settings,
  servers: ModelServers,
  keys: Readonly<Record<string, string>>,
): object {
  const [, ...fallbacks] = route.paths;
  return {
    model_list: route.paths.map(({ name, pinned, model }) => ({
      model_name: pinned,
      litellm_params: {
        model: `openai/${model}`,
        api_base: `https://${loopback}:${servers.ports[name]}/v1`,
        api_key: keys[name],
      },
    })),
    ...sectionsOf(
      settings,
      route.workload,
      fallbacks.map(({ pinned }) => pinned),
    ),
  };
}

interface Run {
  readonly python: string;
  readonly folder: string;
  readonly config: object;
  readonly port: number;
  /** Its master key. */
  readonly token: string;
  readonly authority: Authority;
}

/** It imports a lot before it listens. */
const longestStartMs = 120_000;
const graceMs = 5_000;
const longestTail = 1_500;

/** @returns what stops it */
async function start({ python, folder, config, port, token, authority }: Run): Promise<() => Promise<void>> {
  const own = await authority.issue([host]);
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const args = [
    ...["-c", "from litellm import run_server; run_server()"],
    ...["--config", file("config.json", JSON.stringify(config))],
    ...["--host", loopback, "--port", String(port)],
    ...["--ssl_keyfile_path", file("key.pem", own.key), "--ssl_certfile_path", file("cert.pem", own.cert)],
    ...quiet.args,
  ];
  const child = spawn(python, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      TMPDIR: folder,
      LITELLM_MASTER_KEY: token,
      SSL_CERT_FILE: file("authority.pem", authority.cert),
      ...quiet.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => log.push(data.toString()));
  const ended = new Promise<string>((resolve) => {
    child.on("error", ({ message }) => resolve(message));
    child.on("close", (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  const stop = () => stopped(child, ended);
  const failure = await Promise.race([ended, listening(port)]);
  if (failure !== undefined) {
    await stop();
    throw new Error(`LiteLLM did not start: ${failure}\n${log.join("").trim().slice(-longestTail)}`);
  }
  return stop;
}

/** @returns undefined when something listens, or that nothing does */
async function listening(port: number): Promise<string | undefined> {
  for (const ends = Date.now() + longestStartMs; Date.now() < ends; ) {
    if (await accepts(port)) return undefined;
    await after(200);
  }
  return `it did not listen within ${longestStartMs / 1000} s`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: loopback });
    const settle = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.on("connect", () => settle(true));
    socket.on("error", () => settle(false));
  });
}

async function stopped(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(kill);
}
