/** One random stack under the real engine: it comes up, a second run changes nothing, and it goes away. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { copyOfProject } from "../../operations/bench/projects.ts";
import type { Outcome } from "../../operations/engine/engine.ts";
import { changed, changesOf, errorsOf, violationsOf } from "../../operations/engine/events.ts";
import { packVariable } from "../../operations/engine/pack.ts";
import { type Session, withSession } from "../../operations/engine/session.ts";
import { exportState, type StateResource } from "../../operations/engine/state.ts";
import { modest, type StackFiles, stackFiles, suites, textsOf } from "./arbitrary-stack.ts";
import { asOf } from "./stacks.ts";

/**
 * The seed of CI: what came up once comes up again. Its first eight stacks have one, three and four locations, every
 * environment and tier, and model servers as primary and as fallback, warm and cold.
 */
export const fixedSeed = 20261117;

/** The first stacks of a seed; more of them begin with the same ones. */
export function stacksOf(seed: number, count: number): StackFiles[] {
  return fc.sample(stackFiles(modest), { seed, numRuns: count });
}

export interface Verdict {
  /** What went wrong; empty if nothing did. */
  readonly problems: readonly string[];
  /** Resources in the clouds once it was up. */
  readonly resources: number;
  readonly seconds: number;
}

/**
 * The state is written at the end only: a file backend writes all of it at every step. What an owner would repair or
 * waive in production (one replica, a primary on spot machines, a cluster without deletion protection) is advice here.
 */
const circumstances = {
  PULUMI_EXPERIMENTAL: "true",
  PULUMI_SKIP_CHECKPOINTS: "true",
  [packVariable]: "baseline",
};

/** A copy of the project with these stack files, in a folder that goes away with it. */
export async function inProject<T>(
  stack: string,
  texts: Readonly<Record<string, string>>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "twocloud-property-"));
  try {
    const project = copyOfProject(join(root, "project"));
    const stacks = join(project, "stacks");
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(stacks, file), text);
    // A stack needs to know only that its suites are there.
    for (const suite of suites) writeFileSync(join(stacks, "suites", `${suite}.yaml`), "# never run\n");
    const folder = join(root, "sandbox");
    return await withSession({ stack, asOf, folder, stacks, project, environment: circumstances, say: () => {} }, work);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export async function judge(files: StackFiles): Promise<Verdict> {
  const started = Date.now();
  const { problems, resources } = await inProject(files.environment, textsOf(files), lifeOf).catch(
    (error: unknown) => ({
      problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      resources: 0,
    }),
  );
  return { problems, resources, seconds: Math.round((Date.now() - started) / 1000) };
}

async function lifeOf(session: Session): Promise<Omit<Verdict, "seconds">> {
  const { engine, store } = session;
  const up = await engine.run("up", []);
  const resources = store.count();
  const failed = failuresOf("up", up);
  if (failed.length > 0) return { problems: failed, resources };
  const held = inClouds((await exportState(engine)).resources);
  const problems = held.length === resources ? [] : [`the state has ${held.length} resources, the clouds ${resources}`];
  const again = await engine.run("preview", []);
  const changes = changesOf(again.events);
  problems.push(...failuresOf("second run", again));
  if (changed(changes) > 0) problems.push(`the second run would change something: ${JSON.stringify(changes)}`);
  return { problems: [...problems, ...(await goAway(session, held))], resources };
}

/** Protection is lifted first; what a real cloud would keep may stay, and nothing else. */
async function goAway({ engine, store, workspace }: Session, held: readonly StateResource[]): Promise<string[]> {
  await engine.command(["state", "unprotect", "--all", "--yes", "--stack", workspace.stack]);
  const destroy = await engine.run("destroy", []);
  const problems = failuresOf("destroy", destroy);
  const { resources = [] } = await exportState(engine);
  if (resources.length > 0) problems.push(`destroy left ${resources.length} resources in the state`);
  const kept = new Set(held.filter((one) => one.retainOnDelete === true).map(({ type, id }) => `${type} ${id}`));
  const left = store.list().map(({ type, id }) => `${type} ${id}`);
  problems.push(...left.filter((one) => !kept.has(one)).map((one) => `destroy left in the clouds: ${one}`));
  return problems;
}

function inClouds(resources: readonly StateResource[] = []): StateResource[] {
  return resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
}

function failuresOf(what: string, { code, events, output }: Outcome): string[] {
  const mandatory = violationsOf(events).filter(({ level }) => level === "mandatory");
  const found = [...errorsOf(events), ...mandatory.map(({ rule, message }) => `${rule}: ${message}`)];
  if (code === 0 && found.length === 0) return [];
  return (found.length > 0 ? found : [output]).map((text) => `${what}: ${text}`);
}
