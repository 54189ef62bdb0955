/** AKS: node pools, inside a cluster's own description and by themselves. */
import type { Problem, ResourceType } from "../../cloud.ts";
import { isUnknown, knownString, type Properties } from "../../values.ts";
import { azureType, CLUSTER, idReference, uuidOf } from "./common.ts";
import { SUBNET } from "./network.ts";

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

/** https://learn.microsoft.com/azure/aks/create-node-pools#limitations */
export function poolProblems(pool: Properties, nameProperty: string, prefix = ""): Problem[] {
  const problems: Problem[] = [];
  const name = knownString(pool[nameProperty]);
  if (name !== undefined && !/^[a-z][a-z0-9]{0,11}$/.test(name)) {
    const reason = `"${name}" is not allowed: 1 to 12 lower-case letters and digits, beginning with a letter`;
    problems.push({ property: `${prefix}${nameProperty}`, reason });
  }
  const { enableAutoScaling, minCount, maxCount, mode, scaleSetPriority } = pool;
  if (enableAutoScaling === true && typeof minCount === "number" && typeof maxCount === "number") {
    const least = mode === "System" ? 1 : 0;
    if (minCount < least)
      problems.push({ property: `${prefix}minCount`, reason: `is ${minCount}; at least ${least} here` });
    if (minCount > maxCount) {
      problems.push({ property: `${prefix}maxCount`, reason: `is ${maxCount}, below minCount ${minCount}` });
    }
  }
  if (scaleSetPriority === "Spot" && mode === "System") {
    problems.push({ property: `${prefix}scaleSetPriority`, reason: "Spot is not possible in a pool of mode System" });
  }
  return problems;
}

export const agentPool: ResourceType = azureType({
  token: "azure-native:containerservice:AgentPool",
  arm: "Microsoft.ContainerService/managedClusters/agentPools",
  names: ["resourceName", "agentPoolName"],
  rule: {
    pattern: /^[a-z][a-z0-9]*$/,
    allowed: "lower-case letters and digits, beginning with a letter",
    maxLength: 12,
    source: "https://learn.microsoft.com/azure/aks/create-node-pools#limitations",
  },
  parent: CLUSTER,
  replaceOn: [
    "availabilityZones",
    "enableEncryptionAtHost",
    "enableFIPS",
    "enableUltraSSD",
    "gpuInstanceProfile",
    "kubeletDiskType",
    "maxPods",
    "osDiskSizeGB",
    "osDiskType",
    "osType",
    "scaleSetPriority",
    "vmSize",
    "vnetSubnetID",
  ],
  references: [idReference("vnetSubnetID", SUBNET), idReference("podSubnetID", SUBNET)],
  check: (inputs) => [...poolProblems(inputs, "agentPoolName"), ...spotProblems(inputs)],
  outputs: (inputs, context) => ({
    ...poolOutputs(inputs, undefined),
    type: inputs.type ?? "VirtualMachineScaleSets",
    eTag: uuidOf(context, "etag"),
    mode: inputs.mode ?? "User",
    enableNodePublicIP: inputs.enableNodePublicIP ?? false,
    scaleDownMode: inputs.scaleDownMode ?? "Delete",
  }),
});

/** https://learn.microsoft.com/azure/aks/spot-node-pool */
function spotProblems(inputs: Properties): Problem[] {
  if (isUnknown(inputs.scaleSetPriority) || inputs.scaleSetPriority === "Spot") return [];
  return ["scaleSetEvictionPolicy", "spotMaxPrice"]
    .filter((property) => inputs[property] !== undefined)
    .map((property) => ({ property, reason: "is for pools with scaleSetPriority Spot only" }));
}
