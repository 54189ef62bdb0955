import { describe, expect, test } from "vitest";
import { modelOrgPolicy } from "../../../../policy/rules/gcp/model-org-policy.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { like, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const policy = { name: "gcp-main-models-allowed" };
const api = { name: "gcp-main-network-api-aiplatform" };
const roles = ["gcp-main-access-from-gcp-main-prompt", "gcp-main-access-from-azure-main-prompt"].map((name) => ({
  name,
  type: ":IAMCustomRole",
}));
const allowed = ["spec", "rules", 0, "values", "allowedValues"];

const unbound = (project: string, caller: string) =>
  `Vertex AI is used in ${project} (${caller}), and no policy lists the models that may be. Fix: make an orgpolicy Policy for vertexai.allowedModels.`;
const none = unbound("example-ai-prod", api.name);
const empty = "gcp-main-models-allowed lists no model that is known. Fix: fill spec.rules[].values.allowedValues.";

describe.each(views)("model-org-policy on a %s", (view) => {
  test("the project's own policy complies", async () => {
    expect(await ask(modelOrgPolicy, await stack(view))).toEqual([]);
  });

  test.each([
    ["there is no policy", (shown: Shown[]) => without(shown, policy), none],
    [
      "the policy is of another constraint",
      (shown: Shown[]) => set(shown, policy, ["name"], "projects/example-ai-prod/policies/gcp.resourceLocations"),
      none,
    ],
    [
      "the policy is of another project",
      (shown: Shown[]) => set(shown, policy, ["name"], "projects/another/policies/vertexai.allowedModels"),
      none,
    ],
    ["of what it is is not known", (shown: Shown[]) => unknownAt(shown, policy, ["name"]), none],
    ["it has no name", (shown: Shown[]) => set(shown, policy, ["name"], undefined), none],
    ["it lists nothing", (shown: Shown[]) => set(shown, policy, allowed, []), empty],
    ["it has no rules", (shown: Shown[]) => set(shown, policy, ["spec", "rules"], undefined), empty],
    ["its rules are not known", (shown: Shown[]) => unknownAt(shown, policy, ["spec", "rules"]), empty],
    ["its list is not known", (shown: Shown[]) => unknownAt(shown, policy, allowed), empty],
    [
      "another rule of it allows everything",
      (shown: Shown[]) =>
        set(
          shown,
          policy,
          ["spec", "rules"],
          [{ values: { allowedValues: ["publishers/google/models/x:predict"] } }, { allowAll: "TRUE" }],
        ),
      "gcp-main-models-allowed allows every model (allowAll). Fix: fill spec.rules[].values.allowedValues.",
    ],
  ])("refused when %s", async (_, broken, message) => {
    expect(await ask(modelOrgPolicy, broken(await stack(view)))).toEqual([message]);
  });

  test("a folder's policy binds the project too", async () => {
    const above = set(await stack(view), policy, ["name"], "folders/1/policies/vertexai.allowedModels");
    expect(await ask(modelOrgPolicy, above)).toEqual([]);
  });

  test("a second project needs its own", async () => {
    const shown = await stack(view);
    const second = set(like(shown, api, { name: "second-api" }), { name: "second-api" }, ["project"], "second-project");
    expect(await ask(modelOrgPolicy, second)).toEqual([unbound("second-project", "second-api")]);
  });

  test("the right to call shows that Vertex AI is used, without the API among the resources", async () => {
    const shown = without(await stack(view), policy, api);
    const [message, ...more] = await ask(modelOrgPolicy, shown);
    expect(more).toEqual([]);
    expect(message).toContain("Vertex AI is used in example-ai-prod (gcp-main-access-from-");
    expect(await ask(modelOrgPolicy, without(shown, ...roles))).toEqual([]);
    const named = set(
      without(shown, ...roles),
      { name: "gcp-main-cluster-nodes", type: ":IAMMember" },
      ["role"],
      "roles/aiplatform.user",
    );
    expect(await ask(modelOrgPolicy, named)).toEqual([unbound("example-ai-prod", "gcp-main-cluster-nodes")]);
  });

  test("a stack without Vertex AI has nothing to say", async () => {
    expect(await ask(modelOrgPolicy, without(await stack(view), api, policy, ...roles))).toEqual([]);
    expect(await ask(modelOrgPolicy, [])).toEqual([]);
  });
});
