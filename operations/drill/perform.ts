import { setTimeout as after } from "node:timers/promises";
import { type Answer, call } from "./caller.ts";
import { first, isWhole } from "./faults/checks.ts";
import type { Calls, Fault, Seen } from "./faults/types.ts";
import type { DrillRoute } from "./routes.ts";
import { spaced } from "./spaced.ts";
import type { Stage } from "./stage.ts";

/** How long the first path may take to come back, seconds, and how often it is asked for. */
const returnSeconds = 30;
const askEveryMs = 500;

/** Whether a workload's callers take their answers as streams. */
export interface Performed {
  readonly route: DrillRoute;
  readonly streamed: boolean;
}

/** Lets one fault happen to one route, and sees it through until the first path serves again. */
export async function perform(stage: Stage, { route, streamed }: Performed, fault: Fault): Promise<Seen> {
  const names = new Set(route.paths.map(({ name }) => name));
  const own = () => stage.attempts.filter(({ server }) => names.has(server));
  const before = own().length;
  const behaviours = Object.entries(fault.behaviours(route));
  for (const [server, behaviour] of behaviours) await stage.behave(server, behaviour);
  const heal = async (): Promise<number> => {
    for (const [server] of behaviours) await stage.behave(server, { kind: "healthy" });
    return Date.now();
  };
  const from = Date.now();
  const healed = fault.lastsSeconds === undefined ? undefined : after(fault.lastsSeconds * 1000).then(heal);
  const ask = (stream: boolean) =>
    call(stage.caller, { model: route.workload, stream, limitSeconds: fault.limitSeconds });
  const answers = await made(fault.calls, streamed, ask);
  const until = await (healed ?? heal());
  const attempts = own().slice(before);
  const seen = { route, proofs: stage.proofs, from, until, answers, attempts };
  return { ...seen, afterwards: await returned(stage, fault, seen) };
}

async function made(calls: Calls, streamed: boolean, ask: (stream: boolean) => Promise<Answer>): Promise<Answer[]> {
  switch (calls.kind) {
    case "sequence": {
      const answers: Answer[] = [];
      for (let index = 0; index < calls.count; index++) answers.push(await ask(streamed));
      return answers;
    }
    case "burst":
      return Promise.all(Array.from({ length: calls.count }, () => ask(streamed)));
    case "paced":
      return spaced(calls.count, calls.everySeconds * 1000, () => ask(streamed));
    case "load":
      return spaced(calls.perSecond * calls.seconds, 1000 / calls.perSecond, () => ask(false));
  }
}

/** Asks until the first path answers. A name that does not resolve does not come back. */
async function returned(stage: Stage, fault: Fault, seen: Omit<Seen, "afterwards">): Promise<Answer[]> {
  const answers: Answer[] = [];
  const ends = Date.now() + returnSeconds * 1000;
  do {
    const answer = await call(stage.caller, { model: seen.route.workload, stream: false, limitSeconds: 70 });
    answers.push(answer);
    if (!isWhole(answer) || answer.by === first(seen) || fault.unresolved) break;
    await after(askEveryMs);
  } while (Date.now() < ends);
  return answers;
}
