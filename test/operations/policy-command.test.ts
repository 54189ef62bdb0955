import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { InterruptedError } from "../../operations/commands/load.ts";
import { policyCommand } from "../../operations/commands/policy.ts";
import type { WithEngine } from "../../operations/commands/policy-engines.ts";
import { type PolicyOptions, subjectsOf } from "../../operations/commands/policy-options.ts";
import { type Engine, EngineError, type Outcome } from "../../operations/engine/engine.ts";
import type { EngineEvent } from "../../operations/engine/events.ts";
import { runFilesIn } from "../../operations/engine/workspace.ts";

/** `twocloud policy` over an engine that answers what a test tells it to. */

const folder = mkdtempSync(join(tmpdir(), "twocloud-policy-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const judgedEvent: EngineEvent = { policyAnalyzeStackSummaryEvent: { policyPackName: "twocloud" } };
const failedEvent: EngineEvent = {
  diagnosticEvent: { message: "<{%reset%}>preview failed<{%reset%}>\n", severity: "error" },
};
const errorEvent = (message: string): EngineEvent => ({ diagnosticEvent: { message, severity: "error" } });
const packsEvent: EngineEvent = { summaryEvent: { PolicyPacks: { twocloud: "0.1.0" } } };
const policyEvent = (enforcementLevel: string, policyName = "residency"): EngineEvent => ({
  policyEvent: {
    policyName,
    message: `${policyName} says no`,
    enforcementLevel,
    severity: "high",
    resourceUrn: "urn:pulumi:dev::twocloud::t:i:T::support-chat-gcp-main",
  },
});

const outcome = (code: number, events: readonly EngineEvent[], output = ""): Outcome => ({
  ok: code === 0,
  code,
  interrupted: false,
  events,
  output,
});
const clean = outcome(0, [judgedEvent]);
const advised = outcome(0, [policyEvent("advisory"), judgedEvent]);
const violated = outcome(255, [
  policyEvent("advisory", "shared-fate-soft"),
  policyEvent("mandatory"),
  judgedEvent,
  failedEvent,
]);
/** A state with one thing in it that no first preview knows. */
const exported = JSON.stringify({
  version: 3,
  deployment: {
    resources: [
      {
        urn: "urn:pulumi:dev::twocloud::aws:iam/rolePolicy:RolePolicy::models",
        type: "aws:iam/rolePolicy:RolePolicy",
        inputs: { policy: "{}" },
        outputs: { policy: "{}" },
      },
    ],
  },
});
const file = join(folder, "a.json");
writeFileSync(file, exported);
const found = "error: one or more mandatory policy violations were found\n";

const options: PolicyOptions = { deployed: false, sandbox: true, json: false };

/** What each subject's engine answers; an error is thrown instead. */
type Answers = Readonly<Record<string, Outcome | Error | null>>;

let asked: string[];
beforeEach(() => {
  asked = [];
});

async function run(answers: Answers, more: Partial<PolicyOptions> = {}, environment: NodeJS.ProcessEnv = {}) {
  const withEngine: WithEngine = async ({ kind, name, stack, pack }, work) => {
    asked.push(`${kind} ${name} ${pack}`);
    const answer = answers[name] ?? clean;
    if (answers[name] === null) return null;
    if (answer instanceof Error) throw answer;
    const files = runFilesIn(stack, folder);
    const command = async (args: readonly string[]) => {
      writeFileSync(args.at(-1) ?? "", exported);
      return outcome(0, []);
    };
    const engine: Engine = { files, pack, run: async () => answer, analyze: async () => answer, command };
    return work(engine);
  };
  const written: string[] = [];
  const out = { write: (text: string) => void written.push(text) };
  const progress = { write: () => {}, isTTY: false };
  const place = { out, progress, style: { width: 100, colour: false }, environment, withEngine };
  const code = await policyCommand({ ...options, ...more }, place);
  return { code, text: written.join("") };
}

describe("exit codes", () => {
  test.each<[string, Answers, number]>([
    ["nothing found", {}, 0],
    ["advice", { prod: advised }, 0],
    ["a mandatory violation", { staging: violated }, 1],
    ["an engine that can't start", { dev: new EngineError("no engine") }, 2],
    ["a stack that broke beside one that is violated", { dev: violated, prod: outcome(255, [errorEvent("boom")]) }, 2],
    [
      "a program that failed after a resource was refused",
      { dev: outcome(255, [policyEvent("mandatory"), errorEvent("boom"), failedEvent]) },
      2,
    ],
    [
      "a violation beside an error of a cloud",
      { dev: outcome(255, [policyEvent("mandatory"), judgedEvent, errorEvent("boom")]) },
      2,
    ],
    ["a pack that refuses to start", { dev: outcome(255, [], "error: could not start policy pack") }, 2],
    [
      "a rule that threw",
      { dev: outcome(255, [errorEvent("Error validating resource with policy 'x'"), failedEvent]) },
      2,
    ],
    ["a preview that nobody judged", { dev: outcome(0, []) }, 2],
    [
      "a preview that another pack judged",
      { dev: outcome(0, [{ policyAnalyzeStackSummaryEvent: { policyPackName: "theirs" } }]) },
      2,
    ],
  ])("%s", async (_case, answers, expected) => {
    expect((await run(answers)).code).toBe(expected);
    expect(asked).toEqual(["preview dev baseline", "preview staging production", "preview prod production"]);
  });

  test.each<[string, Outcome, number]>([
    ["nothing found", outcome(0, [packsEvent]), 0],
    ["a violation", outcome(255, [policyEvent("mandatory"), packsEvent], found), 1],
    ["advice", outcome(0, [policyEvent("advisory"), packsEvent]), 0],
    ["no resources", outcome(0, [], "File x has no resources; nothing to analyze.\n"), 0],
    ["a file that is no state", outcome(255, [], "error: reading deployment from x: EOF\n"), 2],
    [
      "a rule that threw",
      outcome(255, [policyEvent("mandatory"), packsEvent], "error: running policy analysis: boom\n"),
      2,
    ],
    ["an analysis in which nothing judged", outcome(0, []), 2],
    ["an engine that says nothing", outcome(255, []), 2],
  ])("of a state: %s", async (_case, answer, expected) => {
    expect((await run({ [file]: answer }, { state: [file] })).code).toBe(expected);
    expect(asked).toEqual([`state ${file} baseline`]);
    expect((await run({ prod: answer }, { deployed: true, stack: ["prod"] })).code).toBe(expected);
  });
});

test("whatever breaks, every finding and every problem is told", async () => {
  const { text } = await run({ dev: new EngineError("no engine"), staging: violated, prod: advised });
  for (const words of ["no engine", "residency says no", "mandatory", "advisory", "2 of 3 judged"])
    expect(text).toContain(words);
  expect(text).not.toMatch(/\n\s+at /);
});

describe("what a first preview could not have known", () => {
  const judged = outcome(0, [packsEvent]);
  const read = { type: "aws:iam/rolePolicy:RolePolicy", path: "policy", partly: false };
  const lateIn = ({ text }: { text: string }) => JSON.parse(text).judgements[0].late;

  test("is told beside the verdict on a state: short in the text, whole in JSON", async () => {
    const { text } = await run({ [file]: judged }, { state: [file] });
    expect(text).toMatch(
      /nothing found\n {2}The verdict rests on 4 reads .*\(docs\/policies\.md#late-reads\):\s.*model-permissions/,
    );
    const whole = lateIn(await run({ [file]: judged }, { state: [file], json: true }));
    expect(whole).toContainEqual({ rule: "model-permissions", ...read });
    expect(whole).toContainEqual({ rule: "reachability", ...read });
    expect(whole.map(({ type }: { type: string }) => type)).not.toContain("aws:eks/cluster:Cluster");
    expect(lateIn(await run({ dev: judged }, { deployed: true, stack: ["dev"], json: true }))).toEqual(whole);
  });

  test("is nothing in a preview, and in what could not be judged", async () => {
    expect(lateIn(await run({}, { stack: ["dev"], json: true }))).toEqual([]);
    const torn = await run({ "nowhere.json": outcome(255, [], "error: EOF") }, { state: ["nowhere.json"], json: true });
    expect(lateIn(torn)).toEqual([]);
  });
});

test("what nobody foresaw is told with its place, and is no violation", async () => {
  const { code, text } = await run({ dev: new TypeError("x is not a function") });
  expect(code).toBe(2);
  expect(text).toMatch(/TypeError: x is not a function\s+at /);
});

test("an interruption ends it: what was not asked for is not judged", async () => {
  await expect(run({ dev: { ...clean, interrupted: true } })).rejects.toThrow(InterruptedError);
  expect(asked).toEqual(["preview dev baseline"]);
});

test("a sandbox that never had the stack has nothing to judge", async () => {
  const { code, text } = await run({ prod: null }, { deployed: true, stack: ["prod"] });
  expect(code).toBe(0);
  expect(text).toContain("prod (deployed state, pack production): no resources, nothing to judge");
});

test("a rule's general words are left out of what it says of one resource", async () => {
  const { packs } = await import("../../policy/packs.ts");
  const { description = "" } = packs.production.find(({ name }) => name === "residency") ?? {};
  const message = `${description}\nthe bucket is in us-east-1`;
  const event = { policyEvent: { policyName: "residency", message, enforcementLevel: "advisory" } };
  const { text } = await run({ dev: outcome(0, [event, judgedEvent]) }, { stack: ["dev"], json: true });
  expect(JSON.parse(text).judgements[0].findings[0].message).toBe("the bucket is in us-east-1");
});

test("what a rule changes by itself is advice, and what it could not is a violation", async () => {
  const resourceUrn = "urn:pulumi:dev::twocloud::t:i:T::vault";
  const before = { tags: {}, location: "here" };
  const changed = {
    policyRemediationEvent: { policyName: "own", resourceUrn, before, after: { ...before, tags: { a: 1 } } },
  };
  const same = { policyRemediationEvent: { policyName: "own", resourceUrn, before, after: before } };
  const { code, text } = await run({ dev: outcome(0, [changed, same, judgedEvent]) }, { stack: ["dev"] });
  expect(code).toBe(0);
  expect(text).toContain("1 advisory finding");
  expect(text).toContain("The rule itself changes tags: the program does not set it so.");
  const left = outcome(255, [policyEvent("remediate"), judgedEvent, failedEvent]);
  expect((await run({ dev: left }, { stack: ["dev"] })).code).toBe(1);
});

test("SARIF and JSON hold what the table does", async () => {
  const sarif = join(folder, "policy.sarif");
  const github = { GITHUB_SERVER_URL: "https://git.example.com", GITHUB_REPOSITORY: "a/b", GITHUB_SHA: "c" };
  const { code, text } = await run({ dev: violated }, { stack: ["dev"], sarif, json: true }, github);
  const [only] = JSON.parse(readFileSync(sarif, "utf8")).runs;
  expect(only.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(["residency", "shared-fate-soft"]);
  expect(only.invocations[0].exitCode).toBe(code);
  expect(only.tool.driver.rules[0].helpUri).toMatch(/^https:/);
  expect(JSON.parse(text)).toMatchObject({ exitCode: 1, mandatory: 1, advisory: 1 });
});

describe("what is judged", () => {
  const told = (more: Partial<PolicyOptions>, environment: NodeJS.ProcessEnv = {}) =>
    subjectsOf({ ...options, ...more }, environment).map(({ kind, name, pack }) => `${kind} ${name} ${pack}`);
  const state = join(folder, "own.json");
  writeFileSync(state, JSON.stringify({ deployment: { resources: [{ urn: "urn:pulumi:dev::twocloud::t::x" }] } }));

  test.each<[Partial<PolicyOptions>, string[]]>([
    [{}, ["preview dev baseline", "preview staging production", "preview prod production"]],
    [{ stack: ["prod", "dev", "prod"] }, ["preview prod production", "preview dev baseline"]],
    [{ pack: "production", stack: ["dev"] }, ["preview dev production"]],
    [{ deployed: true, stack: ["dev"] }, ["deployed dev baseline"]],
    [{ state: [state, "nowhere.json"] }, [`state ${state} baseline`, "state nowhere.json production"]],
    [{ state: [state], stack: ["prod"] }, ["preview prod production", `state ${state} baseline`]],
  ])("%j", (more, expected) => expect(told(more)).toEqual(expected));

  test("the environment chooses the pack, as for the pack itself; --pack comes first", () => {
    const environment = { TWOCLOUD_POLICY_PACK: "baseline" };
    expect(told({ stack: ["prod"] }, environment)).toEqual(["preview prod baseline"]);
    expect(told({ stack: ["prod"], pack: "production" }, environment)).toEqual(["preview prod production"]);
  });

  test("ages are judged at the sandbox's day there, and today elsewhere", () => {
    const days = (more: Partial<PolicyOptions>) =>
      new Set(subjectsOf({ ...options, ...more }, {}).map(({ asOf }) => asOf));
    expect(days({})).toEqual(new Set(["2026-11-21"]));
    expect(days({ sandbox: false })).toEqual(new Set([new Date().toISOString().slice(0, 10)]));
  });

  test("all that is wrong with the arguments is told at once", () => {
    expect(() => told({ pack: "prodution", stack: ["prd", "dev", "x"] })).toThrow(
      /There is no pack prodution\. .*Did you mean production\?\nThere is no stack prd\. .*Did you mean prod\?\nThere is no stack x\./,
    );
  });
});
