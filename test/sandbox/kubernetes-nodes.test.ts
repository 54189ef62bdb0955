/** Which pods the node pools of a cluster of each cloud can take. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "../../sandbox/cloud.ts";
import { AKS, EKS, GKE, poolsOf } from "../../sandbox/clouds/kubernetes/nodes.ts";
import { schedulingProblems } from "../../sandbox/clouds/kubernetes/scheduling.ts";
import type { StoredResource } from "../../sandbox/store.ts";
import type { Properties } from "../../sandbox/values.ts";
import { clusterIn } from "./cluster.ts";
import { type TestSandbox, testSandbox } from "./engine.ts";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const AGENT_POOL = "azure-native:containerservice:AgentPool";
const NODE_POOL = "gcp:container/nodePool:NodePool";
const RELEASE = "kubernetes:helm.sh/v3:Release";

/** A resource whose outputs are its inputs. */
function held(type: string, name: string, inputs: Properties): StoredResource {
  const placement = { scope: "account", region: "eu-west-1" };
  return { type, name, id: name, inputs, outputs: inputs, placement } as unknown as StoredResource;
}

/** What the tables ask of a cluster with these pools. */
function cluster(type: string, own: Properties, others: readonly StoredResource[] = []): Context {
  const it = held(type, "main", own);
  return {
    connection: { scope: "https://main.example.com" },
    find: (_: unknown, name: unknown, by?: string) =>
      name === "https://main.example.com" && by === "endpoint" ? it : undefined,
    all: (wanted: string) => others.filter((other) => other.type === wanted),
  } as unknown as Context;
}

const container = (resources: Properties = {}) => ({ containers: [{ name: "a", image: "a:1", resources }] });
const accelerated = container({ limits: { "nvidia.com/gpu": "1" } });
const tolerations = [{ key: "nvidia.com/gpu", operator: "Exists" }];
const reasons = (spec: Properties, context: Context) =>
  schedulingProblems(spec, "spec", context).map(({ reason }) => reason);

describe("EKS", () => {
  const group = (name: string, inputs: Properties) =>
    held(NODE_GROUP, name, { clusterName: "main", nodeGroupName: name, instanceTypes: ["m7i.large"], ...inputs });
  const taints = [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }];
  const gpu = group("gpu", { instanceTypes: ["p5.48xlarge"], taints });
  const both = cluster(EKS, {}, [
    group("system", {}),
    gpu,
    group("foreign", { clusterName: "other", labels: { a: "b" } }),
  ]);

  test("takes processors where nothing is asked for, and accelerators where they are tolerated", () => {
    expect(reasons(container(), both)).toEqual([]);
    expect(reasons({ ...accelerated, tolerations }, both)).toEqual([]);
  });

  test("says of every pool why it does not fit", () => {
    expect(reasons(accelerated, both)).toEqual([
      "FailedScheduling: 0/2 node pools of the cluster can take the pod (system: Insufficient nvidia.com/gpu; gpu: untolerated taint {nvidia.com/gpu: present})",
    ]);
    expect(reasons({ ...container(), nodeSelector: { a: "b" } }, both)[0]).toContain(
      "system: no label a=b; gpu: no label a=b",
    );
  });

  test("leaves labels alone that others put on machines, but for those it knows", () => {
    expect(reasons({ ...container(), nodeSelector: { "topology.kubernetes.io/zone": "eu-west-1a" } }, both)).toEqual(
      [],
    );
    const named = { ...container(), nodeSelector: { "eks.amazonaws.com/nodegroup": "other" } };
    expect(reasons(named, both)[0]).toContain("system: no label eks.amazonaws.com/nodegroup=other");
  });

  test.each([
    ["Auto Mode", cluster(EKS, { computeConfig: { enabled: true } })],
    [
      "Karpenter",
      cluster(EKS, {}, [held(RELEASE, "karpenter", { chart: "oci://public.ecr.aws/karpenter/karpenter" })]),
    ],
  ])("asks nothing of pools where machines come by themselves: %s", (_, context) => {
    expect(poolsOf(context)).toBeUndefined();
    expect(reasons(accelerated, context)).toEqual([]);
  });

  test("takes nothing without a pool, but a pod that names its machine", () => {
    expect(reasons(container(), cluster(EKS, {}))).toEqual([
      "FailedScheduling: 0/0 node pools of the cluster can take the pod",
    ]);
    expect(reasons({ ...container(), nodeName: "one" }, cluster(EKS, {}))).toEqual([]);
  });
});

