import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadPlan, sandboxDay } from "../../operations/commands/load.ts";
import { gatewaysInPlan } from "../../operations/drill/objects.ts";
import { ensureGateway, gatewayBinaries } from "../../operations/setup/gateway.mjs";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";
import type { Change, OverrideSeen, OverrideTask } from "../support/override-stage.ts";

/** Overrides under the real gateway, while applications call: what wins, what they get, and that no call is lost. */

const scratch = mkdtempSync(join(tmpdir(), "twocloud-overridden-"));
const started: ChildProcess[] = [];
afterAll(() => {
  // In a namespace all that was started goes with the first; elsewhere the script ends its gateway itself.
  for (const child of started) child.kill(child.spawnfile === "unshare" ? "SIGKILL" : "SIGTERM");
  rmSync(scratch, { recursive: true, force: true });
});

const [workload, ownPath] = ["support-chat", "support-chat-azure-main"] as const;
const pins = ["aws-main", "gcp-main"] as const;
const pathOf = (location: string) => `${workload}-${location}`;
let seen: OverrideSeen;

const setUpMs = 1_500_000;
const callsMs = 300_000;

beforeAll(async () => {
  await ensureGateway(projectRoot, process.env);
}, setUpMs);

beforeAll(async () => {
  const gateway = gatewaysInPlan(loadPlan("prod", sandboxDay())).find(({ location }) => location === "azure-main");
  const mode = "queue to agents, 100% of them";
  seen = await watched({ objects: gateway?.objects ?? [], binaries: gatewayBinaries(), workload, pins, mode });
}, callsMs);

/**
 * Runs the script in a network and a home of its own: the gateway takes fixed ports, and writes certificates below the
 * home of the user database. Where the machine allows no such thing, in the machine's own.
 */
function watched(task: OverrideTask): Promise<OverrideSeen> {
  const database = join(scratch, "passwd");
  writeFileSync(database, `root:x:0:0:root:${scratch}:/bin/sh\n`);
  const inside = 'ip link set lo up && mount --bind "$1" /etc/passwd && shift && exec "$@"';
  const namespaces = ["--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"];
  const apart = ["unshare", ...namespaces, "sh", "-c", inside, "sh", database];
  const [unshare = "", ...own] = apart;
  const isApart = spawnSync(unshare, [...own, "true"]).status === 0;
  const script = join(import.meta.dirname, "../support/override-stage.ts");
  const node = [nodeBinary(), "--disable-warning=ExperimentalWarning", script];
  const [command = "", ...args] = isApart ? [...apart, ...node] : node;
  const folder = join(scratch, "tmp");
  mkdirSync(folder, { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, TMPDIR: folder }, stdio: ["pipe", "pipe", "pipe"] });
    started.push(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      err += data.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(out) as OverrideSeen);
      else reject(new Error(err || `exit code ${code}`));
    });
    child.stdin.end(JSON.stringify(task));
  });
}

/** From one answerer to the other, and nobody else in between. */
function expectChange({ by, whole, afterwards }: Change, from: string | null, to: string | null): void {
  expect([...new Set(by)]).toEqual([from, to]);
  expect(whole).toBe(by.filter((each) => each !== null).length);
  expect([...new Set(afterwards)]).toEqual([to]);
}

test("a pin that stands by changes nothing", () => {
  expect([...new Set(seen.standingBy)]).toEqual([ownPath]);
});

test("a pin in force takes every call of the workload, and no call is lost on the way", () => {
  expectChange(seen.pinned, ownPath, pathOf("aws-main"));
});

test("a pin leaves the names alone that mean one path, and other workloads", () => {
  expect(seen.byOwnName).toEqual({
    "support-chat@azure-main": "support-chat-azure-main",
    "support-chat@aws-main": "support-chat-aws-main",
    "support-chat@gcp-main": "support-chat-gcp-main",
    "invoice-extraction@azure-main": "invoice-extraction-azure-main",
    "invoice-extraction@gcp-main": "invoice-extraction-gcp-main",
  });
});

test("a pinned path that is down is tried again and not left, and serves as soon as it is back", () => {
  const { statuses, attempts, healed } = seen.down;
  expect([...new Set(statuses)]).toEqual([503]);
  expect([...new Set(attempts)]).toEqual([pathOf("aws-main")]);
  expect(attempts).toHaveLength(2 * statuses.length);
  expect(healed).toBe(200);
});

test("a pin moves to another path, and no call is lost on the way", () => {
  expectChange(seen.moved, pathOf("aws-main"), pathOf("gcp-main"));
});

test("the degraded mode goes before a pin, and reaches no model", () => {
  expectChange(seen.degraded, pathOf("gcp-main"), null);
  expect(new Set(seen.degraded.statuses)).toEqual(new Set([200, 503]));
  expect(seen.answer.attempts).toBe(0);
});

test("the degraded mode answers as an OpenAI API does, in the words of the stack files", () => {
  expect(seen.answer.headers).toMatchObject({
    "content-type": "application/json",
    "retry-after": "60",
    "x-should-retry": "false",
  });
  expect(JSON.parse(seen.answer.body)).toEqual({
    error: {
      message: "support-chat is in its degraded mode: queue to agents, 100% of them",
      type: "server_error",
      param: null,
      code: "degraded_mode",
    },
  });
});

test("the end of the degraded mode leaves the pin in force", () => {
  expectChange(seen.pinnedAgain, null, pathOf("gcp-main"));
});

test("clearing restores what is deployed, and no call is lost on the way", () => {
  expectChange(seen.cleared, pathOf("gcp-main"), ownPath);
  expect([...new Set(seen.gone)]).toEqual([ownPath]);
});
