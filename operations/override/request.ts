import { type Override, overrideProblems } from "../../components/gateway/override.ts";
import { nearest } from "../../components/plan/problem.ts";
import type { Plan, Workload } from "../../components/plan/types.ts";
import { UsageError } from "../commands/load.ts";
import { seconds, untilOf } from "./until.ts";

/** As typed. */
export interface OverrideOptions {
  readonly stack: string;
  readonly workload?: string;
  /** Location of a path. */
  readonly to?: string;
  readonly degraded?: boolean;
  readonly list?: boolean;
  readonly clear?: boolean;
  readonly sweep?: boolean;
  readonly gateway?: readonly string[];
  readonly reason?: string;
  readonly until?: string;
  readonly by?: string;
  /** `<location>=<context>`. */
  readonly context?: readonly string[];
}

/** A gateway that is meant, and how its cluster is found. */
export interface Addressed {
  readonly location: string;
  /** Public name of it. */
  readonly host: string;
  /** Context of the person's kubeconfig. */
  readonly context: string;
}

/** What is to be done, checked against the plan. */
export interface Request {
  readonly doing: "set" | "clear" | "sweep" | "list";
  readonly stack: string;
  /** Always there to set or clear; otherwise undefined means all. */
  readonly workload: Workload | undefined;
  /** What is put in force; null where nothing is. */
  readonly override: Override | null;
  readonly gateways: readonly Addressed[];
  readonly by: string;
  readonly reason: string | null;
}

const doings = { to: "set", degraded: "set", list: "list", clear: "clear", sweep: "sweep" } as const;
type Flag = keyof typeof doings;

/**
 * Reads what was typed.
 * @param user who it is if nobody is named
 * @throws UsageError with everything that is wrong
 */
export function requestOf(options: OverrideOptions, plan: Plan, now: Date, user: string): Request {
  const { stack, by = user, reason = null } = options;
  const flags = (Object.keys(doings) as Flag[]).filter(
    (flag) => options[flag] !== undefined && options[flag] !== false,
  );
  const [flag] = flags;
  if (flag === undefined || flags.length > 1) {
    throw new UsageError("Say one of --to <location>, --degraded, --list, --clear and --sweep.");
  }
  const doing = doings[flag];
  const problems: string[] = [];
  const workload = workloadOf(options, plan, doing, problems);
  const gateways = gatewaysOf(options, plan, workload, problems);
  const override = doing === "set" ? overrideIn(options, workload, by, now, problems) : null;
  for (const name of ["until", "reason"] as const) {
    const means = doing === "set" || (name === "reason" && doing === "clear");
    if (!means && options[name] !== undefined) problems.push(`--${name} means nothing for --${flag}.`);
  }
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return { doing, stack, workload, override, gateways, by, reason };
}

function workloadOf(
  { workload: name, stack }: OverrideOptions,
  plan: Plan,
  doing: Request["doing"],
  problems: string[],
): Workload | undefined {
  const known = plan.workloads.map((each) => each.name);
  if (name === undefined) {
    if (doing === "set" || doing === "clear") problems.push(`Which workload? --workload ${known.join("|")}`);
    return undefined;
  }
  const found = plan.workloads.find((each) => each.name === name);
  if (found === undefined) problems.push(unknownName("workload", name, `in ${stack}; its workloads are`, known));
  return found;
}

function gatewaysOf(
  { gateway: wanted, context: given = [], stack }: OverrideOptions,
  plan: Plan,
  workload: Workload | undefined,
  problems: string[],
): Addressed[] {
  const all = plan.locations.flatMap(({ name, gateway }) => (gateway === null ? [] : [{ name, ...gateway }]));
  const own = all.filter(
    ({ routes }) => workload === undefined || routes.some((route) => route.workload === workload.name),
  );
  const known = own.map(({ name }) => name);
  for (const name of (wanted ?? []).filter((each) => !known.includes(each))) {
    problems.push(unknownName("gateway", name, `for ${workload?.name ?? stack}; its gateways are in`, known));
  }
  const contexts = new Map<string, string>();
  for (const text of given) {
    const [, location = "", context = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (location === "") problems.push(`--context ${text}: write <location>=<name of a kubeconfig context>.`);
    else if (!all.some(({ name }) => name === location)) {
      problems.push(
        unknownName(
          "gateway",
          location,
          `in ${stack}; its gateways are in`,
          all.map(({ name }) => name),
        ),
      );
    } else contexts.set(location, context);
  }
  return own
    .filter(({ name }) => wanted === undefined || wanted.includes(name))
    .map(({ name, host }) => ({ location: name, host, context: contexts.get(name) ?? `${stack}-${name}` }));
}

function overrideIn(
  { to, until, reason }: OverrideOptions,
  workload: Workload | undefined,
  by: string,
  now: Date,
  problems: string[],
): Override | null {
  const paths = workload?.paths.map(({ location }) => location) ?? [];
  if (workload !== undefined && to !== undefined && !paths.includes(to)) {
    problems.push(unknownName("path", to, `of ${workload.name}; its paths are in`, paths));
  }
  if (reason === undefined) problems.push("Why? --reason <text>");
  if (until === undefined) problems.push("For how long? --until <time>, as 4h or 2026-11-28T18:00Z");
  const ends = until === undefined ? undefined : readUntil(until, now, problems);
  if (reason === undefined || ends === undefined) return null;
  const since = seconds(now.getTime());
  const override = { workload: workload?.name ?? "", path: to ?? null, by, reason, since, until: ends };
  problems.push(...overrideProblems(override).map((problem) => `--${problem}.`));
  return override;
}

function readUntil(text: string, now: Date, problems: string[]): string | undefined {
  try {
    return untilOf(text, now);
  } catch (error) {
    problems.push((error as Error).message);
    return undefined;
  }
}

function unknownName(what: string, name: string, where: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const guess = near === undefined ? "" : ` Did you mean ${near}?`;
  return `There is no ${what} ${name} ${where} ${known.join(", ") || "none"}.${guess}`;
}
