import { describe, expect, test } from "vitest";
import { primaryCapacity } from "../../../../policy/rules/accelerator/primary-capacity.ts";
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
import { like, set, stack, unknownAt, views, without } from "../../../support/policy-stack.ts";

const refused = (path: string, ...pools: string[]) =>
  `support-chat/${path} is primary and stands on ${pools.join(", ")}, spot or not known to be otherwise. Fix: add a pool that is on demand.`;

const spot = ["nodeConfig", "spot"];
/** The third path as a primary one. */
const primary = (shown: readonly Shown[]) => set(shown, gcpPath, ["role"], "primary");
const onDemand = (shown: readonly Shown[]) => set(primary(shown), gcpPool, spot, false);
const group = (shown: readonly Shown[]) => set(withNodeGroup(shown), awsPath, ["role"], "primary");

describe.each(views)("primary-capacity on a %s", (view) => {
  test("the project's own spot pool is a fallback's", async () => {
    expect(await ask(primaryCapacity, await stack(view))).toEqual([]);
  });

  test("a primary on demand complies in every cloud, by what the cloud takes for granted too", async () => {
    const shown = await stack(view);
    expect(await ask(primaryCapacity, onDemand(shown))).toEqual([]);
    expect(await ask(primaryCapacity, set(onDemand(shown), gcpPool, spot, undefined))).toEqual([]);
    expect(await ask(primaryCapacity, withAgentPool(shown))).toEqual([]);
    expect(await ask(primaryCapacity, set(withAgentPool(shown), agentPool, ["scaleSetPriority"], "Regular"))).toEqual(
      [],
    );
    expect(await ask(primaryCapacity, group(shown))).toEqual([]);
    expect(await ask(primaryCapacity, set(group(shown), nodeGroup, ["capacityType"], "ON_DEMAND"))).toEqual([]);
    expect(await ask(primaryCapacity, set(group(shown), nodeGroup, ["capacityType"], "CAPACITY_BLOCK"))).toEqual([]);
  });

  test.each([
    ["GCP: spot", (shown: Shown[]) => set(onDemand(shown), gcpPool, spot, true), refused("gcp-main", gcpPool.name)],
    [
      "GCP: preemptible, which is the older word",
      (shown: Shown[]) => set(onDemand(shown), gcpPool, ["nodeConfig", "preemptible"], true),
      refused("gcp-main", gcpPool.name),
    ],
    [
      "GCP: not known",
      (shown: Shown[]) => unknownAt(onDemand(shown), gcpPool, spot),
      refused("gcp-main", gcpPool.name),
    ],
    [
      "Azure: spot",
      (shown: Shown[]) => set(withAgentPool(shown), agentPool, ["scaleSetPriority"], "Spot"),
      refused("azure-main", agentPool.name),
    ],
    [
      "Azure: not known",
      (shown: Shown[]) => unknownAt(withAgentPool(shown), agentPool, ["scaleSetPriority"]),
      refused("azure-main", agentPool.name),
    ],
    [
      "AWS: spot",
      (shown: Shown[]) => set(group(shown), nodeGroup, ["capacityType"], "SPOT"),
      refused("aws-main", nodeGroup.name),
    ],
    [
      "AWS: not known",
      (shown: Shown[]) => unknownAt(group(shown), nodeGroup, ["capacityType"]),
      refused("aws-main", nodeGroup.name),
    ],
    [
      "a role that is not known",
      (shown: Shown[]) => unknownAt(shown, gcpPath, ["role"]),
      refused("gcp-main", gcpPool.name),
    ],
    ["no role at all", (shown: Shown[]) => set(shown, gcpPath, ["role"], undefined), refused("gcp-main", gcpPool.name)],
  ])("refused: %s", async (_, broken, message) => {
    expect(await ask(primaryCapacity, broken(await stack(view)))).toEqual([message]);
  });

  test("a second pool on demand is enough, a second spot one is not", async () => {
    const two = like(primary(await stack(view)), gcpPool, { name: "second" });
    expect(await ask(primaryCapacity, set(two, { name: "second" }, spot, false))).toEqual([]);
    expect(await ask(primaryCapacity, two)).toEqual([refused("gcp-main", "second", gcpPool.name)]);
  });

  test("machines of which nobody knows the shape may have accelerators; others have none", async () => {
    const shown = set(withAgentPool(await stack(view)), agentPool, ["scaleSetPriority"], "Spot");
    const message = refused("azure-main", agentPool.name);
    expect(await ask(primaryCapacity, unknownAt(shown, agentPool, ["vmSize"]))).toEqual([message]);
    expect(await ask(primaryCapacity, set(shown, agentPool, ["vmSize"], "Standard_D4s_v5"))).toEqual([]);
  });

  test("an accelerator beside an ordinary machine is one", async () => {
    const attached = set(primary(await stack(view)), gcpPool, ["nodeConfig", "machineType"], "n1-standard-8");
    expect(await ask(primaryCapacity, attached)).toEqual([refused("gcp-main", gcpPool.name)]);
    expect(await ask(primaryCapacity, set(attached, gcpPool, ["nodeConfig", "guestAccelerators"], []))).toEqual([]);
  });

  test("a primary without machines of its own has nothing to say", async () => {
    expect(await ask(primaryCapacity, without(primary(await stack(view)), gcpPool))).toEqual([]);
    expect(await ask(primaryCapacity, [])).toEqual([]);
  });
});
