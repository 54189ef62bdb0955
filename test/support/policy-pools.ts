/** Pools of machines with accelerators that the project's own stack has not. */
import type { Shown } from "./policy.ts";
import { find, like, type Which } from "./policy-stack.ts";

/** The project's own pool: spot machines of GCP, for the third path of its critical workload. */
export const gcpPool = { name: "support-chat-gcp-main-pool-nodes" };
export const azurePath = { name: "support-chat-azure-main", type: ":InferencePath" };
export const awsPath = { name: "support-chat-aws-main", type: ":InferencePath" };
export const gcpPath = { name: "support-chat-gcp-main", type: ":InferencePath" };

const providers = {
  aws: { name: "aws-main", type: "pulumi:providers:aws" },
  azure: { name: "azure-main", type: "pulumi:providers:azure-native" },
};

function below(shown: readonly Shown[], path: Which, provider: Which, name: string, type: string, values: object) {
  const [inputs, outputs] = [values, values] as Record<string, unknown>[] as [Shown["inputs"], Shown["outputs"]];
  const at = { parent: find(shown, path).urn, provider: find(shown, provider).urn };
  return like(shown, gcpPool, { name, type, inputs, outputs, ...at, dependencies: [], propertyDependencies: {} });
}

/** With an AKS pool of two H100 below the primary, on demand. */
export function withAgentPool(shown: readonly Shown[]): Shown[] {
  const values = { vmSize: "Standard_NC40ads_H100_v5", enableAutoScaling: true, minCount: 1, maxCount: 2 };
  return below(shown, azurePath, providers.azure, agentPool.name, "azure-native:containerservice:AgentPool", values);
}
export const agentPool = { name: "gpus" };

/** With an EKS group of A10G below the path in AWS, on demand. */
export function withNodeGroup(shown: readonly Shown[], instanceType = "g5.xlarge"): Shown[] {
  const values = { instanceTypes: [instanceType], scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 } };
  return below(shown, awsPath, providers.aws, nodeGroup.name, "aws:eks/nodeGroup:NodeGroup", values);
}
export const nodeGroup = { name: "gpu-group" };
