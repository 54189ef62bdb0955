import { at, testRefusals } from "../../support/refusals.ts";

const workloads = "workloads.yaml";
const syntax = "look at indentation, colons, quotes and brackets";

testRefusals({
  "a comma forgotten": {
    edits: [[workloads, "contextTokens: 64000, tools", "contextTokens: 64000 tools"]],
    problems: [
      at(
        "workloads.yaml:9",
        "requires: { contextTokens: 64000 tools: true, streaming: true }",
        "not valid YAML: block collections",
        "YAML",
        syntax,
      ),
    ],
  },
  "a bracket forgotten, once and not for every line after it": {
    edits: [[workloads, "tools: true, streaming: true }", "tools: true, streaming: true"]],
    problems: [
      at(
        "workloads.yaml:10",
        "traffic: { peakRequestsPerSecond: 20, inputTokens: 1500, outputTokens: 300, fallbackShare: 1.0 }",
        "not valid YAML: flow map",
        "YAML",
        "in the line before",
      ),
    ],
  },
  "a quote forgotten": {
    edits: [["environment", 'zones: ["1", "2", "3"]', 'zones: ["1", "2", "3]']],
    problems: [
      at("Pulumi.prod.yaml:11", 'zones: ["1", "2", "3]', 'not valid YAML: missing closing "quote', "YAML", syntax),
    ],
  },
  "a tab": {
    edits: [[workloads, "  tier: critical", "\ttier: critical"]],
    problems: [
      at(
        "workloads.yaml:7",
        "tier: critical # two clouds, or nothing is deployed",
        "not valid YAML: tabs are not allowed",
        "YAML",
        syntax,
      ),
    ],
  },
  "two documents": {
    edits: [["contracts.yaml", null, "aws-edp: {}\n---\nother: {}\n"]],
    problems: [at("contracts.yaml:2", "---", "not valid YAML: source contains multiple documents", "YAML", syntax)],
  },
  "a key twice": {
    edits: [[workloads, "  tier: standard", "  type: extraction\n  tier: standard"]],
    problems: [
      at(
        "workloads.yaml:29 invoice-extraction.type",
        "type: extraction",
        "this key stands twice",
        "each key once",
        "remove one",
      ),
    ],
  },
  "a workload twice, and what is wrong with the second": {
    edits: [
      [workloads, "invoice-extraction:\n", "support-chat:\n"],
      [workloads, "decision: docs/decisions/invoice-extraction.md", "decision: 1"],
    ],
    problems: [
      at("workloads.yaml:27 support-chat", "support-chat:", "this key stands twice", "each key once", "rename it"),
      at("workloads.yaml:39 support-chat.decision", 1, "this is a number", "a text", "put it in quotes"),
    ],
  },
  "an alias without an anchor": {
    edits: [
      [
        workloads,
        "residency: eu\n  paths:\n    - { role: primary, location: azure",
        "residency: *eu\n  paths:\n    - { role: primary, location: azure",
      ],
    ],
    problems: [at("workloads.yaml:11", "*eu", "no anchor before it", "&name", "write the value itself")],
  },
  "an empty file": {
    edits: [[workloads, null, ""]],
    problems: [
      at("workloads.yaml:1", undefined, "there is nothing in this file", "at least one entry", "restore the file"),
    ],
  },
  "a file of comments": {
    edits: [["environment", null, "# config:\n"]],
    problems: [
      at("Pulumi.prod.yaml:1", undefined, "there is nothing in this file", "at least one entry", "restore the file"),
    ],
  },
  "a file that is a list": {
    edits: [["slos.yaml", null, "# SLOs\n- interactive-chat\n"]],
    problems: [
      at(
        "slos.yaml:2",
        ["interactive-chat"],
        "this is a list",
        "a set of keys: interactive-chat",
        "write a set of keys",
      ),
    ],
  },
  "a file that is a text": {
    edits: [["contracts.yaml", null, "see the drive"]],
    problems: [at("contracts.yaml:1", "see the drive", "this is a text", "a set of keys", "write a set of keys")],
  },
  "an environment without its config": {
    edits: [["environment", null, "secretsprovider: passphrase\n"]],
    problems: [
      at(
        "Pulumi.prod.yaml:1 config",
        undefined,
        "this is missing",
        "twocloud:environment, twocloud:locations",
        "add it",
      ),
    ],
  },
  "an environment whose config is empty": {
    edits: [["environment", null, "config:\n"]],
    problems: [
      at(
        "Pulumi.prod.yaml:1 config",
        null,
        "nothing stands here",
        "twocloud:environment, twocloud:locations",
        "write a value",
      ),
    ],
  },
});
