import { acceleratorPoolsOf, type Pool } from "../../accelerators.ts";
import type { Graph } from "../../graph.ts";
import { at } from "../../graph.ts";
import { type DeclaredWorkload, pathType, workloadsOf } from "../../paths.ts";
import { explainedAt, type Finding, judging, type Rule } from "../../rule.ts";

const name = "accelerator-budget";
const hoursPerMonth = 730;

export const acceleratorBudget: Rule = {
  name,
  description:
    "The machines with accelerators of a workload cost no more a month, all of them running all the time at the catalogue's price, than its objective allows.",
  severity: "medium",
  tags: ["cost", "accelerators"],
  remediationSteps:
    "Lower the pool's maximum, take a smaller shape, or raise cost.monthlyCapUsd in stacks/slos.yaml with a reason.",
  url: explainedAt(name),
  reads: [
    { type: pathType, path: "slo.cost.monthlyCapUsd" },
    { type: "gcp:container/nodePool:NodePool", path: "autoscaling.totalMaxNodeCount" },
    { type: "aws:eks/nodeGroup:NodeGroup", path: "scalingConfig.maxSize" },
    { type: "azure-native:containerservice:AgentPool", path: "maxCount" },
  ],
  validateStack: judging((graph) => workloadsOf(graph).flatMap((workload) => findings(graph, workload))),
};

function findings(graph: Graph, { name: workload, paths }: DeclaredWorkload): Finding[] {
  const found = paths.flatMap((path) => acceleratorPoolsOf(graph, path));
  // Two paths may stand on one pool.
  const pools = found.filter(({ node }, index) => found.findIndex((one) => one.node === node) === index);
  const [first] = pools;
  if (first === undefined) return [];
  const unpriced = pools.find(({ usdPerHour, maximum }) => usdPerHour === undefined || maximum === undefined);
  if (unpriced !== undefined) return [unknownCost(workload, unpriced)];
  const caps = paths.map(({ constants }) => at(constants, "slo", "cost", "monthlyCapUsd"));
  const cap = Math.min(...caps.map((each) => (typeof each === "number" ? each : 0)));
  const most = pools.reduce((sum, { usdPerHour = 0, maximum = 0 }) => sum + usdPerHour * maximum * hoursPerMonth, 0);
  if (most <= cap) return [];
  return [
    {
      message: `the accelerators of ${workload} can cost ${Math.round(most)} USD a month (${pools.map(inWords).join(", ")}); its cap is ${cap === 0 ? "not known" : cap}. Fix: lower the pool's maximum, or raise the cap.`,
      urn: first.node.urn,
    },
  ];
}

const inWords = ({ node, maximum, usdPerHour }: Pool): string => `${node.name}: ${maximum} × ${usdPerHour} USD/h`;

function unknownCost(workload: string, { node, shape, region, maximum }: Pool): Finding {
  const what =
    maximum === undefined
      ? "has no maximum that is known"
      : `has the shape ${shape ?? "that is not known"}, of which no price is known in ${region ?? "its region"}`;
  return {
    message: `what the accelerators of ${workload} cost cannot be told: ${node.name} ${what}. Fix: choose a shape of components/accelerator/catalogue.ts and set a maximum.`,
    urn: node.urn,
  };
}
