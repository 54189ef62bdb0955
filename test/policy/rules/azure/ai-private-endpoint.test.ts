import { describe, expect, test } from "vitest";
import { aiPrivateEndpoint } from "../../../../policy/rules/azure/ai-private-endpoint.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { like, madeFrom, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const account = { name: "azure-main-models-account" };
const endpoint = { name: "azure-main-models-endpoint", type: ":PrivateEndpoint" };
const vault = { name: "azure-main-cluster-vault" };
const connections = "privateLinkServiceConnections";
const missing =
  "azure-main-models-account has no private endpoint. Fix: make a PrivateEndpoint whose privateLinkServiceConnections name its id and the group account.";

describe.each(views)("ai-private-endpoint on a %s", (view) => {
  test("the project's own account complies", async () => {
    expect(await ask(aiPrivateEndpoint, await stack(view))).toEqual([]);
  });

  test.each([
    ["there is no endpoint", (shown: Shown[]) => without(shown, endpoint)],
    ["the endpoint leads to something else", (shown: Shown[]) => madeFrom(shown, endpoint, connections, vault)],
    ["it leads to another group", (shown: Shown[]) => set(shown, endpoint, [connections, 0, "groupIds"], ["vault"])],
    ["it names no group", (shown: Shown[]) => set(shown, endpoint, [connections, 0, "groupIds"], undefined)],
    ["it has no connections", (shown: Shown[]) => set(shown, endpoint, [connections], undefined)],
    [
      "its connections are unknown and come from nothing in the program",
      (shown: Shown[]) => unknownAt(shown, endpoint, [connections]),
    ],
  ])("refused when %s", async (_, broken) => {
    expect(await ask(aiPrivateEndpoint, broken(await stack(view)))).toEqual([missing]);
  });

  test("connections that are unknown count by the account that they come from", async () => {
    expect(await ask(aiPrivateEndpoint, unknownAt(await stack(view), endpoint, [connections], account))).toEqual([]);
  });

  test("of two accounts the one without is named", async () => {
    const two = like(await stack(view), account, { name: "second-account" });
    expect(await ask(aiPrivateEndpoint, two)).toEqual([expect.stringContaining("second-account has no private")]);
  });

  test("a stack without accounts has nothing to say", async () => {
    expect(await ask(aiPrivateEndpoint, without(await stack(view), account))).toEqual([]);
    expect(await ask(aiPrivateEndpoint, [])).toEqual([]);
  });
});
