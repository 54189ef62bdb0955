import { isWhole } from "./faults/checks.ts";
import type { Seen } from "./faults/types.ts";

/** What a picture of one fault needs. Seconds since the fault began, to a hundredth. */
export interface Timeline {
  readonly lasted: number;
  /** In the order in which the calls were made. */
  readonly answers: readonly {
    readonly from: number;
    readonly to: number;
    readonly firstToken: number | null;
    readonly by: string | null;
    readonly whole: boolean;
  }[];
  readonly attempts: readonly { readonly at: number; readonly server: string }[];
}

/** A picture needs no more calls, nor more attempts on one path. */
export const longestTimeline = 150;

/** Where there is too much of something, the part that is kept is spread over all of the time. */
export function timelineOf({ route, from, until, answers, attempts }: Seen): Timeline {
  const since = (at: number) => Number(((at - from) / 1000).toFixed(2));
  return {
    lasted: since(until),
    answers: spread(answers).map((answer) => ({
      from: since(answer.at),
      to: since(answer.at + answer.seconds * 1000),
      firstToken: answer.firstTokenSeconds === null ? null : since(answer.at + answer.firstTokenSeconds * 1000),
      by: answer.by,
      whole: isWhole(answer),
    })),
    attempts: route.paths
      .flatMap(({ name }) => spread(attempts.filter(({ server }) => server === name)))
      .map(({ at, server }) => ({ at: since(at), server }))
      .sort((left, right) => left.at - right.at),
  };
}

function spread<T>(things: readonly T[]): T[] {
  const every = Math.max(1, things.length / longestTimeline);
  return things.filter((_, index) => Math.floor(index / every) > Math.floor((index - 1) / every));
}
