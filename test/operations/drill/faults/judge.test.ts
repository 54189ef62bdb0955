import { describe, expect, test } from "vitest";
import { always, endsWithin } from "../../../../operations/drill/faults/checks.ts";
import { judge } from "../../../../operations/drill/faults/judge.ts";
import { faults } from "../../../../operations/drill/faults/table.ts";
import type { Fault, Seen } from "../../../../operations/drill/faults/types.ts";
import { answer, attempt, fromFallback, moment, refused, route, seen } from "../fixtures.ts";

/** What becomes of a fault, by what was seen of it. */

const fault = (id: string): Fault => {
  const found = faults.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no fault ${id}`);
  return found;
};
const judged = (id: string, changes: Partial<Seen>) => judge(fault(id), seen(changes));
const broken = (id: string, changes: Partial<Seen>) =>
  judged(id, changes)
    .checks.filter(({ holds }) => !holds)
    .map(({ text }) => text);

describe("the verdict", () => {
  test("is a pass when every call is answered whole and every check holds", () => {
    const result = judged("unavailable", {
      answers: [fromFallback()],
      attempts: [attempt("one"), attempt("two", 0.6)],
    });
    expect(result).toMatchObject({ fault: "unavailable", number: 4, verdict: "pass", because: null });
    expect(result.checks.every(({ holds }) => holds)).toBe(true);
  });

  test("is partial when something that should hold does not, with the known reason", () => {
    const late = { answers: [answer({ firstTokenSeconds: 20, seconds: 21 })] };
    expect(judged("slow-start", late)).toMatchObject({ verdict: "partial", because: fault("slow-start").because });
  });

  test("is partial with what was measured, where no reason is known", () => {
    const twice = { answers: [answer()], attempts: [attempt("one"), attempt("one", 0.6)] };
    expect(judged("silent", twice)).toMatchObject({ verdict: "partial", because: "the first path is tried once: 2" });
  });

  test("is safe when a clear error ends a call within bounds", () => {
    const result = judged("unavailable", { answers: [refused()] });
    expect(result).toMatchObject({ verdict: "safe", because: "no path answered" });
  });

  test("is a fail when something that is required does not hold, and says what was measured", () => {
    const attempts = Array.from({ length: 7 }, (_, index) => attempt("one", index / 10));
    expect(judged("unavailable", { attempts })).toMatchObject({
      verdict: "fail",
      because: "at most 6 attempts on the first path: 7",
    });
  });

  test("is a fail when no call was made", () => {
    expect(judged("unavailable", { answers: [] }).verdict).toBe("fail");
  });

  test("a known reason never hides a failure", () => {
    expect(judged("cut", { answers: [answer({ words: 40, finished: false })] })).toMatchObject({
      verdict: "fail",
      because: "no part of an answer is taken for a whole one: 1 of 1",
    });
  });
});

describe("where the error is the right answer", () => {
  test("the error passes", () => {
    expect(judged("content-policy", { answers: [refused({ status: 400 })] }).verdict).toBe("pass");
  });

  test("an answer from elsewhere is partial", () => {
    expect(judged("content-policy", { answers: [fromFallback()] }).verdict).toBe("partial");
  });

  test("trying again fails", () => {
    const twice = { answers: [refused({ status: 400 })], attempts: [attempt("one"), attempt("one", 0.6)] };
    expect(judged("content-policy", twice).verdict).toBe("fail");
  });
});

describe("whatever the fault, it fails by", () => {
  const hurts: readonly (readonly [string, string, Partial<Seen>])[] = [
    [
      "a false success: words missing",
      "no part of an answer is taken for a whole one",
      { answers: [answer({ words: 59 })] },
    ],
    [
      "a false success: no finish reason",
      "no part of an answer is taken for a whole one",
      { answers: [answer({ finished: false })] },
    ],
    ["a hang", "no call hangs", { answers: [refused({ ended: "hung", status: null, error: null, seconds: 100 })] }],
    [
      "a wrong model name",
      "each backend gets its own model name",
      { attempts: [attempt("one"), attempt("two", 0.6, { model: "model-one" })] },
    ],
    [
      "another's credential",
      "each backend gets its own credential, and none of another's",
      { attempts: [attempt("one"), attempt("two", 0.6, { authorization: "Bearer secret-one" })] },
    ],
    [
      "no credential where one is due",
      "each backend gets its own credential, and none of another's",
      { attempts: [attempt("one", 0.5, { authorization: null })] },
    ],
    [
      "the caller's token at a backend that asks for none",
      "each backend gets its own credential, and none of another's",
      { attempts: [attempt("three", 0.5, { authorization: "Bearer caller" })] },
    ],
    [
      "no return",
      "afterwards every call is answered",
      { afterwards: [answer({ at: moment(10) }), refused({ at: moment(11) })] },
    ],
    ["nothing asked afterwards", "afterwards every call is answered", { afterwards: [] }],
  ];

  test.each(hurts)("%s", (_, check, changes) => {
    for (const { id } of faults.filter(({ applies, right }) => applies === undefined && right === undefined)) {
      expect(judged(id, changes).verdict, id).toBe("fail");
      expect(broken(id, changes), id).toContain(check);
    }
  });

  test("and never tells the credential", () => {
    const changes = { attempts: [attempt("one", 0.5, { authorization: "Bearer secret-two" })] };
    expect(JSON.stringify(judged("unavailable", changes))).not.toContain("secret-two");
  });
});

describe("checks of single faults", () => {
  const only = (id: string, text: string, changes: Partial<Seen>) =>
    expect(broken(id, changes), `${id}: ${text}`).toEqual([text]);
  const attempts = (...times: number[]) => times.map((time) => attempt("one", time));

  test("attempts are counted from the first one, on the first path alone", () => {
    expect(broken("rate-limited-once", { attempts: attempts(0, 0.5, 1.4, 3) })).toContain(
      "at most 2 attempts on the first path in 1.5 s",
    );
    expect(
      broken("rate-limited-once", { attempts: [...attempts(0, 1.9), attempt("two", 2), attempt("two", 2.1)] }),
    ).toEqual([]);
    only("rate-limited", "at most 4 attempts on the first path in 3 s", { attempts: attempts(0, 1, 2, 2.5, 2.9) });
    only("rate-limited", "at most 6 attempts on the first path", { attempts: attempts(0, 4, 8, 12, 16, 20, 24) });
  });

  test("a retry waits as long as it was told to", () => {
    only("rate-limited-once", "it is tried again, after 1.8 s or more", { attempts: attempts(0, 1.7) });
    only("rate-limited-once", "it is tried again, after 1.8 s or more", { attempts: attempts(0) });
  });

  test("one 500 is tried again on the same path", () => {
    expect(broken("error-once", { attempts: attempts(0, 0.1) })).toEqual([]);
    only("error-once", "it is tried again on the same path", { attempts: attempts(0) });
    only("error-once", "it is tried again on the same path", {
      answers: [fromFallback()],
      attempts: [...attempts(0, 0.1), attempt("two", 0.2)],
    });
  });

  test("an end in time, with a whole answer or without", () => {
    only("stall", "ends within 45 s", { answers: [answer({ seconds: 46 })] });
    only("endless", "ends within 8 s", { answers: [answer({ seconds: 9 })] });
    expect(endsWithin(45).holds(seen({ answers: [refused({ ended: "hung", seconds: 1 })] }))).toBe(false);
  });

  test("usage and the model's own name", () => {
    only("endless", "the answer says what it used", { answers: [answer({ usage: false })] });
    only("unavailable-named", "the answer names the model that gave it", {
      answers: [fromFallback({ model: "model-one" })],
    });
  });

  test("the rejection of a continuation stays inside", () => {
    only("cut-and-rejected", "the caller never sees the rejection", {
      answers: [refused({ error: '{"code":"invalid_continuation"}' })],
    });
  });

  test("the first path is back soon after the outage", () => {
    const outage = (seconds: number): Partial<Seen> => ({
      answers: [fromFallback({ at: moment(5) }), fromFallback({ at: moment(15) })],
      afterwards: [fromFallback({ at: moment(16) }), answer({ at: moment(10 + seconds) })],
    });
    expect(judged("outage", outage(29))).toMatchObject({ verdict: "pass", measures: { returnSeconds: 29 } });
    only("outage", "the first path is back within 30 s", outage(31));
    expect(judged("outage", { ...outage(0), afterwards: [fromFallback()] })).toMatchObject({
      verdict: "fail",
      because: "the first path is back within 30 s: it is not",
      measures: { returnSeconds: null },
    });
  });

  test("an outage loses no call", () => {
    const lost = { answers: [answer({ at: moment(11) }), refused()] };
    only("outage", "every call is answered", lost);
    only("outage-under-load", "no call is lost", { ...lost, attempts: [] });
  });

  test("load: the dead path costs one call in five at most", () => {
    const answers = Array.from({ length: 10 }, () => answer({ at: moment(11) }));
    expect(broken("outage-under-load", { answers, attempts: attempts(1, 2) })).toEqual([]);
    only("outage-under-load", "at most one attempt on the dead path in five calls", {
      answers,
      attempts: attempts(1, 2, 3),
    });
  });

  test("series: first tokens at the median and at p95, of streams alone", () => {
    const series = (streamed: boolean, ...times: number[]) =>
      broken("unavailable-series", {
        answers: times.map((firstTokenSeconds) => answer({ firstTokenSeconds, streamed })),
      });
    const quick = Array<number>(19).fill(0.1);
    expect(series(true, ...quick, 5)).toEqual([]);
    expect(series(true, ...quick.slice(1), 5, 5)).toHaveLength(1);
    expect(series(true, 0.4, 0.4, 0.4, 0.1)).toHaveLength(1);
    expect(series(false, 5, 5, 5)).toEqual([]);
  });

  test("silence: nobody waits much longer than for one path", () => {
    const waited = (firstTokenSeconds: number) => broken("silent-series", { answers: [answer({ firstTokenSeconds })] });
    expect(waited(route.attemptTimeoutSeconds + 2)).toEqual([]);
    expect(waited(route.attemptTimeoutSeconds + 2.1)).toHaveLength(1);
  });

  test("a trickle takes one attempt, a late first token is late", () => {
    only("trickle", "one attempt is enough", { attempts: [attempt("one"), attempt("two", 0.6)] });
    only("slow-start", "answered within 15 s", { answers: [answer({ firstTokenSeconds: 15.1, seconds: 16 })] });
  });

  test("the other gateway is asked by the name that ends there", () => {
    const hop = { ...route, paths: route.paths.map((path, index) => ({ ...path, isHop: index === 1 })) };
    const asked = (model: string) =>
      broken("hop", {
        route: { ...hop, paths: hop.paths.map((path) => (path.isHop ? { ...path, model: path.pinned } : path)) },
        attempts: [attempt("two", 0.5, { model })],
      });
    expect(asked("chat@two")).toEqual([]);
    expect(asked("chat")).toContain("the other gateway is asked by the name that ends there");
    expect(broken("hop", { route: hop })).toEqual(["the other gateway is asked by the name that ends there"]);
  });
});

test("what is measured", () => {
  const { measures } = judged("unavailable", {
    answers: [
      answer({ firstTokenSeconds: 0.2, seconds: 1.2 }),
      fromFallback({ firstTokenSeconds: 0.4, seconds: 1.4 }),
      answer({ ended: "aborted", words: 30, firstTokenSeconds: 0.3, seconds: 0.6, error: "ECONNRESET" }),
      refused(),
    ],
    attempts: [attempt("two")],
  });
  expect(measures).toEqual({
    calls: 4,
    answered: 2,
    answeredBy: { "chat-one": 1, "chat-two": 1 },
    models: ["model-one", "model-two"],
    firstToken: { median: 0.3, p95: 0.4 },
    whole: { median: 1.2, p95: 1.4 },
    attempts: { "chat-one": 0, "chat-two": 1 },
    truncated: 1,
    returnSeconds: 0,
    errors: ["ECONNRESET", "no healthy upstream"],
  });
});

describe("the table", () => {
  test("has the sixteen of the comparison in their order, and no id twice", () => {
    const numbers = faults.flatMap(({ number }) => number ?? []);
    expect(numbers).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
  });

  test("lets paths of the route alone misbehave, and something happen in every fault", () => {
    const names = route.paths.map(({ name }) => name);
    for (const { id, behaviours, applies, unresolved } of faults) {
      const behaving = Object.keys(behaviours(route));
      expect(
        behaving.filter((name) => !names.includes(name)),
        id,
      ).toEqual([]);
      if (applies === undefined && unresolved === undefined) expect(behaving[0], id).toBe("chat-one");
    }
  });

  test("faults of hops need a hop, and one that is down another way as well", () => {
    const applies = (id: string, ...hops: number[]) =>
      fault(id).applies?.({
        ...route,
        paths: route.paths.map((path, index) => ({ ...path, isHop: hops.includes(index) })),
      });
    expect([
      applies("hop"),
      applies("hop", 2),
      applies("hop-down"),
      applies("hop-down", 0),
      applies("hop-down", 2),
    ]).toEqual([false, true, false, false, true]);
  });

  test("asks for everything that every fault is asked for", () => {
    for (const one of faults) {
      const texts = judge(one, seen()).checks.map(({ text }) => text);
      expect(texts, one.id).toEqual(expect.arrayContaining(always.map(({ text }) => text)));
      expect(new Set(texts).size, one.id).toBe(texts.length);
    }
  });
});
