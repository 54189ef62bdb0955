import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { newSecret } from "./identity.ts";

/** The real gateway, run on this machine. */

export interface GatewayBinaries {
  /** `aigw`. */
  readonly gateway: string;
  /** Folder in which it looks for Envoy. */
  readonly dataHome: string;
}

export interface GatewayRun {
  readonly binaries: GatewayBinaries;
  /** Everything that it writes goes here. */
  readonly folder: string;
  readonly objects: readonly object[];
}

export interface RunningGateway {
  /** What the clouds' own credential chains give it here. */
  readonly identities: CloudIdentities;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface CloudIdentities {
  /** Access key id with which requests to AWS are signed. */
  readonly aws: string;
  /** Bearer token that Google's token service hands out. */
  readonly gcp: string;
}

/** Names the folder of a run; a folder holds one. */
const runId = "drill";

/** The gateway reads a stream of YAML documents, and JSON is YAML. */
function documents(objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(object)).join("\n---\n");
}

function isSecret(object: object): boolean {
  return (object as { readonly kind?: string }).kind === "Secret";
}

/** Time that it gets to end by itself, milliseconds. */
const graceMs = 5_000;
const pollMs = 20;

/** @throws Error with the end of its log when it does not start */
export async function startGateway({ binaries, folder, objects }: GatewayRun): Promise<RunningGateway> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "gateway.json");
  writeFileSync(config, documents(objects));
  const google = await startTokenService(folder);
  const aws = `AKIA${newSecret()
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, 16)
    .toUpperCase()}`;
  const child = spawn(binaries.gateway, ["run", config], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AIGW_DATA_HOME: binaries.dataHome,
      AIGW_RUN_ID: runId,
      AIGW_CONFIG_HOME: join(folder, "config"),
      AIGW_STATE_HOME: join(folder, "state"),
      AIGW_RUNTIME_DIR: join(folder, "run"),
      AWS_ACCESS_KEY_ID: aws,
      AWS_SECRET_ACCESS_KEY: newSecret(),
      AWS_EC2_METADATA_DISABLED: "true",
      GOOGLE_APPLICATION_CREDENTIALS: google.file,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => log.push(data.toString()));
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) =>
      resolve(`it ended with ${signal ?? `exit code ${code}`}: ${tailOf(log, folder)}`),
    );
  });
  const rendered = join(folder, "state", "runs", runId, "envoy-ai-gateway-resources");
  await Promise.race([addSecrets(rendered, objects), ended]);
  await ready(child, log, ended);
  return {
    identities: { aws, gcp: google.token },
    ended,
    async stop() {
      google.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** `aigw run` takes Secrets for itself; what the proxies need of them has to lie beside what it renders. */
async function addSecrets(folder: string, objects: readonly object[]): Promise<void> {
  while (!existsSync(join(folder, "config.yaml"))) await after(pollMs);
  writeFileSync(join(folder, "secrets.yaml"), documents(objects.filter(isSecret)));
}

async function ready(child: ChildProcess, log: readonly string[], ended: Promise<string>): Promise<void> {
  const listening = new Promise<undefined>((resolve) => {
    const look = () => {
      if (/AI Gateway listening/.test(log.join(""))) resolve(undefined);
    };
    child.stderr?.on("data", look);
  });
  const failure = await Promise.race([listening, ended]);
  if (failure !== undefined) throw new Error(`the gateway did not start; ${failure}`);
}

const longestTail = 1_500;

function tailOf(log: readonly string[], folder: string): string {
  const own = log.join("").trim();
  if (own !== "") return own.slice(-longestTail);
  try {
    return readFileSync(join(folder, "state", "runs", runId, "aigw.log"), "utf8").slice(-longestTail);
  } catch {
    return "it said nothing";
  }
}

/** Google's token service: exchanges the pod's token for an access token, as workload identity federation does. */
async function startTokenService(folder: string) {
  const token = newSecret();
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        access_token: token,
        issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
        token_type: "Bearer",
        expires_in: 3600,
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const subject = join(folder, "pod-token");
  writeFileSync(subject, newSecret(), { mode: 0o600 });
  const file = join(folder, "google.json");
  writeFileSync(
    file,
    JSON.stringify({
      type: "external_account",
      audience: "//iam.googleapis.com/projects/0/locations/global/workloadIdentityPools/drill/providers/drill",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `http://127.0.0.1:${port}/token`,
      credential_source: { file: subject },
    }),
  );
  return { token, file, close: () => server.close() };
}
