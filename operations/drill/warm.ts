import { setTimeout as after } from "node:timers/promises";
import { call } from "./caller.ts";
import { isWhole } from "./faults/checks.ts";
import type { DrillRoute } from "./routes.ts";
import type { Stage } from "./stage.ts";

/** The longest that a gateway takes to get its configuration once it listens, milliseconds. */
const longestMs = 30_000;
const askEveryMs = 200;

/** Waits until every path of a route answers. @throws Error naming the first that does not */
export async function warm(stage: Stage, route: DrillRoute): Promise<void> {
  const ends = Date.now() + longestMs;
  for (const { pinned, name } of route.paths) {
    for (;;) {
      const answer = await call(stage.caller, { model: pinned, stream: false, limitSeconds: 10 });
      if (isWhole(answer) || stage.unresolved.has(name)) break;
      if (Date.now() > ends) {
        throw new Error(
          `${pinned} does not answer while all is well: ${answer.status ?? "no answer"} ${answer.error ?? ""}`.trim(),
        );
      }
      await after(askEveryMs);
    }
  }
}
