import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Drill, DrilledFault, DrilledRoute } from "../../../operations/drill/drill.ts";
import { lanesOf } from "../../../operations/report/drill-page/lanes.ts";
import { drillPage } from "../../../operations/report/drill-page/page.ts";
import { darkTones, lightTones, pathKinds } from "../../../operations/report/drill-page/style.ts";
import { contrast, dark, light } from "../../../operations/report/picture/palette.ts";
import { drilled, drilledRoute, passedDrill, withResult, withVerdicts } from "../drill/drills.ts";
import { answer, attempt, fromFallback, moment, refused } from "../drill/fixtures.ts";
import { elementsOf } from "./xml.ts";

/** The page of a drill: complete, well-formed, from nowhere else, and understood without colour. */

const elements = (drill: Drill) => elementsOf(drillPage(drill).replace("<!doctype html>\n", ""));
const texts = (drill: Drill, name: string) =>
  elements(drill)
    .filter((element) => element.name === name)
    .map(({ text }) => text);

const route = drilledRoute("chat", "here", ["one", "two", "three"]);
const drillOf = (...routes: DrilledRoute[]): Drill => ({ ...passedDrill(), routes });
const only = (result: DrilledFault): Drill => drillOf({ ...route, results: [result] });

describe("whatever was drilled", () => {
  const anyText = fc.string({ unit: "binary", maxLength: 30 });
  const nasty = fc.oneof(anyText, fc.constantFrom(`"><script>alert(1)</script>`, "a' onload='b", "&amp;", "</style>"));

  test("texts are escaped, and the page is well-formed", () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, (name, words, error) => {
        const result = {
          ...drilled("cut", { answers: [refused({ error })] }),
          fault: name,
          title: words,
          because: words,
          checks: [{ text: words, level: "required" as const, holds: false, measured: error }],
        };
        const drill = {
          ...drillOf({ ...route, gateway: name, workload: words, paths: [name, words], results: [result] }),
          stack: words,
          at: name,
        };
        const found = elements(drill);
        expect(found[0]?.name).toBe("html");
        expect(found.map((element) => element.name)).not.toContain("script");
      }),
      { numRuns: 100 },
    );
  });

  test("it needs nothing from elsewhere", () => {
    const page = drillPage(passedDrill());
    expect(page).not.toMatch(/https?:|\/\/|@import|@font-face|<link|<img|<script|<iframe|\bsrc=|\bon[a-z]+=/);
    expect(page.match(/url\([^)]*\)/g)?.every((url) => url.startsWith("url(#"))).toBe(true);
    const links = elements(passedDrill()).flatMap(({ attributes }) => attributes.href ?? []);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !link.startsWith("#"))).toEqual([]);
  });

  test("every link leads to one place, and no id is given twice", () => {
    const found = elements(passedDrill());
    const ids = found.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of found) {
      if (attributes.href !== undefined) expect(ids).toContain(attributes.href.slice(1));
    }
    const fills = drillPage(passedDrill()).match(/url\(#[\w-]+\)/g) ?? [];
    for (const fill of fills) expect(ids).toContain(fill.slice("url(#".length, -1));
  });

  test("every fault of every gateway has its cell, its details and its timeline", () => {
    const drill = passedDrill();
    const due = drill.routes.flatMap(({ results }) => results).length;
    const found = elements(drill);
    expect(found.filter(({ name }) => name === "details")).toHaveLength(due);
    expect(found.filter(({ name, attributes }) => name === "a" && attributes.href?.startsWith("#w"))).toHaveLength(due);
    expect(found.filter(({ name, attributes }) => name === "svg" && attributes.role === "img")).toHaveLength(due);
  });
});

