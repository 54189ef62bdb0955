import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { isAbandoned, processStart, withLock } from "../../operations/setup/lock.mjs";

const here = hostname();

/** A lock as a dead process would have left it. */
function leaveLock(folder: string, owner: object): void {
  mkdirSync(folder, { recursive: true });
  const note = { token: "left", host: here, pid: 2 ** 22 + 1, processStart: "gone", child: null };
  writeFileSync(join(folder, "owner.json"), JSON.stringify({ ...note, ...owner }));
  const longAgo = new Date(Date.now() - 7_200_000);
  utimesSync(folder, longAgo, longAgo);
}

function newLock(): string {
  const parent = mkdtempSync(join(tmpdir(), "twocloud-lock-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, "lock");
}

describe("a lock is abandoned", () => {
  const owner = { host: "a", pid: 7, processStart: "t1" };
  const seen = { host: "a", alive: true, processStart: "t1", silentMs: 0 };
  test.each([
    ["its process runs", owner, seen, false],
    ["its process runs but was stopped for an hour", owner, { ...seen, silentMs: 3_600_000 }, false],
    ["its process is gone", owner, { ...seen, alive: false, processStart: null }, true],
    ["its number belongs to another process now", owner, { ...seen, processStart: "t2" }, true],
    [
      "start times are unknown and it is silent for a minute",
      { ...owner, processStart: null },
      { ...seen, silentMs: 60_000 },
      false,
    ],
    [
      "start times are unknown and it is silent for an hour",
      { ...owner, processStart: null },
      { ...seen, silentMs: 3_600_000 },
      true,
    ],
    ["another machine holds it and gives signs", owner, { ...seen, host: "b", alive: false, silentMs: 3_000 }, false],
    ["another machine holds it and is silent for an hour", owner, { ...seen, host: "b", silentMs: 3_600_000 }, true],
  ])("%s", (_case, who, what, expected) => {
    expect(isAbandoned(who, what)).toBe(expected);
  });
});

test("only one holds the lock at a time, everybody gets it, nothing is left", async () => {
  const folder = newLock();
  let holders = 0;
  let most = 0;
  const work = async () => {
    holders += 1;
    most = Math.max(most, holders);
    await sleep(5);
    holders -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => withLock(folder, work, { pollMs: 2 })));
  expect(most).toBe(1);
  expect(readdirSync(join(folder, ".."))).toEqual([]);
});

test("of many that find a dead owner's lock, one at a time takes over", async () => {
  const folder = newLock();
  leaveLock(folder, {});
  let holders = 0;
  let most = 0;
  let runs = 0;
  const work = async () => {
    holders += 1;
    runs += 1;
    most = Math.max(most, holders);
    await sleep(5);
    holders -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => withLock(folder, work, { pollMs: 2 })));
  expect({ most, runs }).toEqual({ most: 1, runs: 12 });
  expect(existsSync(folder)).toBe(false);
});

test("a living owner is waited for, and named", async () => {
  const folder = newLock();
  const order: string[] = [];
  const first = withLock(folder, async () => {
    await sleep(60);
    order.push("first");
  });
  await sleep(10);
  const waitedFor: number[] = [];
  const onWait = ({ pid }: { readonly pid: number }) => waitedFor.push(pid);
  await withLock(folder, async () => void order.push("second"), { onWait, pollMs: 5 });
  await first;
  expect(order).toEqual(["first", "second"]);
  expect(new Set(waitedFor)).toEqual(new Set([process.pid]));
});

test("the lock is given back when the work fails", async () => {
  const folder = newLock();
  await expect(withLock(folder, () => Promise.reject(new Error("disk full")))).rejects.toThrow("disk full");
  expect(existsSync(folder)).toBe(false);
});

test("an empty folder, left by a kill in the middle of nothing, is no lock", async () => {
  const folder = newLock();
  mkdirSync(folder);
  expect(await withLock(folder, async () => "mine")).toBe("mine");
});

test("taking over ends what the dead owner had started, and nothing that merely has its number", async () => {
  const folder = newLock();
  const orphan = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const bystander = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const child = { pid: orphan.pid, processStart: processStart(orphan.pid ?? 0) };
  leaveLock(folder, { child });
  await withLock(folder, async () => {});
  leaveLock(folder, { token: "left again", child: { pid: bystander.pid, processStart: "another start" } });
  await withLock(folder, async () => {});
  await sleep(20);
  expect([orphan.signalCode, bystander.signalCode]).toEqual(["SIGTERM", null]);
  bystander.kill("SIGKILL");
});

test("the holder notes the long-running child that is to be ended should it be killed", async () => {
  const folder = newLock();
  const noted = await withLock(folder, async (lock) => {
    lock.watch(process.pid);
    return JSON.parse(readFileSync(join(folder, "owner.json"), "utf8")).child;
  });
  expect(noted).toEqual({ pid: process.pid, processStart: processStart(process.pid) });
});
