import { describe, expect, test } from "vitest";
import { lateReads, lateReadsIn } from "../../policy/late.ts";

/** Which of the late reads a verdict on some resources rests on. */

const rulesOf = (...resources: Parameters<typeof lateReadsIn>[0]) => [
  ...new Set(lateReadsIn(resources).map(({ rule }) => rule)),
];
/** What looks through everything looks through these, too. */
const anywhere = ["shared-fate", "shared-fate-soft"];
const group = "aws:eks/nodeGroup:NodeGroup";
const setting = "azure-native:monitor:DiagnosticSetting";

describe("a late read is made", () => {
  test("of what the rule sees: inputs before a resource is made, outputs over inputs afterwards", () => {
    const policy = { policy: "{}" };
    const type = "aws:iam/rolePolicy:RolePolicy";
    expect(rulesOf({ type, inputs: policy })).toEqual([
      "shared-fate",
      "reachability",
      "model-permissions",
      "shared-fate-soft",
    ]);
    expect(rulesOf({ type, outputs: policy })).toEqual(["shared-fate", "reachability", "shared-fate-soft"]);
  });

  test("of Azure's types in any API version", () => {
    const props = { resourceUri: "/subscriptions/1" };
    for (const type of [setting, setting.replace("monitor", "monitor/v20210501preview")])
      expect(rulesOf({ type, outputs: props })).toContain("ai-diagnostics");
  });

  test("of those alone of which the rule demands it", () => {
    const subnetIds = ["subnet-1"];
    expect(rulesOf({ type: group, inputs: { subnetIds, instanceTypes: ["p5.4xlarge"] } })).toContain("pool-limits");
    expect(rulesOf({ type: group, inputs: { subnetIds, instanceTypes: ["m7i.large"] } })).not.toContain("pool-limits");
  });

  test("of every property of a kind of types", () => {
    expect(rulesOf({ type: "kubernetes:core/v1:ConfigMap", inputs: { data: {} } })).toContain("no-static-keys");
    expect(rulesOf({ type: "aws:kms/key:Key", outputs: { region: "eu-west-1" } })).toEqual([
      "shared-fate",
      "residency",
      "shared-fate-soft",
    ]);
  });

  test("of nothing where the state has no value, or no resource of the type", () => {
    expect(rulesOf({ type: setting, outputs: { name: "logs" } })).toEqual(anywhere);
    expect(rulesOf({ type: "aws:kms/key:Key" })).toEqual([]);
    expect(rulesOf()).toEqual([]);
    expect(lateReads.length).toBeGreaterThan(20);
  });
});