describe("AKS", () => {
  const system = { name: "system1", vmSize: "Standard_D4s_v5", nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"] };
  const pool = (name: string, inputs: Properties) =>
    held(AGENT_POOL, name, { resourceGroupName: "Group", resourceName: "main", ...inputs });
  const context = (...pools: StoredResource[]) =>
    cluster(AKS, { resourceGroupName: "group", agentPoolProfiles: [system] }, pools);

  test("reads taints as AKS writes them", () => {
    expect(reasons(container(), context())[0]).toContain("system1: untolerated taint {CriticalAddonsOnly: true}");
    const tolerant = {
      ...container(),
      tolerations: [{ key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" }],
    };
    expect(reasons(tolerant, context())).toEqual([]);
  });

  test.each([
    ["Standard_NC40ads_H100_v5", true],
    ["Standard_ND96isr_H200_v5", true],
    ["Standard_NV36ads_A10_v5", true],
    ["Standard_NV4as_v4", false],
    ["Standard_NP10s", false],
    ["Standard_D4s_v5", false],
  ])("%s has accelerators of NVIDIA: %s", (vmSize, has) => {
    expect(reasons(accelerated, context(pool("gpu", { vmSize }))).length).toBe(has ? 0 : 1);
  });

  test("taints and labels spot machines by itself", () => {
    const spot = context(pool("cheap", { vmSize: "Standard_D4s_v5", scaleSetPriority: "Spot" }));
    expect(reasons(container(), spot)[0]).toContain(
      "cheap: untolerated taint {kubernetes.azure.com/scalesetpriority: spot}",
    );
    const nodeSelector = { "kubernetes.azure.com/scalesetpriority": "spot" };
    const tolerant = { ...container(), nodeSelector, tolerations: [{ operator: "Exists" }] };
    expect(reasons(tolerant, spot)).toEqual([]);
  });

  test("asks nothing of pools where machines come by themselves", () => {
    expect(poolsOf(cluster(AKS, { nodeProvisioningProfile: { mode: "Auto" } }))).toBeUndefined();
  });
});

describe("GKE", () => {
  const pool = (name: string, nodeConfig: Properties) => held(NODE_POOL, name, { cluster: "main", nodeConfig });
  const taints = [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }];
  const gpu = pool("gpu", { machineType: "a3-highgpu-8g", guestAccelerators: [{ type: "nvidia-h100-80gb" }], taints });
  const context = (...pools: StoredResource[]) => cluster(GKE, { removeDefaultNodePool: true }, pools);

  test("lets pods that ask for accelerators onto machines that have them", () => {
    expect(reasons(accelerated, context(gpu))).toEqual([]);
    expect(reasons(container(), context(gpu))[0]).toContain("gpu: untolerated taint {nvidia.com/gpu: present}");
    const type = (name: string) => ({ ...accelerated, nodeSelector: { "cloud.google.com/gke-accelerator": name } });
    expect(reasons(type("nvidia-h100-80gb"), context(gpu))).toEqual([]);
    expect(reasons(type("nvidia-l4"), context(gpu))[0]).toContain(
      "no label cloud.google.com/gke-accelerator=nvidia-l4",
    );
  });

  test("has a pool of its own unless it is taken away, and pools of the cluster's description", () => {
    expect(poolsOf(cluster(GKE, {}))?.map(({ name }) => name)).toEqual(["default-pool"]);
    expect(poolsOf(cluster(GKE, { nodePools: [{ name: "own" }] }))?.map(({ name }) => name)).toEqual(["own"]);
    expect(poolsOf(context())).toEqual([]);
  });

  test.each([[{ enableAutopilot: true }], [{ clusterAutoscaling: { enabled: true } }]])(
    "asks nothing of pools where machines come by themselves: %j",
    (own) => {
      expect(poolsOf(cluster(GKE, own))).toBeUndefined();
    },
  );
});

describe("a cluster without machines", () => {
  let box: TestSandbox;
  beforeAll(async () => {
    box = await testSandbox();
  });
  afterAll(() => box.end());

  test("takes charts that nobody waits for, or that hold definitions only", async () => {
    const empty = await clusterIn(box, "main", { pools: {} });
    const chart = (name: string, changes: Properties = {}) => ({
      name,
      chart: `oci://charts.example.com/${name}`,
      ...changes,
    });
    const says = "INSTALLATION FAILED: context deadline exceeded: the cluster has no node pool";
    await expect(empty.make(RELEASE, chart("cert-manager"))).rejects.toThrow(says);
    await expect(empty.make(RELEASE, chart("cert-manager", { skipAwait: true, atomic: true }))).rejects.toThrow(says);
    await empty.make(RELEASE, chart("cert-manager", { skipAwait: true }));
    await empty.make(RELEASE, chart("ai-gateway-crds-helm"));
  });
});
