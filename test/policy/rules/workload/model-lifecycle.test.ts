import { describe, expect, test } from "vitest";
import { modelLifecycle } from "../../../../policy/rules/workload/model-lifecycle.ts";
import { ask, judgedOn } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const aws = { name: "support-chat-aws-main", type: ":InferencePath" };
const azure = { name: "support-chat-azure-main", type: ":InferencePath" };
const deployment = { name: "azure-main-models-support-chat-azure-main" };
const model = ["properties", "model"];
/** Retired on 2026-06-29, as the catalogue has it. */
const retired = { format: "OpenAI", name: "gpt-5.1-chat", version: "2025-11-13" };

const ends = (when: string, id = "support-chat/aws-main") =>
  `the model of ${id} ${when} (judged on ${judgedOn}); allowed: more than 30 days. Fix: move the path to another model.`;
const unclear = "support-chat/aws-main does not say when its model ends. Fix: let the plan declare it (InferencePath).";

describe.each(views)("model-lifecycle on a %s", (view) => {
  test("the project's own models stay long enough", async () => {
    expect(await ask(modelLifecycle, await stack(view))).toEqual([]);
  });

  test.each([
    ["in 31 days", "2026-12-22", []],
    ["in 30 days", "2026-12-21", [ends("retires on 2026-12-21, in 30 days")]],
    ["tomorrow", "2026-11-22", [ends("retires on 2026-11-22, in 1 days")]],
    ["today", "2026-11-21", [ends("retires on 2026-11-21, in 0 days")]],
    ["yesterday", "2026-11-20", [ends("was retired on 2026-11-20")]],
    ["never, as far as anybody says", null, []],
    ["on a day that is none", "2027-13-45", [unclear]],
    ["some time", "next year", [unclear]],
    ["in a year by number", 2030, [unclear]],
    ["not said", undefined, [unclear]],
  ])("a model that retires %s", async (_, day, messages) => {
    expect(await ask(modelLifecycle, set(await stack(view), aws, ["retires"], day))).toEqual(messages);
  });

  test("an unknown day is refused", async () => {
    expect(await ask(modelLifecycle, unknownAt(await stack(view), aws, ["retires"]))).toEqual([unclear]);
  });

  test("what Azure deploys counts, whatever the path says", async () => {
    const shown = set(await stack(view), deployment, model, retired);
    const message = ends("was retired on 2026-06-29", "support-chat/azure-main");
    expect(await ask(modelLifecycle, shown)).toEqual([message]);
    expect(await ask(modelLifecycle, set(shown, azure, ["retires"], null))).toEqual([message]);
    expect(await ask(modelLifecycle, set(shown, azure, ["retires"], "2026-05-01"))).toEqual([
      ends("was retired on 2026-05-01", "support-chat/azure-main"),
    ]);
  });

  test("a deployment that the path does not call is not its model", async () => {
    const shown = set(await stack(view), deployment, model, retired);
    expect(await ask(modelLifecycle, set(shown, azure, ["modelId"], "another"))).toEqual([]);
  });

  test("each path answers for itself, and none for none", async () => {
    const two = set(set(await stack(view), aws, ["retires"], "2026-11-20"), azure, ["retires"], "2026-11-20");
    expect((await ask(modelLifecycle, two)).sort()).toEqual([
      ends("was retired on 2026-11-20"),
      ends("was retired on 2026-11-20", "support-chat/azure-main"),
    ]);
    expect(await ask(modelLifecycle, [])).toEqual([]);
  });
});
