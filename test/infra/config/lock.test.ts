import { expect, test } from "vitest";
import { at, expectRefused, testRefusals } from "../../support/refusals.ts";
import { type Edit, edited, shipped, textOf, withText } from "../../support/stacks.ts";

/** What gateways, model servers and offers need of the lock and the catalogue, before anything is built. */

const images = "images.yaml";
const models = "models.yaml";

/** The line of a text in a shipped file. */
const lineOf = (file: typeof images | typeof models, text: string): number =>
  textOf(shipped("prod"), file)
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

/** From a model's own line to the first occurrence of a text below it. */
function below(model: string, text: string, to: string): Edit {
  const all = textOf(shipped("prod"), models);
  const start = all.indexOf(`\n  ${model}:\n`);
  const end = all.indexOf(text, start) + text.length;
  const from = all.slice(start, end);
  return [models, from, from.slice(0, -text.length) + to];
}

testRefusals({
  "an image that the gateways need, under another name": {
    edits: [[images, "  envoy-gateway:\n", "  envoy-gatewey:\n"]],
    problems: [
      at(
        `images.yaml:${lineOf(images, "images:")} images.envoy-gateway`,
        undefined,
        "this is missing: the gateways need it",
        "envoy-gateway, ai-gateway-controller",
        "is envoy-gatewey a slip?",
      ),
    ],
  },
  "a chart that is gone": {
    edits: [[images, "  ai-gateway-helm:\n", "  other:\n"]],
    problems: [
      at(
        `images.yaml:${lineOf(images, "charts:")} charts.ai-gateway-helm`,
        undefined,
        "the gateways need it",
        "ai-gateway-helm",
        "add it",
      ),
    ],
  },
  "an Azure offer without a version": {
    edits: [below("gpt-large", 'version: "2026-03-05"', "version: null")],
    problems: [
      at(
        `models.yaml:${lineOf(models, 'version: "2026-03-05"')} models.gpt-large.clouds.azure[0].version`,
        null,
        "Azure changes the model when it likes; support-chat uses this",
        "the version",
        "with its source",
      ),
    ],
  },
  "an Azure offer that is sold in other units": {
    edits: [below("gpt-large", "sku: DataZoneStandard", "sku: DataZoneProvisionedManaged")],
    problems: [
      at(
        `models.yaml:${lineOf(models, "sku: DataZoneStandard")} models.gpt-large.clouds.azure[0].sku`,
        "DataZoneProvisionedManaged",
        "capacity here is counted in tokens a minute",
        "a Standard one",
        "write it",
      ),
    ],
  },
  "a Bedrock id that means more than one model": {
    edits: [below("claude-sonnet", "id: eu.anthropic.claude-sonnet-4-6", 'id: "eu.anthropic.*"')],
    problems: [
      at(
        `models.yaml:${lineOf(models, "id: eu.anthropic.claude-sonnet-4-6")} models.claude-sonnet.clouds.aws[0].id`,
        "eu.anthropic.*",
        "Bedrock has no id of this form",
        "without a wildcard",
        "write it",
      ),
    ],
  },
});

test("a model server's image is asked for where there is one", () => {
  const without = edited("prod", [images, "  vllm-openai:\n", "  vllm:\n"]);
  expectRefused(
    without,
    at(
      `images.yaml:${lineOf(images, "images:")} images.vllm-openai`,
      undefined,
      "model servers run it",
      "vllm-openai",
      "add it",
    ),
  );
  const chat = textOf(without, "workloads.yaml");
  const hosted = /^ {4}- role: fallback\n(?: {6}.+\n)+/m.exec(chat)?.[0] ?? "";
  expect(hosted).toContain("self-hosted");
  expectRefused(withText(without, "workloads.yaml", chat.replace(hosted, "")));
});
