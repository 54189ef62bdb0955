import { describe, expect, test } from "vitest";
import type { Drill } from "../../../operations/drill/drill.ts";
import { drillReport, secondsOf, standingOf } from "../../../operations/report/drill.ts";
import { drilled, drilledRoute, withResult, withVerdicts } from "../drill/drills.ts";
import { answer, refused } from "../drill/fixtures.ts";

/** What a person reads at the end of a drill. */

const faults = drilledRoute("chat", "here", ["here", "elsewhere"]).results.length;
const chat = (gateway: string) => drilledRoute("chat", gateway, [gateway, "elsewhere"]);
const drill: Drill = {
  stack: "prod",
  at: "2026-11-27T08:00:00.000Z",
  source: "state",
  routes: [
    withVerdicts(chat("here"), { cut: "safe", "slow-start": "partial" }),
    withVerdicts(chat("there"), { cut: "safe", trickle: "fail" }),
    drilledRoute("search", "here", ["here", "elsewhere"]),
  ],
};
const lines = (of: Drill, width = 110) => drillReport(of, { width, colour: false }).split("\n");
/** The lines of one workload. */
const part = (of: Drill, workload: string) => {
  const all = lines(of);
  return all.slice(all.indexOf(workload)).join("\n").split("\n\nsearch\n")[0] ?? "";
};

test("it says what kind of evidence it is, and of what", () => {
  expect(lines(drill)[0]).toBe("Drill of prod, gateways as deployed");
  expect(lines({ ...drill, source: "plan" })[0]).toBe("Drill of prod, gateways as planned");
  expect(lines(drill).slice(1, 4).join(" ")).toMatch(/^Simulated: .* not access, quota or capacity\./);
});

test("a table a workload: faults by gateways, with verdict and time", () => {
  const text = part(drill, "chat");
  expect(text).toMatch(/^ *here +there$/m);
  expect(text).toMatch(/^ *unavailable +pass, 0\.1 s +pass, 0\.1 s$/m);
  expect(text).toMatch(/^ *cut +safe, 0\.1 s +safe, 0\.1 s$/m);
  expect(text).toMatch(/^ *trickle +pass, 0\.1 s +fail, 0\.1 s$/m);
  expect(lines(drill)).toContain("search");
});

test("a fault that a gateway did not have is a dash", () => {
  const [here, there] = drill.routes;
  if (here === undefined || there === undefined) throw new Error("the drill has no routes");
  const without = { ...there, results: there.results.filter(({ fault }) => fault !== "cut") };
  expect(part({ ...drill, routes: [here, without] }, "chat")).toMatch(/^ *cut +safe, 0\.1 s +–$/m);
});

test("reasons stand once, with their gateways where not all have them", () => {
  const text = part(drill, "chat");
  expect(text.match(/- cut, safe: made safe$/gm)).toHaveLength(1);
  expect(text).toContain("- slow-start, partial: made partial (here)");
  expect(text).toContain("- trickle, fail: made fail (there)");
});

describe("how a route stands", () => {
  test("in words: what it passed of what is compared, and how often it failed", () => {
    expect(part(drill, "chat")).toContain(`here passed: 14 of 16 compared faults (10 wanted), 0 failures of ${faults}`);
    expect(part(drill, "chat")).toContain(
      `there did not pass: 15 of 16 compared faults (10 wanted), 1 failure of ${faults}`,
    );
  });

  test("of a workload that is not critical no number is wanted", () => {
    expect(standingOf({ ...chat("here"), critical: false })).toBe(
      `here passed: 16 of 16 compared faults, 0 failures of ${faults}`,
    );
  });
});

describe("the time", () => {
  test("is that to the first token, or to the whole answer; there may be none", () => {
    expect(secondsOf(drilled("cut", { answers: [answer({ firstTokenSeconds: 0.25 })] }))).toBe(0.25);
    expect(secondsOf(drilled("cut", { answers: [answer({ firstTokenSeconds: null, seconds: 3 })] }))).toBe(3);
    expect(secondsOf(drilled("cut", { answers: [refused()] }))).toBeNull();
  });

  test("is left out where there is none", () => {
    const [here] = drill.routes;
    if (here === undefined) throw new Error("the drill has no routes");
    const none = withResult(here, drilled("context-too-long", { answers: [refused({ status: 400 })] }));
    expect(part({ ...drill, routes: [none] }, "chat")).toMatch(/^ *context-too-long +safe$/m);
  });
});

test("colour changes nothing of what is said", () => {
  const coloured = drillReport(drill, { width: 110, colour: true });
  expect(coloured).toContain("\u001b[");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(lines(drill).join("\n"));
});
