import type { CapabilityContract, Role, Slo } from "../../components/plan/types.ts";
import type { Evaluation, SuiteFile } from "../../infra/config/suite.ts";
import { ask, type Limits } from "./call.ts";
import { CallError } from "./call-error.ts";
import { type Ask, demandedProbes } from "./contract.ts";
import { graded } from "./graders.ts";
import type { Suite } from "./read.ts";
import { requestOf } from "./request.ts";
import { type CapabilityResult, type CaseResult, type PathResult, type PathScore, scored } from "./score.ts";
import type { Answer, Endpoint } from "./types.ts";

/** A way to a workload's model. */
export interface SuitePath {
  /** `<workload>/<location>`. */
  readonly path: string;
  readonly role: Role;
  readonly endpoint: Endpoint;
}

/** A workload whose answers are to be judged. */
export interface SuiteTask {
  readonly workload: string;
  readonly suite: Suite;
  readonly quality: Pick<Slo["quality"], "minScore" | "maxRegression">;
  readonly requires: CapabilityContract;
  readonly paths: readonly SuitePath[];
}

export interface RunLimits extends Limits {
  /** Calls under way at once, over all paths. */
  readonly concurrency: number;
}

/** Longer than the gateway lets a model be silent, shorter than it lets a request last. */
export const defaultLimits = { callSeconds: 120, concurrency: 4 } as const;

/**
 * Runs a workload's suite and its capability contract against every path.
 * @returns a score for each path, in the order of the paths
 * @throws the signal's reason when it ended the run; no call is under way then
 */
export async function runSuite(task: SuiteTask, limits: RunLimits): Promise<PathScore[]> {
  const { suite, requires, paths, quality } = task;
  const jobs = paths.flatMap((path) => {
    const asked: Ask = (request, stream = false) => ask(path.endpoint, request, stream, limits);
    return [
      ...Object.keys(suite.content.cases).map((name) => async () => ({
        path,
        found: await runCase(suite.content, name, asked),
      })),
      ...demandedProbes(requires).map((probe) => async () => ({ path, met: await probe.run(asked) })),
    ];
  });
  const done = await pooled<Found>(jobs, limits.concurrency);
  const results = paths.map((path): PathResult => {
    const own = done.filter((each) => each.path === path);
    return {
      path: path.path,
      role: path.role,
      model: path.endpoint.model,
      cases: own.flatMap((each) => ("found" in each ? [each.found] : [])),
      capabilities: own.flatMap((each) => ("met" in each ? [each.met] : [])),
    };
  });
  return scored(results, quality);
}

type Found = { readonly path: SuitePath } & ({ readonly found: CaseResult } | { readonly met: CapabilityResult });

async function runCase(suite: SuiteFile, name: string, asked: Ask): Promise<CaseResult> {
  const evaluation = suite.cases[name] as Evaluation;
  const started = performance.now();
  const secondsSince = () => (performance.now() - started) / 1000;
  try {
    const answer = await asked(requestOf(suite, evaluation), evaluation.stream);
    const { inputTokens, outputTokens } = answer;
    const seconds = secondsSince();
    const misses = missesOf(suite, evaluation, answer);
    return { name, passed: misses.length === 0, error: null, misses, inputTokens, outputTokens, seconds };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const nothing = { misses: [], inputTokens: null, outputTokens: null };
    return { name, passed: false, error: error.message, ...nothing, seconds: secondsSince() };
  }
}

/** An answer that was asked for as JSON of a schema must be that, whatever else is expected of it. */
function missesOf(suite: SuiteFile, { output, expect }: Evaluation, answer: Answer): CaseResult["misses"] {
  const schema = output === undefined ? undefined : suite.outputs[output];
  const form = schema === undefined ? null : graded({ grader: "json-schema", schema }, answer);
  return [
    { grader: "output", found: form },
    ...expect.map((expected) => ({ grader: expected.grader, found: graded(expected, answer) })),
  ].flatMap(({ grader, found }) => (found === null ? [] : [{ grader, found }]));
}

/** Does jobs side by side, at most so many at once. When one fails, no other begins, and those under way end first. */
async function pooled<T>(jobs: readonly (() => Promise<T>)[], most: number): Promise<T[]> {
  const results: T[] = [];
  const waiting = [...jobs.entries()];
  const work = async (): Promise<void> => {
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, job] = next;
        results[index] = await job();
      }
    } catch (error) {
      waiting.length = 0;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: most }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}