describe("what it says", () => {
  test("verdict and time stand in the table, reasons and checks in the details", () => {
    const because = "no setting for it";
    const drill = drillOf(withResult(route, { ...drilled("slow-start"), verdict: "partial", because }));
    const page = drillPage(drill);
    expect(page).toContain('<span class="verdict partial">partial</span> <span class="time">0.1 s</span>');
    expect(page).toContain(`<b>Short of a pass:</b> ${because}`);
    expect(texts(drill, "th")).toEqual(expect.arrayContaining(["answered within 15 s", "no call hangs"]));
    expect(texts(drill, "td")).toEqual(expect.arrayContaining(["advisory", "holds", "first token after 0.1 s"]));
  });

  test("how each gateway stands", () => {
    expect(texts(drillOf(withVerdicts(route, { cut: "fail" })), "li")).toContain(
      `here did not pass: 15 of 16 compared faults (10 wanted), 1 failure of ${route.results.length}`,
    );
  });

  test("a fault that a gateway does not have is a dash", () => {
    const other = { ...drilledRoute("chat", "there", ["two", "one"]), results: [] };
    expect(texts(drillOf({ ...route, results: [drilled("cut")] }, other), "td")).toContain("–");
  });

  test("a failure is open, everything else is not", () => {
    const opened = (verdict: DrilledFault["verdict"]) =>
      elements(only({ ...drilled("cut"), verdict })).filter(
        ({ name, attributes }) => name === "details" && "open" in attributes,
      );
    expect(["pass", "partial", "safe", "fail"].map((verdict) => opened(verdict as "pass").length)).toEqual([
      0, 0, 0, 1,
    ]);
  });

  test("who saw an error, and one that said nothing", () => {
    const errors = drilled("cut", { answers: [refused({ error: "" }), refused({ error: "no healthy upstream" })] });
    expect(drillPage(only(errors))).toContain("Errors that callers saw: one without words; no healthy upstream.");
  });
});

