import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, closeSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { nodeBinary, projectRoot, pulumiBinary } from "../setup/toolchain.mjs";
import type { EngineEvent } from "./events.ts";
import { packFile, packFor, packVariable, withoutPack } from "./pack.ts";
import type { RunFiles } from "./workspace.ts";

/** The engine, its state or its backend is in the way of a command: for the person at the keyboard, not a defect. */
export class EngineError extends Error {}

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

/** One run of the engine. */
export interface Run {
  /** Sees what happens while it happens. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** More variables for this run. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Levels of rules, over those of the pack. Default: none; "off": no pack, as for the engine's own destroy */
  readonly rules?: Readonly<Record<string, "advisory">> | "off";
}

/** The stock engine, pointed at one stack. */
export interface Engine {
  readonly files: RunFiles;
  /** Which of the packs judges. */
  readonly pack: string;
  run(operation: Operation, args: readonly string[], run?: Run): Promise<Outcome>;
  /** Has the pack judge an exported state; needs no login, program or cloud. */
  analyze(file: string): Promise<Outcome>;
  /** Any other command of the CLI. */
  command(args: readonly string[], cwd?: string): Promise<Outcome>;
}

export interface EngineOptions {
  readonly files: RunFiles;
  /** The engine's variables, all of them. */
  readonly environment: NodeJS.ProcessEnv;
  /** Stack file for the engine. Default: the project's */
  readonly configFile?: string;
  /** Day of judgement, YYYY-MM-DD. */
  readonly asOf: string;
  /** Looks at what a run did; throws when it must not count. `registers`: it ran the program. */
  readonly inspect?: (events: readonly EngineEvent[], registers: boolean) => void;
  /** Folder of the project that is run. @default this project */
  readonly project?: string;
  /** The policy pack that judges: a folder, or an executable file. @default this project's */
  readonly pack?: string;
  /** Which of its packs. Default: that of the environment, or of the stack */
  readonly packName?: string;
}

export function engineOf(options: EngineOptions): Engine {
  const { files, asOf, configFile, project = projectRoot, inspect = () => {} } = options;
  const { pack = packFile, packName = packFor(files.stack, options.environment) } = options;
  const path = [dirname(pulumiBinary()), dirname(nodeBinary()), options.environment.PATH].join(delimiter);
  const environment = {
    ...withoutPack(options.environment),
    PATH: path,
    TWOCLOUD_AS_OF: asOf,
    [packVariable]: packName,
  };
  const judge = ["--policy-pack", pack, "--policy-pack-config", files.policyConfig];
  const configure = (levels: Readonly<Record<string, "advisory">>) =>
    writeFileSync(files.policyConfig, JSON.stringify(policyConfig(asOf, levels)));

  const start = (
    args: readonly string[],
    { cwd, more = {}, poll = () => {} }: { cwd: string; more?: Run["environment"]; poll?: () => void },
  ): Promise<Omit<Outcome, "events"> & { readonly stdout: string }> =>
    new Promise((resolve, reject) => {
      // A group of its own: an interruption reaches it once, through us, and not a second time from the terminal.
      const child = spawn(pulumiBinary(), [...args], {
        cwd,
        env: { ...environment, ...more },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      const release = forwardInterrupts(child);
      const chunks: string[] = [];
      const said: string[] = [];
      const keep = (chunk: string) => {
        chunks.push(chunk);
        appendFileSync(files.engineLog, chunk);
      };
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", keep);
      child.stdout.on("data", (chunk: string) => said.push(chunk));
      const timer = setInterval(poll, 200);
      child.on("error", reject);
      child.on("close", (code) => {
        clearInterval(timer);
        const interrupted = release();
        poll();
        resolve({ ok: code === 0, code, interrupted, output: chunks.join(""), stdout: said.join("") });
      });
    });

  return {
    files,
    pack: packName,
    async run(operation, args, { onEvent = () => {}, environment: more = {}, rules = {} } = {}) {
      rmSync(files.eventLog, { force: true });
      const events: EngineEvent[] = [];
      const read = follower(files.eventLog, (event) => {
        events.push(event);
        onEvent(event);
      });
      // Only these run the program, and only these can be judged.
      const registers = operation === "preview" || operation === "up";
      if (rules !== "off") configure(rules);
      const judged = registers && rules !== "off" ? judge : [];
      const config = configFile === undefined ? [] : ["--config-file", configFile];
      const log = ["--event-log", files.eventLog];
      const fixed = ["--stack", files.stack, ...config, ...log, "--non-interactive", "--color", "never"];
      const changesNothing = operation === "preview" || args.includes("--preview-only");
      const yes = changesNothing ? [] : ["--yes", "--skip-preview"];
      const result = await start([operation, ...fixed, ...yes, ...judged, ...args], { cwd: project, more, poll: read });
      inspect(
        events.filter((event) => !isLeftAlone(event, args)),
        registers,
      );
      return { ...result, events };
    },
    async analyze(file) {
      configure({});
      const args = ["policy", "analyze", "--file", file, ...judge, "--json", "--non-interactive", "--color", "never"];
      const result = await start(args, { cwd: project });
      return { ...result, events: eventsIn(result.stdout) };
    },
    async command(args, cwd = project) {
      return { ...(await start([...args, "--non-interactive"], { cwd })), events: [] };
    },
  };
}

/** What the state has of something that the run excludes: it is carried over, and its provider is not started. */
function isLeftAlone({ resourcePreEvent, resOutputsEvent }: EngineEvent, args: readonly string[]): boolean {
  const step = (resourcePreEvent ?? resOutputsEvent)?.metadata;
  return step?.op === "same" && args.includes(step.urn);
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

/** The pack's settings: the day of judgement, and levels. */
function policyConfig(asOf: string, levels: Readonly<Record<string, "advisory">>): Record<string, unknown> {
  return { "as-of": { asOf }, ...levels };
}

/** What `--json` printed, an event a line; a person's lines among them are passed over. */
function eventsIn(text: string): EngineEvent[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** Reads a growing file line by line; each call hands on what is new. */
function follower(file: string, onLine: (event: EngineEvent) => void): () => void {
  let position = 0;
  let rest = "";
  const buffer = Buffer.alloc(1 << 20);
  // A read can end inside a character.
  const decoder = new StringDecoder("utf8");
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
        rest += decoder.write(buffer.subarray(0, read));
        const lines = rest.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "") onLine(JSON.parse(line) as EngineEvent);
      }
    } finally {
      closeSync(descriptor);
    }
  };
}
