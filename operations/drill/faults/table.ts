import type { DrillRoute } from "../routes.ts";
import type { Behaviour } from "../wire/behaviour.ts";
import {
  allAnswered,
  answeredWithin,
  atMost,
  attemptsOn,
  backWithin,
  endsWithin,
  first,
  firstTokenWithin,
  isWhole,
  usageReported,
} from "./checks.ts";
import type { Check, Fault, Seen } from "./types.ts";

/** Every fault of a drill. Those with a number are judged as in the public comparison of gateways (2026-09). */

const once = { kind: "sequence", count: 1 } as const;
/** Longer than any gateway should take. */
const patience = 100;

/** The path at a place of the gateway's order misbehaves. */
const at = (place: number, behaviour: Behaviour) => (route: DrillRoute) => {
  const path = route.paths[place];
  return path === undefined ? {} : { [path.name]: behaviour };
};
const primary = (behaviour: Behaviour) => at(0, behaviour);
const status = (code: number, name: string, more: object = {}): Behaviour => ({
  kind: "status",
  status: code,
  code: name,
  ...more,
});
const unavailable = status(503, "service_unavailable");
const rejection = "invalid_continuation";

const check = (text: string, level: Check["level"], holds: Check["holds"], measured: Check["measured"]): Check => ({
  text,
  level,
  holds,
  measured,
});

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

