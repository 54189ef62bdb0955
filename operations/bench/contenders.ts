import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeBinary, projectRoot } from "../setup/toolchain.mjs";
import { emptyPack, flatProject } from "./projects.ts";
import { type Measured, type RunRequest, type RunResult, readExport } from "./run.ts";
import { median } from "./statistics.ts";

/** What is measured against what, in turn, so that a busy machine is busy for all of them. */

export interface Contender {
  readonly name: string;
  readonly project: string;
  readonly pack: string;
  /** Which of the rules' levels the pack goes by. Default: the stack's */
  readonly packName?: string;
  /** The first so many rounds only. Default: all */
  readonly rounds?: number;
}

/** The packs of the comparison. */
export interface Packs {
  readonly own: string;
  readonly empty: string;
}

export function packsIn(folder: string): Packs {
  return { own: join(projectRoot, "policy", "twocloud"), empty: emptyPack(join(folder, "empty-pack")) };
}

export interface Place {
  /** Folder for everything that the benchmark makes. */
  readonly folder: string;
  /** Folder of the stack files that the engine reads. */
  readonly stacks: string;
  readonly stack: string;
  readonly asOf: string;
  readonly say: (text: string) => void;
}

export type Operations = RunRequest["operations"];

/** Brings a project up once and writes down the flat program of what was registered. */
export async function flatOf(place: Place, project: string, pack: string, name: string): Promise<string> {
  const file = await exported(place, project, pack, name);
  return flatProject(join(place.folder, name), readExport(file));
}

/** Brings a project up once. @returns file of the state that it has then, its secrets shown */
export async function exported(place: Place, project: string, pack: string, name: string): Promise<string> {
  place.say(`${name}: bringing it up once`);
  mkdirSync(place.folder, { recursive: true });
  const file = join(place.folder, `${name}.json`);
  await runApart({ ...runOf(place, { name, project, pack }), operations: ["up"], exportTo: file });
  return file;
}

/** Measurements of each contender by operation, over several rounds; the first of a round is another one each time. */
export async function compare(
  place: Place,
  contenders: readonly Contender[],
  operations: Operations,
  rounds: number,
): Promise<Map<string, RunResult[]>> {
  const results = new Map<string, RunResult[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, index) => contenders[(index + round) % contenders.length]);
    for (const contender of order) {
      if (contender === undefined || round >= (contender.rounds ?? rounds)) continue;
      place.say(`round ${round + 1} of ${rounds}: ${contender.name}`);
      const result = await runApart({ ...runOf(place, contender), operations });
      results.get(contender.name)?.push(result);
    }
  }
  return results;
}

/** The median of a number over the rounds. */
export function medianOf(
  results: readonly RunResult[] | undefined,
  operation: "preview" | "up",
  read: (measured: Measured) => number,
): number {
  return median(
    (results ?? []).flatMap((result) => (result[operation] === undefined ? [] : [read(result[operation])])),
  );
}

function runOf(
  { folder, stacks, stack, asOf }: Place,
  { project, pack, packName }: Contender,
): Omit<RunRequest, "operations"> {
  const sandbox = join(folder, "sandbox");
  rmSync(sandbox, { recursive: true, force: true });
  mkdirSync(sandbox, { recursive: true });
  return { folder: sandbox, project, stacks, stack, asOf, pack, ...(packName === undefined ? {} : { packName }) };
}

/** A run in a process of its own. @throws Error with what it printed when it fails */
async function runApart(request: RunRequest): Promise<RunResult> {
  const script = join(import.meta.dirname, "run.ts");
  const child = spawn(nodeBinary(), ["--disable-warning=ExperimentalWarning", script, JSON.stringify(request)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", error: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    texts.out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    texts.error += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(texts.error || texts.out);
  return JSON.parse(texts.out) as RunResult;
}
