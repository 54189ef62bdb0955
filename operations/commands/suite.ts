import { pinnedModel } from "../../components/gateway/names.ts";
import type { Workload } from "../../components/plan/types.ts";
import { suiteNames } from "../../infra/sources.ts";
import { lintJson, lintReport } from "../report/lint.ts";
import { suiteJson, suiteReport, type WorkloadScore } from "../report/suite.ts";
import type { TextOptions } from "../report/text.ts";
import { lintSuite } from "../suites/lint.ts";
import { readSuites, type Suite } from "../suites/read.ts";
import { defaultLimits, type RunLimits, runSuite, type SuiteTask } from "../suites/run.ts";
import { exitCodeOf, type SuiteExitCode } from "../suites/score.ts";
import { InterruptedError, loadPlan, stacksFolder } from "./load.ts";
import { checkLint, type SuiteOptions, type Target, targetOf, workloadsOf } from "./suite-options.ts";

/** `twocloud suite`: the answers of every path of a workload, judged by its suite. */

/** What the command touches; a test puts other things there. */
export interface SuitePlace {
  readonly out: { write(text: string): void };
  /** What is under way; never on `out`, which belongs to the answer. */
  readonly progress: { write(text: string): void };
  readonly style: TextOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** Day at which the plan is judged, YYYY-MM-DD. */
  readonly asOf: string;
  /** Folder with the stack files. @default the project's */
  readonly stacks?: string;
  /** @default {@link defaultLimits} */
  readonly limits?: Omit<RunLimits, "signal">;
}

/**
 * @returns exit code
 * @throws UsageError, ConfigError with all that is wrong; InterruptedError when somebody stopped it: no call is left then
 */
export async function suiteCommand(options: SuiteOptions, place: SuitePlace): Promise<SuiteExitCode> {
  const folder = place.stacks ?? stacksFolder;
  if (options.lint) return lint(options, folder, place);
  const target = targetOf(options, place.environment);
  const workloads = workloadsOf(loadPlan(target.stack, place.asOf, folder), options.workload);
  const tasks = tasksOf(workloads, readSuites(folder, suitesOf(workloads)), target);
  const scores = await interruptible((signal) => run(tasks, { ...(place.limits ?? defaultLimits), signal }, place));
  place.out.write(options.json ? suiteJson(scores) : suiteReport(scores, place.style));
  return exitCodeOf(scores.flatMap(({ paths }) => paths.map(({ verdict }) => verdict)));
}

/** All suites that are there, or those of a stack's workloads; nobody is called. */
function lint(options: SuiteOptions, folder: string, place: SuitePlace): SuiteExitCode {
  checkLint(options);
  const { stack, workload, json } = options;
  const names =
    stack === undefined ? suiteNames(folder) : suitesOf(workloadsOf(loadPlan(stack, place.asOf, folder), workload));
  const ties = readSuites(folder, names).flatMap(lintSuite);
  place.out.write(json ? lintJson(names, ties) : lintReport(names, ties, place.style));
  return ties.length > 0 ? 1 : 0;
}

const suitesOf = (workloads: readonly Workload[]): string[] => [
  ...new Set(workloads.flatMap(({ slo }) => (slo === null ? [] : [slo.quality.suite]))),
];

/** Each path is asked for by the name that the gateway pins to it. */
function tasksOf(workloads: readonly Workload[], suites: readonly Suite[], { baseUrl, token }: Target): SuiteTask[] {
  return workloads.flatMap(({ name, slo, requires, paths }) => {
    const suite = suites.find((each) => each.name === slo?.quality.suite);
    if (slo === null || suite === undefined) return [];
    const found = paths.map(({ id, role, location }) => ({
      path: id,
      role,
      endpoint: { baseUrl, token, model: pinnedModel(name, location) },
    }));
    return [{ workload: name, suite, quality: slo.quality, requires, paths: found }];
  });
}

async function run(tasks: readonly SuiteTask[], limits: RunLimits, { progress }: SuitePlace): Promise<WorkloadScore[]> {
  const scores: WorkloadScore[] = [];
  for (const task of tasks) {
    const { workload, suite, quality, paths } = task;
    const cases = Object.keys(suite.content.cases).length;
    progress.write(
      `${workload}: ${cases} cases of ${suite.name} and the capability contract on ${paths.length} paths\n`,
    );
    scores.push({ workload, suite: suite.name, cases, quality, paths: await runSuite(task, limits) });
  }
  return scores;
}

/** A signal ends every call that is under way. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort(new InterruptedError("The suite was interrupted; its calls are ended."));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
