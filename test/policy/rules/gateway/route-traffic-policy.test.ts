import { describe, expect, test } from "vitest";
import { routeTrafficPolicy } from "../../../../policy/rules/gateway/route-traffic-policy.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const traffic = { name: "aws-main-support-chat-traffic" };

describe.each(views)("route-traffic-policy on a %s", (view) => {
  test("the project's own routes comply", async () => {
    expect(await ask(routeTrafficPolicy, await stack(view))).toEqual([]);
  });

  test.each([
    ["without its policy", (shown: Shown[]) => without(shown, traffic), "has no BackendTrafficPolicy"],
    [
      "with a policy in another namespace",
      (shown: Shown[]) => set(shown, traffic, ["metadata", "namespace"], "elsewhere"),
      "has no BackendTrafficPolicy",
    ],
    [
      "with a policy for another route",
      (shown: Shown[]) => set(shown, traffic, ["spec", "targetRefs", 0, "name"], "other"),
      "has no BackendTrafficPolicy",
    ],
    ["without retries", (shown: Shown[]) => set(shown, traffic, ["spec", "retry"], undefined), "has no spec.retry"],
    [
      "without passive health checks",
      (shown: Shown[]) => set(shown, traffic, ["spec", "healthCheck", "passive"], undefined),
      "has no spec.healthCheck.passive",
    ],
    ["with unknown retries", (shown: Shown[]) => unknownAt(shown, traffic, ["spec", "retry"]), "has no spec.retry"],
    ["with an unknown policy", (shown: Shown[]) => unknownAt(shown, traffic, ["spec"]), "has no BackendTrafficPolicy"],
  ])("a route %s is refused", async (_, broken, message) => {
    const messages = await ask(routeTrafficPolicy, broken(await stack(view)));
    expect(messages).toEqual([expect.stringContaining(message)]);
  });

  test("a stack without routes has nothing to say", async () => {
    expect(await ask(routeTrafficPolicy, [])).toEqual([]);
  });
});
