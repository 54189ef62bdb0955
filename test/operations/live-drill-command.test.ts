import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { drillCommand } from "../../operations/commands/drill.ts";
import { type LiveDrillPlace, liveDrillCommand } from "../../operations/commands/drill-live.ts";
import type { LiveDrillCommandOptions } from "../../operations/commands/drill-options.ts";
import { InterruptedError, loadPlan, UsageError } from "../../operations/commands/load.ts";
import { liveLimits } from "../../operations/drill/live/limits.ts";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";
import { readReceipt, sealOf } from "../../policy/receipts.ts";
import { type LiveGateways, shortLimits, startLiveGateways } from "../support/live-gateways.ts";

/** `twocloud drill --live`: what it asks for, prints and writes, and with which code it ends. */

const asOf = "2026-11-21";
const scratch = mkdtempSync(join(tmpdir(), "twocloud-live-drill-"));
const stacks = join(scratch, "stacks");
const receipts = join(stacks, "receipts");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

beforeAll(() => {
  cpSync(join(projectRoot, "stacks"), stacks, { recursive: true });
  rmSync(receipts, { recursive: true, force: true });
  // So much time for everything that no machine is too slow.
  const slos = join(stacks, "slos.yaml");
  const text = readFileSync(slos, "utf8");
  writeFileSync(slos, text.replaceAll(/((?:FirstToken|OutputToken|duration)P95Seconds): [\d.]+/g, "$1: 81.92"));
});

let live: LiveGateways;
beforeEach(async () => {
  live = await startLiveGateways(loadPlan("prod", asOf, stacks));
});
afterEach(async () => {
  await live.close();
  rmSync(receipts, { recursive: true, force: true });
});

const chat = { workload: "support-chat" };
const one = { ...chat, gateway: "azure-main" };

function started(options: Partial<LiveDrillCommandOptions> = {}, place: Partial<LiveDrillPlace> = {}) {
  const written: string[] = [];
  const told: string[] = [];
  const code = liveDrillCommand(
    { stack: "prod", json: false, load: false, yes: true, ...options },
    {
      out: { write: (text: string) => void written.push(text) },
      progress: { write: (text: string) => void told.push(text) },
      style: { width: 110, colour: false },
      signal: new AbortController().signal,
      environment: { TWOCLOUD_DRILL_TOKEN: " secret\n" },
      state: async () => live.state,
      override: () => live.override,
      ...{ asOf, stacks, authority: live.authority, limits: shortLimits },
      ...place,
    },
  );
  return { code, text: () => written.join(""), told: () => told.join("") };
}

const fileOf = (workload: string) => join(receipts, "prod", `${workload}.live.json`);

describe("gateways that do what they must", () => {
  test("end with 0, a report, and a receipt of each workload", async () => {
    const { code, text, told } = started();
    expect(await code).toBe(0);
    for (const words of ["Live drill of prod", "pinned:aws-main", "override:gcp-main", "azure-main: 0 failures of 5"])
      expect(text()).toContain(words);
    expect(text()).toMatch(/latency\.timeToFirstTokenP95Seconds: [\d.]+, promised 81.92/);
    expect(told()).toContain("pinned to aws-main by an override: pass");
    expect([...live.authorizations()]).toEqual(["Bearer secret"]);
    for (const workload of ["support-chat", "invoice-extraction"]) {
      const receipt = readReceipt(fileOf(workload), workload);
      expect(receipt).toMatchObject({ workload, evidence: "live", date: asOf, passed: true, previous: null });
      expect(sealOf(receipt)).toBe(receipt.hash);
      expect(told()).toContain(`receipt   ${fileOf(workload)}`);
    }
    expect(text() + told() + readFileSync(fileOf("support-chat"), "utf8")).not.toContain("secret");
  });

  test("a second receipt is chained to the first", async () => {
    await started(chat).code;
    const { hash } = readReceipt(fileOf("support-chat"), "first");
    await started(chat).code;
    expect(readReceipt(fileOf("support-chat"), "second").previous).toBe(hash);
    expect(existsSync(fileOf("invoice-extraction"))).toBe(false);
  });

  test("the same is there as JSON", async () => {
    const { code, text } = started({ ...chat, json: true });
    expect(await code).toBe(0);
    const answer = JSON.parse(text());
    expect(answer).toMatchObject({ passed: true, stack: "prod", evidence: "live", receipts: [fileOf("support-chat")] });
    expect(answer.routes[0]).toMatchObject({
      ...{ gateway: "azure-main", workload: "support-chat" },
      paths: ["support-chat/azure-main", "support-chat/aws-main", "support-chat/gcp-main"],
    });
    expect(answer.routes[0].results[0].measures).toMatchObject({
      ...{ calls: 2, answered: 2, inputTokens: 20, outputTokens: 10, models: ["gpt-5.4-support-chat"] },
      firstToken: { median: expect.any(Number), p95: expect.any(Number) },
    });
  });

  test("one gateway alone gets no receipt", async () => {
    const { code, told } = started(one);
    expect(await code).toBe(0);
    expect(told()).toContain("No receipt: it speaks for all gateways");
    expect(existsSync(receipts)).toBe(false);
  });
});

