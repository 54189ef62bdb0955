import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { processStart } from "../../operations/setup/lock.mjs";
import { type FakeProject, makeFakeProject } from "./fake-project.ts";

/** The steps that take long, and what the next run must still do after one of them was stopped. */
const longSteps = [
  { step: "npm", again: "npm ci", untouched: [] },
  { step: "go-list", again: "go list pulumi-language-nodejs", untouched: ["npm ci"] },
  { step: "go-build", again: "go build pulumi-language-nodejs", untouched: ["npm ci"] },
];

/** Runs until the step hangs, stops the set-up with the signal, and lets the step work again. */
async function stopDuring(project: FakeProject, step: string, signal: NodeJS.Signals) {
  project.setSlow(step, true);
  const { process: main, result } = project.start(["exec", "echo", "ran"]);
  const hanging = Number(await project.waitFor(`hanging-${step}`));
  main.kill(signal);
  const ended = await result;
  project.setSlow(step, false);
  return { ended, hanging };
}

function locks(project: FakeProject): readonly string[] {
  const folders = [join(project.root, ".twocloud", "locks"), dirname(dirname(project.pulumiBin))];
  return folders
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
    .filter((name) => /packages$|lock$/.test(name));
}

describe.each(longSteps)("killed during $step", ({ step, again, untouched }) => {
  test("the next run ends what was left running, does the rest, and leaves nothing half done", async () => {
    const project = makeFakeProject();
    const { ended, hanging } = await stopDuring(project, step, "SIGKILL");
    expect(ended.signal).toBe("SIGKILL");
    expect(processStart(hanging)).not.toBe(null);
    const second = await project.run("exec", "echo", "ran");
    expect([second.code, second.stdout]).toEqual([0, "ran\n"]);
    // What is told to end takes its moment on a busy machine.
    await vi.waitFor(() => expect(processStart(hanging)).toBe(null), { timeout: 10_000, interval: 100 });
    expect(project.calls().filter((call) => call === again)).toHaveLength(2);
    for (const call of untouched) expect(project.calls().filter((one) => one === call)).toHaveLength(1);
    expect(readdirSync(project.pulumiBin).sort()).toEqual(["pulumi", "pulumi-language-nodejs"]);
    expect(locks(project)).toEqual([]);
  });
});

describe.each(["SIGINT", "SIGTERM"] as const)("%s during a long step", (signal) => {
  test("ends the step, gives back the lock, says how to go on, and the next run succeeds", async () => {
    const project = makeFakeProject();
    const { ended, hanging } = await stopDuring(project, "go-build", signal);
    expect(ended.code).toBe(signal === "SIGINT" ? 130 : 143);
    expect(ended.stderr).toContain(`${signal}: stopping; run the same command again`);
    expect(ended.stderr).not.toContain("cannot go on");
    expect(processStart(hanging)).toBe(null);
    expect(locks(project)).toEqual([]);
    expect((await project.run("exec", "echo", "ran")).stdout).toBe("ran\n");
  });
});

test("killed twice in different places, the third run succeeds", async () => {
  const project = makeFakeProject();
  await stopDuring(project, "npm", "SIGKILL");
  await stopDuring(project, "go-build", "SIGKILL");
  expect((await project.run("exec", "echo", "ran")).stdout).toBe("ran\n");
});

describe("a signal while the command runs", () => {
  const counter = `
    let signals = 0;
    process.on("SIGINT", () => { signals += 1; setTimeout(() => { console.log("signals: " + signals); process.exit(3); }, 400); });
    require("node:fs").writeFileSync("ready", "");
    setInterval(() => {}, 1000);
  `;

  test.each([
    ["sent to us alone, is passed on once", false],
    ["sent by a terminal to the whole group, is not doubled", true],
  ])("%s; we wait for the command and exit with 130", async (_case, toGroup) => {
    const project = makeFakeProject();
    writeFileSync(join(project.root, "counter.cjs"), counter);
    const { process: main, result } = project.start(["exec", process.execPath, "counter.cjs"], { group: true });
    await project.waitFor("ready");
    await sleep(100);
    process.kill(toGroup ? -(main.pid ?? 0) : (main.pid ?? 0), "SIGINT");
    const { code, stdout } = await result;
    expect([code, stdout]).toEqual([130, "signals: 1\n"]);
  });

  test("npm is killed and cannot pass anything on: the command is asked to stop all the same", async () => {
    const project = makeFakeProject();
    await project.run("setup");
    const command = `process.on("SIGTERM", () => { require("node:fs").writeFileSync("asked", "to stop"); process.exit(); });
      require("node:fs").writeFileSync("ready", ""); setInterval(() => {}, 1000);`;
    writeFileSync(join(project.root, "command.cjs"), command);
    const line = `"${process.execPath}" operations/setup/main.mjs exec "${process.execPath}" command.cjs; true`;
    const env = { ...project.env, npm_lifecycle_event: "start" };
    const npm = spawn("sh", ["-c", line], { cwd: project.root, env, stdio: "ignore" });
    await project.waitFor("ready");
    await sleep(100);
    npm.kill("SIGKILL");
    expect(await project.waitFor("asked")).toBe("to stop");
  });
});
