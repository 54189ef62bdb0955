import { describe, test } from "vitest";
import { parseDocument } from "yaml";
import { at, expectRefused, testRefusals } from "../../support/refusals.ts";
import { shipped, textOf } from "../../support/stacks.ts";

const workloads = "workloads.yaml";
const locations = / {2}twocloud:locations:\n(?: {4}.+\n)+/.exec(textOf(shipped("prod"), "environment"))?.[0] ?? "";

describe("one slip, one problem:", () => {
  testRefusals({
    "a missing owner": {
      edits: [[workloads, "owner: team-support@example.com, ", ""]],
      problems: [
        at("workloads.yaml:24 support-chat.human.owner", undefined, "this is missing", "team@example.com", "add it"),
      ],
    },
    "an owner who is no mailbox": {
      edits: [[workloads, "owner: team-support@example.com", "owner: team-support"]],
      problems: [
        at(
          "workloads.yaml:24 support-chat.human.owner",
          "team-support",
          "a wrong form",
          "a mail address",
          "write it in that form",
        ),
      ],
    },
    "a number where a name belongs": {
      edits: [[workloads, "model: claude-sonnet", "model: 4"]],
      problems: [
        at(
          "workloads.yaml:14 support-chat.paths[1].model",
          4,
          "this is a number",
          "a text",
          "if 4 is meant as one, put it in quotes",
        ),
      ],
    },
    "an account without quotes, whose zeros YAML would drop": {
      edits: [["environment", 'account: "000000000003"', "account: 000000000003"]],
      problems: [
        at(
          "Pulumi.prod.yaml:15 config.twocloud:locations.aws-main.account",
          3,
          "this is a number",
          "a text, such as 012345678901",
          "put it in quotes",
        ),
      ],
    },
    "a number in quotes": {
      edits: [[workloads, "peakRequestsPerSecond: 20", 'peakRequestsPerSecond: "20"']],
      problems: [
        at(
          "workloads.yaml:10 support-chat.traffic.peakRequestsPerSecond",
          "20",
          "this is a text",
          "a number",
          "write it without quotes",
        ),
      ],
    },
    "a fraction where things are counted": {
      edits: [[workloads, "inputTokens: 1500", "inputTokens: 1500.5"]],
      problems: [
        at(
          "workloads.yaml:10 support-chat.traffic.inputTokens",
          1500.5,
          "this is a number with a fraction",
          "a whole number",
          "write a whole number",
        ),
      ],
    },
    "an infinite number": {
      edits: [[workloads, "peakRequestsPerSecond: 20", "peakRequestsPerSecond: .inf"]],
      problems: [
        at(
          "workloads.yaml:10 support-chat.traffic.peakRequestsPerSecond",
          Infinity,
          "no number that can be reckoned with",
          "a number",
          "write a number",
        ),
      ],
    },
    "no traffic": {
      edits: [[workloads, "peakRequestsPerSecond: 20", "peakRequestsPerSecond: 0"]],
      problems: [
        at(
          "workloads.yaml:10 support-chat.traffic.peakRequestsPerSecond",
          0,
          "this is too small",
          "more than 0",
          "raise it",
        ),
      ],
    },
    "a share above one": {
      edits: [[workloads, "outputTokens: 300, fallbackShare: 1.0", "outputTokens: 300, fallbackShare: 100"]],
      problems: [
        at("workloads.yaml:10 support-chat.traffic.fallbackShare", 100, "this is too large", "at most 1", "lower it"),
      ],
    },
    "an empty list": {
      edits: [[workloads, "modalities: [text, image]", "modalities: []"]],
      problems: [
        at(
          "workloads.yaml:31 invoice-extraction.requires.modalities",
          [],
          "this list is empty",
          "at least one entry",
          "add an entry",
        ),
      ],
    },
    "a workload without paths, which an environment overrides": {
      environment: "dev",
      edits: [[workloads, pathsOf("support-chat"), "  paths: []\n"]],
      problems: [
        at("workloads.yaml:12 support-chat.paths", [], "this list is empty", "at least one entry", "add an entry"),
      ],
    },
    "a list where one value belongs": {
      edits: [[workloads, "type: extraction", "type: [extraction]"]],
      problems: [
        at(
          "workloads.yaml:28 invoice-extraction.type",
          ["extraction"],
          "this value is not known",
          "interactive-chat",
          "use one of these",
        ),
      ],
    },
    "one value where a list belongs": {
      edits: [[workloads, "modalities: [text, image]", "modalities: text"]],
      problems: [
        at(
          "workloads.yaml:31 invoice-extraction.requires.modalities",
          "text",
          "this is a text",
          "a list",
          "put it into a list: [text]",
        ),
      ],
    },
    "an empty text": {
      edits: [[workloads, "degradedMode: queue to agents", 'degradedMode: ""']],
      problems: [
        at("workloads.yaml:24 support-chat.human.degradedMode", "", "this text is empty", "a text", "fill it in"),
      ],
    },
    "a key without a value": {
      edits: [[workloads, "decision: docs/decisions/support-chat.md", "decision:"]],
      problems: [at("workloads.yaml:25 support-chat.decision", null, "nothing stands here", "a text", "write a value")],
    },
    "an unknown type": {
      edits: [[workloads, "type: interactive-chat", "type: chat"]],
      problems: [
        at(
          "workloads.yaml:6 support-chat.type",
          "chat",
          "this value is not known",
          "interactive-chat, agent-runtime, retrieval",
          "use one of these",
        ),
      ],
    },
    "a workload with a name that no cloud takes": {
      edits: [[workloads, "invoice-extraction:\n", "Invoice_Extraction:\n"]],
      problems: [
        at(
          "workloads.yaml:27 Invoice_Extraction",
          workloadOf("invoice-extraction"),
          "this name has a wrong form",
          "lower-case letters",
          "rename it",
        ),
      ],
    },
    "a day that is none": {
      edits: [["contracts.yaml", "start: 2025-07-01", "start: 2025-02-30"]],
      problems: [
        at(
          "contracts.yaml:19 aws-edp.start",
          "2025-02-30",
          "a wrong form",
          "a date that exists",
          "write it in that form",
        ),
      ],
    },
    "an address without encryption": {
      edits: [["environment", 'issuer: "https://login.example.com"', 'issuer: "http://login.example.com"']],
      problems: [
        at(
          "Pulumi.prod.yaml:31 config.twocloud:access.clientIssuers[0].issuer",
          "http://login.example.com",
          "a wrong form",
          "an https address",
          "write it in that form",
        ),
      ],
    },
    "an unknown cloud": {
      edits: [["environment", "cloud: aws", "cloud: amazon"]],
      problems: [
        at(
          "Pulumi.prod.yaml:14 config.twocloud:locations.aws-main.cloud",
          "amazon",
          "this value is not known",
          "azure, aws, gcp",
          "use one of these",
        ),
      ],
    },
    "a location without its cloud": {
      edits: [["environment", "      cloud: aws\n", ""]],
      problems: [
        at(
          "Pulumi.prod.yaml:13 config.twocloud:locations.aws-main.cloud",
          undefined,
          "this is missing",
          "azure, aws, gcp",
          "add it",
        ),
      ],
    },
    "a location under a name that no cloud takes": {
      edits: [["environment", "    gcp-main:\n      cloud", "    gcp_main:\n      cloud"]],
      problems: [
        at(
          "Pulumi.prod.yaml:19 config.twocloud:locations.gcp_main",
          locationOf("gcp-main"),
          "this name has a wrong form",
          "lower-case letters",
          "rename it",
        ),
      ],
    },
    "no location": {
      edits: [["environment", locations, "  twocloud:locations: {}\n"]],
      problems: [
        at(
          "Pulumi.prod.yaml:5 config.twocloud:locations",
          {},
          "there is no location here",
          "a set of keys",
          "docs/schema",
        ),
      ],
    },
  });
});

