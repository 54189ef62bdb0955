import { allAnswered, atMost } from "./checks.ts";
import { at, check, once, patience, primary, status, unavailable } from "./parts.ts";
import type { Fault } from "./types.ts";

/** What the comparison leaves out: TLS, names, credentials, connections, and more than one path at a time. */

export const own: readonly Fault[] = [
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
