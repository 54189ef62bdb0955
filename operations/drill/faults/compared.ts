import {
  allAnswered,
  answeredWithin,
  atMost,
  attemptsOn,
  backWithin,
  endsWithin,
  first,
  usageReported,
} from "./checks.ts";
import { at, check, once, patience, primary, status, unavailable } from "./parts.ts";
import type { Fault, Seen } from "./types.ts";

/** The sixteen faults of the public comparison of gateways (2026-09), judged as there. */

const rejection = "invalid_continuation";

/** Milliseconds between the first two attempts on the first path. */
function pauseMs(seen: Seen): number {
  const [one, two] = seen.attempts.filter(({ server }) => server === first(seen));
  return one === undefined || two === undefined ? 0 : two.at - one.at;
}

const namesItself = check(
  "the answer names the model that gave it",
  "required",
  ({ route, answers }) =>
    answers.every(({ by, model }) => by === null || route.paths.find(({ name }) => name === by)?.model === model),
  ({ answers }) => [...new Set(answers.map(({ model }) => model ?? "none"))].join(", "),
);

const noFailoverInside = "once a byte was sent no gateway can start again elsewhere; the caller gets a clean error";

export const compared: readonly Fault[] = [
  {
    id: "rate-limited-once",
    number: 1,
    title: "429 with Retry-After 2, once",
    behaviours: primary(status(429, "rate_limit_exceeded", { headers: { "retry-after": "2" }, times: 1 })),
    calls: once,
    limitSeconds: patience,
    checks: [
      atMost(2, 1.5),
      check(
        "it is tried again, after 1.8 s or more",
        "advisory",
        (seen) => pauseMs(seen) >= 1_800,
        (seen) => `${pauseMs(seen)} ms`,
      ),
    ],
    because: "no field of a BackendTrafficPolicy (Envoy Gateway 1.8) makes a retry wait as long as Retry-After asks",
    seconds: 6,
  },
  {
    id: "rate-limited",
    number: 2,
    title: "429 for ever",
    behaviours: primary(status(429, "rate_limit_exceeded", { headers: { "retry-after": "2" } })),
    calls: once,
    limitSeconds: patience,
    checks: [atMost(4, 3), atMost(6)],
    seconds: 8,
  },
  {
    id: "error-once",
    number: 3,
    title: "500, once",
    behaviours: primary(status(500, "internal_error", { times: 1 })),
    calls: once,
    limitSeconds: patience,
    checks: [
      check(
        "it is tried again on the same path",
        "advisory",
        (seen) => attemptsOn(seen, first(seen)) === 2 && seen.answers.every(({ by }) => by === first(seen)),
        (seen) => `${attemptsOn(seen, first(seen))} attempts`,
      ),
    ],
    seconds: 6,
  },
  {
    id: "unavailable",
    number: 4,
    title: "503 for ever",
    behaviours: primary(unavailable),
    calls: once,
    limitSeconds: patience,
    checks: [atMost(6)],
    seconds: 8,
  },
  {
    id: "reset-once",
    number: 5,
    title: "connection reset before a byte, once",
    behaviours: primary({ kind: "reset", times: 1 }),
    calls: once,
    limitSeconds: patience,
    checks: [],
    seconds: 8,
  },
  {
    id: "silent",
    number: 6,
    title: "accepts, never answers",
    behaviours: primary({ kind: "silent" }),
    calls: once,
    limitSeconds: 110,
    checks: [
      endsWithin(100),
      check(
        "the first path is tried once",
        "advisory",
        (seen) => attemptsOn(seen, first(seen)) === 1,
        (seen) => `${attemptsOn(seen, first(seen))}`,
      ),
    ],
    seconds: 70,
  },
  {
    id: "slow-start",
    number: 7,
    title: "headers at once, first token after 20 s",
    behaviours: primary({ kind: "slow-start", seconds: 20 }),
    calls: once,
    limitSeconds: patience,
    checks: [answeredWithin(15)],
    because: "version 1.0 has no limit between headers and first token (streamIdleTimeout comes with 1.1)",
    seconds: 26,
  },
  {
    id: "cut",
    number: 8,
    title: "dies after 40 tokens",
    behaviours: primary({ kind: "cut", tokens: 40 }),
    calls: once,
    limitSeconds: patience,
    checks: [],
    because: noFailoverInside,
    seconds: 8,
  },
  {
    id: "stall",
    number: 9,
    title: "silent after 20 tokens for 30 s, then closes",
    behaviours: primary({ kind: "stall", tokens: 20, seconds: 30 }),
    calls: once,
    limitSeconds: patience,
    checks: [endsWithin(45)],
    because: noFailoverInside,
    seconds: 38,
  },
  {
    id: "garbage",
    number: 10,
    title: "the tenth event is no JSON",
    behaviours: primary({ kind: "garbage", token: 10 }),
    calls: once,
    limitSeconds: patience,
    checks: [],
    because: "what can't be read can't be passed on; the caller gets an error",
    seconds: 8,
  },
  {
    id: "endless",
    number: 11,
    title: "whole, without the end marker",
    behaviours: primary({ kind: "endless" }),
    calls: once,
    limitSeconds: patience,
    checks: [endsWithin(8), usageReported],
    seconds: 6,
  },
  {
    id: "context-too-long",
    number: 12,
    title: "400 context_length_exceeded for ever",
    behaviours: primary(status(400, "context_length_exceeded")),
    calls: once,
    limitSeconds: patience,
    checks: [atMost(1)],
    because: "a 400 is the caller's fault on every path, so it is not tried elsewhere",
    seconds: 6,
  },
  {
    id: "content-policy",
    number: 13,
    title: "400 content_policy_violation for ever",
    behaviours: primary(status(400, "content_policy_violation")),
    calls: once,
    limitSeconds: patience,
    right: "error",
    checks: [atMost(1)],
    seconds: 6,
  },
  {
    id: "cut-and-rejected",
    number: 14,
    title: "dies after 40 tokens, and the fallback rejects a continuation",
    behaviours: (route) => ({
      ...primary({ kind: "cut", tokens: 40 })(route),
      ...at(1, status(400, rejection))(route),
    }),
    calls: once,
    limitSeconds: patience,
    checks: [
      check(
        "the caller never sees the rejection",
        "required",
        ({ answers }) => !answers.some(({ error }) => error?.includes(rejection)),
        ({ answers }) => answers.map(({ error }) => error ?? "no error").join("; "),
      ),
    ],
    because: noFailoverInside,
    seconds: 8,
  },
  {
    id: "outage",
    number: 15,
    title: "503 for 60 s, then healthy; a call each 4 s",
    behaviours: primary(unavailable),
    lastsSeconds: 60,
    calls: { kind: "paced", count: 20, everySeconds: 4 },
    limitSeconds: patience,
    checks: [
      allAnswered,
      backWithin(30),
      check(
        "attempts on the first path in the outage",
        "advisory",
        () => true,
        (seen) => `${attemptsOn(seen, first(seen), 60)}`,
      ),
    ],
    seconds: 84,
  },
  {
    id: "unavailable-named",
    number: 16,
    title: "503 for ever: who answered",
    behaviours: primary(unavailable),
    calls: once,
    limitSeconds: patience,
    checks: [namesItself, atMost(6), usageReported],
    seconds: 8,
  },
];
