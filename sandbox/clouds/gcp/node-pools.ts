/** Node pools of GKE. https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools */
import { type Accelerator, type AcceleratorShape, accelerators } from "../../../components/accelerator/catalogue.ts";
import type { Context, Problem, ResourceType } from "../../cloud.ts";
import { asList, asObject, knownString, type Properties, UNKNOWN } from "../../values.ts";
import { CLUSTER, GKE_API, gkeName, zoneProblems } from "./clusters.ts";
import { alone, gcpType, ref } from "./common.ts";

const nodePool = gcpType({
  token: "gcp:container/nodePool:NodePool",
  place: "location",
  id: (inputs, context) => `${clusterId(inputs, context)}/nodePools/${inputs.name}`,
  name: { ...gkeName(`${GKE_API}.nodePools`), auto: { prefixProperty: "namePrefix" } },
  unique: [alone(["cluster", "name"], "region")],
  replaceOn: [
    "name",
    "namePrefix",
    "cluster",
    "initialNodeCount",
    "maxPodsPerNode",
    "placementPolicy",
    "queuedProvisioning",
    "nodeConfig.guestAccelerators",
    "nodeConfig.serviceAccount",
    "nodeConfig.spot",
    "nodeConfig.flexStart",
    "nodeConfig.preemptible",
    "nodeConfig.oauthScopes",
    "nodeConfig.shieldedInstanceConfig",
    "nodeConfig.reservationAffinity",
    "nodeConfig.metadata",
  ],
  references: [
    ref("cluster", CLUSTER),
    ref("nodeConfig.serviceAccount", "gcp:serviceaccount/account:Account", {
      by: "email",
      except: /@developer\.gserviceaccount\.com$|^default$/,
      refusal: (email) => `googleapi: Error 400: Service account "${email}" does not exist., badRequest`,
    }),
  ],
  check: (inputs) => [...zoneProblems(inputs), ...scalingProblems(inputs)],
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

function scalingProblems(inputs: Properties): Problem[] {
  const scaling = asObject(inputs.autoscaling);
  const total = ["totalMinNodeCount", "totalMaxNodeCount"].filter((key) => scaling[key] !== undefined);
  const perZone = ["minNodeCount", "maxNodeCount"].filter((key) => scaling[key] !== undefined);
  if (total.length > 0 && perZone.length > 0) {
    const reason = `${total.join(", ")} can't be used together with ${perZone.join(", ")}`;
    return [{ property: "autoscaling", reason }];
  }
  const [min, max] = [
    scaling.totalMinNodeCount ?? scaling.minNodeCount,
    scaling.totalMaxNodeCount ?? scaling.maxNodeCount,
  ];
  if (typeof min !== "number" || typeof max !== "number" || min <= max) return [];
  return [{ property: "autoscaling", reason: `Error 400: the minimum ${min} must not be above the maximum ${max}` }];
}

const catalogue: Readonly<Record<string, Accelerator>> = accelerators;

/** What the catalogue's sources say against these machines; of types that it does not have, it says nothing. */
function acceleratorRefusals(inputs: Properties, context: Context): Problem[] {
  const config = asObject(inputs.nodeConfig);
  const types = asList(config.guestAccelerators).map((given) => asObject(given).type);
  const shapes = Object.values(catalogue).flatMap(({ clouds }) => clouds.gcp);
  return types.flatMap((type, index) => {
    const known = shapes.filter((shape) => shape.type === type);
    if (known.length === 0) return [];
    const property = `nodeConfig.guestAccelerators[${index}].type`;
    const shape = known.find((candidate) => candidate.shape === config.machineType);
    if (shape === undefined) {
      const machines = known.map((candidate) => candidate.shape).join(", ");
      return [
        {
          property,
          reason: `googleapi: Error 400: Machine type ${config.machineType} does not carry ${type}; it takes ${machines} (${known[0]?.source})`,
        },
      ];
    }
    return [...placeRefusals(shape, String(type), property, inputs, context), ...purchaseRefusals(shape, config)];
  });
}

function placeRefusals(
  shape: AcceleratorShape,
  type: string,
  property: string,
  inputs: Properties,
  context: Context,
): Problem[] {
  const region = String(inputs.location ?? context.placement.region).replace(/-[a-z]$/, "");
  const held = context.find(CLUSTER, inputs.cluster, "ref");
  const zones = asList(inputs.nodeLocations ?? held?.outputs.nodeLocations).map(String);
  const offered = shape.regions[region];
  if (offered === null) return [];
  const refused = zones.filter((zone) => !offered?.includes(zone.slice(region.length + 1)));
  return refused.map((zone) => ({
    property,
    reason: `googleapi: Error 400: Accelerator type "${type}" does not exist in zone ${zone}., badRequest (${shape.shape}: ${shape.source})`,
  }));
}

function purchaseRefusals(shape: AcceleratorShape, config: Properties): Problem[] {
  const isFlexible = config.flexStart === true;
  const isReserved = asObject(config.reservationAffinity).consumeReservationType === "SPECIFIC_RESERVATION";
  const bought = config.spot === true ? "spot" : isFlexible ? "flex-start" : isReserved ? "reservation" : "on-demand";
  if (shape.provisioning.includes(bought)) return [];
  const reason = `googleapi: Error 400: Machine type ${shape.shape} can't be had as ${bought}, only as ${shape.provisioning.join(", ")}., badRequest (${shape.source})`;
  return [{ property: "nodeConfig.machineType", reason }];
}

export const nodePoolTypes: readonly ResourceType[] = [nodePool];
