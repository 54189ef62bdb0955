import { describe, expect, test } from "vitest";
import { acceleratorBudget } from "../../../../policy/rules/accelerator/accelerator-budget.ts";
import { ask, type Shown } from "../../../support/policy.ts";
import {
  agentPool,
  awsPath,
  gcpPath,
  gcpPool,
  nodeGroup,
  withAgentPool,
  withNodeGroup,
} from "../../../support/policy-pools.ts";
import { dependingOn, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const cap = ["slo", "cost", "monthlyCapUsd"];
const most = ["autoscaling", "totalMaxNodeCount"];
const awsProvider = { name: "aws-main", type: "pulumi:providers:aws" };

const over = (usd: number, pools: string, limit: number | string = 40000) =>
  `the accelerators of support-chat can cost ${usd} USD a month (${pools}); its cap is ${limit}. Fix: lower the pool's maximum, or raise the cap.`;
const unclear = (pool: string, what: string) =>
  `what the accelerators of support-chat cost cannot be told: ${pool} ${what}. Fix: choose a shape of components/accelerator/catalogue.ts and set a maximum.`;
const ofGcp = (machines: number) => `${gcpPool.name}: ${machines} × 6.6809 USD/h`;

describe.each(views)("accelerator-budget on a %s", (view) => {
  test("the project's own pool costs less than its cap", async () => {
    expect(await ask(acceleratorBudget, await stack(view))).toEqual([]);
  });

  test("pools of other clouds that are cheap enough comply", async () => {
    const shown = await stack(view);
    expect(await ask(acceleratorBudget, withAgentPool(shown))).toEqual([]);
    const london = set(withNodeGroup(shown, "p5.4xlarge"), awsProvider, ["region"], "eu-west-2");
    expect(await ask(acceleratorBudget, london)).toEqual([]);
  });

  test.each([
    ["more machines", (shown: Shown[]) => set(shown, gcpPool, most, 9), over(43894, ofGcp(9))],
    [
      "machines on demand",
      (shown: Shown[]) => set(shown, gcpPool, ["nodeConfig", "spot"], false),
      over(41077, `${gcpPool.name}: 4 × 14.0676 USD/h`),
    ],
    ["a lower cap", (shown: Shown[]) => set(shown, gcpPath, cap, 19508), over(19508, ofGcp(4), 19508)],
    [
      "a lower cap of another path of the workload",
      (shown: Shown[]) => set(shown, awsPath, cap, 10000),
      over(19508, ofGcp(4), 10000),
    ],
    ["no cap", (shown: Shown[]) => set(shown, gcpPath, cap, undefined), over(19508, ofGcp(4), "not known")],
    ["a cap that is not known", (shown: Shown[]) => unknownAt(shown, gcpPath, cap), over(19508, ofGcp(4), "not known")],
    [
      "no maximum",
      (shown: Shown[]) => set(shown, gcpPool, most, undefined),
      unclear(gcpPool.name, "has no maximum that is known"),
    ],
    [
      "a maximum that is not known",
      (shown: Shown[]) => unknownAt(shown, gcpPool, most),
      unclear(gcpPool.name, "has no maximum that is known"),
    ],
    [
      "a shape without a price",
      (shown: Shown[]) => set(shown, gcpPool, ["nodeConfig", "machineType"], "a3-ultragpu-8g"),
      unclear(gcpPool.name, "has the shape a3-ultragpu-8g, of which no price is known in europe-west4"),
    ],
    [
      "a shape that is not known",
      (shown: Shown[]) => unknownAt(shown, gcpPool, ["nodeConfig", "machineType"]),
      unclear(gcpPool.name, "has the shape that is not known, of which no price is known in europe-west4"),
    ],
    [
      "a region without a price",
      (shown: Shown[]) => withNodeGroup(shown, "p5.4xlarge"),
      unclear(nodeGroup.name, "has the shape p5.4xlarge, of which no price is known in eu-west-1"),
    ],
    [
      "a second pool in Azure",
      (shown: Shown[]) => set(withAgentPool(shown), agentPool, ["maxCount"], 4),
      over(46004, `gpus: 4 × 9.074 USD/h, ${ofGcp(4)}`),
    ],
    [
      "a pool in Azure that does not grow, but is large",
      (shown: Shown[]) => set(set(withAgentPool(shown), agentPool, ["maxCount"], undefined), agentPool, ["count"], 4),
      over(46004, `gpus: 4 × 9.074 USD/h, ${ofGcp(4)}`),
    ],
  ])("refused: %s", async (_, broken, message) => {
    const [found, ...more] = await ask(acceleratorBudget, broken(await stack(view)));
    expect(more).toEqual([]);
    // Paths come in the order in which the program made them.
    expect(sorted(found)).toBe(sorted(message));
  });

  test("a maximum of each zone counts as often as there are zones", async () => {
    const zonal = (each: number) => async () =>
      set(await stack(view), gcpPool, ["autoscaling"], { minNodeCount: 0, maxNodeCount: each });
    expect(await ask(acceleratorBudget, await zonal(4)())).toEqual([]);
    expect(await ask(acceleratorBudget, await zonal(5)())).toEqual([over(48771, ofGcp(10))]);
    const everywhere = set(await zonal(4)(), gcpPool, ["nodeLocations"], undefined);
    expect(await ask(acceleratorBudget, everywhere)).toEqual([unclear(gcpPool.name, "has no maximum that is known")]);
  });

  test("a pool that two paths stand on is paid once", async () => {
    const shared = dependingOn(set(await stack(view), gcpPool, most, 8), awsPath, gcpPool);
    expect(await ask(acceleratorBudget, shared)).toEqual([]);
  });

  test("without accelerators there is nothing to pay", async () => {
    expect(await ask(acceleratorBudget, without(set(await stack(view), gcpPath, cap, 0), gcpPool))).toEqual([]);
    expect(await ask(acceleratorBudget, [])).toEqual([]);
  });
});

/** A message with the pools that it lists in order. */
function sorted(message: string | undefined): string | undefined {
  return message?.replace(/\((.*)\)/, (_, pools: string) => `(${pools.split(", ").sort().join(", ")})`);
}
