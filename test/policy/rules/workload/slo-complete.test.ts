import { describe, expect, test } from "vitest";
import { sloComplete } from "../../../../policy/rules/workload/slo-complete.ts";
import { ask } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const path = { name: "support-chat-aws-main", type: ":InferencePath" };
const other = { name: "support-chat-gcp-main", type: ":InferencePath" };
const lacks = (what: string) =>
  `support-chat has no objective for ${what}. Fix: complete its type in stacks/slos.yaml.`;

const fields = [
  "availability.target",
  "availability.windowDays",
  "availability.good",
  "cost.maxUsdPerMillionOutputTokens",
  "cost.monthlyCapUsd",
  "cost.alertAt",
  "quality.suite",
  "quality.minScore",
  "quality.maxRegression",
  "security.maxCredentialAgeHours",
  "security.guardrailCoverage",
  "security.maxDeniedRequestRate",
  "security.maxUnpatchedImageDays",
];
const respects = ["availability", "latency", "cost", "quality", "security"];

describe.each(views)("slo-complete on a %s", (view) => {
  test("the project's own workloads have objectives in all respects", async () => {
    expect(await ask(sloComplete, await stack(view))).toEqual([]);
  });

  test.each([...fields, ...respects])("%s absent, empty or unknown is refused", async (field) => {
    const [shown, steps] = [await stack(view), ["slo", ...field.split(".")]];
    expect(await ask(sloComplete, set(shown, path, steps, undefined))).toEqual([lacks(field)]);
    expect(await ask(sloComplete, set(shown, path, steps, ""))).toEqual([lacks(field)]);
    expect(await ask(sloComplete, unknownAt(shown, path, steps))).toEqual([lacks(field)]);
  });

  test("nothing at all is five respects", async () => {
    const all = lacks("availability, latency, cost, quality, security");
    expect(await ask(sloComplete, set(await stack(view), path, ["slo"], undefined))).toEqual([all]);
    expect(await ask(sloComplete, unknownAt(await stack(view), path, ["slo"]))).toEqual([all]);
  });

  test("one latency is enough, but one has to be", async () => {
    const shown = await stack(view);
    expect(await ask(sloComplete, set(shown, path, ["slo", "latency"], { completionHours: 24 }))).toEqual([]);
    const none = lacks("latency");
    expect(await ask(sloComplete, set(shown, path, ["slo", "latency"], {}))).toEqual([none]);
    expect(await ask(sloComplete, set(shown, path, ["slo", "latency"], { completionHours: null }))).toEqual([none]);
  });

  test("zero is an objective, a list without alerts is none", async () => {
    const shown = await stack(view);
    expect(await ask(sloComplete, set(shown, path, ["slo", "quality", "maxRegression"], 0))).toEqual([]);
    expect(await ask(sloComplete, set(shown, path, ["slo", "cost", "alertAt"], []))).toEqual([lacks("cost.alertAt")]);
  });

  test("a workload is named once, whichever of its paths lack it", async () => {
    const one = set(await stack(view), path, ["slo", "latency"], undefined);
    const two = set(one, other, ["slo", "latency"], undefined);
    expect(await ask(sloComplete, two)).toEqual([lacks("latency")]);
    expect(await ask(sloComplete, [])).toEqual([]);
  });
});
