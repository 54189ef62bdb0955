import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { withSession } from "../engine/session.ts";
import { rounded } from "../spread.ts";
import { exported, type Place, packsIn } from "./contenders.ts";
import { watchPeaks } from "./memory.ts";
import { projectOfWorkloads } from "./projects.ts";
import { readExport } from "./run.ts";
import { median } from "./statistics.ts";

/** What the policy pack costs on a stored state: no program and no provider beside it. */

export interface PackCost {
  readonly resources: number;
  /** Of the pack beyond a pack of one empty rule, seconds. */
  readonly seconds: number;
  readonly memoryMiB: number | null;
}

/** Analyses a state of as many workloads several times, with the pack and with an empty one in turn. */
export async function packCost(place: Place, workloads: number, rounds: number): Promise<PackCost> {
  const folder = join(place.folder, `state-${workloads}`);
  const project = projectOfWorkloads(join(folder, "project"), workloads);
  const packs = packsIn(folder);
  const granted = { ...place, folder, stacks: join(project, "stacks") };
  const state = await exported(granted, project, packs.empty, `state of ${workloads} workloads`);
  const resources = readExport(state).resources?.length ?? 0;
  const own: number[] = [];
  const empty: number[] = [];
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    place.say(`round ${round + 1} of ${rounds}: pack on ${resources} resources`);
    empty.push((await analysed(place, folder, state, packs.empty)).seconds);
    const { seconds, memoryMiB } = await analysed(place, folder, state, packs.own);
    own.push(seconds);
    if (memoryMiB !== null) peaks.push(memoryMiB);
  }
  return {
    resources,
    seconds: rounded(median(own) - median(empty)),
    memoryMiB: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

async function analysed(place: Place, folder: string, state: string, pack: string) {
  const { stack, asOf, stacks } = place;
  mkdirSync(join(folder, "session"), { recursive: true });
  const options = { stack, asOf, stacks, folder: join(folder, "session"), say: () => {} };
  return withSession(options, async ({ engine }) => {
    const peaks = watchPeaks();
    const started = Date.now();
    const outcome = await engine.command(["policy", "analyze", "--file", state, "--policy-pack", pack, "--json"]);
    const seconds = (Date.now() - started) / 1000;
    peaks.stop();
    // What it finds is the tests' business; that it ran to its end is this one's.
    if (!outcome.output.includes("{")) throw new Error(`The pack could not be run:\n${outcome.output}`);
    return { seconds, memoryMiB: peaks.of(`node ${pack}`) };
  });
}
