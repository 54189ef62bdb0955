import { allAnswered, attemptsOn, backWithin, first, firstTokenWithin, isWhole } from "./checks.ts";
import { check, patience, primary, unavailable } from "./parts.ts";
import type { Check, Fault, Seen } from "./types.ts";

/** Many calls: what a fault costs. */

const twenty = { kind: "sequence", count: 20 } as const;
const streams = (seen: Seen): boolean => seen.answers.every(({ streamed }) => streamed);
const bar = firstTokenWithin(0.3, 0.7);
/** A whole answer comes when all of it is made. */
const quick: Check = {
  ...bar,
  text: `${bar.text}, where answers are streamed`,
  holds: (seen) => !streams(seen) || bar.holds(seen),
};

export const series: readonly Fault[] = [
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
    title: "silence, 20 calls in two seconds",
    behaviours: primary({ kind: "silent" }),
    calls: { kind: "paced", count: 20, everySeconds: 0.1 },
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
    seconds: 70,
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
        "at most one attempt on the dead path in five calls",
        "required",
        (seen) => attemptsOn(seen, first(seen), 60) <= seen.answers.length / 5,
        (seen) => `${attemptsOn(seen, first(seen), 60)} attempts for ${seen.answers.length} calls`,
      ),
      backWithin(30),
    ],
    seconds: 85,
  },
];
