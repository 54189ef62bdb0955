import { describe, expect, test } from "vitest";
import { GcpAcceleratorPool } from "../../../components/accelerator/gcp.ts";
import type { AcceleratorPoolArgs } from "../../../components/accelerator/types.ts";
import { gcpLocation, gcpOutputs, tags } from "../../support/gcp.ts";
import { construct, listOf, named } from "../../support/mocks.ts";

const args: AcceleratorPoolArgs = {
  location: gcpLocation,
  scope: "example-ai",
  clusterId: "projects/example-ai/locations/europe-west4/clusters/gke",
  shape: "a3-highgpu-1g",
  accelerator: "nvidia-h100-80gb",
  acceleratorsPerNode: 1,
  zones: ["b", "c"],
  minNodes: 1,
  maxNodes: 4,
  replace: "surge",
  provisioning: "spot",
  nodeServiceAccount: "nodes@example-ai.iam.gserviceaccount.com",
  tags,
};

const l4: Partial<AcceleratorPoolArgs> = { shape: "g2-standard-4", accelerator: "nvidia-l4", zones: ["a"] };

const build = (changes: Partial<AcceleratorPoolArgs> = {}) =>
  construct(() => new GcpAcceleratorPool("chat-pool", { ...args, ...changes } as AcceleratorPoolArgs), {
    outputs: gcpOutputs,
  });

const pool = async (changes: Partial<AcceleratorPoolArgs> = {}) => named(await build(changes), "chat-pool-nodes");

describe("GcpAcceleratorPool", () => {
  test("is one node pool", async () => {
    const resources = await build();
    expect(listOf(resources)).toEqual([
      "twocloud:index:GcpAcceleratorPool chat-pool",
      "gcp:container/nodePool:NodePool chat-pool-nodes",
    ]);
    expect(named(resources, "chat-pool-nodes").parent).toBe("chat-pool");
  });

  test("declares the taint that GKE would add, and lets it install driver and plugin", async () => {
    expect((await pool()).inputs.nodeConfig).toMatchObject({
      machineType: "a3-highgpu-1g",
      guestAccelerators: [
        { type: "nvidia-h100-80gb", count: 1, gpuDriverInstallationConfig: { gpuDriverVersion: "LATEST" } },
      ],
      taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
      labels: { "twocloud/pool": "chat-pool" },
      gcfsConfig: { enabled: true },
      workloadMetadataConfig: { mode: "GKE_METADATA" },
      serviceAccount: "nodes@example-ai.iam.gserviceaccount.com",
      shieldedInstanceConfig: { enableSecureBoot: false, enableIntegrityMonitoring: true },
    });
  });

  test("says what its pods need, as plain constants", async () => {
    expect(named(await build(), "chat-pool").outputs).toMatchObject({
      nodeSelector: { "twocloud/pool": "chat-pool" },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" }],
      shape: "a3-highgpu-1g",
      accelerator: "nvidia-h100-80gb",
      provisioning: "spot",
      minNodes: 1,
      maxNodes: 4,
    });
  });

  test("is bounded over all its zones and has no public address", async () => {
    expect((await pool()).inputs).toMatchObject({
      nodeLocations: ["europe-west4-b", "europe-west4-c"],
      autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 4, locationPolicy: "ANY" },
      initialNodeCount: 0,
      networkConfig: { enablePrivateNodes: true },
      management: { autoRepair: true, autoUpgrade: true },
    });
  });

  test("gets a new name when it needs other machines, and only then", async () => {
    const nameOf = async (changes: Partial<AcceleratorPoolArgs> = {}) => (await pool(changes)).inputs.name as string;
    const name = await nameOf();
    expect(name).toMatch(/^chat-pool-[0-9a-f]{8}$/);
    expect(await nameOf({ maxNodes: 8, zones: ["b"] })).toBe(name);
    expect(await nameOf({ shape: "a3-highgpu-8g", acceleratorsPerNode: 8 })).not.toBe(name);
    expect(await nameOf({ ...l4, provisioning: "on-demand" })).not.toBe(await nameOf({ ...l4 }));
  });

  test("upgrades with one machine more for surge, with one less for rolling", async () => {
    expect((await pool()).inputs.upgradeSettings).toEqual({ strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 });
    expect((await pool({ replace: "rolling" })).inputs.upgradeSettings).toEqual({
      strategy: "SURGE",
      maxSurge: 0,
      maxUnavailable: 1,
    });
  });

  test.each([
    ["on-demand", { spot: false }],
    ["spot", { spot: true, reservationAffinity: { consumeReservationType: "NO_RESERVATION" } }],
    ["flex-start", { spot: false, flexStart: true, reservationAffinity: { consumeReservationType: "NO_RESERVATION" } }],
    [
      "reservation",
      {
        spot: false,
        reservationAffinity: {
          consumeReservationType: "SPECIFIC_RESERVATION",
          key: "compute.googleapis.com/reservation-name",
          values: ["held"],
        },
      },
    ],
  ] as const)("buys machines by %s", async (provisioning, expected) => {
    const reservation = provisioning === "reservation" ? { reservation: "held" } : {};
    const { nodeConfig } = (await pool({ ...l4, minNodes: 0, provisioning, ...reservation })).inputs;
    const { spot, flexStart, reservationAffinity } = nodeConfig as Record<string, unknown>;
    expect(JSON.parse(JSON.stringify({ spot, flexStart, reservationAffinity }))).toEqual(expected);
  });

  test("does not repair flex-start machines, which would queue again", async () => {
    const { inputs } = await pool({ provisioning: "flex-start", minNodes: 0 });
    expect(inputs.management).toEqual({ autoRepair: false, autoUpgrade: true });
    expect(inputs.upgradeSettings).toBeUndefined();
  });

  test.each([
    [
      { accelerator: "nvidia-h100-80g" as never },
      'accelerator "nvidia-h100-80g" is unknown; did you mean nvidia-h100-80gb?',
    ],
    [{ shape: "a3-highgpu" }, "the catalogue has a3-highgpu-1g, a3-highgpu-8g"],
    [{ acceleratorsPerNode: 8 }, "acceleratorsPerNode is 8; a3-highgpu-1g has 1"],
    [{ provisioning: "on-demand" as const }, "a3-highgpu-1g is sold as spot, flex-start"],
    [{ zones: ["a", "b"] }, "a3-highgpu-1g is not offered in zone a of europe-west4; it is in b, c"],
    [{ zones: [] }, "zones is empty; name at least one of b, c"],
    [{ location: { ...gcpLocation, region: "europe-west6" } }, "a3-highgpu-1g is not known in europe-west6"],
    [{ minNodes: 5 }, "minNodes is 5 and maxNodes 4"],
    [{ maxNodes: 0, minNodes: 0 }, "minNodes is 0 and maxNodes 0"],
    [{ provisioning: "flex-start" as const }, "minNodes is 1; flex-start machines come when pods wait for them"],
    [{ reservation: "held" }, 'provisioning is "spot" and reservation "held"'],
  ])("refuses %j", async (changes, message) => {
    await expect(build(changes)).rejects.toThrow(message);
  });
});
