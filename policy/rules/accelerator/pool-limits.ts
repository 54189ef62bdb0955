import { acceleratorFamilies } from "../../accelerators.ts";
import { type Demand, demanding } from "../../demand/index.ts";
import { given, is, type Want } from "../../demand/want.ts";
import { at, listAt, unknown } from "../../graph.ts";

const bounded: Want = {
  text: "a number of machines at most",
  accepts: (found) => typeof found === "number" && found > 0,
  good: 4,
  bad: [0],
};

const agentPool = "azure-native:containerservice:AgentPool";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const nodePool = "gcp:container/nodePool:NodePool";

type Props = Readonly<Record<string, unknown>>;

/** Families of machines with accelerators: Standard_N…, p and g instances. */
const onAzure = (props: Props): boolean => acceleratorFamilies.azure.test(String(at(props, "vmSize")));
const onAws = (props: Props): boolean => {
  const types = listAt(props, "instanceTypes");
  return types !== unknown && types.some((type) => acceleratorFamilies.aws.test(String(type)));
};
const onGcp = (props: Props): boolean => {
  const found = listAt(props, "nodeConfig", "guestAccelerators");
  return (
    found === unknown ||
    found.length > 0 ||
    acceleratorFamilies.gcp.test(String(at(props, "nodeConfig", "machineType")))
  );
};

const pool = (type: string, when: NonNullable<Demand["when"]>, path: string, wants: Want, fix: string): Demand => ({
  types: [type],
  when,
  any: [{ path, wants }],
  fix,
});

export const poolLimits = demanding(
  {
    name: "pool-limits",
    description:
      "A pool of machines with accelerators grows and shrinks by itself up to a limit, is tainted so that nothing else lands on it, and names its zones.",
    severity: "high",
    tags: ["cost", "accelerators"],
    remediationSteps:
      "Switch autoscaling on with a maximum, declare the taint nvidia.com/gpu, and name the zones that have the shape.",
  },
  [
    pool(agentPool, onAzure, "enableAutoScaling", is(true), "set it to true"),
    pool(agentPool, onAzure, "maxCount", bounded, "say how many machines there may be"),
    pool(agentPool, onAzure, "nodeTaints", given, "add nvidia.com/gpu=present:NoSchedule"),
    pool(agentPool, onAzure, "availabilityZones", given, "name the zones"),
    pool(nodeGroup, onAws, "scalingConfig.maxSize", bounded, "say how many machines there may be"),
    pool(nodeGroup, onAws, "taints", given, "add nvidia.com/gpu=present:NO_SCHEDULE"),
    pool(nodeGroup, onAws, "subnetIds", given, "name the zones' subnets"),
    {
      types: [nodePool],
      when: onGcp,
      any: [
        { path: "autoscaling.totalMaxNodeCount", wants: bounded },
        { path: "autoscaling.maxNodeCount", wants: bounded },
      ],
      fix: "say how many machines there may be",
    },
    pool(nodePool, onGcp, "nodeConfig.taints", given, "add nvidia.com/gpu=present:NO_SCHEDULE"),
    pool(nodePool, onGcp, "nodeLocations", given, "name the zones"),
  ],
);