describe("the timeline", () => {
  const three = { ...route, paths: ["chat-one", "chat-two", "chat-three"] };
  const result = drilled("outage", {
    answers: [
      fromFallback({ at: moment(0), firstTokenSeconds: 0.2, seconds: 1 }),
      fromFallback({ at: moment(0.5), firstTokenSeconds: 0.1, seconds: 1 }),
      refused({ at: moment(4), seconds: 2 }),
      answer({ at: moment(12), streamed: false, firstTokenSeconds: 1, seconds: 1 }),
    ],
    attempts: [attempt("one", 0), attempt("two", 0.1), attempt("two", 0.6), attempt("one", 12)],
  });
  const lanes = lanesOf(three, result);

  test("has a bar a call, beside another one where they overlap", () => {
    expect(lanes.calls).toEqual([
      { from: 0, to: 1, firstToken: 0.2, by: "chat-two", row: 0 },
      { from: 0.5, to: 1.5, firstToken: 0.6, by: "chat-two", row: 1 },
      { from: 4, to: 6, firstToken: null, by: null, row: 0 },
      // What came as a whole has no first token of its own.
      { from: 12, to: 13, firstToken: null, by: "chat-one", row: 0 },
    ]);
    expect(lanes.rows).toBe(2);
  });

  test("calls in a row stay in one, though their times are rounded", () => {
    const inARow = [0, 1, 2].map((at) => answer({ at: moment(at), seconds: 1.006 }));
    expect(lanesOf(three, drilled("hop", { answers: inARow })).rows).toBe(1);
  });

  test("has a lane a path, in the gateway's order, with its attempts", () => {
    expect(lanes.paths).toEqual([
      { path: "chat-one", attempts: [0, 12], total: 2, backAfter: 2 },
      { path: "chat-two", attempts: [0.1, 0.6], total: 2, backAfter: null },
      { path: "chat-three", attempts: [], total: 0, backAfter: null },
    ]);
  });

  test("ends with what came last, and its axis has round marks", () => {
    expect([lanes.lasted, lanes.end, lanes.step]).toEqual([10, 13, 2]);
    fc.assert(
      fc.property(fc.double({ min: 0.11, max: 10_000, noNaN: true }), (seconds) => {
        const { end, step } = lanesOf(three, { ...result, timeline: { lasted: seconds, answers: [], attempts: [] } });
        expect(end / step).toBeLessThanOrEqual(7.000001);
        expect(end / step).toBeGreaterThan(2.5);
        expect(["1", "2", "5"]).toContain(step.toExponential()[0]);
      }),
    );
  });

  test("tells itself in words, and marks what is not answered", () => {
    const page = drillPage(drillOf({ ...three, results: [result] }));
    expect(page).toContain(
      "<title>503 for 60 s, then healthy; a call each 4 s, in here: the fault lasted 10 s; caller: 4 calls, 3 answered; one 2 attempts, two 2 attempts, three 0 attempts</title>",
    );
    expect(page).toContain("call 3: 4 s to 6 s, not answered");
    expect(page).toContain("call 1: 0 s to 1 s, first token at 0.2 s, answered by chat-two");
    expect(page.match(/<rect class="unanswered"/g)).toHaveLength(2); // the call, and the legend's sample
    expect(texts(drillOf({ ...three, results: [result] }), "text")).toEqual(
      expect.arrayContaining([
        "fault lasts 10 s",
        "caller: 4 calls, 3 answered",
        "1. one: 2 attempts, back after 2 s",
        "2. two: 2 attempts",
      ]),
    );
  });

  test("says when only a part is drawn, and when the first path was not seen back", () => {
    const many = drilled("outage-under-load", {
      answers: Array.from({ length: 400 }, (_, index) => fromFallback({ at: moment(index / 100) })),
      attempts: Array.from({ length: 400 }, (_, index) => attempt("two", index / 100)),
      afterwards: [fromFallback({ at: moment(11) })],
    });
    const words = texts(drillOf({ ...three, results: [many] }), "text");
    expect(words).toContain("caller: 400 calls, 400 answered, 150 drawn");
    expect(words).toContain("1. one: 0 attempts, not seen back");
    expect(words).toContain("2. two: 400 attempts, 150 drawn");
  });

  test("a path has the same colour in every gateway", () => {
    const turned = { ...three, gateway: "there", paths: ["chat-two", "chat-one", "chat-three"] };
    const page = drillPage(drillOf({ ...three, results: [result] }, { ...turned, results: [result] }));
    const kinds = [...page.matchAll(/answered by (chat-\w+)<\/title><rect class="(path\d)"/g)].map(
      ([, path, kind]) => `${path} ${kind}`,
    );
    expect(kinds).toHaveLength(6);
    expect(new Set(kinds)).toEqual(new Set(["chat-two path1", "chat-one path0"]));
  });

  test("more paths than there are colours are drawn all the same", () => {
    const paths = Array.from({ length: pathKinds + 2 }, (_, index) => `chat-${index}`);
    expect(drillPage(drillOf({ ...route, paths, results: [drilled("cut")] }))).toContain("call answered by 7");
  });

  test("nothing that happened still has an axis", () => {
    const nothing = drilled("cut", { until: moment(0), answers: [], attempts: [] });
    expect(texts(only(nothing), "text")).toEqual(
      expect.arrayContaining(["fault lasts 0 s", "caller: 0 calls, 0 answered"]),
    );
  });
});

describe("who sees little", () => {
  test.each([["light", light, lightTones] as const, ["dark", dark, darkTones] as const])(
    "words of a verdict are readable on everything that they stand on: %s",
    (_, palette, tones) => {
      for (const colour of [tones.good, tones.bad, palette.warn, palette.text, palette.quiet])
        for (const ground of [palette.background, palette.panel])
          expect(contrast(colour, ground), `${colour} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    },
  );

  test("fillings tell paths apart", () => {
    const patterns = drillPage(passedDrill()).match(/<pattern .*?<\/pattern>/g) ?? [];
    const shapes = patterns.map((pattern) => pattern.replaceAll(/id="[^"]*"|class="fill\d"/g, ""));
    expect(shapes).toHaveLength(pathKinds + 1);
    expect(new Set(shapes).size).toBe(pathKinds + 1);
  });
});
