import type { Received } from "../client.ts";
import { type Asking, ask } from "./answer.ts";
import { type LiveResult, measuresOf, missedObjectives, unanswered } from "./judge.ts";
import type { LivePath, LiveRoute } from "./routes.ts";

/** Asks one path alone through one gateway: access, model name and speed. @throws the signal's reason */
export async function callPinned(route: LiveRoute, path: LivePath, asking: Asking): Promise<LiveResult> {
  const { callsPerPath, callSeconds } = asking.limits;
  const received: Received[] = [];
  for (let index = 0; index < callsPerPath; index++) {
    received.push(await ask(route, { model: path.pinned, limitSeconds: callSeconds }, asking));
  }
  const measures = measuresOf(received, path.names);
  const short = [...unanswered(measures), ...missedObjectives(route.workload.slo, measures)];
  return {
    fault: `pinned:${path.location}`,
    title: `calls pinned to ${path.location}`,
    verdict: short.length > 0 ? "fail" : "pass",
    because: short.join("; ") || null,
    measures,
  };
}
