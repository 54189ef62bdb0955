import type { Workload } from "../../../components/plan/types.ts";
import { chat, type Received } from "../client.ts";
import { spaced } from "../spaced.ts";
import type { Asking } from "./answer.ts";
import { type LiveResult, measuresOf, missedObjectives, unanswered } from "./judge.ts";
import type { LiveLimits } from "./limits.ts";
import type { LivePath, LiveRoute } from "./routes.ts";

/** Whether a fallback carries its share of the peak: requests of the declared size at growing rates. */

export interface LoadStep {
  /** Part of the rate that the fallback must carry. */
  readonly share: number;
  readonly requestsPerSecond: number;
  readonly calls: number;
}

/** Requests a second that a fallback must carry. */
export const rateWanted = ({ traffic }: Workload): number => traffic.peakRequestsPerSecond * traffic.fallbackShare;

/** Tokens of one request. */
export function loadTokens({ traffic }: Workload, { answerTokens }: LiveLimits) {
  return { input: traffic.inputTokens, output: Math.max(traffic.outputTokens, answerTokens) };
}

/** The steps that fit into the tokens that one fallback may take. */
export function loadSteps(workload: Workload, limits: LiveLimits): LoadStep[] {
  const { input, output } = loadTokens(workload, limits);
  const { shares, secondsPerStep, tokensPerPath } = limits.load;
  const steps: LoadStep[] = [];
  let calls = 0;
  for (const share of shares) {
    const requestsPerSecond = rateWanted(workload) * share;
    const own = Math.max(1, Math.round(requestsPerSecond * secondsPerStep));
    calls += own;
    if (calls * (input + output) > tokensPerPath) break;
    steps.push({ share, requestsPerSecond, calls: own });
  }
  return steps;
}

/** Where each fallback is probed: once, in the gateway that would send it the load, the primary's. */
export function loadTargets(routes: readonly LiveRoute[]): { readonly route: LiveRoute; readonly path: LivePath }[] {
  const found = [...Map.groupBy(routes, ({ workload }) => workload.name).values()];
  return found.flatMap((own) => {
    const route = own.find(({ paths }) => paths[0].role === "primary") ?? own[0];
    return (route?.paths ?? []).flatMap((path) => (route && path.role === "fallback" ? [{ route, path }] : []));
  });
}

/** Stops at the first step in which a call fails, or is later than promised. @throws the signal's reason */
export async function probeLoad(route: LiveRoute, path: LivePath, asking: Asking): Promise<LiveResult> {
  const { workload } = route;
  const { limits, signal } = asking;
  const steps = loadSteps(workload, limits);
  const all: Received[] = [];
  let carried = 0;
  let stopped: string | null = null;
  for (const { requestsPerSecond, calls } of steps) {
    const received = await spaced(calls, 1000 / requestsPerSecond, (index) => send(route, path, index, asking), signal);
    signal.throwIfAborted();
    all.push(...received);
    const measures = measuresOf(received, path.names);
    const broken = [...unanswered(measures), ...missedObjectives(workload.slo, measures)];
    if (broken.length > 0) {
      stopped = `at ${requestsPerSecond} requests/s: ${broken.join("; ")}`;
      break;
    }
    carried = requestsPerSecond;
  }
  const wanted = rateWanted(workload);
  const left = `probed up to ${carried} of ${wanted} requests/s: more would take over ${limits.load.tokensPerPath} tokens`;
  return {
    fault: `load:${path.location}`,
    title: `${wanted} requests/s on ${path.location}`,
    verdict: stopped !== null ? "fail" : carried < wanted ? "partial" : "pass",
    because: stopped ?? (carried < wanted ? left : null),
    measures: { ...measuresOf(all, path.names), requestsPerSecond: carried, requestsPerSecondWanted: wanted },
  };
}

function send({ caller, workload }: LiveRoute, { pinned }: LivePath, index: number, { limits, signal }: Asking) {
  const { input, output } = loadTokens(workload, limits);
  return chat(caller, {
    model: pinned,
    stream: workload.requires.streaming,
    prompt: promptOf(input, output, index),
    maxTokens: output,
    limitSeconds: limits.callSeconds,
    signal,
  });
}

const filler = "The evening report lists pallets, labels and delivery notes of the western warehouse.\n";
/** Characters and words of English text that are about one token. */
const charactersPerToken = 4;
const wordsPerToken = 0.75;

/** Of about so many tokens, and none begins like another, so that no cache of prompts helps. */
function promptOf(inputTokens: number, outputTokens: number, index: number): string {
  const lead = `Note ${index}. Write about ${Math.round(outputTokens * wordsPerToken)} words about this report:\n`;
  const room = Math.max(0, inputTokens * charactersPerToken - lead.length);
  return lead + filler.repeat(Math.ceil(room / filler.length)).slice(0, room);
}
