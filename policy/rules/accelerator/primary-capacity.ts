import { acceleratorPoolsOf } from "../../accelerators.ts";
import { pathsOf, pathType } from "../../paths.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";

const name = "primary-capacity";

export const primaryCapacity: Rule = {
  name,
  description:
    "A primary path does not stand on spot machines alone: they are taken away when everybody needs them, without asking.",
  severity: "high",
  tags: ["availability", "accelerators"],
  remediationSteps: "Give the primary a pool that is on demand or reserved, beside the spot one or in its place.",
  url: explainedAt(name),
  reads: [
    { type: "gcp:container/nodePool:NodePool", path: "nodeConfig.spot" },
    { type: "aws:eks/nodeGroup:NodeGroup", path: "capacityType" },
    { type: "azure-native:containerservice:AgentPool", path: "scaleSetPriority" },
    { type: pathType, path: "role" },
  ],
  validateStack: judging((graph) =>
    pathsOf(graph)
      .filter(({ role }) => role !== "fallback")
      .flatMap((path) => {
        const pools = acceleratorPoolsOf(graph, path);
        if (pools.length === 0 || pools.some(({ spot }) => spot === false)) return [];
        return [
          {
            message: `${path.id} is primary and stands on ${pools.map(({ node }) => node.name).join(", ")}, spot or not known to be otherwise. Fix: add a pool that is on demand.`,
            urn: path.node.urn,
          },
        ];
      }),
  ),
};
