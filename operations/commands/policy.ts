import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ConfigError } from "../../infra/config/error.ts";
import { packs } from "../../policy/packs.ts";
import { type Engine, EngineError } from "../engine/engine.ts";
import {
  analysisVerdict,
  exitCodeOf,
  type Judgement,
  type PolicyExitCode,
  previewVerdict,
  type Verdict,
} from "../engine/judgement.ts";
import { exportTo, stateIn } from "../engine/state.ts";
import { failureText } from "../report/failure.ts";
import { policyJson, policyReport } from "../report/policy.ts";
import { createProgress, type ProgressOutput } from "../report/progress.ts";
import { sarifOf } from "../report/sarif.ts";
import type { TextOptions } from "../report/text.ts";
import { projectRoot } from "../setup/toolchain.mjs";
import { InterruptedError, loadPlan, stacksFolder, UsageError } from "./load.ts";
import { engines, type WithEngine } from "./policy-engines.ts";
import { type PolicyOptions, type Subject, subjectsOf } from "./policy-options.ts";

/** `twocloud policy`: the pack over previews, deployed states and state files; a table, and SARIF for code scanning. */

/** What the command touches; a test puts other things there. */
export interface PolicyPlace {
  readonly out: { write(text: string): void };
  /** How far a run is; never on `out`, which belongs to the answer. */
  readonly progress: ProgressOutput;
  readonly style: TextOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** @default engines over the logged-in backend, or over the sandbox */
  readonly withEngine?: WithEngine;
}

/** @returns exit code; whatever is wrong with one subject is told after all of them were judged */
export async function policyCommand(options: PolicyOptions, place: PolicyPlace): Promise<PolicyExitCode> {
  const subjects = subjectsOf(options, place.environment);
  const tell = (text: string) => place.progress.write(`${text}\n`);
  const withEngine = place.withEngine ?? engines(options.sandbox, tell);
  const judgements: Judgement[] = [];
  for (const subject of subjects) judgements.push(await judged(subject, withEngine, place.progress));
  place.out.write(options.json ? policyJson(judgements) : policyReport(judgements, place.style));
  if (options.sarif !== undefined) writeFileSync(options.sarif, sarifText(judgements, place.environment));
  return exitCodeOf(judgements);
}

/** One that can't be judged must not hide what is found in the others. */
async function judged(subject: Subject, withEngine: WithEngine, progress: ProgressOutput): Promise<Judgement> {
  const { kind, name, pack } = subject;
  const judgement = (verdict: Verdict): Judgement => ({ kind, subject: name, pack, ...verdict });
  try {
    const verdict = await withEngine(subject, (engine) => verdictOf(subject, engine, progress));
    return judgement(verdict ?? { ...nothing, problem: null, empty: true });
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return judgement({ ...nothing, problem: problemOf(error as Error), empty: false });
  }
}

const nothing = { findings: [], late: [] };

/** What a person can mend in its own words; anything else with the place that it comes from. */
function problemOf(error: Error): string {
  const isTold = error instanceof ConfigError || error instanceof UsageError || error instanceof EngineError;
  return (isTold ? error.message : (error.stack ?? String(error))).trimEnd();
}

function verdictOf(subject: Subject, engine: Engine, progress: ProgressOutput): Promise<Verdict> {
  if (subject.kind === "preview") return preview(subject, engine, progress);
  if (subject.kind === "deployed") return deployed(engine);
  return analysis(engine, subject.file);
}

async function preview({ name, asOf }: Subject, engine: Engine, out: ProgressOutput): Promise<Verdict> {
  const locations = loadPlan(name, asOf).locations.map((location) => location.name);
  const progress = createProgress(out, locations, `preview of ${name}`);
  try {
    const outcome = await engine.run("preview", [], { onEvent: (event) => progress.event(event) });
    if (outcome.interrupted) throw new InterruptedError(`The preview of ${name} was interrupted.`);
    const log = relative(projectRoot, engine.files.engineLog);
    // What the rules say is told with the findings.
    const failed = () => {
      const events = outcome.events.filter(({ policyEvent }) => policyEvent === undefined);
      return failureText({ operation: "preview", stack: name, locations, log, output: outcome.output, events });
    };
    return previewVerdict(outcome, failed);
  } finally {
    progress.end();
  }
}

async function deployed(engine: Engine): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "twocloud-policy-"));
  try {
    const file = join(folder, "state.json");
    await exportTo(engine, file);
    return await analysis(engine, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function analysis(engine: Engine, file: string): Promise<Verdict> {
  const outcome = await engine.analyze(file);
  if (outcome.interrupted) throw new InterruptedError("The analysis was interrupted.");
  return analysisVerdict(outcome, () => stateIn(file).resources ?? []);
}

function sarifText(judgements: readonly Judgement[], environment: NodeJS.ProcessEnv): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string };
  const address = addressOf(environment);
  const log = sarifOf({
    judgements,
    rules: Object.values(packs).flat(),
    workloads: readFileSync(join(stacksFolder, "workloads.yaml"), "utf8"),
    version,
    ...(address === undefined ? {} : { address }),
  });
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Where this commit's files can be read, when a workflow of GitHub runs us. */
function addressOf(environment: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = environment;
  return server && repository && commit ? `${server}/${repository}/blob/${commit}` : undefined;
}
