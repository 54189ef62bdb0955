import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, closeSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assertOnlySandbox, providerUrns, type RunningSandbox, sandboxEnvironment } from "../../sandbox/index.ts";
import { nodeBinary, projectRoot, pulumiBinary } from "../setup/toolchain.mjs";
import type { EngineEvent } from "./events.ts";
import { scratchFolder, type Workspace } from "./workspace.ts";

export type Operation = "preview" | "up" | "destroy" | "refresh";

/** How a run of the engine ended. */
export interface Outcome {
  readonly ok: boolean;
  readonly code: number | null;
  /** Somebody asked it to stop. */
  readonly interrupted: boolean;
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
  /** The policy pack that judges: a folder, or an executable file. @default this project's */
  readonly pack?: string;
  /** More options for Node in the program and in the pack. */
  readonly nodeOptions?: readonly string[];
  /** More variables for the engine; the sandbox's own win. */
  readonly environment?: Readonly<Record<string, string>>;
}

export function engineOf(options: EngineOptions): Engine {
  const { workspace, sandbox, asOf, project = projectRoot, nodeOptions = [] } = options;
  const { pack = join(projectRoot, "policy", "twocloud") } = options;
  const place = { port: sandbox.port, home: workspace.home, backendDir: workspace.backend };
  const base = sandboxEnvironment(process.env, place);
  const path = [dirname(pulumiBinary()), dirname(nodeBinary()), base.PATH].join(
    process.platform === "win32" ? ";" : ":",
  );
  const environment = {
    ...options.environment,
    ...base,
    PATH: path,
    TWOCLOUD_AS_OF: asOf,
    // Compiling the SDKs is half of what starting the program takes; the next start finds it done.
    NODE_COMPILE_CACHE: base.NODE_COMPILE_CACHE ?? join(scratchFolder, "compile-cache"),
    NODE_OPTIONS: ["--disable-warning=ExperimentalWarning", ...nodeOptions].join(" "),
  };
  writeFileSync(workspace.policyConfig, JSON.stringify(policyConfig(asOf)));

  const start = (args: readonly string[], cwd: string, poll: () => void): Promise<Omit<Outcome, "events">> =>
    new Promise((resolve, reject) => {
      // A group of its own: an interruption reaches it once, through us, and not a second time from the terminal.
      const child = spawn(pulumiBinary(), [...args], {
        cwd,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      const release = forwardInterrupts(child);
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
        const interrupted = release();
        poll();
        resolve({ ok: code === 0, code, interrupted, output: chunks.join("") });
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
      // Only these run the program, and only these are judged.
      const judged = operation === "preview" || operation === "up";
      const judge = judged ? ["--policy-pack", pack, "--policy-pack-config", workspace.policyConfig] : [];
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
      const changesNothing = operation === "preview" || args.includes("--preview-only");
      const yes = changesNothing ? [] : ["--yes", "--skip-preview"];
      const result = await start([operation, ...fixed, ...yes, ...judge, ...args], project, read);
      assertOnlySandbox(providerUrns(events, judged), sandbox);
      return { ...result, events };
    },
    async command(args, cwd = project) {
      return { ...(await start([...args, "--non-interactive"], cwd, () => {})), events: [] };
    },
  };
}

/** A second signal this soon after the first is the same key press on another way. */
const samePressMs = 500;

/**
 * Hands interruptions on to the engine, which finishes what is under way; only a second one ends it at once. Until then
 * this process stays, since the clouds live in it.
 * @returns ends the forwarding and tells whether there was one
 */
function forwardInterrupts(child: ChildProcess): () => boolean {
  let last = 0;
  const forward = () => {
    const now = Date.now();
    if (now - last < samePressMs) return;
    process.stderr.write(
      last === 0 ? "\nInterrupted: the engine finishes what is under way. Once more ends it at once.\n" : "\n",
    );
    last = now;
    child.kill("SIGINT");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
    return last > 0;
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
