import { at, testRefusals } from "../../support/refusals.ts";

const workloads = "workloads.yaml";
const managedFallback =
  "    - { role: fallback, location: aws-main, serving: managed, model: claude-sonnet, contract: aws-edp, standby: hot }\n";
const hostedFallback =
  "    - role: fallback\n      location: gcp-main\n      serving: self-hosted\n      model: gpt-oss-120b\n      contract: gcp-flex\n" +
  "      standby: warm\n      accelerator: nvidia-h100-80gb\n      replicas: { min: 1, max: 4 }\n";
const secondAzure =
  "    azure-second: { cloud: azure, subscription: 00000000-0000-0000-0000-000000000009, tenant: 00000000-0000-0000-0000-0000000000ff, " +
  'region: westeurope, zones: ["1"], cidr: 10.40.0.0/16 }\n    aws-main:\n';

testRefusals({
  "both fallbacks of a critical workload removed": {
    edits: [
      [workloads, managedFallback, ""],
      [workloads, hostedFallback, ""],
    ],
    problems: [
      at(
        "workloads.yaml:12 support-chat.paths",
        "1 path: primary",
        "support-chat is critical and has no fallback",
        "at least one fallback in another cloud",
        "add a path with role: fallback",
      ),
    ],
  },
  "two primaries": {
    edits: [[workloads, "role: fallback, location: aws-main", "role: primary, location: aws-main"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].role",
        "primary",
        "support-chat has another primary (paths[0])",
        "exactly one primary",
        "role: fallback",
      ),
    ],
  },
  "no primary": {
    edits: [[workloads, "role: primary, location: azure-main", "role: fallback, location: azure-main"]],
    problems: [
      at(
        "workloads.yaml:12 support-chat.paths",
        "3 paths: fallback, fallback, fallback",
        "support-chat has no primary",
        "exactly one",
        "make one path the primary",
      ),
    ],
  },
  "a fallback in the primary's location": {
    edits: [[workloads, "role: fallback, location: aws-main", "role: fallback, location: azure-main"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].location",
        "azure-main",
        "in the primary's cloud (azure)",
        "aws-main, gcp-main",
        "another cloud",
      ),
    ],
  },
  "a fallback in another location of the primary's cloud": {
    edits: [
      ["environment", "    aws-main:\n", secondAzure],
      [
        workloads,
        "role: fallback, location: aws-main, serving: managed, model: claude-sonnet",
        "role: fallback, location: azure-second, serving: managed, model: gpt-small",
      ],
    ],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].location",
        "azure-second",
        "in the primary's cloud (azure)",
        "aws-main, gcp-main",
        "another cloud",
      ),
    ],
  },
  "two fallbacks in one location": {
    edits: [[workloads, "location: gcp-main\n", "location: aws-main\n"]],
    problems: [
      at(
        "workloads.yaml:16 support-chat.paths[2].location",
        "aws-main",
        "another path in this location (paths[1])",
        "one path of a workload in each location",
        "another location",
      ),
    ],
  },
  "every path of a critical workload served by closed models of one vendor": {
    edits: [
      [workloads, "model: claude-sonnet", "model: gpt-closed"],
      [workloads, hostedFallback, ""],
      ["models.yaml", "  gemini-flash:\n    vendor: google", closedModel("gpt-closed", "openai")],
    ],
    problems: [
      at(
        "workloads.yaml:12 support-chat.paths",
        "gpt-large, gpt-closed",
        "a closed model of openai",
        "another vendor, or with open weights",
        "change the model of a fallback",
      ),
    ],
  },
  "an unknown location": {
    edits: [[workloads, "location: aws-main", "location: aws-mian"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].location",
        "aws-mian",
        "this location is not in stacks/Pulumi.prod.yaml",
        "azure-main, aws-main, gcp-main",
        "did you mean aws-main?",
      ),
    ],
  },
  "an unknown location that an environment overrides": {
    environment: "dev",
    edits: [[workloads, "location: gcp-main\n", "location: gpc-main\n"]],
    problems: [
      at(
        "workloads.yaml:16 support-chat.paths[2].location",
        "gpc-main",
        "this location is not in stacks/Pulumi.dev.yaml",
        "azure-main, aws-main, gcp-main",
        "did you mean gcp-main?",
      ),
    ],
  },
  "a region outside the residency": {
    edits: [["environment", "region: eu-west-1", "region: us-east-1"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].location",
        "aws-main (us-east-1, us)",
        "outside the residency of support-chat, eu",
        "azure-main, gcp-main",
        "move the path",
      ),
    ],
  },
  "an unknown residency": {
    edits: [
      [
        workloads,
        "residency: eu\n  paths:\n    - { role: primary, location: azure",
        "residency: europe\n  paths:\n    - { role: primary, location: azure",
      ],
    ],
    problems: [
      at(
        "workloads.yaml:11 support-chat.residency",
        "europe",
        "this value is not known",
        "eu, us, uk",
        "use one of these",
      ),
    ],
  },
  "an unknown contract": {
    edits: [[workloads, "contract: aws-edp", "contract: aws-epd"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].contract",
        "aws-epd",
        "not in stacks/contracts.yaml",
        "azure-openai-2026, aws-edp, gcp-flex",
        "did you mean aws-edp?",
      ),
    ],
  },
  "a contract that has ended": {
    edits: [["contracts.yaml", "end: 2028-06-30", "end: 2026-11-20"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].contract",
        "aws-edp",
        "this contract ended on 2026-11-20",
        "a contract that runs on 2026-11-21",
        "renew it",
      ),
    ],
  },
  "a contract that has not begun": {
    edits: [["contracts.yaml", "start: 2025-07-01", "start: 2026-11-22"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].contract",
        "aws-edp",
        "this contract begins on 2026-11-22",
        "a contract that runs on 2026-11-21",
        "use another",
      ),
    ],
  },
});

/** A catalogue entry before gemini-flash: a closed model of a vendor, offered on AWS in the EU. */
function closedModel(name: string, vendor: string): string {
  const offer =
    "{ id: eu.closed, scope: eu, regions: null, api: AWSBedrock, usdPerMillionInputTokens: null, usdPerMillionOutputTokens: null, retires: null, source: a test, date: 2026-11-21 }";
  return (
    `  ${name}:\n    vendor: ${vendor}\n    weights: closed\n    licence: proprietary\n` +
    "    capabilities: { contextTokens: 128000, maxOutputTokens: null, tools: true, structuredOutput: true, streaming: true, modalities: [text] }\n" +
    `    source: a test\n    date: 2026-11-21\n    clouds: { azure: [], gcp: [], aws: [${offer}] }\n  gemini-flash:\n    vendor: google`
  );
}
