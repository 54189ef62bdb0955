import { randomUUID } from "node:crypto";
import type { Override } from "../../components/gateway/override.ts";
import { deployedProblems } from "../../components/gateway/render/override.ts";
import { activeOverrides } from "../drill/objects.ts";
import { ClusterError } from "../override/cluster.ts";
import { carryOut, check } from "../override/perform.ts";
import type { OverridePlace } from "../override/place.ts";
import { type Act, type OverrideRecord, recordIn } from "../override/record.ts";
import { type OverrideOptions, type Request, requestOf } from "../override/request.ts";
import { type Step, stepsAway, stepsTo } from "../override/steps.ts";
import { type Reached, type Survey, survey } from "../override/survey.ts";
import { seconds } from "../override/until.ts";
import {
  missedText,
  type Outcomes,
  outcomesReport,
  overridesReport,
  overrideText,
  replacedText,
} from "../report/override.ts";
import { loadPlan, today, UsageError } from "./load.ts";

/** A request on its way. */
interface Job extends Survey {
  readonly request: Request;
  readonly record: OverrideRecord;
  readonly place: OverridePlace;
}

/**
 * `twocloud override`: pins a workload to a path or to its degraded mode in its gateways, without the engine; shows,
 * ends and sweeps such overrides.
 * @returns exit code: 0, or 1 when a gateway was missed, or a listed override has expired
 * @throws UsageError with everything that is wrong, before anything is changed
 */
export async function overrideCommand(options: OverrideOptions, place: OverridePlace): Promise<number> {
  const plan = loadPlan(options.stack, process.env.TWOCLOUD_AS_OF ?? today(), place.stacks);
  const request = requestOf(options, plan, place.now(), place.user);
  const surveyed = await survey(request.gateways, place.kubeconfig());
  if (request.doing === "list") return list(request, surveyed, place);
  const job: Job = { request, place, record: recordIn(place.stacks, request.stack), ...surveyed };
  switch (request.doing) {
    case "set":
      return set(job);
    case "clear":
      return clear(job);
    case "sweep":
      return sweep(job);
  }
}

async function set(job: Job): Promise<number> {
  const { request, reached, place } = job;
  const { override, workload } = request;
  if (override === null || workload === undefined) throw new Error("nothing is to be put in force");
  const problems = reached.flatMap(({ location, objects }) =>
    deployedProblems(objects, override).map((problem) => `${location}: ${problem}`),
  );
  if (problems.length > 0) throw new UsageError(`${problems.join("\n")}\nNothing was changed.`);
  for (const { location, objects } of reached) {
    for (const before of ofWorkload(objects, workload.name)) {
      place.out.write(replacedText(location, before));
    }
  }
  const mode = workload.degradedMode;
  const steps = ({ objects }: Reached) => stepsTo({ objects, override, mode, change: randomUUID() });
  const act = { act: override.path === null ? "degrade" : "pin", path: override.path, until: override.until } as const;
  return perform(job, { ...act, workload: workload.name }, steps, `${workload.name}: ${overrideText(override)}`);
}

async function clear(job: Job): Promise<number> {
  const { request, reached, unreached, place } = job;
  const name = request.workload?.name ?? "";
  const steps = ({ objects }: Reached) => stepsAway(objects, name, randomUUID());
  if (unreached.length === 0 && reached.every((gateway) => steps(gateway).length === 0)) {
    place.out.write(`No gateway of ${request.stack} has an override of ${name}.\n`);
    return 0;
  }
  return perform(job, { act: "clear", workload: name, path: null, until: null }, steps, `${name}: as deployed again`);
}

