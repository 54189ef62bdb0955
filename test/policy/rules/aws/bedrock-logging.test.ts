import { describe, expect, test } from "vitest";
import { bedrockLogging } from "../../../../policy/rules/aws/bedrock-logging.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import { set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const endpoint = { name: "aws-main-models-endpoint", type: ":VpcEndpoint" };
const provider = { name: "aws-main", type: "pulumi:providers:aws" };
const logging = { name: "aws-main-models-calls", type: ":InvocationLoggingConfiguration" };
const group = { name: "aws-main-models-calls", type: ":LogGroup" };
const backend = { name: "azure-main-support-chat-support-chat-aws-main-backend" };
const silent = (caller: string) =>
  `Bedrock is called in eu-west-1 (${caller}), and nothing logs what is asked there. Fix: make an InvocationLoggingConfiguration in eu-west-1.`;

const config = (...path: string[]) => ["loggingConfig", ...path];
const fix = "Fix: complete loggingConfig: cloudwatchConfig or s3Config, and textDataDeliveryEnabled true.";
const noText = `${logging.name} leaves the text out (textDataDeliveryEnabled is not true). ${fix}`;
const noPlace = `${logging.name} names no place for the log. ${fix}`;

describe.each(views)("bedrock-logging on a %s", (view) => {
  test("without a setting nothing is logged, which is said of the one region", async () => {
    expect(await ask(bedrockLogging, without(await stack(view), logging))).toEqual([
      silent("aws-main-models-endpoint"),
    ]);
  });

  test("the project's own stack complies, to a bucket as well, and the text is on by itself", async () => {
    const shown = await stack(view);
    expect(await ask(bedrockLogging, shown)).toEqual([]);
    const stored = set(shown, logging, config(), { s3Config: { bucketName: "calls" } });
    expect(await ask(bedrockLogging, stored)).toEqual([]);
  });

  test.each<[string, (shown: Shown[]) => Shown[], string[]]>([
    ["no place is named", (shown: Shown[]) => set(shown, logging, config("cloudwatchConfig"), undefined), [noPlace]],
    [
      "the text is left out",
      (shown: Shown[]) => set(shown, logging, config("textDataDeliveryEnabled"), false),
      [noText],
    ],
    [
      "whether the text is in it is not known",
      (shown: Shown[]) => unknownAt(shown, logging, config("textDataDeliveryEnabled")),
      [noText],
    ],
    ["the place is not known", (shown: Shown[]) => unknownAt(shown, logging, config("cloudwatchConfig")), [noPlace]],
    [
      "nobody knows the name of the place, and nothing that was made names it",
      (shown: Shown[]) => unknownAt(shown, logging, config("cloudwatchConfig", "logGroupName")),
      [noPlace],
    ],
    [
      "the name of the place is that of a group yet to be made",
      (shown: Shown[]) => unknownAt(shown, logging, config("cloudwatchConfig", "logGroupName"), group),
      [],
    ],
    ["nothing is set", (shown: Shown[]) => set(shown, logging, config(), undefined), [noPlace]],
    [
      "the setting is of another region",
      (shown: Shown[]) => set(shown, logging, ["region"], "eu-central-1"),
      [silent("aws-main-models-endpoint")],
    ],
    [
      "the region of the setting is not known",
      (shown: Shown[]) => unknownAt(unknownAt(shown, logging, ["region"]), provider, ["region"]),
      [silent("aws-main-models-endpoint")],
    ],
  ])("when %s", async (_, broken, messages) => {
    expect(await ask(bedrockLogging, broken(await stack(view)))).toEqual(messages);
  });

  test("a gateway that calls without an endpoint calls all the same", async () => {
    const shown = without(await stack(view), endpoint, logging);
    const [message, ...more] = await ask(bedrockLogging, shown);
    expect(more).toEqual([]);
    expect(message).toBe(silent("aws-main-support-chat-support-chat-aws-main-backend"));
  });

  test("a second region is a second finding", async () => {
    const host = ["spec", "endpoints", 0, "fqdn", "hostname"];
    const two = set(await stack(view), backend, host, "bedrock-runtime.eu-central-1.amazonaws.com");
    expect(await ask(bedrockLogging, two)).toEqual([
      expect.stringContaining(`called in eu-central-1 (${backend.name}), and nothing logs`),
    ]);
  });

  test("an endpoint of which nobody knows the service does not call, the gateways do", async () => {
    expect(
      await ask(bedrockLogging, unknownAt(without(await stack(view), logging), endpoint, ["serviceName"])),
    ).toEqual([silent("aws-main-support-chat-support-chat-aws-main-backend")]);
    expect(await ask(bedrockLogging, [])).toEqual([]);
  });
});
