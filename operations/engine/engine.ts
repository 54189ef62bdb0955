import { spawn } from "node:child_process";
import { appendFileSync, closeSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assertOnlySandbox, providerUrns, type RunningSandbox, sandboxEnvironment } from "../../sandbox/index.ts";
import { nodeBinary, projectRoot, pulumiBinary } from "../setup/toolchain.mjs";
import type { EngineEvent } from "./events.ts";
import type { Workspace } from "./workspace.ts";

export type Operation = "preview" | "up" | "destroy" | "refresh";

/** How a run of the engine ended. */
export interface Outcome {
  readonly ok: boolean;
  readonly code: number | null;
  readonly events: readonly EngineEvent[];
  /** What it printed, both streams. */
  readonly output: string;
}

/** The stock engine, pointed at the sandbox. */
export interface Engine {
  readonly workspace: Workspace;
  /** Runs an operation; `onEvent` sees what happens while it happens. */
  run(operation: Operation, args: readonly string[], onEvent?: (event: EngineEvent) => void): Promise<Outcome>;
  /** Any other command of the CLI. */
  command(args: readonly string[], cwd?: string): Promise<Outcome>;
}

export interface EngineOptions {
  readonly workspace: Workspace;
  readonly sandbox: RunningSandbox;
  /** Day of judgement, YYYY-MM-DD. */
  readonly asOf: string;
  /** Folder of the project that is run. @default this project */
  readonly project?: string;
}

export function engineOf({ workspace, sandbox, asOf, project = projectRoot }: EngineOptions): Engine {
  const place = { port: sandbox.port, home: workspace.home, backendDir: workspace.backend };
  const base = sandboxEnvironment(process.env, place);
  const path = [dirname(pulumiBinary()), dirname(nodeBinary()), base.PATH].join(
    process.platform === "win32" ? ";" : ":",
  );
  const environment = {
    ...base,
    PATH: path,
    TWOCLOUD_AS_OF: asOf,
    NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
  };
  writeFileSync(workspace.policyConfig, JSON.stringify(policyConfig(asOf)));

  const start = (args: readonly string[], cwd: string, poll: () => void): Promise<Omit<Outcome, "events">> =>
    new Promise((resolve, reject) => {
      // Of the same process group: Ctrl-C reaches the engine, which then finishes what is under way.
      const child = spawn(pulumiBinary(), [...args], { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
      const chunks: string[] = [];
      const keep = (chunk: Buffer) => {
        chunks.push(chunk.toString());
        appendFileSync(workspace.engineLog, chunk);
      };
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      const timer = setInterval(poll, 200);
      child.on("error", reject);
      child.on("close", (code) => {
        clearInterval(timer);
        poll();
        resolve({ ok: code === 0, code, output: chunks.join("") });
      });
    });

  return {
    workspace,
    async run(operation, args, onEvent = () => {}) {
      rmSync(workspace.eventLog, { force: true });
      const events: EngineEvent[] = [];
      const read = follower(workspace.eventLog, (event) => {
        events.push(event);
        onEvent(event);
      });
      const pack =
        operation === "preview" || operation === "up"
          ? ["--policy-pack", join(projectRoot, "policy", "twocloud"), "--policy-pack-config", workspace.policyConfig]
          : [];
      const fixed = [
        "--stack",
        workspace.stack,
        "--config-file",
        workspace.configFile,
        "--event-log",
        workspace.eventLog,
        "--non-interactive",
        "--color",
        "never",
      ];
      const yes = operation === "preview" ? [] : ["--yes", "--skip-preview"];
      const result = await start([operation, ...fixed, ...yes, ...pack, ...args], project, read);
      assertOnlySandbox(providerUrns(events), sandbox);
      return { ...result, events };
    },
    async command(args, cwd = project) {
      return { ...(await start([...args, "--non-interactive"], cwd, () => {})), events: [] };
    },
  };
}

/** The pack's settings in the sandbox: the day of judgement. */
function policyConfig(asOf: string): Record<string, unknown> {
  return { "as-of": { asOf } };
}

/** Reads a growing file line by line; each call hands on what is new. */
function follower(file: string, onLine: (event: EngineEvent) => void): () => void {
  let position = 0;
  let rest = "";
  const buffer = Buffer.alloc(1 << 20);
  return () => {
    let descriptor: number;
    try {
      descriptor = openSync(file, "r");
    } catch {
      return; // the engine has not made it yet
    }
    try {
      for (
        let read = readSync(descriptor, buffer, 0, buffer.length, position);
        read > 0;
        read = readSync(descriptor, buffer, 0, buffer.length, position)
      ) {
        position += read;
        rest += buffer.toString("utf8", 0, read);
        const lines = rest.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "") onLine(JSON.parse(line) as EngineEvent);
      }
    } finally {
      closeSync(descriptor);
    }
  };
}

/** The stack's state as it is exported. */
export async function exportState(engine: Engine): Promise<State> {
  const file = join(engine.workspace.folder, "export.json");
  const result = await engine.command(["stack", "export", "--stack", engine.workspace.stack, "--file", file]);
  if (!result.ok) throw new Error(`The state can't be read:\n${result.output}`);
  return (JSON.parse(readFileSync(file, "utf8")) as { deployment: State }).deployment;
}

export interface State {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}
