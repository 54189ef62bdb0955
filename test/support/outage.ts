import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { destroy, type Job, up } from "../../operations/commands/deploy.ts";
import { loadPlan } from "../../operations/commands/load.ts";
import { type ScopeOptions, scopeOf } from "../../operations/commands/scope.ts";
import { changed, changesOf, errorsOf } from "../../operations/engine/events.ts";
import { urnsOf } from "../../operations/engine/partial.ts";
import type { Session } from "../../operations/engine/session.ts";
import { exportState, type State } from "../../operations/engine/state.ts";
import type { FaultPhase } from "../../sandbox/index.ts";
import { inSandbox, type Scratch, testDay } from "./session.ts";

/** A cloud that does not answer, while the others are brought up, changed and taken down. */

export interface Outage {
  readonly down: string;
  readonly at: FaultPhase;
}

/** Everything of the location: what exists in the clouds, as the state has it. */
const idsOf = (state: State, location: string): Map<string, string> => {
  const own = new Set(urnsOf(state, location));
  return new Map(
    (state.resources ?? []).flatMap(({ urn, id, custom }) => (own.has(urn) && custom ? [[urn, id ?? ""]] : [])),
  );
};

/** Edits the scratch's stack file: another replica at most in GCP, another tag elsewhere. */
function edit(scratch: Scratch): () => void {
  const file = join(scratch.stacks, "Pulumi.dev.yaml");
  const before = readFileSync(file, "utf8");
  writeFileSync(file, before.replace("costCentre: example", "costCentre: changed"));
  return () => writeFileSync(file, before);
}

/** The whole story of one outage, each step by the command that a person would type. */
export async function surviveOutage(scratch: Scratch, { down, at }: Outage): Promise<void> {
  const others = loadPlan("dev", testDay)
    .locations.map(({ name }) => name)
    .filter((name) => name !== down);
  const inTurn = (work: (session: Session) => Promise<void>) => inSandbox(scratch, "dev", work);
  const command = (options: ScopeOptions, what: (job: Job) => Promise<void>) =>
    inTurn(({ engine }) => what(jobOf(engine, options)));
  const fault = (set: boolean) =>
    inTurn(async ({ store }) => {
      store.faults.remove();
      if (set) store.faults.add({ kind: "down", location: down, at });
    });
  const stateOf = async (): Promise<State> => {
    let state: State = {};
    await inTurn(async ({ engine }) => {
      state = await exportState(engine);
    });
    return state;
  };

  // First up: the others come, nothing of the one that is down.
  await fault(true);
  if (at !== "read") await expect(command({}, up), "a plain up").rejects.toThrow(/UNAVAILABLE|ServiceUnavailable|503/);
  await command({ without: [down] }, up);
  const first = await stateOf();
  for (const location of others) expect(idsOf(first, location).size, location).toBeGreaterThan(60);

  // It is back: a plain up adds it, and what was healthy is the same as before.
  await fault(false);
  await command({}, up);
  const whole = await stateOf();
  expect(idsOf(whole, down).size).toBeGreaterThan(60);
  for (const location of others) expectKept(idsOf(first, location), idsOf(whole, location));

  // Down again: the others are changed, it is not.
  await fault(true);
  const undo = edit(scratch);
  await command({ without: [down] }, up);
  const updated = await stateOf();
  expect(
    JSON.stringify(updated.resources?.filter(({ urn }) => urnsOf(updated, others[0] ?? "").includes(urn))),
  ).toContain('"changed"');
  expect(idsOf(updated, down)).toEqual(idsOf(whole, down));
  for (const location of others) expect(idsOf(updated, location)).toEqual(idsOf(whole, location));
  undo();

  // Still down: one of the others is taken down alone, then both.
  await command({ only: [others[0] ?? ""], without: [down] }, destroy);
  const one = await stateOf();
  expect(idsOf(one, others[0] ?? "").size).toBe(0);
  expectKept(idsOf(one, others[1] ?? ""), idsOf(whole, others[1] ?? ""));
  expect(idsOf(one, down)).toEqual(idsOf(whole, down));
  await command({ without: [down] }, destroy);
  const left = await stateOf();
  expect(idsOf(left, down)).toEqual(idsOf(whole, down));
  for (const location of others) expect(idsOf(left, location).size, location).toBe(0);

  // It is back: a plain up builds the others again around it, when Google has let go of the deleted pools' ids, which it
  // keeps for 30 days: the trust in a gateway that stayed would have the same one.
  await fault(false);
  await inTurn(async ({ store }) => store.keptNames.clear());
  await command({}, up);
  const again = await stateOf();
  // What it trusted was the issuers of clusters that are gone; it trusts the new ones instead.
  const trust = new RegExp(`-access-from-(${others.join("|")})(-|$)`);
  const lasting = [...idsOf(whole, down)].filter(([urn]) => !trust.test(urn));
  expect(lasting.length).toBeGreaterThan(60);
  expectKept(new Map(lasting), idsOf(again, down));
  await inTurn(async ({ engine, store }) => {
    const custom = (again.resources ?? []).filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    expect(store.count()).toBe(custom.length);
    const preview = await engine.run("preview", []);
    expect(errorsOf(preview.events)).toEqual([]);
    expect(changed(changesOf(preview.events))).toBe(0);
  });
}

/** What was there is still there, by the same id; more may have come. */
function expectKept(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  const kept = new Map([...after].filter(([urn]) => before.has(urn)));
  expect(kept).toEqual(before);
}

function jobOf(engine: Job["engine"], scope: ScopeOptions): Job {
  const plan = loadPlan("dev", testDay);
  const options = { stack: "dev", sandbox: true, yes: true, ...scope };
  return { engine, plan, scope: scopeOf(plan, scope), options, out: { write: () => {}, isTTY: false } };
}
