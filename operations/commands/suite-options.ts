import { suggest } from "../../components/plan/problem.ts";
import type { Plan, Workload } from "../../components/plan/types.ts";
import { UsageError } from "./load.ts";

/** What `twocloud suite` is asked to do. */

export interface SuiteOptions {
  readonly stack?: string;
  /** One workload of the stack. Default: all */
  readonly workload?: string;
  /** Base URL of a gateway as OpenAI's client takes it, with `/v1`. */
  readonly endpoint?: string;
  /** Environment variable that holds the bearer token. Default: no token is sent */
  readonly tokenEnv?: string;
  /** Say what ties the suites to one vendor, and call nobody. */
  readonly lint: boolean;
  readonly json: boolean;
}

/** Where calls go. */
export interface Target {
  readonly stack: string;
  readonly baseUrl: string;
  readonly token: string | null;
}

/** @throws UsageError with all that is missing or wrong */
export function targetOf({ stack, endpoint, tokenEnv }: SuiteOptions, environment: NodeJS.ProcessEnv): Target {
  const token = tokenEnv === undefined ? null : (environment[tokenEnv] ?? "").trim();
  const problems = [
    ...(stack === undefined ? ["Say whose workloads: --stack <name>."] : []),
    ...(endpoint === undefined
      ? ["Say through which gateway: --endpoint <url>, such as https://ai.example.com/v1."]
      : endpointProblems(endpoint, token)),
    ...(token === "" ? [`The environment variable ${tokenEnv} is not set or empty; --token-env takes its name.`] : []),
  ];
  if (problems.length > 0 || stack === undefined || endpoint === undefined) throw new UsageError(problems.join("\n"));
  return { stack, baseUrl: endpoint.replace(/\/+$/, ""), token };
}

/** @throws UsageError when more is said than a lint can be asked */
export function checkLint({ stack, workload, endpoint, tokenEnv }: SuiteOptions): void {
  const problems = [
    ...(workload !== undefined && stack === undefined ? [`Say whose workload ${workload} is: --stack <name>.`] : []),
    ...(endpoint !== undefined || tokenEnv !== undefined
      ? ["--lint calls nobody: leave out --endpoint and --token-env, or --lint."]
      : []),
  ];
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
}

const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

function endpointProblems(endpoint: string, token: string | null): string[] {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return [`--endpoint ${endpoint} is no URL; write it with its scheme, such as https://ai.example.com/v1.`];
  }
  if (url.username !== "" || url.password !== "") return ["--endpoint holds a password; give a token by --token-env."];
  if (url.protocol === "http:" && token !== null && !loopback.test(url.hostname)) {
    return [`--endpoint ${endpoint} would carry the token unencrypted; write https.`];
  }
  return [];
}

/** The workloads that are meant. @throws UsageError when there is no such one */
export function workloadsOf({ environment, workloads }: Plan, name: string | undefined): readonly Workload[] {
  if (name === undefined) return workloads;
  const found = workloads.filter((workload) => workload.name === name);
  if (found.length > 0) return found;
  const known = workloads.map((workload) => workload.name);
  throw new UsageError(
    `There is no workload ${name} in ${environment}. Workloads: ${known.join(", ")}. ${suggest(name, known, "Take one of these.")}`,
  );
}
