import { expect, test } from "vitest";
import { at, testRefusals } from "../../support/refusals.ts";
import { type Edit, edited, problemsIn } from "../../support/stacks.ts";

const workloads = "workloads.yaml";
const managedFallback =
  "    - { role: fallback, location: aws-main, serving: managed, model: claude-sonnet, contract: aws-edp, standby: hot }\n";

/** The third path as the primary, in the first one's place. */
const selfHostedPrimary: readonly Edit[] = [
  [
    workloads,
    "role: primary, location: azure-main, serving: managed, model: gpt-large",
    "role: fallback, location: azure-main, serving: managed, model: gpt-large",
  ],
  [workloads, "role: fallback\n", "role: primary\n"],
];

testRefusals({
  "a primary on spot machines": {
    edits: selfHostedPrimary,
    problems: [
      at(
        "workloads.yaml:21 support-chat.paths[2].accelerator",
        "nvidia-h100-80gb",
        "europe-west4 sells a3-highgpu-1g, the smallest that holds a replica of gpt-oss-120b, in no other way",
        "sold on demand: nvidia-a100-80gb",
        "make this path a fallback",
      ),
    ],
  },
  "a primary on spot machines where nothing is sold on demand": {
    environment: "dev",
    edits: [...selfHostedPrimary, ["environment", "region: europe-west4", "region: europe-north1"]],
    problems: [
      at(
        "workloads.yaml:21 support-chat.paths[2].accelerator",
        "nvidia-h100-80gb",
        "europe-north1 sells a3-highgpu-1g",
        "none that europe-north1 offers",
        "a location in a region that sells them on demand",
      ),
    ],
  },
  "a cold standby with an objective of 60 seconds": {
    edits: [
      [workloads, "standby: warm\n", "standby: cold\n"],
      [workloads, "min: 1, max: 4", "min: 0, max: 4"],
    ],
    problems: [
      at(
        "workloads.yaml:20 support-chat.paths[2].standby",
        "cold",
        "about 911 s",
        "answers within 60 s",
        "standby: warm with replicas.min of 1 or more",
      ),
    ],
  },
  "a standby called cold although replicas run": {
    environment: "dev",
    edits: [
      ["environment", "standby: cold, replicas: { min: 0, max: 1 }", "standby: cold, replicas: { min: 1, max: 1 }"],
    ],
    problems: [
      at(
        "Pulumi.dev.yaml:44 config.twocloud:overrides.support-chat.paths.gcp-main.standby",
        "cold",
        "cold means from zero, but replicas.min is 1",
        "cold with replicas.min 0",
        "choose one",
      ),
    ],
  },
  "a hot standby whose replicas do not carry the share": {
    edits: [[workloads, "standby: warm\n", "standby: hot\n"]],
    problems: [
      at(
        "workloads.yaml:20 support-chat.paths[2].standby",
        "hot",
        "4 replicas, but replicas.min is 1",
        "hot with replicas.min 4 or more",
        "raise replicas.min",
      ),
    ],
  },
  "a warm standby without a replica and an objective of 60 seconds": {
    edits: [[workloads, "min: 1, max: 4", "min: 0, max: 4"]],
    problems: [
      at(
        "workloads.yaml:20 support-chat.paths[2].standby",
        "warm",
        "about 311 s",
        "answers within 60 s",
        "replicas.min of 1 or more",
      ),
    ],
  },
  "a managed path that can't answer in time": {
    edits: [[workloads, "timeObjectiveSeconds: 60", "timeObjectiveSeconds: 10"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].standby",
        "hot",
        "about 11 s",
        "answers within 10 s",
        "allow more time",
      ),
      at(
        "workloads.yaml:20 support-chat.paths[2].standby",
        "warm",
        "about 11 s",
        "answers within 10 s",
        "allow more time",
      ),
    ],
  },
  "a fallback without replicas for its share": {
    edits: [[workloads, "min: 1, max: 4", "min: 1, max: 2"]],
    problems: [
      at(
        "workloads.yaml:22 support-chat.paths[2].replicas.max",
        2,
        "2 replicas carry 11.6 requests a second; this path's share of the peak is 20",
        "at least 4",
        "raise replicas.max",
      ),
    ],
  },
  "an environment's override without replicas for the share": {
    environment: "staging",
    edits: [
      ["environment", "gcp-main: { replicas: { max: 2 } }", "gcp-main: { replicas: { max: 1 } }"],
      ["environment", "peakRequestsPerSecond: 5", "peakRequestsPerSecond: 6"],
    ],
    problems: [
      at(
        "Pulumi.staging.yaml:42 config.twocloud:overrides.support-chat.paths.gcp-main.replicas.max",
        1,
        "1 replica carries 5.8 requests a second; this path's share of the peak is 6",
        "at least 2",
        "raise replicas.max",
      ),
    ],
  },
  "a fallback whose quota is below its share": {
    edits: [
      [workloads, "contract: aws-edp, standby: hot", "contract: aws-edp, standby: hot, tokensPerMinute: 2159999"],
    ],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].tokensPerMinute",
        2159999,
        "share of the peak is 2160000 tokens a minute",
        "at least 2160000",
        "lower traffic.fallbackShare",
      ),
    ],
  },
  "a primary whose quota is below the peak": {
    edits: [
      [
        workloads,
        "contract: azure-openai-2026 }\n    - { role: fallback, location: aws",
        "contract: azure-openai-2026, tokensPerMinute: 1 }\n    - { role: fallback, location: aws",
      ],
    ],
    problems: [
      at(
        "workloads.yaml:13 support-chat.paths[0].tokensPerMinute",
        1,
        "2160000 tokens a minute",
        "at least 2160000",
        "lower traffic.peakRequestsPerSecond",
      ),
    ],
  },
  "an accelerator and replicas on a managed path": {
    edits: [
      [
        workloads,
        "contract: aws-edp, standby: hot",
        "contract: aws-edp, accelerator: nvidia-h100-80gb, replicas: { min: 1, max: 2 }",
      ],
    ],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].accelerator",
        "nvidia-h100-80gb",
        "accelerator belongs to a self-hosted path",
        "no accelerator here",
        "remove it, or write serving: self-hosted",
      ),
      at(
        "workloads.yaml:14 support-chat.paths[1].replicas",
        { min: 1, max: 2 },
        "replicas belongs to a self-hosted path",
        "no replicas here",
        "remove it, or write serving: self-hosted",
      ),
    ],
  },
  "a managed path that is not hot": {
    edits: [[workloads, "contract: aws-edp, standby: hot", "contract: aws-edp, standby: warm"]],
    problems: [
      at(
        "workloads.yaml:14 support-chat.paths[1].standby",
        "warm",
        "a managed path is always hot",
        "hot",
        "write standby: hot, or leave it out",
      ),
    ],
  },
  "a self-hosted path without accelerator and replicas, but with a quota": {
    edits: [
      [
        workloads,
        "      accelerator: nvidia-h100-80gb\n      replicas: { min: 1, max: 4 }\n",
        "      tokensPerMinute: 5\n",
      ],
    ],
    problems: [
      at(
        "workloads.yaml:15 support-chat.paths[2].replicas",
        undefined,
        "this is missing: a self-hosted path needs it",
        "{ min, max }",
        "add replicas",
      ),
      at(
        "workloads.yaml:15 support-chat.paths[2].accelerator",
        undefined,
        "this is missing: a self-hosted path needs it",
        "nvidia-h100-80gb",
        "add one",
      ),
      at(
        "workloads.yaml:21 support-chat.paths[2].tokensPerMinute",
        5,
        "a quota belongs to a managed path",
        "no tokensPerMinute here",
        "remove it",
      ),
    ],
  },
  "an unknown accelerator": {
    edits: [[workloads, "nvidia-h100-80gb", "nvidia-h100"]],
    problems: [
      at(
        "workloads.yaml:21 support-chat.paths[2].accelerator",
        "nvidia-h100",
        "not in the catalogue",
        "nvidia-h100-80gb, nvidia-a100-80gb",
        "did you mean nvidia-h100-80gb?",
      ),
    ],
  },
  "an accelerator that the region does not offer": {
    edits: [[workloads, "nvidia-h100-80gb", "nvidia-h200-141gb"]],
    problems: [
      at(
        "workloads.yaml:21 support-chat.paths[2].accelerator",
        "nvidia-h200-141gb",
        "europe-west4 does not offer this accelerator",
        "nvidia-h100-80gb, nvidia-a100-80gb",
        "a region that has it",
      ),
    ],
  },
  "an accelerator with too little memory": {
    edits: [[workloads, "nvidia-h100-80gb", "nvidia-l4"]],
    problems: [
      at(
        "workloads.yaml:21 support-chat.paths[2].accelerator",
        "nvidia-l4",
        "a replica of gpt-oss-120b takes 4 of this accelerator in one machine; europe-west4 has 1 at most",
        "nvidia-h100-80gb, nvidia-a100-80gb",
        "a smaller model",
      ),
    ],
  },
  "self-hosting in a cloud without pools": {
    edits: [
      [workloads, "location: gcp-main\n", "location: aws-main\n"],
      [workloads, managedFallback, ""],
    ],
    problems: [
      at(
        "workloads.yaml:16 support-chat.paths[1].serving",
        "self-hosted",
        "GPU pools are not built in aws yet",
        "self-hosted in: gcp",
        "a managed model",
      ),
    ],
  },
  "min above max": {
    edits: [[workloads, "min: 1, max: 4", "min: 5, max: 4"]],
    problems: [
      at(
        "workloads.yaml:22 support-chat.paths[2].replicas.min",
        "min 5, max 4",
        "min is above max",
        "at most 4",
        "lower min or raise max",
      ),
    ],
  },
});

test("a primary on machines that are sold on demand, and a fallback on spot ones, are taken as they are", () => {
  const onDemand: Edit[] = [
    [workloads, "nvidia-h100-80gb", "nvidia-a100-80gb"],
    [workloads, "min: 1, max: 4", "min: 1, max: 6"],
  ];
  expect(problemsIn(edited("prod", ...selfHostedPrimary, ...onDemand))).toEqual([]);
  expect(problemsIn(edited("prod"))).toEqual([]);
});
