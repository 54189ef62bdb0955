import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { policyCommand } from "../../operations/commands/policy.ts";
import { engines, type WithEngine } from "../../operations/commands/policy-engines.ts";
import type { PolicyOptions } from "../../operations/commands/policy-options.ts";
import { withSession } from "../../operations/engine/session.ts";
import { exportTo } from "../../operations/engine/state.ts";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";
import { scratchFolder, testDay } from "../support/session.ts";

/** `twocloud policy` with the real engine and the real pack: which exit code for a violation, and which for a run that broke. */

const scratch = scratchFolder();
const folder = dirname(scratch.stacks);
const file = (name: string) => join(folder, name);
afterAll(() => scratch.remove());

const sandboxOf = (pack?: string): WithEngine => {
  const ofFiles = engines(true, () => {});
  return (subject, work) => {
    if (subject.kind === "state") return ofFiles(subject, work);
    const own = { ...scratch, stack: subject.stack, asOf: testDay, packName: subject.pack, say: () => {} };
    return withSession(pack === undefined ? own : { ...own, pack }, ({ engine }) => work(engine));
  };
};

interface Answer {
  readonly exitCode: number;
  readonly judgements: readonly {
    readonly problem: string | null;
    readonly findings: readonly { readonly rule: string; readonly level: string; readonly resource: string }[];
  }[];
}

async function policy(more: Partial<PolicyOptions>, environment: NodeJS.ProcessEnv = {}, pack?: string) {
  const written: string[] = [];
  const place = {
    out: { write: (text: string) => void written.push(text) },
    progress: { write: () => {}, isTTY: false },
    style: { width: 80, colour: false },
    environment,
    withEngine: sandboxOf(pack),
  };
  const code = await policyCommand({ deployed: false, sandbox: true, json: true, ...more }, place);
  const answer = JSON.parse(written.join("")) as Answer;
  expect(answer.exitCode).toBe(code);
  return { code, answer, rules: answer.judgements.flatMap(({ findings }) => findings.map(({ rule }) => rule)) };
}

/** The state of a stack that was brought up, and the same without one route's traffic policy. */
beforeAll(async () => {
  await withSession({ ...scratch, stack: "dev", asOf: testDay, say: () => {} }, async ({ engine }) => {
    const up = await engine.run("up", []);
    expect(up.ok, up.output).toBe(true);
    await exportTo(engine, file("clean.json"));
  });
  const state = JSON.parse(readFileSync(file("clean.json"), "utf8"));
  const { resources } = state.deployment as { resources: { type: string }[] };
  const traffic = resources.find(({ type }) => type.endsWith(":BackendTrafficPolicy"));
  state.deployment.resources = resources.filter((each) => each !== traffic);
  writeFileSync(file("broken.json"), JSON.stringify(state));
  writeFileSync(file("torn.json"), readFileSync(file("clean.json"), "utf8").slice(0, 5000));
});

test("the shipped dev stack: its preview and what is deployed violate nothing", async () => {
  expect(await policy({ stack: ["dev"] })).toMatchObject({ code: 0 });
  expect(await policy({ stack: ["dev"], deployed: true })).toMatchObject({ code: 0 });
});

test("a state that no pack has seen: the violation ends it with 1 and is named, with its resource", async () => {
  expect((await policy({ state: [file("clean.json")] })).code).toBe(0);
  const { code, answer } = await policy({ state: [file("broken.json")] });
  expect(code).toBe(1);
  const [mandatory] = answer.judgements[0]?.findings ?? [];
  expect(mandatory).toMatchObject({ rule: "route-traffic-policy", level: "mandatory" });
  expect(mandatory?.resource).toMatch(/support-chat|invoice-extraction/);
});

test("the same as typed, with no backend to log in to", () => {
  const main = join(projectRoot, "operations", "main.ts");
  const args = ["--disable-warning=ExperimentalWarning", main, "policy", "--state", file("broken.json")];
  const env = { ...process.env, PULUMI_BACKEND_URL: "file:///nowhere", PULUMI_ACCESS_TOKEN: "" };
  const { status, stdout } = spawnSync(nodeBinary(), args, { env, encoding: "utf8" });
  expect(stdout).toMatch(/mandatory +critical +route-traffic-policy/);
  expect(status).toBe(1);
});

test("a state that can't be read ends it with 2, and hides no violation of another", async () => {
  const { code, answer, rules } = await policy({
    state: [file("torn.json"), file("nowhere.json"), file("broken.json")],
  });
  expect(code).toBe(2);
  expect(answer.judgements.map(({ problem }) => problem === null)).toEqual([false, false, true]);
  expect(rules).toContain("route-traffic-policy");
});

test("a pack that refuses to start ends it with 2, over a preview and over a state", async () => {
  const refusing = { TWOCLOUD_POLICY_PACK: "lenient" };
  const { code, answer } = await policy({ stack: ["dev"], state: [file("clean.json")] }, refusing);
  expect(code).toBe(2);
  expect(answer.judgements).toHaveLength(2);
  for (const { problem } of answer.judgements) expect(problem).toContain('TWOCLOUD_POLICY_PACK is "lenient"');
});

/** A pack whose one rule does this; it goes by the name that the settings of every run name. */
function packThat(does: string): string {
  const pack = file(`pack-${packs++}.mjs`);
  const sdk = join(projectRoot, "node_modules/@pulumi/policy/index.js");
  writeFileSync(file("package.json"), JSON.stringify({ name: "own", version: "0.0.1" }));
  writeFileSync(
    pack,
    `#!/usr/bin/env node
process.chdir(import.meta.dirname);
const { PolicyPack } = await import(${JSON.stringify(sdk)});
const validateStack = (stack, report) => { ${does} };
new PolicyPack("twocloud", { policies: [{ name: "as-of", description: "One.", enforcementLevel: "mandatory", validateStack }] });
`,
  );
  chmodSync(pack, 0o755);
  return pack;
}
let packs = 0;

test("a violation in a preview ends it with 1, though the engine calls it a failure", async () => {
  const { code, answer } = await policy({ stack: ["dev"] }, {}, packThat('report("the day is wrong");'));
  expect(answer.judgements[0]?.problem).toBeNull();
  expect(answer.judgements[0]?.findings).toMatchObject([{ rule: "as-of", level: "mandatory", resource: "stack" }]);
  expect(code).toBe(1);
});

test("a rule that throws ends it with 2", async () => {
  const { code, answer } = await policy({ stack: ["dev"] }, {}, packThat('throw new Error("a slip in a rule");'));
  expect(answer.judgements[0]?.problem).toContain("a slip in a rule");
  expect(code).toBe(2);
});
