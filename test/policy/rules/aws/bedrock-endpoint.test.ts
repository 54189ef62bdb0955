import { describe, expect, test } from "vitest";
import { bedrockEndpoint } from "../../../../policy/rules/aws/bedrock-endpoint.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const endpoint = { name: "aws-main-models-endpoint", type: ":VpcEndpoint" };
const backend = { name: "aws-main-support-chat-support-chat-aws-main-backend" };
const foreign = { name: "azure-main-support-chat-support-chat-aws-main-backend" };
const host = ["spec", "endpoints", 0, "fqdn", "hostname"];

const fix = "Fix: set privateDnsEnabled to true, and a policy that names models and callers.";
const noName = `aws-main-models-endpoint does not answer by Bedrock's own name (privateDnsEnabled). ${fix}`;
const open = `aws-main-models-endpoint lets anybody call anything (policy). ${fix}`;
const none = (region: string) =>
  `Bedrock is called in ${region}, and aws-main-cluster-cluster's network has no endpoint for it. Fix: make a VpcEndpoint for com.amazonaws.${region}.bedrock-runtime.`;

const allowing = (rest: object) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "bedrock:*", ...rest }] });

describe.each(views)("bedrock-endpoint on a %s", (view) => {
  test("the project's own endpoint complies", async () => {
    expect(await ask(bedrockEndpoint, await stack(view))).toEqual([]);
  });

  test.each([
    [
      "it does not answer by the service's name",
      (shown: Shown[]) => set(shown, endpoint, ["privateDnsEnabled"], false),
      noName,
    ],
    [
      "nothing says by which name it answers",
      (shown: Shown[]) => set(shown, endpoint, ["privateDnsEnabled"], undefined),
      noName,
    ],
    ["the name is not known", (shown: Shown[]) => unknownAt(shown, endpoint, ["privateDnsEnabled"]), noName],
    ["it has no policy", (shown: Shown[]) => set(shown, endpoint, ["policy"], undefined), open],
    [
      "its policy allows everything",
      (shown: Shown[]) => set(shown, endpoint, ["policy"], allowing({ Resource: "*" })),
      open,
    ],
    [
      "its policy allows everything in a list",
      (shown: Shown[]) => set(shown, endpoint, ["policy"], allowing({ Resource: ["*"] })),
      open,
    ],
    ["its policy cannot be read", (shown: Shown[]) => set(shown, endpoint, ["policy"], "{"), open],
    [
      "its policy is not known",
      (shown: Shown[]) => unknownAt(shown, endpoint, ["policy"]),
      `aws-main-models-endpoint has a policy that is not known before it is made. ${fix}`,
    ],
    ["there is no endpoint", (shown: Shown[]) => without(shown, endpoint), none("eu-west-1")],
    [
      "nobody knows what the endpoint is of",
      (shown: Shown[]) => unknownAt(shown, endpoint, ["serviceName"]),
      none("eu-west-1"),
    ],
    [
      "the gateway calls another region",
      (shown: Shown[]) => set(shown, backend, host, "bedrock-runtime.eu-central-1.amazonaws.com"),
      none("eu-central-1"),
    ],
  ])("refused when %s", async (_, broken, message) => {
    expect(await ask(bedrockEndpoint, broken(await stack(view)))).toEqual([message]);
  });

  test("a policy that names the models complies, and one that denies something", async () => {
    const shown = await stack(view);
    const models = "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-6";
    expect(await ask(bedrockEndpoint, set(shown, endpoint, ["policy"], allowing({ Resource: [models] })))).toEqual([]);
    const denying = allowing({ Effect: "Deny", Resource: "*" });
    expect(await ask(bedrockEndpoint, set(shown, endpoint, ["policy"], denying))).toEqual([]);
  });

  test("gateways of other clouds need no endpoint in AWS", async () => {
    const elsewhere = set(await stack(view), foreign, host, "bedrock-runtime.eu-central-1.amazonaws.com");
    expect(await ask(bedrockEndpoint, elsewhere)).toEqual([]);
    expect(await ask(bedrockEndpoint, without(await stack(view), backend, endpoint))).toEqual([]);
  });
});
