import { describe, expect, test } from "vitest";
import type { Plan } from "../../../components/plan/types.ts";
import { readConfig, type Sources } from "../../../infra/config/read.ts";
import { planStack } from "../../../infra/planning/index.ts";
import { edited, shipped } from "../../support/stacks.ts";

/** How the plan follows from the stack files: one edit, one thing that changes. */

const planOf = (sources: Sources): Plan => planStack(readConfig(sources));
const chatOf = (sources: Sources) => planOf(sources).workloads[0];
const workloads = "workloads.yaml";

describe("the retirement clock", () => {
  const shared = (claude: string, asOf?: string) => {
    const sources = edited("prod", [
      "models.yaml",
      "usdPerMillionInputTokens: 3.3\n          usdPerMillionOutputTokens: 16.5\n          retires: null",
      `usdPerMillionInputTokens: 3.3\n          usdPerMillionOutputTokens: 16.5\n          retires: ${claude}`,
    ]);
    const independence = chatOf(asOf === undefined ? sources : { ...sources, asOf })?.independence;
    const clocks = independence?.shared
      .filter(({ dimension }) => dimension === "retirement")
      .map(({ level, node }) => `${level} ${node}`);
    return [clocks?.join() ?? "", independence?.fallbacks[0]?.independent];
  };

  // The primary's model retires on 2027-03-05.
  test.each([
    ["a day that nobody states is unknown, which is reported", "null", undefined, ["soft unknown", true]],
    ["the same day is one clock", "2027-03-05", undefined, ["soft around 2027-03-05", true]],
    ["thirty days later is one clock", "2027-04-04", undefined, ["soft around 2027-03-05", true]],
    ["thirty days earlier is one clock", "2027-02-03", undefined, ["soft around 2027-03-05", true]],
    ["thirty-one days later is another clock", "2027-04-05", undefined, ["", true]],
    [
      "a clock that runs out in thirty-one days is reported",
      "2027-03-10",
      "2027-02-02",
      ["soft around 2027-03-05", true],
    ],
    [
      "a clock that runs out in thirty days disqualifies the fallback",
      "2027-03-10",
      "2027-02-03",
      ["hard around 2027-03-05", false],
    ],
  ])("%s", (_, claude, asOf, expected) => {
    expect(shared(claude, asOf)).toEqual(expected);
  });
});

describe("an environment's overrides", () => {
  test("change what they name and nothing else", () => {
    const staging = chatOf(shipped("staging"));
    const prod = chatOf(shipped("prod"));
    expect(staging?.traffic).toEqual({ ...prod?.traffic, peakRequestsPerSecond: 5 });
    expect(staging?.paths[2]?.selfHosted).toMatchObject({ minReplicas: 1, maxReplicas: 2 });
    expect(staging?.requires).toEqual(prod?.requires);
  });
});

describe("locations", () => {
  test("that no path uses are not planned", () => {
    const spare =
      '    spare: { cloud: aws, account: "000000000009", region: eu-central-1, zones: [a, b], cidr: 10.40.0.0/16 }\n    gcp-main:\n      cloud';
    const plan = planOf(edited("prod", ["environment", "    gcp-main:\n      cloud", spare]));
    expect(plan.locations.map(({ name }) => name)).toEqual(["azure-main", "aws-main", "gcp-main"]);
  });

  const gateways = (sources: Sources) =>
    planOf(sources).locations.flatMap(({ name, gateway }) => (gateway === null ? [] : [name]));

  test("get a gateway when they serve a critical workload", () => {
    expect(gateways(shipped("prod"))).toEqual(["azure-main", "aws-main", "gcp-main"]);
  });

  test("get a gateway when they run model servers, whose only way in it is", () => {
    expect(gateways(edited("prod", [workloads, "tier: critical", "tier: standard"]))).toEqual(["gcp-main"]);
  });

  test("get a gateway when they are the primary's of a workload that no other gateway serves", () => {
    const managed = "      serving: managed\n      model: gemini-flash\n      contract: gcp-flex\n";
    const hosted = /^ {6}serving: self-hosted\n(?: {6}.+\n)+/m.exec(shipped("prod").shared[workloads])?.[0] ?? "";
    expect(
      gateways(edited("prod", [workloads, "tier: critical", "tier: standard"], [workloads, hosted, managed])),
    ).toEqual(["azure-main"]);
  });
});

describe("a deployment of Azure", () => {
  const deployments = (sources: Sources) =>
    planOf(sources)
      .workloads.flatMap(({ paths }) => paths)
      .flatMap(({ cloud, managed }) => (cloud === "azure" && managed !== null ? [managed] : []));

  test("is named after model and workload; where the workload has the model twice, after the location too", () => {
    const more = `    azure-more:
      cloud: azure
      subscription: 00000000-0000-0000-0000-000000000003
      tenant: 00000000-0000-0000-0000-0000000000ff
      region: westeurope
      zones: ["1"]
      cidr: 10.33.0.0/16
  twocloud:access:
`;
    const first =
      "location: azure-main, serving: managed, model: gpt-small, contract: azure-openai-2026, standby: hot }\n";
    const second = `    - { role: fallback, ${first.replace("azure-main", "azure-more")}`;
    const named = deployments(
      edited("prod", ["environment", "  twocloud:access:\n", more], [workloads, first, `${first}${second}`]),
    );
    expect(named.map(({ modelId }) => modelId)).toEqual([
      "gpt-5.4-support-chat",
      "gpt-5-mini-invoice-extraction",
      "gpt-5-mini-invoice-extraction-azure-more",
    ]);
  });

  test("has the least capacity that is sold when it has to carry nothing", () => {
    const share = "inputTokens: 6000, outputTokens: 800, fallbackShare: ";
    const [, idle] = deployments(edited("prod", [workloads, `${share}1.0`, `${share}0`]));
    expect(idle?.capacityThousandTokensPerMinute).toBe(1);
  });
});

describe("a GPU pool", () => {
  test("has nodes for its replicas, and shapes that hold a whole one", () => {
    const pool = chatOf(
      edited(
        "prod",
        [workloads, "nvidia-h100-80gb", "nvidia-a100-80gb"],
        [workloads, "min: 1, max: 4", "min: 2, max: 6"],
      ),
    )?.paths[2]?.selfHosted;
    expect(pool).toMatchObject({
      shape: "a2-ultragpu-1g",
      purchase: "on-demand",
      zones: ["a"],
      minNodes: 2,
      maxNodes: 6,
      acceleratorsPerReplica: 1,
    });
  });

  test("takes a larger machine when a replica needs several accelerators in one", () => {
    const two = (count: number) =>
      `- accelerator: nvidia-h100-80gb\n          acceleratorsPerReplica: ${count}\n          outputTokensPerSecond: 2956`;
    const one =
      shipped("prod").shared["models.yaml"].match(
        /- accelerator: nvidia-h100-80gb\n {10}acceleratorsPerReplica: 1\n {10}outputTokensPerSecond: \d+/,
      )?.[0] ?? "";
    const pool = chatOf(edited("prod", ["models.yaml", one, two(2)]))?.paths[2]?.selfHosted;
    expect(pool).toMatchObject({
      shape: "a3-highgpu-8g",
      acceleratorsPerReplica: 2,
      acceleratorsPerNode: 8,
      minNodes: 1,
      maxNodes: 1,
    });
  });
});
