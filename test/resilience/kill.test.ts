import { afterAll, test } from "vitest";
import { randomKills, surviveKill } from "../support/kill.ts";
import { scratchFolder } from "../support/session.ts";

/**
 * The engine killed at random moments of `up` and `destroy`: what it left is put right, and the next `up` comes to its
 * end. Six of them, or KILLS (`KILLS=20 npm run test:resilience -- kill`).
 */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const kills = randomKills(Number(process.env.KILLS ?? 6));

test.each(kills.map((kill, index) => [index + 1, kill.operation, kill.after, kill] as const))(
  "kill %d: %s, %d ms after it began to ask the clouds",
  (_index, _operation, _after, kill) => surviveKill(scratch, kill),
);
