import { expect, test } from "vitest";
import { longestTimeline, timelineOf } from "../../../operations/drill/timeline.ts";
import { answer, attempt, fromFallback, moment, refused, seen } from "./fixtures.ts";

/** What a picture of a fault is made of. */

test("times are seconds since the fault began, to a hundredth", () => {
  const timeline = timelineOf(
    seen({
      answers: [answer({ at: moment(0.1), firstTokenSeconds: 0.2, seconds: 1.2349 }), refused({ at: moment(2) })],
      attempts: [attempt("two", 0.6), attempt("one", 0.111)],
    }),
  );
  expect(timeline).toEqual({
    lasted: 10,
    answers: [
      { from: 0.1, to: 1.33, firstToken: 0.3, by: "chat-one", whole: true },
      { from: 2, to: 3, firstToken: null, by: null, whole: false },
    ],
    attempts: [
      { at: 0.11, server: "chat-one" },
      { at: 0.6, server: "chat-two" },
    ],
  });
});

test("a part of an answer is not a whole one", () => {
  const [cut] = timelineOf(seen({ answers: [answer({ words: 40, ended: "aborted" })] })).answers;
  expect(cut).toMatchObject({ by: "chat-one", whole: false });
});

test("of very many things those are kept that show all of the time, and of each path its own", () => {
  const many = Array.from({ length: 3250 }, (_, index) => index * 0.02);
  const timeline = timelineOf(
    seen({
      answers: many.map((at) => fromFallback({ at: moment(at) })),
      attempts: [...many.map((at) => attempt("two", at)), attempt("one", 1), attempt("one", 60)],
    }),
  );
  expect(timeline.answers).toHaveLength(longestTimeline);
  expect(timeline.answers[0]?.from).toBe(0);
  expect(timeline.answers.at(-1)?.from).toBeGreaterThan(64);
  const on = (server: string) => timeline.attempts.filter((one) => one.server === server).map(({ at }) => at);
  expect(on("chat-one")).toEqual([1, 60]);
  expect(on("chat-two")).toHaveLength(longestTimeline);
  expect(timeline.attempts.map(({ at }) => at)).toEqual(
    timeline.attempts.map(({ at }) => at).toSorted((a, b) => a - b),
  );
});

test("as many as are drawn at most are all kept", () => {
  const answers = Array.from({ length: longestTimeline }, (_, index) => answer({ at: moment(index / 10) }));
  expect(timelineOf(seen({ answers })).answers).toHaveLength(longestTimeline);
});