/** Ends what has expired. */
async function sweep(job: Job): Promise<number> {
  const { request, reached, unreached, place } = job;
  const expired = (gateway: Reached, name: string) => {
    const active = ofWorkload(gateway.objects, name);
    return active.length > 0 && active.every((each) => isExpired(each, place.now()));
  };
  const names = new Set(reached.flatMap(({ objects }) => activeOverrides(objects).map(({ workload }) => workload)));
  const due = [...names].filter(
    (name) => (request.workload?.name ?? name) === name && reached.some((gateway) => expired(gateway, name)),
  );
  let code = 0;
  for (const name of due) {
    const own = reached.filter((gateway) => expired(gateway, name));
    const steps = ({ objects }: Reached) => stepsAway(objects, name, randomUUID());
    const act = { act: "sweep", workload: name, path: null, until: null } as const;
    const title = `${name}: its override has expired; as deployed again`;
    code = Math.max(code, await perform({ ...job, reached: own, unreached: [] }, act, steps, title));
  }
  if (due.length === 0) place.out.write(`No override of ${request.stack} has expired.\n`);
  for (const { location, failure } of unreached) place.out.write(`${location} can't be looked at: ${failure}\n`);
  return unreached.length > 0 ? 1 : code;
}

function list({ stack, workload }: Request, { reached, unreached }: Survey, place: OverridePlace): number {
  const seen = reached.map(({ location, objects }) => ({
    location,
    failure: null,
    overrides: (workload === undefined ? activeOverrides(objects) : ofWorkload(objects, workload.name)).map(
      (override) => ({ override, expired: isExpired(override, place.now()) }),
    ),
  }));
  const unseen = unreached.map(({ location, failure }) => ({ location, failure, overrides: [] }));
  place.out.write(overridesReport(stack, [...seen, ...unseen]));
  const anyExpired = seen.some(({ overrides }) => overrides.some(({ expired }) => expired));
  return anyExpired || unseen.length > 0 ? 1 : 0;
}

/** Does it in every gateway that was reached, once none of them refuses; records and says what came of it. */
async function perform(
  { request, reached, unreached, record, place }: Job,
  act: Pick<Act, "act" | "workload" | "path" | "until">,
  stepsOf: (gateway: Reached) => Step[],
  title: string,
): Promise<number> {
  const works = reached.map((gateway) => ({ ...gateway, steps: stepsOf(gateway) }));
  const outcomes = new Map<string, string | null>(unreached.map(({ location, failure }) => [location, failure]));
  const refusals: string[] = [];
  await Promise.all(
    works.map(async ({ location, cluster, steps }) => {
      const failure = await failureOf(check(cluster, steps));
      if (failure?.kind === "unreachable") outcomes.set(location, failure.message);
      else if (failure !== null) refusals.push(`${location}: ${failure.message}`);
    }),
  );
  if (refusals.length > 0) throw new UsageError(`${refusals.sort().join("\n")}\nNothing was changed.`);
  const going = works.filter(({ location }) => !outcomes.has(location));
  if (going.some(({ steps }) => steps.some(({ kind }) => kind === "settle"))) {
    const wait = Math.round(place.pace.settle / 1000);
    place.out.write(`The paths are made known to the proxies, then switched: about ${wait} s.\n`);
  }
  await Promise.all(
    going.map(async ({ location, cluster, steps }) => {
      const failure = await failureOf(carryOut(cluster, steps, place.pace));
      outcomes.set(location, failure?.message ?? null);
    }),
  );
  const told: Outcomes = Object.fromEntries([...outcomes].sort());
  const { stack, by, reason } = request;
  const gateways = Object.fromEntries(Object.entries(told).map(([location, failure]) => [location, failure ?? "done"]));
  record.append({ ...act, at: seconds(place.now().getTime()), stack, by, reason, gateways });
  place.out.write(outcomesReport(title, told));
  const missed = Object.values(told).some((failure) => failure !== null);
  if (missed) place.out.write(missedText(told, againOf(request, act)));
  return missed ? 1 : 0;
}

async function failureOf(work: Promise<void>): Promise<ClusterError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
}

function againOf({ stack, override }: Request, { act, workload }: Pick<Act, "act" | "workload">): string {
  const start = `--stack ${stack} --workload ${workload}`;
  if (override === null) return `${start} --${act}`;
  const { path, reason, until } = override;
  const what = path === null ? "--degraded" : `--to ${path}`;
  return `${start} ${what} --reason '${reason.replaceAll("'", "'\\''")}' --until ${until}`;
}

function ofWorkload(objects: Reached["objects"], name: string): Override[] {
  return activeOverrides(objects).filter(({ workload }) => workload === name);
}

/** A time that can't be read counts as past. */
function isExpired({ until }: Override, now: Date): boolean {
  return !(Date.parse(until) > now.getTime());
}
