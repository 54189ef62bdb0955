import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { newAuthority, newSecret } from "../../../operations/drill/identity.ts";
import { freePort } from "../../../operations/drill/stage.ts";
import { type Client, newClient } from "./client.ts";

/** A real API server with a real etcd: reached on a free port of the loopback, by a token and keys that go with it. */

export interface KubernetesPrograms {
  readonly apiServer: string;
  readonly etcd: string;
}

export interface KubernetesServer {
  readonly client: Client;
  /** Ends both and removes all that they wrote. */
  stop(): Promise<void>;
}

/** Ten seconds are usual; a busy machine takes longer. */
const startLimitMs = 180_000;
const pollMs = 100;

/** A free port may be somebody else's by the time that the server listens on it. */
const attempts = 3;

/** @throws Error with the end of the logs when it does not come up; nothing is left of it then */
export async function startKubernetes(programs: KubernetesPrograms): Promise<KubernetesServer> {
  for (let attempt = 1; ; attempt++) {
    const folder = mkdtempSync(join(tmpdir(), "twocloud-api-"));
    const running: Program[] = [];
    const stop = async () => {
      await Promise.all(running.map((program) => program.stop()));
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    };
    try {
      return { client: await start(programs, folder, running), stop };
    } catch (error) {
      await stop();
      if (attempt === attempts || !/address already in use/.test(String(error))) throw error;
    }
  }
}

async function start(programs: KubernetesPrograms, folder: string, running: Program[]): Promise<Client> {
  const secrets = await writeSecrets(folder);
  const port = await freePort();
  const client = newClient({ port, ca: secrets.authority, token: secrets.token });
  running.push(run(programs.etcd, etcdArguments(folder), folder, "etcd"));
  const etcd = `unix://${join(folder, etcdSocket)}`;
  running.push(run(programs.apiServer, serverArguments(secrets.files, port, etcd), folder, "kube-apiserver"));
  const failure = await waitUntilReady(client, Promise.race(running.map(({ ended }) => ended)));
  if (failure !== undefined) throw new Error(`Kubernetes did not start: ${failure}\n${tails(running)}`);
  return client;
}

/** Sockets in a folder that nobody else can enter need neither ports nor keys; etcd wants them named like host and port. */
const [etcdSocket, peerSocket] = ["clients:0", "peers:0"] as const;

function etcdArguments(folder: string): string[] {
  const [clients, peers] = [`unix://${etcdSocket}`, `unix://${peerSocket}`];
  return [
    `--data-dir=${join(folder, "data")}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    // What it holds goes with it.
    "--unsafe-no-fsync",
  ];
}

function serverArguments(files: SecretFiles, port: number, etcdUrl: string): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--tls-cert-file=${files.cert}`,
    `--tls-private-key-file=${files.key}`,
    `--token-auth-file=${files.tokens}`,
    "--anonymous-auth=false",
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${files.accountKey}`,
    `--service-account-signing-key-file=${files.accountKey}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    // It is its cluster's only part: nobody makes service accounts, and no pod looks for the server.
    "--disable-admission-plugins=ServiceAccount",
    "--endpoint-reconciler-type=none",
  ];
}

interface SecretFiles {
  readonly cert: string;
  readonly key: string;
  readonly tokens: string;
  readonly accountKey: string;
}

async function writeSecrets(folder: string): Promise<{ authority: string; token: string; files: SecretFiles }> {
  const authority = await newAuthority();
  const { cert, key } = await authority.issue(["127.0.0.1"]);
  const accounts = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const token = newSecret();
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const files = {
    cert: write("server.crt", cert),
    key: write("server.key", key),
    tokens: write("tokens.csv", `${token},tests,tests,system:masters\n`),
    accountKey: write("accounts.key", accounts.privateKey),
  };
  return { authority: authority.cert, token, files };
}

/** Resolves with nothing when the server takes requests, else with what is wrong. */
async function waitUntilReady(client: Client, ended: Promise<string>): Promise<string | undefined> {
  let failure: string | undefined;
  void ended.then((how) => {
    failure = how;
  });
  const limit = Date.now() + startLimitMs;
  for (;;) {
    const said = await client("GET", "/readyz").then(
      ({ status, text }) => (status === 200 ? undefined : text),
      (error: Error) => error.message,
    );
    if (said === undefined || failure !== undefined) return failure;
    if (Date.now() > limit) return `it is not ready after ${startLimitMs / 1000} s: ${said}`;
    await after(pollMs);
  }
}

interface Program {
  readonly name: string;
  readonly log: string;
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Runs a program until its input ends, which it also does when whoever started it is killed. There is nothing to save, so
 * it is not asked to leave.
 */
const untilInputEnds = `
exec 3<&0
"$@" 3<&- & program=$!
(cat <&3 > /dev/null; kill -KILL $program 2> /dev/null) & watcher=$!
exec 3<&-
wait $program
code=$?
kill $watcher 2> /dev/null
exit $code`;

function run(command: string, args: readonly string[], folder: string, name: string): Program {
  const log = join(folder, `${name}.log`);
  const output = openSync(log, "a");
  const child: ChildProcess = spawn("sh", ["-c", untilInputEnds, "sh", command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
    stdio: ["pipe", output, output],
  });
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`${name}: ${error.message}`));
    child.on("exit", (code, signal) => resolve(`${name} ended with ${signal ?? `exit code ${code}`}`));
  });
  return {
    name,
    log,
    ended,
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
}

const tailLines = 20;

function tails(programs: readonly Program[]): string {
  return programs
    .map(
      ({ name, log }) =>
        `${name} said last:\n${readFileSync(log, "utf8").trimEnd().split("\n").slice(-tailLines).join("\n")}`,
    )
    .join("\n");
}
