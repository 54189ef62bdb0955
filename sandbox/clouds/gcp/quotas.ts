/**
 * What a project may use until its owner asks for more. Google grants by history ("Not all projects have the same quotas"):
 * the numbers here are those that `gcloud compute project-info describe` and `gcloud compute regions describe` show in a
 * project without any, which has no accelerators (`GPUS_ALL_REGIONS`).
 */
import type { Quota } from "../../cloud.ts";
import { asList, asObject, type Properties, valueAt } from "../../values.ts";
import { ACCOUNT } from "./accounts.ts";
import { ADDRESS, GLOBAL_ADDRESS } from "./addresses.ts";
import { CLUSTER } from "./clusters.ts";
import { NETWORK, SUBNETWORK } from "./network.ts";
import { NODE_POOL } from "./node-pools.ts";

const COMPUTE = "https://cloud.google.com/compute/resource-usage";
const GPUS = "https://cloud.google.com/compute/resource-usage#gpu_quota";
const VPC = "https://cloud.google.com/vpc/docs/quota";

const one = () => 1;

/** Machines that a pool or a cluster's own pool begins with; the autoscaler's further ones, the cloud refuses later. */
function machinesOf(outputs: Properties): number {
  if (outputs.removeDefaultNodePool === true || outputs.enableAutopilot === true) return 0;
  const { totalMinNodeCount = 0, minNodeCount = 0 } = asObject(outputs.autoscaling);
  const zones = asList(outputs.instanceGroupUrls).length || asList(outputs.nodeLocations).length || 1;
  const perZone = Math.max(
    ...[outputs.nodeCount, outputs.initialNodeCount, minNodeCount].map((each) => Number(each ?? 0)),
  );
  return Math.max(perZone * zones, Number(totalMinNodeCount));
}

/** Of the machine series that have no quota of their own. https://cloud.google.com/compute/resource-usage#cpu_quota */
const general = /^(?:e2|n1)-(?:standard|highmem|highcpu)-(\d+)$/;
const shared: Readonly<Record<string, number>> = { "e2-micro": 2, "e2-small": 2, "e2-medium": 2 };

function cpusOf(outputs: Properties): number {
  const machineType = String(valueAt(outputs, "nodeConfig.machineType") ?? "e2-medium");
  return machinesOf(outputs) * (shared[machineType] ?? Number(general.exec(machineType)?.[1] ?? 0));
}

interface Bought {
  readonly type: string;
  readonly count: number;
  /** Spot machines, and those that start when there is room for them. */
  readonly preemptible: boolean;
}

function acceleratorsOf(outputs: Properties): Bought[] {
  const config = asObject(outputs.nodeConfig);
  const preemptible = config.spot === true || config.preemptible === true || config.flexStart === true;
  return asList(config.guestAccelerators).map((given) => {
    const { type, count = 1 } = asObject(given);
    return { type: String(type), count: machinesOf(outputs) * Number(count), preemptible };
  });
}

const totalOf = (bought: readonly Bought[]) => bought.reduce((sum, { count }) => sum + count, 0);

/** GKE's names of accelerators, and what of them a project without a history has in a region. */
const families = [
  { type: "nvidia-h100-80gb", metric: "NVIDIA_H100_GPUS", title: "NVIDIA H100 GPUs", fresh: 0 },
  { type: "nvidia-a100-80gb", metric: "NVIDIA_A100_80GB_GPUS", title: "NVIDIA A100 80GB GPUs", fresh: 0 },
  { type: "nvidia-tesla-a100", metric: "NVIDIA_A100_GPUS", title: "NVIDIA A100 GPUs", fresh: 0 },
  { type: "nvidia-l4", metric: "NVIDIA_L4_GPUS", title: "NVIDIA L4 GPUs", fresh: 1 },
  { type: "nvidia-tesla-t4", metric: "NVIDIA_T4_GPUS", title: "NVIDIA T4 GPUs", fresh: 1 },
] as const;

