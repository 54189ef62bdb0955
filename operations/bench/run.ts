import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { changesOf, errorsOf, violationsOf } from "../engine/events.ts";
import { type Session, withSession } from "../engine/session.ts";
import type { State } from "../engine/state.ts";
import { watchPeaks } from "./memory.ts";

/** One run of a program in a fresh sandbox, in a process of its own: its memory is the sandbox's. */

export interface RunRequest {
  /** Folder that the run may fill. */
  readonly folder: string;
  readonly project: string;
  /** Folder of the stack files. */
  readonly stacks: string;
  readonly stack: string;
  readonly asOf: string;
  readonly pack: string;
  /** Which of the rules' levels the pack goes by. Default: the stack's */
  readonly packName?: string;
  readonly operations: readonly ("preview" | "up")[];
  /**
   * File to which the state goes afterwards, its secrets shown. Such a run is not measured, so its engine writes the
   * state once, at the end. Default: nowhere
   */
  readonly exportTo?: string;
}

export interface Measured {
  readonly seconds: number;
  /** Until a cloud is first asked about a resource. */
  readonly firstResourceSeconds: number;
  readonly resources: number;
  readonly memoryMiB: { readonly program: number | null; readonly sandbox: number; readonly pack: number | null };
}

export type RunResult = Readonly<Partial<Record<"preview" | "up", Measured>>>;

const writtenOnce = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** @throws Error when an operation fails: what fails early is no measure of anything */
export async function run(request: RunRequest): Promise<RunResult> {
  const { folder, project, stacks, stack, asOf, pack, packName, operations, exportTo } = request;
  const requestLog = join(folder, "requests.jsonl");
  const environment: Record<string, string> = exportTo === undefined ? {} : writtenOnce;
  const own = packName === undefined ? {} : { packName };
  const options = { stack, asOf, folder, stacks, project, pack, ...own, requestLog, environment, say: () => {} };
  return withSession(options, async (session) => {
    const results: Partial<Record<"preview" | "up", Measured>> = {};
    for (const operation of operations) results[operation] = await measure(session, operation, request, requestLog);
    if (exportTo !== undefined) await exportWithSecrets(session, exportTo);
    return results;
  });
}

async function measure(
  { engine }: Session,
  operation: "preview" | "up",
  { pack }: RunRequest,
  requestLog: string,
): Promise<Measured> {
  const asked = linesOf(requestLog).length;
  const peaks = watchPeaks();
  const started = Date.now();
  const outcome = await engine.run(operation, []);
  const seconds = (Date.now() - started) / 1000;
  peaks.stop();
  if (!outcome.ok) {
    const found = [...errorsOf(outcome.events), ...violationsOf(outcome.events).map(({ message }) => message)];
    throw new Error(`${operation} failed, so there is nothing to measure:\n${found.join("\n") || outcome.output}`);
  }
  const first = linesOf(requestLog)
    .slice(asked)
    .find(({ method }) => method === "check");
  return {
    seconds,
    firstResourceSeconds: first === undefined ? seconds : (Date.parse(first.time) - started) / 1000,
    resources: Object.values(changesOf(outcome.events)).reduce((sum, count) => sum + count, 0),
    memoryMiB: {
      program: peaks.of("/cmd/run/index.js"),
      sandbox: Math.round(process.resourceUsage().maxRSS / 1024),
      pack: peaks.of(`node ${pack}`),
    },
  };
}

function linesOf(file: string): { readonly method: string; readonly time: string }[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

async function exportWithSecrets({ engine }: Session, file: string): Promise<void> {
  const { stack } = engine.files;
  const result = await engine.command(["stack", "export", "--show-secrets", "--stack", stack, "--file", file]);
  if (!result.ok) throw new Error(`The state can't be read:\n${result.output}`);
}

/** The state that a run exported. */
export function readExport(file: string): State {
  return (JSON.parse(readFileSync(file, "utf8")) as { deployment: State }).deployment;
}

if (import.meta.main) {
  const result = await run(JSON.parse(process.argv[2] ?? "{}") as RunRequest);
  process.stdout.write(JSON.stringify(result));
}
