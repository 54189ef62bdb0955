/** AKS: node pools, inside a cluster's own description and by themselves. */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties, valuesAt } from "../../values.ts";
import { azureType, CLUSTER, idReference, parentId, uuidOf } from "./common.ts";
import type { Fixed } from "./fixed.ts";
import { SUBNET } from "./network.ts";
import { zoneProblems } from "./regions.ts";
import { sizeProblems, vcpusOf } from "./sizes.ts";

export const POOL = "azure-native:containerservice:AgentPool";

const POOL_LIMITS = "https://learn.microsoft.com/azure/aks/create-node-pools#limitations";
const SIZES = "https://learn.microsoft.com/azure/aks/quotas-skus-regions";
const SPOT = "https://learn.microsoft.com/azure/aks/spot-node-pool";

/** AKS chooses a patch when only the minor version is given; the sandbox's is always the first. */
export function patchOf(version: unknown): unknown {
  if (isUnknown(version) || version === undefined) return version;
  return /^\d+\.\d+$/.test(String(version)) ? `${version}.0` : version;
}

export function poolOutputs(pool: Properties, version: unknown): Properties {
  return {
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    osType: pool.osType ?? "Linux",
    osSKU: pool.osSKU ?? "Ubuntu",
    count: pool.count ?? pool.minCount ?? 1,
    currentOrchestratorVersion: patchOf(pool.orchestratorVersion ?? version),
  };
}

/** What AKS keeps of a pool as it was made. The provider itself replaces for the size and the GPU profile only. */
export const fixedOfPool: Fixed = {
  availabilityZones: null,
  enableEncryptionAtHost: null,
  enableFIPS: null,
  enableUltraSSD: null,
  kubeletDiskType: null,
  maxPods: null,
  osDiskSizeGB: null,
  osDiskType: null,
  osType: null,
  scaleSetPriority: null,
  vnetSubnetID: null,
};

/** Where a pool is asked for, by its inputs or the provider's; undefined if the cluster alone says it. */
type Where = string | undefined;

export function poolProblems(pool: Properties, nameProperty: string, prefix: string, location: Where): Problem[] {
  const at = (property: string, reason: string, more: Partial<Problem> = {}): Problem => ({
    property: `${prefix}${property}`,
    reason,
    source: POOL_LIMITS,
    ...more,
  });
  const problems: Problem[] = [];
  const name = knownString(pool[nameProperty]);
  if (name !== undefined && !/^[a-z][a-z0-9]{0,11}$/.test(name)) {
    const reason = `"${name}" is not allowed: 1 to 12 lower-case letters and digits, beginning with a letter`;
    problems.push(at(nameProperty, reason, { kind: "name" }));
  }
  if (pool.scaleSetPriority === "Spot" && pool.mode === "System") {
    const fix = "Make the pool of mode User, or its machines regular ones";
    problems.push(at("scaleSetPriority", "Spot is not possible in a pool of mode System", { fix, source: SPOT }));
  }
  return [...problems, ...countProblems(pool, at), ...machineProblems(pool, prefix, location)];
}

const MOST_NODES = 1000;
const PODS = { least: 10, most: 250 } as const;

type At = (property: string, reason: string) => Problem;

function countProblems({ enableAutoScaling, mode, count, minCount, maxCount, maxPods }: Properties, at: At): Problem[] {
  const problems: Problem[] = [];
  const least = mode === "System" ? 1 : 0;
  for (const [property, value] of Object.entries({ count, minCount, maxCount })) {
    if (typeof value !== "number") continue;
    if (value < least) problems.push(at(property, `is ${value}; at least ${least} here`));
    if (value > MOST_NODES) problems.push(at(property, `is ${value}; a pool has ${MOST_NODES} nodes at most`));
  }
  if (
    enableAutoScaling === true &&
    typeof minCount === "number" &&
    typeof maxCount === "number" &&
    minCount > maxCount
  ) {
    problems.push(at("maxCount", `is ${maxCount}, below minCount ${minCount}`));
  }
  if (typeof maxPods === "number" && (maxPods < PODS.least || maxPods > PODS.most)) {
    problems.push(at("maxPods", `is ${maxPods}; a node takes ${PODS.least} to ${PODS.most} pods`));
  }
  return problems;
}