const compute = { code: "QUOTA_EXCEEDED", source: COMPUTE } as const;
const vpc = { code: "QUOTA_EXCEEDED", source: VPC } as const;

const accelerators: readonly Quota[] = [
  {
    ...compute,
    name: "GPUS_ALL_REGIONS",
    what: "GPUs in all regions",
    fresh: 0,
    regional: false,
    source: GPUS,
    types: [NODE_POOL],
    usedBy: (outputs) => totalOf(acceleratorsOf(outputs)),
  },
  ...families.flatMap(({ type, metric, title, fresh }) =>
    [false, true].map((preemptible) => ({
      ...compute,
      name: preemptible ? `PREEMPTIBLE_${metric}` : metric,
      what: preemptible ? `preemptible ${title} (spot and flex-start)` : title,
      fresh,
      regional: true,
      source: GPUS,
      types: [NODE_POOL],
      usedBy: (outputs: Properties) =>
        totalOf(acceleratorsOf(outputs).filter((each) => each.type === type && each.preemptible === preemptible)),
    })),
  ),
];

const isExternal = ({ addressType }: Properties) => (addressType === "INTERNAL" ? 0 : 1);

export const gcpQuotas: readonly Quota[] = [
  ...accelerators,
  {
    ...compute,
    name: "CPUS",
    what: "vCPUs of E2 and N1 machines",
    fresh: 24,
    regional: true,
    types: [NODE_POOL, CLUSTER],
    usedBy: cpusOf,
  },
  {
    ...compute,
    name: "CPUS_ALL_REGIONS",
    what: "vCPUs in all regions",
    fresh: 12,
    regional: false,
    types: [NODE_POOL, CLUSTER],
    usedBy: cpusOf,
  },
  { ...vpc, name: "NETWORKS", what: "VPC networks", fresh: 5, regional: false, types: [NETWORK], usedBy: one },
  { ...vpc, name: "SUBNETWORKS", what: "subnets", fresh: 100, regional: false, types: [SUBNETWORK], usedBy: one },
  {
    ...vpc,
    name: "FIREWALLS",
    what: "firewall rules",
    fresh: 100,
    regional: false,
    types: ["gcp:compute/firewall:Firewall"],
    usedBy: one,
  },
  {
    ...vpc,
    name: "ROUTERS",
    what: "Cloud Routers",
    fresh: 10,
    regional: false,
    types: ["gcp:compute/router:Router"],
    usedBy: one,
  },
  {
    ...vpc,
    name: "FORWARDING_RULES",
    what: "forwarding rules",
    fresh: 15,
    regional: false,
    types: ["gcp:compute/globalForwardingRule:GlobalForwardingRule"],
    // Rules to all of Google's APIs have a quota of their own, for each network.
    usedBy: ({ target }) => (target === "all-apis" || target === "vpc-sc" ? 0 : 1),
  },
  {
    ...compute,
    name: "STATIC_ADDRESSES",
    what: "static external addresses of a region",
    fresh: 8,
    regional: true,
    types: [ADDRESS],
    usedBy: isExternal,
  },
  {
    ...compute,
    name: "STATIC-ADDRESSES-per-project",
    what: "static external addresses that are global",
    fresh: 8,
    regional: false,
    types: [GLOBAL_ADDRESS],
    usedBy: isExternal,
  },
  {
    ...compute,
    name: "IN_USE_ADDRESSES",
    what: "external addresses in use in a region",
    fresh: 8,
    regional: true,
    types: ["gcp:compute/routerNat:RouterNat"],
    usedBy: ({ natIps }) => asList(natIps).length,
  },
  {
    name: "service-account-count",
    what: "service accounts",
    fresh: 100,
    regional: false,
    source: "https://cloud.google.com/iam/quotas",
    code: "RESOURCE_EXHAUSTED",
    types: [ACCOUNT],
    usedBy: one,
  },
];
