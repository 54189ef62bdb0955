import { describe, expect, test } from "vitest";
import { residency } from "../../../../policy/rules/placement/residency.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views } from "../../../support/policy-stack.ts";

const path = { name: "support-chat-azure-main", type: ":InferencePath" };
const deployment = { name: "azure-main-models-support-chat-azure-main" };
const account = { name: "azure-main-models-account" };
const awsEndpoint = { name: "aws-main-models-endpoint", type: ":VpcEndpoint" };
const awsProvider = { name: "aws-main", type: "pulumi:providers:aws" };
const bedrockModel = ["spec", "rules", 0, "backendRefs", 0, "modelNameOverride"];
const awsRoute = { name: "aws-main-support-chat-route" };
const vertexBackend = { name: "gcp-main-invoice-extraction-invoice-extraction-gcp-main-backend" };

describe.each(views)("residency on a %s", (view) => {
  test("the project's own paths comply", async () => {
    expect(await ask(residency, await stack(view))).toEqual([]);
  });

  test.each([
    ["no residency", (shown: Shown[]) => set(shown, path, ["residency"], undefined), "declares no residency"],
    ["an unknown residency", (shown: Shown[]) => unknownAt(shown, path, ["residency"]), "declares no residency"],
    [
      "a region elsewhere",
      (shown: Shown[]) => set(shown, path, ["region"], "eastus"),
      'has the region "eastus", which is in us',
    ],
    [
      "a region that nobody knows",
      (shown: Shown[]) => set(shown, path, ["region"], "atlantis"),
      "which the region table does not have",
    ],
    [
      "an inference scope elsewhere",
      (shown: Shown[]) => set(shown, path, ["scope"], "global"),
      'has the scope "global", which is in world',
    ],
    ["an unknown scope", (shown: Shown[]) => unknownAt(shown, path, ["scope"]), "has the scope not known"],
    [
      "an account elsewhere",
      (shown: Shown[]) => set(shown, account, ["location"], "East US"),
      "needs azure-main-models-account in eastus, which is in us",
    ],
    [
      "a Global deployment",
      (shown: Shown[]) => set(shown, deployment, ["sku", "name"], "GlobalStandard"),
      "has the SKU GlobalStandard",
    ],
    ["an unknown SKU", (shown: Shown[]) => unknownAt(shown, deployment, ["sku", "name"]), "has the SKU not known"],
    [
      "a world-wide inference profile",
      (shown: Shown[]) => set(shown, awsRoute, bedrockModel, "global.anthropic.claude"),
      "is asked for global.anthropic.claude",
    ],
    [
      "another geography's profile",
      (shown: Shown[]) => set(shown, awsRoute, bedrockModel, "us.anthropic.claude"),
      "is asked for us.anthropic.claude",
    ],
    [
      "a profile by ARN",
      (shown: Shown[]) =>
        set(shown, awsRoute, bedrockModel, "arn:aws:bedrock:eu-west-1:1:application-inference-profile/x"),
      "inference may leave eu",
    ],
    [
      "an unknown profile",
      (shown: Shown[]) => unknownAt(shown, awsRoute, bedrockModel),
      "is asked for a model that is not known",
    ],
    [
      "a world-wide endpoint",
      (shown: Shown[]) =>
        set(shown, vertexBackend, ["spec", "endpoints", 0, "fqdn", "hostname"], "aiplatform.googleapis.com"),
      "whose inference is not bound to eu",
    ],
    [
      "an endpoint of another region",
      (shown: Shown[]) =>
        set(
          shown,
          vertexBackend,
          ["spec", "endpoints", 0, "fqdn", "hostname"],
          "us-central1-aiplatform.googleapis.com",
        ),
      "whose inference is not bound to eu",
    ],
  ])("a path with %s is refused", async (_, broken, message) => {
    const messages = await ask(residency, broken([...(await stack(view))]));
    expect(messages.join("\n")).toContain(message);
  });

  test("resources in another region are refused, whatever the path says", async () => {
    const moved = set(await stack(view), awsProvider, ["region"], "us-east-1");
    const messages = await ask(residency, set(moved, awsEndpoint, ["region"], undefined));
    expect(messages.join("\n")).toContain(
      "support-chat/aws-main needs aws-main-models-endpoint in us-east-1, which is in us; its residency is eu",
    );
    expect((await ask(residency, unknownAt(await stack(view), awsProvider, ["region"]))).join("\n")).toContain(
      "in a region that is not known",
    );
  });

  test("a data zone is as good as the account's region", async () => {
    const zone = set(await stack(view), deployment, ["sku", "name"], "DataZoneStandard");
    expect(await ask(residency, zone)).toEqual([]);
    const regional = set(await stack(view), deployment, ["sku", "name"], "Standard");
    expect(await ask(residency, regional)).toEqual([]);
    const swiss = set(
      set(zone, { name: "azure-main", type: "pulumi:providers:azure-native" }, ["location"], "switzerlandnorth"),
      path,
      ["residency"],
      "ch",
    );
    expect((await ask(residency, swiss)).join("\n")).toContain("has the SKU DataZoneStandard");
  });
});