describe("ends with 1", () => {
  test("when a path fails, and its receipt says so", async () => {
    live.misbehave(({ path, body }) =>
      path === "gcp-main" && body.model.includes("@") ? { text: "Yes.", cut: "mark" } : undefined,
    );
    const { code, text } = started(chat);
    expect(await code).toBe(1);
    expect(text().replaceAll(/\s+/g, " ")).toContain(
      "pinned:gcp-main, fail: 0 of 2 calls answered whole: the stream ended without its mark [DONE]",
    );
    expect(readReceipt(fileOf("support-chat"), "it").passed).toBe(false);
  });

  test("when somebody has pinned a workload: no receipt of it", async () => {
    live.override.pins.set("aws-main support-chat", { location: "azure-main", untilMs: 1 });
    const { code, text } = started();
    expect(await code).toBe(1);
    expect(text().replaceAll(/\s+/g, " ")).toContain("support-chat is not drilled: somebody has pinned it");
    expect([existsSync(fileOf("support-chat")), existsSync(fileOf("invoice-extraction"))]).toEqual([false, true]);
  });
});

describe("before anybody is called", () => {
  test("it says what it takes at most, and asks", async () => {
    const asked: string[] = [];
    const { code, told } = started(
      { yes: false, load: true },
      {
        limits: liveLimits,
        async confirm(stack) {
          asked.push(`${stack}: ${live.asked.length} calls`);
          throw new UsageError("Nobody was called.");
        },
      },
    );
    await expect(code).rejects.toThrow("Nobody was called.");
    expect(asked).toEqual(["prod: 0 calls"]);
    expect(told()).toBe(`Live drill of prod: real calls, through the real gateways.
  calls      at most 1,317
  tokens     at most 1,386,000 in and 413,600 out
  cost       at most $34.33 at the plan's prices, the oldest of 2026-08-20
  overrides  each gateway sends each workload to each of its fallbacks in turn, for at most 120 s
  load       the declared share of the peak on each fallback, beside what your users ask for
`);
    expect([live.asked, live.override.log, existsSync(receipts)]).toEqual([[], [], false]);
  });

  test("it refuses where nobody can be asked", async () => {
    const { code } = started({ ...one, yes: false });
    await expect(code).rejects.toThrow("Nobody can be asked here: for the live drill of prod, add --yes.");
    expect(live.asked).toEqual([]);
  });

  test("it refuses what costs too much, with the figure", async () => {
    const { code } = started(chat, { limits: { ...shortLimits, spendUsd: 0.01 } });
    await expect(code).rejects.toThrow(/would cost up to \$[\d.]+ for \d+ calls; allowed: \$0\.01\. Nobody was called/);
    expect([live.asked, live.override.log]).toEqual([[], []]);
  });

  test.each<[string, Partial<LiveDrillCommandOptions>, Partial<LiveDrillPlace>, string[]]>([
    [
      "token and override switch",
      { from: "plan" },
      { environment: {}, override: undefined },
      ["--from plan is for the drill on this machine", "TWOCLOUD_DRILL_TOKEN is not set", "override switch of the gat"],
    ],
    ["the variable that is named", { tokenEnv: "MINE" }, {}, ["The environment variable MINE is not set or empty"]],
    ["the stack", { stack: "prd" }, {}, ["Did you mean prod?"]],
    ["the workload", { workload: "support-chats" }, {}, ["no workload support-chats", "did you mean support-chat?"]],
    ["the gateway", { gateway: "aws" }, {}, ["no gateway in aws; prod has gateways in azure-main, aws-main, gcp-main"]],
    ["the route", { workload: "invoice-extraction", gateway: "aws-main" }, {}, ["has no fallback: there is nothing"]],
    ["all that is deployed", {}, { state: async () => ({}) }, ["has no output inventory", "up --stack prod"]],
    [
      "what an inventory has to say",
      {},
      { state: async () => stackWith({ gateways: [{ location: "x", url: "http://x", routes: [] }], workloads: [] }) },
      ["is not of the form", "url"],
    ],
  ])("it says that there is not: %s", async (_, options, place, words) => {
    const { code } = started(options, place);
    for (const each of words) await expect(code).rejects.toThrow(each);
    await expect(code).rejects.toThrow(UsageError);
    expect(live.asked).toEqual([]);
  });

  const stackWith = (inventory: object) => ({
    resources: [{ urn: "stack", type: "pulumi:pulumi:Stack", custom: false, outputs: { inventory } }],
  });

  test("it refuses when something else is deployed than the stack files say, all of it at once", async () => {
    const text = JSON.stringify(live.scope.inventory)
      .replaceAll("support-chat/gcp-main", "support-chat/gcp-other")
      .replaceAll("gpt-5-mini-invoice-extraction", "gpt-4");
    const { code } = started({}, { state: async () => stackWith(JSON.parse(text)) });
    await expect(code).rejects.toThrow("  - support-chat/gcp-other is deployed, and in no stack file");
    await expect(code).rejects.toThrow(
      "  - invoice-extraction/azure-main is deployed with the model gpt-4, and the stack files say gpt-5-mini-invoice-extraction",
    );
    expect(live.asked).toEqual([]);
  });

  test("options of a live drill are refused without --live", async () => {
    const simulated = drillCommand(
      { stack: "prod", json: false, load: true, yes: true, tokenEnv: "MINE" } as LiveDrillCommandOptions,
      undefined as never,
    );
    await expect(simulated).rejects.toThrow("--load and --token-env and --yes: only for real calls. Add --live");
  });
});

test("somebody stops it: the override is cleared, and no receipt is written", async () => {
  const stop = new AbortController();
  live.misbehave(({ body, path }) => {
    if (body.model.includes("@") || path !== "aws-main") return undefined;
    stop.abort();
    return "silence";
  });
  const { code, text } = started(chat, { signal: stop.signal });
  await expect(code).rejects.toThrow(InterruptedError);
  expect([live.override.pins.size, text(), existsSync(receipts)]).toEqual([0, "", false]);
});

test("as a person types it: what is missing ends with 1, without a stack trace", async () => {
  const main = join(projectRoot, "operations/main.ts");
  const args = ["--disable-warning=ExperimentalWarning", main, "drill", "--stack", "prod", "--live"];
  const { TWOCLOUD_DRILL_TOKEN: _, ...env } = process.env;
  const child = spawn(nodeBinary(), args, { env });
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, "close");
  expect(code).toBe(1);
  expect(err).toContain("The environment variable TWOCLOUD_DRILL_TOKEN is not set or empty");
  expect(err).not.toMatch(/\n\s+at /);
});
