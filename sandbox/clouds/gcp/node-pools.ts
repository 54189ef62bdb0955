/** Node pools of GKE. https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools */
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, UNKNOWN } from "../../values.ts";
import { acceleratorRefusals } from "./accelerators.ts";
import { answer, wrong } from "./answers.ts";
import { zoneProblems } from "./cluster-checks.ts";
import { CLUSTER, fixedNodeConfig, GKE_API, gkeName, zonesToo } from "./clusters.ts";
import { alone, gcpType, ref } from "./common.ts";

export const NODE_POOL = "gcp:container/nodePool:NodePool";

const nodePool = gcpType({
  token: NODE_POOL,
  api: "container",
  place: "location",
  offer: zonesToo,
  id: (inputs, context) => `${clusterId(inputs, context)}/nodePools/${inputs.name}`,
  name: { ...gkeName(`${GKE_API}.nodePools`), auto: { prefixProperty: "namePrefix" } },
  unique: [alone(["cluster", "name"], "region")],
  replaceOn: [
    "name",
    "namePrefix",
    "cluster",
    "initialNodeCount",
    "maxPodsPerNode",
    "networkConfig.acceleratorNetworkProfile",
    "networkConfig.additionalNodeNetworkConfigs",
    "networkConfig.additionalPodNetworkConfigs",
    "networkConfig.createPodRange",
    "networkConfig.podCidrOverprovisionConfig",
    "networkConfig.podIpv4CidrBlock",
    "networkConfig.podRange",
    "networkConfig.subnetwork",
    ...fixedNodeConfig,
    "placementPolicy",
    "queuedProvisioning",
  ],
  references: [
    ref("cluster", CLUSTER),
    ref("nodeConfig.serviceAccount", "gcp:serviceaccount/account:Account", {
      by: "email",
      except: /@developer\.gserviceaccount\.com$|^default$/,
      refusal: (email) => answer("badRequest", `Service account "${email}" does not exist.`),
    }),
    ref("placementPolicy.policyName", "gcp:compute/resourcePolicy:ResourcePolicy"),
  ],
  check: (inputs) => [
    ...zoneProblems(inputs),
    ...scalingProblems(inputs),
    ...upgradeProblems(inputs),
    ...machineProblems(inputs),
  ],
  refuse: acceleratorRefusals,
  outputs: poolOutputs,
});

function clusterId(inputs: Properties, context: Context): string {
  const given = knownString(inputs.cluster) ?? UNKNOWN;
  if (given.includes("/")) return given;
  const { scope, region } = context.placement;
  return `projects/${inputs.project ?? scope}/locations/${inputs.location ?? region}/clusters/${given}`;
}

function poolOutputs(inputs: Properties, context: Context): Properties {
  const { scope, region } = context.placement;
  const project = inputs.project ?? scope;
  const held = context.find(CLUSTER, inputs.cluster, "ref");
  const zones = asList(inputs.nodeLocations ?? held?.outputs.nodeLocations);
  const group = (zone: unknown, kind: string) =>
    `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/${kind}/gke-${inputs.name}-${context.hex(8, `group ${zone}`)}-grp`;
  return {
    ...(inputs.nodeConfig === undefined ? {} : { nodeConfig: withTaints(asObject(inputs.nodeConfig)) }),
    location: inputs.location ?? region,
    initialNodeCount: inputs.initialNodeCount ?? 0,
    nodeCount: inputs.nodeCount ?? inputs.initialNodeCount ?? 0,
    maxPodsPerNode: inputs.maxPodsPerNode ?? 110,
    version: inputs.version ?? held?.outputs.masterVersion ?? UNKNOWN,
    instanceGroupUrls: zones.map((zone) => group(zone, "instanceGroupManagers")),
    managedInstanceGroupUrls: zones.map((zone) => group(zone, "instanceGroups")),
    operation: "",
  };
}

/** GKE taints machines with accelerators if the program does not. https://cloud.google.com/kubernetes-engine/docs/how-to/gpus */
function withTaints(config: Properties): Properties {
  const declared = asList(config.taints).map(asObject);
  const needed = asList(config.guestAccelerators).length > 0 && !declared.some(({ key }) => key === "nvidia.com/gpu");
  const added = needed ? [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }] : [];
  return { ...config, effectiveTaints: [...declared, ...added] };
}

/** https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler */
function scalingProblems(inputs: Properties): Problem[] {
  const scaling = asObject(inputs.autoscaling);
  const total = ["totalMinNodeCount", "totalMaxNodeCount"].filter((key) => scaling[key] !== undefined);
  const perZone = ["minNodeCount", "maxNodeCount"].filter((key) => scaling[key] !== undefined);
  if (total.length > 0 && perZone.length > 0) {
    const text = `${total.join(", ")} can't be used together with ${perZone.join(", ")}`;
    return [wrong("autoscaling", "badRequest", text, { fix: "Bound each zone, or all zones together" })];
  }
  const [min, max] = [
    scaling.totalMinNodeCount ?? scaling.minNodeCount,
    scaling.totalMaxNodeCount ?? scaling.maxNodeCount,
  ];
  if (typeof min !== "number" || typeof max !== "number" || min <= max) return [];
  return [wrong("autoscaling", "badRequest", `the minimum ${min} must not be above the maximum ${max}`)];
}

/** https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies */
function upgradeProblems(inputs: Properties): Problem[] {
  const { maxSurge, maxUnavailable } = asObject(inputs.upgradeSettings);
  if (maxSurge !== 0 || (maxUnavailable ?? 0) !== 0) return [];
  const text = "max_surge and max_unavailable can't both be 0";
  return [wrong("upgradeSettings.maxSurge", "badRequest", text, { fix: "Let one machine be added, or be missing" })];
}

function machineProblems(inputs: Properties): Problem[] {
  const { diskSizeGb, spot, preemptible } = asObject(inputs.nodeConfig);
  const pods = inputs.maxPodsPerNode;
  const problems: Problem[] = [];
  if (typeof diskSizeGb === "number" && diskSizeGb < 10) {
    problems.push(
      wrong("nodeConfig.diskSizeGb", "badRequest", `a disk of ${diskSizeGb} GB is too small: 10 GB at least`),
    );
  }
  if (spot === true && preemptible === true) {
    const text = "a machine is spot or preemptible, not both";
    problems.push(wrong("nodeConfig.spot", "badRequest", text, { fix: "Leave preemptible out" }));
  }
  if (typeof pods === "number" && (pods < 8 || pods > 256)) {
    problems.push(wrong("maxPodsPerNode", "badRequest", `a node can't have ${pods} pods: 8 to 256`));
  }
  return problems;
}

export const nodePoolTypes: readonly ResourceType[] = [nodePool];