function machineProblems(pool: Properties, prefix: string, location: Where): Problem[] {
  const property = `${prefix}vmSize`;
  const size = knownString(pool.vmSize) ?? "";
  const problems = [
    ...sizeProblems(pool.vmSize, location, property),
    ...zoneProblems(pool.availabilityZones, location, `${prefix}availabilityZones`, "AvailabilityZoneNotSupported"),
  ];
  if (pool.mode !== "System" || size === "") return problems;
  const fix = "Choose a size of at least 2 vCPUs and 4 GB that is not burstable, as Standard_D4ds_v5";
  const wrong = (reason: string): Problem => ({ property, kind: "placement", reason, fix, source: SIZES });
  if (/^Standard_B/.test(size)) problems.push(wrong(`InvalidParameter: ${size} can't carry a pool of mode System`));
  else if (vcpusOf(size) === 1) problems.push(wrong(`InvalidParameter: ${size} has one vCPU; a system pool needs two`));
  return problems;
}

const poolFacts = {
  token: POOL,
  arm: "Microsoft.ContainerService/managedClusters/agentPools",
  names: ["resourceName", "agentPoolName"],
  parent: CLUSTER,
} as const;

const MOST_POOLS = 100;

export const agentPool: ResourceType = azureType({
  ...poolFacts,
  rule: {
    pattern: /^[a-z][a-z0-9]*$/,
    allowed: "lower-case letters and digits, beginning with a letter",
    maxLength: 12,
    source: POOL_LIMITS,
  },
  replaceOn: ["gpuInstanceProfile", "vmSize"],
  fixed: fixedOfPool,
  references: [idReference("vnetSubnetID", SUBNET), idReference("podSubnetID", SUBNET)],
  check: (inputs) => [...poolProblems(inputs, "agentPoolName", "", undefined), ...spotProblems(inputs)],
  refuse: poolRefusals,
  outputs: (inputs, context) => ({
    ...poolOutputs(inputs, undefined),
    type: inputs.type ?? "VirtualMachineScaleSets",
    eTag: uuidOf(context, "etag"),
    mode: inputs.mode ?? "User",
    enableNodePublicIP: inputs.enableNodePublicIP ?? false,
    scaleDownMode: inputs.scaleDownMode ?? "Delete",
  }),
});

function spotProblems(inputs: Properties): Problem[] {
  if (isUnknown(inputs.scaleSetPriority) || inputs.scaleSetPriority === "Spot") return [];
  return ["scaleSetEvictionPolicy", "spotMaxPrice"]
    .filter((property) => inputs[property] !== undefined)
    .map((property) => ({
      property,
      reason: "is for pools with scaleSetPriority Spot only",
      fix: "Leave it out, or set scaleSetPriority to Spot",
      source: SPOT,
    }));
}

/** Seen from the cluster: its region, its other pools, its network. */
function poolRefusals(inputs: Properties, context: Context): Problem[] {
  const cluster = context.find(CLUSTER, parentId(poolFacts, inputs, context));
  if (cluster === undefined) return [];
  const inside = `${cluster.id}/`.toLowerCase();
  const beside = context.all(POOL).filter(({ id }) => id.toLowerCase().startsWith(inside));
  const count = beside.length + valuesAt(cluster.inputs, "agentPoolProfiles[]").length;
  const problems = machineProblems(inputs, "", cluster.placement.region);
  if (context.before === undefined && count >= MOST_POOLS) {
    const reason = `the cluster has ${count} node pools; it takes ${MOST_POOLS} at most`;
    problems.push({ property: "resourceName", reason, fix: "Make another cluster", source: SIZES });
  }
  return [...problems, ...networkRefusals(inputs, cluster.inputs)];
}

/** All pools are in subnets of one virtual network: https://learn.microsoft.com/azure/aks/node-pool-unique-subnet */
function networkRefusals({ vnetSubnetID }: Properties, cluster: Properties): Problem[] {
  const networkOf = (id: unknown): string => String(id).toLowerCase().split("/subnets/")[0] ?? "";
  const theirs = valuesAt(cluster, "agentPoolProfiles[].vnetSubnetID").map(({ value }) => networkOf(value));
  if (vnetSubnetID === undefined || theirs.length === 0 || theirs.includes(networkOf(vnetSubnetID))) return [];
  const reason = `the subnet ${vnetSubnetID} is in another virtual network than the cluster's pools (${theirs[0]})`;
  const source = "https://learn.microsoft.com/azure/aks/node-pool-unique-subnet";
  return [{ property: "vnetSubnetID", kind: "placement", reason, fix: "Take a subnet of that network", source }];
}
