import { quantile, rounded } from "../../spread.ts";
import type { Answer } from "../caller.ts";
import { wholeAnswer } from "../wire/behaviour.ts";
import type { Check, Seen } from "./types.ts";

/** What is asked of an answer, and how it is put in words. */

/** The text is all there, and said to be. */
export function isWhole(answer: Answer): boolean {
  return answer.ended === "whole" && answer.status === 200 && answer.words === wholeAnswer.tokens && answer.finished;
}

/** A reader takes it for a whole answer, and it is none. */
export function isFalseSuccess(answer: Answer): boolean {
  return answer.ended === "whole" && answer.status === 200 && !isWhole(answer);
}

/** The path that the gateway tries first. */
export const first = ({ route }: Pick<Seen, "route">): string => route.paths[0]?.name ?? "";

export function attemptsOn(seen: Seen, server: string, withinSeconds = Number.POSITIVE_INFINITY): number {
  const own = seen.attempts.filter((attempt) => attempt.server === server);
  const [start] = own;
  return own.filter(({ at }) => start !== undefined && at - start.at <= withinSeconds * 1000).length;
}

export function atMost(count: number, withinSeconds?: number): Check {
  const within = withinSeconds === undefined ? "" : ` in ${withinSeconds} s`;
  return {
    text: `at most ${count} attempt${count === 1 ? "" : "s"} on the first path${within}`,
    level: "required",
    holds: (seen) => attemptsOn(seen, first(seen), withinSeconds) <= count,
    measured: (seen) => `${attemptsOn(seen, first(seen), withinSeconds)}`,
  };
}

export function endsWithin(seconds: number, level: Check["level"] = "required"): Check {
  return {
    text: `ends within ${seconds} s`,
    level,
    holds: ({ answers }) => answers.every((answer) => answer.ended !== "hung" && answer.seconds <= seconds),
    measured: ({ answers }) => `${longest(answers.map((answer) => answer.seconds))} s`,
  };
}

export function answeredWithin(seconds: number): Check {
  return {
    text: `answered within ${seconds} s`,
    level: "advisory",
    holds: ({ answers }) =>
      answers.every((answer) => isWhole(answer) && (answer.firstTokenSeconds ?? Infinity) <= seconds),
    measured: ({ answers }) =>
      `first token after ${longest(answers.flatMap(({ firstTokenSeconds }) => firstTokenSeconds ?? []))} s`,
  };
}

export const usageReported: Check = {
  text: "the answer says what it used",
  level: "advisory",
  holds: ({ answers }) => answers.every(({ usage }) => usage),
  measured: ({ answers }) => `${answers.filter(({ usage }) => usage).length} of ${answers.length}`,
};

export const allAnswered: Check = {
  text: "every call is answered",
  level: "required",
  holds: ({ answers }) => answers.every(isWhole),
  measured: ({ answers }) => `${answers.filter(isWhole).length} of ${answers.length}`,
};

/** Time to first token over the calls. */
export function firstTokenWithin(medianSeconds: number, p95Seconds: number): Check {
  const times = (seen: Seen) => seen.answers.map(({ firstTokenSeconds }) => firstTokenSeconds ?? Infinity);
  return {
    text: `first token after ${medianSeconds} s at the median and ${p95Seconds} s at p95`,
    level: "required",
    holds: (seen) => quantile(times(seen), 0.5) <= medianSeconds && quantile(times(seen), 0.95) <= p95Seconds,
    measured: (seen) => `${quantile(times(seen), 0.5)} s and ${quantile(times(seen), 0.95)} s`,
  };
}

/** The first path serves again soon after it is well. */
export function backWithin(seconds: number): Check {
  const back = (seen: Seen) => secondsToReturn(seen) ?? Infinity;
  return {
    text: `the first path is back within ${seconds} s`,
    level: "required",
    holds: (seen) => back(seen) <= seconds,
    measured: (seen) => (back(seen) === Infinity ? "it is not" : `${back(seen)} s`),
  };
}

/** Seconds from the end of the fault to the first call that the first path answered; null: none. */
export function secondsToReturn(seen: Seen): number | null {
  const found = [...seen.answers, ...seen.afterwards].find(
    (answer) => answer.at >= seen.until && answer.by === first(seen) && isWhole(answer),
  );
  return found === undefined ? null : rounded((found.at - seen.until) / 1000);
}

/** Every check that holds for any fault: what reaches a backend is its own, and afterwards all is well. */
export const always: readonly Check[] = [
  {
    text: "each backend gets its own model name",
    level: "required",
    holds: (seen) => misnamed(seen).length === 0,
    measured: (seen) => [...new Set(misnamed(seen))].join(", ") || "it does",
  },
  {
    text: "each backend gets its own credential, and none of another's",
    level: "required",
    holds: (seen) => strangers(seen).length === 0,
    // Never the credential itself.
    measured: (seen) => [...new Set(strangers(seen))].join(", ") || "it does",
  },
  {
    text: "no part of an answer is taken for a whole one",
    level: "required",
    holds: ({ answers }) => !answers.some(isFalseSuccess),
    measured: ({ answers }) => `${answers.filter(isFalseSuccess).length} of ${answers.length}`,
  },
  {
    text: "no call hangs",
    level: "required",
    holds: ({ answers }) => answers.every(({ ended }) => ended !== "hung"),
    measured: ({ answers }) => `${answers.filter(({ ended }) => ended === "hung").length} of ${answers.length}`,
  },
  {
    text: "afterwards every call is answered",
    level: "required",
    holds: ({ afterwards }) => afterwards.length > 0 && afterwards.every(isWhole),
    measured: ({ afterwards }) => `${afterwards.filter(isWhole).length} of ${afterwards.length}`,
  },
];

function misnamed({ route, attempts }: Seen): string[] {
  return attempts
    .filter(({ server, model }) => route.paths.find(({ name }) => name === server)?.model !== model)
    .map(({ server, model }) => `${server}: ${model}`);
}

/** Servers that were asked with another's credential, the caller's, or none where one is due. */
function strangers({ attempts, proofs }: Seen): string[] {
  return attempts
    .filter(({ server, authorization }) => {
      const own = proofs[server] ?? null;
      return own === null ? authorization !== null : authorization?.includes(own) !== true;
    })
    .map(({ server }) => server);
}

function longest(values: readonly number[]): number {
  return rounded(Math.max(0, ...values));
}
