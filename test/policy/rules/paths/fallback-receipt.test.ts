import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { receiptFindings } from "../../../../policy/evidence.ts";
import { deployedDigest, type Receipt, receiptsIn, sealOf } from "../../../../policy/receipts.ts";
import { judging } from "../../../../policy/rule.ts";
import { fallbackReceipt } from "../../../../policy/rules/paths/fallback-receipt.ts";
import { SANDBOX_MARK } from "../../../../sandbox/mark.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, type View, views, without } from "../../../support/policy-stack.ts";

const route = { name: "azure-main-support-chat-route" };
const traffic = { name: "azure-main-support-chat-traffic" };
const otherTraffic = { name: "azure-main-invoice-extraction-traffic" };
const path = (cloud: string) => ({ name: `support-chat-${cloud}-main`, type: ":InferencePath" });

const lacking = (cloud: string, why: string) =>
  `no receipt counts for support-chat/${cloud}-main: ${why}. Fix: run a drill of support-chat.`;

/** What a rule finds that has these receipts, as the project's own rule does of those in its folder. */
const askWith = (receipts: readonly Receipt[], shown: readonly Shown[]) =>
  ask({ ...fallbackReceipt, validateStack: judging((graph) => receiptFindings(graph, () => receipts)) }, shown);

async function digestOf(shown: readonly Shown[], workload = "support-chat"): Promise<string | undefined> {
  let digest: string | undefined;
  const find = judging((graph) => {
    digest = deployedDigest(graph, workload);
    return [];
  });
  await ask({ ...fallbackReceipt, validateStack: find }, shown);
  return digest;
}

/** A receipt of these fallbacks, sealed after the changes. */
function receiptOf(clouds: readonly string[], digest: string, changes: Partial<Receipt> = {}): Receipt {
  const content = {
    stack: "test",
    workload: "support-chat",
    evidence: "live" as const,
    digest,
    date: "2026-11-21",
    ranAt: "2026-11-21T10:00:00.000Z",
    ran: { aigw: "1.0.0" },
    paths: clouds.map((cloud) => ({ path: `support-chat/${cloud}-main`, role: "fallback" as const, tookOver: true })),
    gateways: [],
    objectives: [],
    passed: true,
    previous: null,
    ...changes,
  };
  return { ...content, hash: sealOf(content) };
}

async function drilled(view: View, changes: Partial<Receipt> = {}): Promise<Receipt[]> {
  const digest = (await digestOf(await stack(view))) ?? "";
  return [receiptOf(["aws"], digest, changes), receiptOf(["gcp"], digest)];
}

const another = `sha256:${"0".repeat(64)}`;

/** As the sandbox answers: every resource of a cloud carries its mark. */
const sandboxed = (shown: readonly Shown[]) =>
  shown.map((one) => (one.provider === "" ? one : { ...one, outputs: { ...one.outputs, [SANDBOX_MARK]: true } }));