/** The sixteen of the comparison. */
const compared: readonly Fault[] = [
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
    because:
      "the policy tries again by its own back-off; Envoy Gateway 1.9 renders no rate-limited back-off for a BackendTrafficPolicy",
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
    seconds: 20,
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
    because: "version 1.0 ends a translated stream at an event that it can't read",
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
    because: "where the API says what was used in its last event, that is lost with it",
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

/** Ours. */
const own: readonly Fault[] = [
  {
    id: "refused",
    number: null,
    title: "refuses connections",
    behaviours: primary({ kind: "closed" }),
    calls: once,
    limitSeconds: patience,
    checks: [],
    seconds: 8,
  },
  {
    id: "untrusted",
    number: null,
    title: "TLS: a certificate that nobody trusts",
    behaviours: primary({ kind: "untrusted" }),
    calls: once,
    limitSeconds: patience,
    checks: [],
    seconds: 8,
  },
  {
    id: "unresolved",
    number: null,
    title: "its name does not resolve",
    behaviours: () => ({}),
    unresolved: true,
    calls: { kind: "sequence", count: 5 },
    limitSeconds: patience,
    checks: [],
    seconds: 10,
  },
  {
    id: "expired-credential",
    number: null,
    title: "401 for ever: the credential has expired",
    behaviours: primary(status(401, "invalid_token")),
    calls: once,
    limitSeconds: patience,
    checks: [atMost(6)],
    seconds: 8,
  },
  {
    id: "trickle",
    number: null,
    title: "a token each 200 ms",
    behaviours: primary({ kind: "trickle", millisecondsEach: 200 }),
    calls: once,
    limitSeconds: patience,
    checks: [
      check(
        "one attempt is enough",
        "advisory",
        (seen) => seen.attempts.length === 1,
        (seen) => `${seen.attempts.length}`,
      ),
    ],
    seconds: 18,
  },
  {
    id: "crowded",
    number: null,
    title: "serves two connections at once; ten calls",
    behaviours: primary({ kind: "crowded", connections: 2 }),
    calls: { kind: "burst", count: 10 },
    limitSeconds: patience,
    checks: [allAnswered],
    seconds: 12,
  },
  {
    id: "fallback-down-too",
    number: null,
    title: "503 of the first path and of the first fallback",
    behaviours: (route) => ({ ...primary(unavailable)(route), ...at(1, unavailable)(route) }),
    calls: once,
    limitSeconds: patience,
    checks: [atMost(6)],
    because: "two paths are all that this workload has",
    seconds: 8,
  },
  {
    id: "hop",
    number: null,
    title: "only the path behind the other gateway is left",
    behaviours: (route) =>
      Object.fromEntries(route.paths.filter(({ isHop }) => !isHop).map(({ name }) => [name, unavailable])),
    applies: (route) => route.paths.some(({ isHop }) => isHop),
    calls: { kind: "sequence", count: 3 },
    limitSeconds: patience,
    checks: [
      check(
        "the other gateway is asked by the name that ends there",
        "required",
        ({ route, attempts }) =>
          attempts.some(({ server }) => route.paths.some(({ name, isHop }) => isHop && name === server)) &&
          attempts.every(({ server, model }) =>
            route.paths.every(({ name, isHop, pinned }) => name !== server || !isHop || model === pinned),
          ),
        ({ attempts }) => [...new Set(attempts.map(({ model }) => model))].join(", "),
      ),
    ],
    seconds: 10,
  },
  {
    id: "hop-down",
    number: null,
    title: "the other gateway is down, and the first path",
    behaviours: (route) => ({
      ...primary(unavailable)(route),
      ...Object.fromEntries(
        route.paths.filter(({ isHop }) => isHop).map(({ name }) => [name, { kind: "closed" } as const]),
      ),
    }),
    applies: (route) => route.paths.length > 2 && route.paths.slice(1).some(({ isHop }) => isHop),
    calls: { kind: "sequence", count: 3 },
    limitSeconds: patience,
    checks: [allAnswered],
    seconds: 10,
  },
];

const twenty = { kind: "sequence", count: 20 } as const;
const streams = (seen: Seen): boolean => seen.answers.every(({ streamed }) => streamed);
const bar = firstTokenWithin(0.3, 0.7);
/** Streamed answers only: a whole one comes when all of it is made. */
const quick: Check = { ...bar, holds: (seen) => !streams(seen) || bar.holds(seen) };

/** Many calls: what a fault costs. */
const series: readonly Fault[] = [
  {
    id: "unavailable-series",
    number: null,
    title: "503 for ever, 20 calls",
    behaviours: primary(unavailable),
    calls: twenty,
    limitSeconds: patience,
    checks: [allAnswered, quick],
    seconds: 28,
  },
  {
    id: "reset-series",
    number: null,
    title: "resets for ever, 20 calls",
    behaviours: primary({ kind: "reset" }),
    calls: twenty,
    limitSeconds: patience,
    checks: [allAnswered, quick],
    seconds: 28,
  },
  {
    id: "silent-series",
    number: null,
    title: "silence, 20 calls at once",
    behaviours: primary({ kind: "silent" }),
    calls: { kind: "burst", count: 20 },
    limitSeconds: 110,
    checks: [
      allAnswered,
      check(
        "each answered two seconds after the longest wait for a path, or sooner",
        "required",
        ({ route, answers }) =>
          answers.every(({ firstTokenSeconds }) => (firstTokenSeconds ?? Infinity) <= route.attemptTimeoutSeconds + 2),
        ({ answers }) => `${Math.max(...answers.map(({ firstTokenSeconds }) => firstTokenSeconds ?? Infinity))} s`,
      ),
    ],
    seconds: 20,
  },
  {
    id: "outage-under-load",
    number: null,
    title: "503 for 60 s at 50 whole answers a second",
    behaviours: primary(unavailable),
    lastsSeconds: 60,
    calls: { kind: "load", perSecond: 50, seconds: 65 },
    limitSeconds: 30,
    checks: [
      check(
        "no call is lost",
        "required",
        ({ answers }) => answers.every(isWhole),
        ({ answers }) => `${answers.filter((answer) => !isWhole(answer)).length} of ${answers.length}`,
      ),
      check(
        "at most one call in twenty pays for the dead path",
        "required",
        (seen) => attemptsOn(seen, first(seen), 60) <= seen.answers.length / 20,
        (seen) => `${attemptsOn(seen, first(seen), 60)} attempts for ${seen.answers.length} calls`,
      ),
      backWithin(30),
    ],
    seconds: 85,
  },
];

export const faults: readonly Fault[] = [...compared, ...own, ...series];
