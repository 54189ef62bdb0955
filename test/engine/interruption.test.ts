import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { changed, changesOf, errorsOf } from "../../operations/engine/events.ts";
import { exportState } from "../../operations/engine/state.ts";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";
import { inSandbox, scratchFolder } from "../support/session.ts";

/** A run that is cut off, at a moment nobody chose, and the run after it. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

/** Moments after which the run is ended, ms: in the preview's place, early, and in the middle of the update. */
const moments = [1500, 6000, 12_000].map((base) => base + Math.random() * 3000);

function bringUp(): ChildProcess {
  const script = join(projectRoot, "test", "support", "bring-up.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, scratch.folder, scratch.stacks, "dev"];
  return spawn(nodeBinary(), args, { stdio: "ignore", detached: true });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on("close", (code) => resolve(code)));
}

test(`killed after ${moments.map(Math.round).join(", ")} ms, it goes on and nothing is made twice`, async () => {
  for (const moment of moments) {
    const child = bringUp();
    const end = ended(child);
    const timer = setTimeout(() => child.kill("SIGKILL"), moment);
    await end;
    clearTimeout(timer);
  }
  await inSandbox(scratch, "dev", async ({ engine, store }) => {
    const up = await engine.run("up", []);
    expect(errorsOf(up.events)).toEqual([]);
    expect(up.code, up.output).toBe(0);
    const { resources = [], pending_operations = [] } = await exportState(engine);
    expect(pending_operations).toEqual([]);
    const made = resources.filter((resource) => resource.custom && !resource.type.startsWith("pulumi:"));
    expect(store.count()).toBe(made.length);
    const again = await engine.run("preview", []);
    expect(changed(changesOf(again.events))).toBe(0);
  });
});

test("asked to stop, it stops cleanly and keeps what was made", async () => {
  await inSandbox(scratch, "dev", async ({ engine }) => {
    await engine.run("destroy", []);
  });
  const child = bringUp();
  const end = ended(child);
  setTimeout(() => child.kill("SIGINT"), 9000);
  expect(await end).toBe(130);
  await inSandbox(scratch, "dev", async ({ engine, store }) => {
    const state = await exportState(engine);
    expect(state.pending_operations ?? []).toEqual([]);
    const made = (state.resources ?? []).filter((resource) => resource.custom && !resource.type.startsWith("pulumi:"));
    expect(store.count()).toBe(made.length);
    const destroy = await engine.run("destroy", []);
    expect(destroy.code, destroy.output).toBe(0);
    expect(store.count()).toBe(0);
  });
});

test("two at once on one stack follow one another", async () => {
  const children = [bringUp(), bringUp()];
  expect(await Promise.all(children.map(ended))).toEqual([0, 0]);
  await inSandbox(scratch, "dev", async ({ engine, store }) => {
    const { resources = [] } = await exportState(engine);
    const made = resources.filter((resource) => resource.custom && !resource.type.startsWith("pulumi:"));
    expect(made.length).toBeGreaterThan(300);
    expect(store.count()).toBe(made.length);
  });
});