describe.each(views)("fallback-receipt on a %s", (view) => {
  test("the project's own fallbacks were not drilled, which is said of each", async () => {
    expect((await ask(fallbackReceipt, await stack(view))).sort()).toEqual([
      lacking("aws", "there is none"),
      lacking("gcp", "there is none"),
    ]);
  });

  test("with a receipt of what is deployed each complies", async () => {
    expect(await askWith(await drilled(view), await stack(view))).toEqual([]);
  });

  test.each([
    ["is 30 days old", { date: "2026-10-22" }, undefined],
    ["is 31 days old", { date: "2026-10-21" }, "that of 2026-10-21 is 31 days old; allowed: 30"],
    ["is of tomorrow", { date: "2026-11-22" }, "that of 2026-11-22 is of a day to come"],
    ["is of another deployment", { digest: another }, "that of 2026-11-21 is of another deployment"],
    ["is of a drill that failed", { passed: false }, "the drill of 2026-11-21 failed"],
    ["is simulated", { evidence: "simulated" as const }, "that of 2026-11-21 is simulated, and this is a real cloud"],
    [
      "saw the path never take over",
      { paths: [{ path: "support-chat/aws-main", role: "fallback" as const, tookOver: false }] },
      "in that of 2026-11-21 this path never took over",
    ],
  ])("a receipt that %s", async (_, changes, why) => {
    const [changed, whole] = await drilled(view, changes);
    const messages = await askWith([...(changed === undefined ? [] : [changed])], await stack(view));
    const others = messages.filter((message) => message.includes("/aws-main"));
    expect(others).toEqual(why === undefined ? [] : [lacking("aws", why)]);
    expect(whole?.passed).toBe(true);
  });

  test.each([
    ["fewer days than the rule", 7, "that of 2026-11-13 is 8 days old; allowed: 7"],
    ["more days than the rule", 90, undefined],
    ["no days at all", undefined, undefined],
  ])("a workload that allows %s", async (_, days, why) => {
    const shown = set(await stack(view), path("aws"), ["drillEveryDays"], days);
    const [old] = await drilled(view, { date: "2026-11-13" });
    const messages = await askWith(old === undefined ? [] : [old], shown);
    const found = messages.filter((message) => message.includes("/aws-main"));
    expect(found).toEqual(why === undefined ? [] : [lacking("aws", why)]);
  });

  test.each([
    ["its verdict", { passed: true }],
    ["its day", { date: "2026-11-20" }],
    ["what it is chained to", { previous: another }],
  ])("a receipt of which %s was changed afterwards", async (_, change) => {
    const [made] = await drilled(view, { passed: false });
    const altered = { ...(made as Receipt), ...change };
    const messages = await askWith([altered], await stack(view));
    expect(messages[0]).toContain("was altered after it was written: its hash does not fit");
  });

  test("one that counts is enough; of several that do not, every reason is said", async () => {
    const failed = await drilled(view, { passed: false });
    expect(await askWith([...failed, ...(await drilled(view))], await stack(view))).toEqual([]);
    const old = await drilled(view, { date: "2026-09-01" });
    const messages = await askWith([...failed.slice(0, 1), ...old.slice(0, 1)], await stack(view));
    expect(messages).toContain(
      lacking("aws", "the drill of 2026-11-21 failed; that of 2026-09-01 is 81 days old; allowed: 30"),
    );
  });

  test("in the sandbox simulated evidence counts; one real resource makes it real", async () => {
    const simulated = await drilled(view, { evidence: "simulated" });
    const shown = sandboxed(await stack(view));
    expect(await askWith(simulated, shown)).toEqual([]);
    const vpc = { name: "aws-main-network-vpc" };
    expect(await askWith(simulated, set(shown, vpc, [SANDBOX_MARK], undefined))).toHaveLength(1);
    expect(await askWith(simulated, unknownAt(shown, vpc, [SANDBOX_MARK]))).toHaveLength(1);
  });

  test("a workload that is not critical needs none, and a primary neither", async () => {
    const shown = (await stack(view)).map((one) =>
      one.outputs.workload === "support-chat" ? { ...one, outputs: { ...one.outputs, tier: "standard" } } : one,
    );
    expect(await askWith([], shown)).toEqual([]);
    const primaries = set(await stack(view), path("aws"), ["role"], "primary");
    expect(await askWith([], primaries)).toEqual([lacking("gcp", "there is none")]);
    expect(await askWith([], unknownAt(await stack(view), path("azure"), ["role"]))).toHaveLength(3);
    expect(await askWith([], [])).toEqual([]);
  });

  test("what is deployed is told by the workload's own gateway objects", async () => {
    const shown = await stack(view);
    const digest = await digestOf(shown);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const model = ["spec", "rules", 0, "backendRefs", 0, "modelNameOverride"];
    expect(await digestOf(set(shown, route, model, "another"))).not.toBe(digest);
    expect(await digestOf(set(shown, traffic, ["spec", "retry", "numRetries"], 9))).not.toBe(digest);
    expect(await digestOf(without(shown, traffic))).not.toBe(digest);
    // Of another workload, though it lies beside.
    expect(await digestOf(set(shown, otherTraffic, ["spec", "retry", "numRetries"], 9))).toBe(digest);
    expect(await digestOf([...shown].reverse())).toBe(digest);
  });

  test("what is not known is not drilled", async () => {
    const unclear = unknownAt(await stack(view), traffic, ["spec"]);
    expect(await digestOf(unclear)).toBeUndefined();
    expect((await askWith(await drilled(view), unclear)).sort()).toEqual([
      lacking("aws", "what is deployed is not known"),
      lacking("gcp", "what is deployed is not known"),
    ]);
    expect(await digestOf(await stack(view), "nothing")).toBeUndefined();
  });
});

test("a preview and the state of the same program have one digest", async () => {
  expect(await digestOf(await stack("preview"))).toBe(await digestOf(await stack("state")));
});

describe("receipts in a folder", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function folderWith(files: Record<string, string>): string {
    const folder = mkdtempSync(join(tmpdir(), "receipts-"));
    folders.push(folder);
    mkdirSync(join(folder, "test"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "test", name), text);
    return folder;
  }

  const good = receiptOf(["aws"], another);

  test("are read, and nothing else is", () => {
    const files = { "a.json": JSON.stringify(good), "README.md": "no receipt" };
    expect(receiptsIn(folderWith(files), "test")).toEqual([good]);
    expect(receiptsIn(folderWith(files), "another-stack")).toEqual([]);
  });

  test.each([
    ["no JSON", "{"],
    ["another form", "[]"],
    ["a digest that is none", JSON.stringify({ ...good, digest: "sha256:0" })],
    ["a day that is none", JSON.stringify({ ...good, date: "2026-02-30" })],
    ["evidence of another kind", JSON.stringify({ ...good, evidence: "believed" })],
    ["a field that is not one", JSON.stringify({ ...good, note: "" })],
    ["a field too few", JSON.stringify({ ...good, passed: undefined })],
  ])("%s is refused with the file's name", (_, text) => {
    expect(() => receiptsIn(folderWith({ "a.json": text }), "test")).toThrow(/^test\/a\.json is no receipt: /);
  });
});
