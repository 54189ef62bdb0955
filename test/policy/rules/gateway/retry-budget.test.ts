import { describe, expect, test } from "vitest";
import { retryBudget } from "../../../../policy/rules/gateway/retry-budget.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const traffic = { name: "azure-main-support-chat-traffic" };
const route = { name: "azure-main-support-chat-route" };
const retry = (...path: string[]) => ["spec", "retry", ...path];

describe.each(views)("retry-budget on a %s", (view) => {
  test("the project's own routes comply", async () => {
    expect(await ask(retryBudget, await stack(view))).toEqual([]);
  });

  test.each([
    [
      "429 is not retried",
      (shown: Shown[]) => set(shown, traffic, retry("retryOn", "httpStatusCodes"), [500, 502, 503, 504]),
      "httpStatusCodes lacks 429",
    ],
    [
      "only 500 is retried",
      (shown: Shown[]) => set(shown, traffic, retry("retryOn", "httpStatusCodes"), [500]),
      "lacks 429, 502, 503, 504",
    ],
    [
      "resets are not retried",
      (shown: Shown[]) =>
        set(shown, traffic, retry("retryOn", "triggers"), ["connect-failure", "retriable-status-codes"]),
      "triggers lacks reset",
    ],
    [
      "nothing says when to retry",
      (shown: Shown[]) => set(shown, traffic, retry("retryOn", "triggers"), undefined),
      "triggers lacks connect-failure, reset, retriable-status-codes",
    ],
    [
      "the retries end before the third path",
      (shown: Shown[]) => set(shown, traffic, retry("numRetries"), 4),
      "need at least 5",
    ],
    [
      "the number of retries is absent",
      (shown: Shown[]) => set(shown, traffic, retry("numRetries"), undefined),
      "numRetries is missing",
    ],
    [
      "no attempt is counted by priority",
      (shown: Shown[]) => set(shown, traffic, retry("numAttemptsPerPriority"), undefined),
      "stay on the first priority",
    ],
    [
      "the number of retries is not known",
      (shown: Shown[]) => unknownAt(shown, traffic, retry("numRetries")),
      "numRetries is not known",
    ],
    [
      "the codes are not known",
      (shown: Shown[]) => unknownAt(shown, traffic, retry("retryOn", "httpStatusCodes")),
      "lacks 429, 500",
    ],
    ["the priorities are not known", (shown: Shown[]) => unknownAt(shown, route, ["spec", "rules"]), "are not known"],
  ])("refused when %s", async (_, broken, message) => {
    expect(await ask(retryBudget, broken(await stack(view)))).toEqual([expect.stringContaining(message)]);
  });

  test("more attempts on each path need more retries", async () => {
    const more = set(await stack(view), traffic, retry("numAttemptsPerPriority"), 3);
    expect(await ask(retryBudget, more)).toEqual([expect.stringContaining("need at least 8")]);
    expect(await ask(retryBudget, set(more, traffic, retry("numRetries"), 8))).toEqual([]);
  });
});
