import type { Plan } from "../../components/plan/types.ts";
import type { Engine, Operation, Outcome } from "../engine/engine.ts";
import { changed, changesOf, violationsOf } from "../engine/events.ts";
import { untied, urnsOf } from "../engine/partial.ts";
import { withSession } from "../engine/session.ts";
import { stackEngine } from "../engine/stack.ts";
import { exportState, importState } from "../engine/state.ts";
import type { ProgressOutput } from "../report/progress.ts";
import { askForName } from "./confirm.ts";
import { checkStack, loadPlan, sandboxDay, today } from "./load.ts";
import { operate } from "./operate.ts";
import { type PartialRun, partialRun, type Scope, type ScopeOptions, scopeOf } from "./scope.ts";

/** `twocloud preview`, `up` and `destroy`: a stack, or the part of it whose clouds answer. */

export interface DeployOptions extends ScopeOptions {
  readonly stack: string;
  /** In this checkout's local clouds instead of real ones. */
  readonly sandbox: boolean;
  /** Without asking. */
  readonly yes: boolean;
}

/** A command on its way. */
export interface Job {
  readonly engine: Engine;
  readonly plan: Plan;
  readonly scope: Scope;
  readonly options: DeployOptions;
  readonly out: ProgressOutput;
}

export const previewCommand = (options: DeployOptions): Promise<void> => within(options, preview);
export const upCommand = (options: DeployOptions): Promise<void> => within(options, up);
export const destroyCommand = (options: DeployOptions): Promise<void> => within(options, destroy);

async function preview(job: Job): Promise<void> {
  report(job, "preview", await run(job, "preview", await partOf(job)));
}

/** Preview, question, `up`; no more than the preview where nothing would change. */
export async function up(job: Job): Promise<void> {
  const part = await partOf(job);
  const previewed = await run(job, "preview", part);
  report(job, "preview", previewed);
  if (changed(changesOf(previewed.events)) > 0) {
    await confirm(job, "up");
    report(job, "up", await run(job, "up", part));
  }
  const kept = leftAlone(job);
  if (kept.length > 0) say(job, `For ${kept.join(" and ")}, when it can be reached: ${commandFor("up", job)}`);
}

/**
 * Takes down what is chosen. Where something else goes on (`--only`), what that has of the chosen locations is taken
 * back in place, as by an `up` of a stack that never had them. What is named by `--without` is not touched.
 */
export async function destroy(job: Job): Promise<void> {
  const { engine, plan, scope } = job;
  await confirm(job, "destroy");
  const state = await exportState(engine);
  const urns = (locations: readonly string[]) => new Set(locations.flatMap((name) => urnsOf(state, name)));
  const kept = urns(scope.without);
  if (kept.size > 0) await importState(engine, untied(state, kept, urns(scope.chosen)));
  const outcome =
    scope.rest.length > 0
      ? await run(job, "up", partialRun(state, plan, scope.without, scope.chosen))
      : await run(job, "destroy", { args: [...kept].flatMap((urn) => ["--exclude", urn]), run: {} });
  report(job, "destroy", outcome);
  say(job, `To build it again: ${commandFor("up", job)}`);
}

async function within(options: DeployOptions, work: (job: Job) => Promise<void>): Promise<void> {
  const { stack, sandbox } = options;
  checkStack(stack);
  const asOf = sandbox ? sandboxDay() : (process.env.TWOCLOUD_AS_OF ?? today());
  const plan = loadPlan(stack, asOf);
  const out = process.stdout;
  const rest = { plan, scope: scopeOf(plan, options), options, out };
  const tell = (text: string) => say(rest, text);
  if (sandbox) await withSession({ stack, asOf, say: tell }, ({ engine }) => work({ engine, ...rest }));
  else await work({ engine: stackEngine(stack, asOf), ...rest });
}

/** A preview or an `up` of some locations touches no other. */
const leftAlone = ({ scope }: Job): readonly string[] => [...scope.without, ...scope.rest];

async function partOf(job: Job): Promise<PartialRun> {
  const keep = leftAlone(job);
  const part = partialRun(keep.length === 0 ? {} : await exportState(job.engine), job.plan, keep);
  for (const name of keep) {
    say(
      job,
      part.without[name] === null
        ? `${name} is left out: the state has too little of it for the others to use. The rules about whole workloads are advice in this run.`
        : `${name} is left as it is.`,
    );
  }
  return part;
}

function run(
  { engine, plan, out }: Job,
  operation: Operation,
  part: Pick<PartialRun, "args" | "run">,
): Promise<Outcome> {
  const locations = plan.locations.map(({ name }) => name);
  return operate(engine, locations, operation, part, out);
}

function report(job: Job, operation: Operation, { events }: Outcome): void {
  const changes = Object.entries(changesOf(events)).filter(([, count]) => count > 0);
  const words = changes.map(([kind, count]) => `${count} ${kind}`).join(", ");
  say(job, `${operation}: ${words === "" ? "nothing to do" : words}`);
  for (const { rule, level, message } of violationsOf(events)) say(job, `  ${level} ${rule}: ${message}`);
}

/** @throws UsageError when nobody can be asked, or somebody says no */
async function confirm({ options }: Job, operation: Operation): Promise<void> {
  const { yes, sandbox, stack } = options;
  if (yes || sandbox) return;
  await askForName(stack, operation, "Nothing was changed.");
}

function commandFor(operation: Operation, { options: { stack, sandbox } }: Job): string {
  return `npm run twocloud -- ${operation} --stack ${stack}${sandbox ? " --sandbox" : ""}`;
}

function say({ out }: Pick<Job, "out">, text: string): void {
  out.write(`${text}\n`);
}