test("values that the engine hands over are told without a line", () => {
  const sources = { ...shipped("prod"), environment: { values: { environment: "prod", location: {}, locations: 3 } } };
  expectRefused(
    sources,
    at("Pulumi.prod.yaml config.twocloud:locations", 3, "this is a number", "a set of keys", "write a set of keys"),
    at(
      "Pulumi.prod.yaml config.twocloud:access",
      undefined,
      "this is missing",
      "runnerCidrs, clientCidrs, clientIssuers",
      "add it",
    ),
    at("Pulumi.prod.yaml config.twocloud:entry", undefined, "this is missing", "contact, zones", "add it"),
    at(
      "Pulumi.prod.yaml config.twocloud:location",
      {},
      "the key twocloud:location is not known here",
      "twocloud:locations",
      "did you mean twocloud:locations?",
    ),
  );
});

function workloadOf(workload: string): unknown {
  return parseDocument(textOf(shipped("prod"), workloads)).toJS()[workload];
}

function locationOf(name: string): unknown {
  return parseDocument(textOf(shipped("prod"), "environment")).toJS().config["twocloud:locations"][name];
}

/** The lines of a workload's paths. */
function pathsOf(workload: string): string {
  const text = textOf(shipped("prod"), workloads);
  const own = text.slice(text.indexOf(`${workload}:\n`));
  return / {2}paths:\n(?: {4}.+\n)+/.exec(own)?.[0] ?? "";
}
