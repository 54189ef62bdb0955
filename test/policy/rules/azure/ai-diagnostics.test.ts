import { describe, expect, test } from "vitest";
import { aiDiagnostics } from "../../../../policy/rules/azure/ai-diagnostics.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { madeFrom, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const account = { name: "azure-main-models-account" };
const setting = { name: "azure-main-models-logs", type: ":DiagnosticSetting" };
const vault = { name: "azure-main-cluster-vault" };

const noIdentity = "azure-main-models-account has no identity of its own. Fix: set identity.type to SystemAssigned.";
const noSetting =
  "azure-main-models-account has no diagnostic setting. Fix: make a DiagnosticSetting whose resourceUri is its id.";
const lacks = (categories: string, fix: string) =>
  `azure-main-models-account does not write down ${categories}. Fix: enable the ${fix} in logs of azure-main-models-logs.`;

describe.each(views)("ai-diagnostics on a %s", (view) => {
  test("the project's own account complies", async () => {
    expect(await ask(aiDiagnostics, await stack(view))).toEqual([]);
  });

  test.each([
    ["there is no identity", (shown: Shown[]) => set(shown, account, ["identity"], undefined), noIdentity],
    ["the identity is None", (shown: Shown[]) => set(shown, account, ["identity", "type"], "None"), noIdentity],
    ["the identity is not known", (shown: Shown[]) => unknownAt(shown, account, ["identity"]), noIdentity],
    ["there is no setting", (shown: Shown[]) => without(shown, setting), noSetting],
    [
      "the setting is another resource's",
      (shown: Shown[]) => madeFrom(shown, setting, "resourceUri", vault),
      noSetting,
    ],
    ["whose setting it is is not known", (shown: Shown[]) => unknownAt(shown, setting, ["resourceUri"]), noSetting],
    [
      "requests are switched off",
      (shown: Shown[]) => set(shown, setting, ["logs", 1, "enabled"], false),
      lacks("RequestResponse", "category"),
    ],
    [
      "nothing is written",
      (shown: Shown[]) => set(shown, setting, ["logs"], undefined),
      lacks("Audit and RequestResponse", "categories"),
    ],
    [
      "what is written is not known",
      (shown: Shown[]) => unknownAt(shown, setting, ["logs"]),
      lacks("Audit and RequestResponse", "categories"),
    ],
  ])("refused when %s", async (_, broken, message) => {
    expect(await ask(aiDiagnostics, broken(await stack(view)))).toEqual([message]);
  });

  test("an identity of the user's is one, and all logs are more than enough", async () => {
    const shown = await stack(view);
    const other = set(shown, account, ["identity", "type"], "SystemAssigned, UserAssigned");
    expect(await ask(aiDiagnostics, other)).toEqual([]);
    const all = set(shown, setting, ["logs"], [{ categoryGroup: "allLogs", enabled: true }]);
    expect(await ask(aiDiagnostics, all)).toEqual([]);
  });

  test("a setting that comes from the account counts, its id known or not", async () => {
    expect(await ask(aiDiagnostics, unknownAt(await stack(view), setting, ["resourceUri"], account))).toEqual([]);
  });
});
