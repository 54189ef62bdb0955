import { isAccelerator, nodeHourOf, purchaseOf } from "../../components/accelerator/choose.ts";
import { managedCost, selfHostedCost } from "../../components/plan/cost.ts";
import { stableName } from "../../components/plan/names.ts";
import { recoveryOf } from "../../components/plan/recovery.ts";
import { managedCapacity, replicaRate, replicasFor, selfHostedCapacity } from "../../components/plan/sizing.ts";
import type { Cloud, ManagedModel, Path, SelfHostedModel } from "../../components/plan/types.ts";
import type { ResolvedPath, ResolvedWorkload } from "../config/resolve.ts";
import { accountOf } from "./locations.ts";

/** What planning a path needs to know of the stack around it. */
export interface Surroundings {
  readonly environment: string;
  /** Public name of the gateway in a location; undefined: there is none. */
  gatewayHost(location: string): string | undefined;
}

/** The plan of one path. The configuration has been checked: what is missing here is a defect of the checks. */
export function planPath(workload: ResolvedWorkload, resolved: ResolvedPath, around: Surroundings): Path {
  const { entry, model } = resolved;
  const location = resolved.location;
  if (location === undefined || model === undefined)
    throw new Error(`${workload.name}: path ${resolved.index} was not checked`);
  const name = `${workload.name}-${entry.location}`;
  const share = entry.role === "primary" ? 1 : workload.entry.traffic.fallbackShare;
  const standby = entry.standby ?? "hot";
  const managed = entry.serving === "managed" ? planManaged(workload, resolved, name, share, around) : null;
  const selfHosted = entry.serving === "self-hosted" ? planSelfHosted(workload, resolved, name, around) : null;
  const rate = replicaRate(model.selfHosted?.throughput ?? [], entry.accelerator ?? "", workload.entry.traffic);
  const neededReplicas = replicasFor(workload.entry.traffic.peakRequestsPerSecond * share, rate);
  return {
    id: `${workload.name}/${entry.location}`,
    name,
    workload: workload.name,
    role: entry.role,
    location: entry.location,
    cloud: location.cloud,
    region: location.region,
    serving: entry.serving,
    standby,
    model: entry.model,
    vendor: model.vendor,
    openWeights: model.weights === "open",
    contract: entry.contract,
    retires: managed === null ? null : (resolved.offer?.retires ?? null),
    managed,
    selfHosted,
    recovery: recoveryOf(
      {
        serving: entry.serving,
        standby,
        streaming: workload.entry.requires.streaming,
        minReplicas: entry.replicas?.min ?? 0,
        neededReplicas,
      },
      workload.entry.recovery.timeObjectiveSeconds,
    ),
    capacity:
      selfHosted === null
        ? managedCapacity(workload.entry.traffic, share, entry.tokensPerMinute)
        : selfHostedCapacity(workload.entry.traffic, share, selfHosted.maxReplicas, rate),
    cost: costOf(workload, resolved, share, selfHosted),
  };
}

function planManaged(
  workload: ResolvedWorkload,
  resolved: ResolvedPath,
  name: string,
  share: number,
  around: Surroundings,
): ManagedModel {
  const { offer, location } = resolved;
  if (offer === undefined || location === undefined) throw new Error(`${name} was not checked`);
  const apiLocation = location.cloud === "gcp" ? offer.scope : location.region;
  return {
    modelId: location.cloud === "azure" ? deploymentOf(workload, resolved, offer.id) : offer.id,
    name: offer.id,
    version: offer.version ?? null,
    publisher: offer.publisher ?? "",
    schema: schemas[location.cloud],
    scope: offer.scope,
    apiLocation,
    sku: offer.sku ?? null,
    foundationModel: offer.foundationModel ?? null,
    profileRegions: offer.profileRegions ?? null,
    host: hostOf(
      location.cloud,
      apiLocation,
      `${around.environment}/${accountOf(location)}/${resolved.entry.location}`,
    ),
    // A fallback that has to carry nothing is there all the same, and nobody sells less than one.
    capacityThousandTokensPerMinute: Math.max(
      1,
      Math.ceil(managedCapacity(workload.entry.traffic, share, undefined).needed / 1000),
    ),
  };
}

/**
 * What a deployment of Azure is called. Gateways and metrics tell a workload's paths apart by it: where a path before has
 * the same model in another Azure location, the location says which.
 */
function deploymentOf({ name, paths }: ResolvedWorkload, { index, entry }: ResolvedPath, model: string): string {
  const twin = paths.slice(0, index).some((path) => path.offer?.id === model && path.location?.cloud === "azure");
  return twin ? `${model}-${name}-${entry.location}` : `${model}-${name}`;
}

const schemas = { azure: "OpenAI", aws: "AWSBedrock", gcp: "GCPVertexAI" } as const satisfies Record<Cloud, string>;

/** Public host of a cloud's model API. Azure's is the account's own name, which is unique in the world. */
function hostOf(cloud: Cloud, apiLocation: string, account: string): string {
  switch (cloud) {
    case "azure":
      return `${stableName("twocloud", account, 24)}.openai.azure.com`;
    case "aws":
      return `bedrock-runtime.${apiLocation}.amazonaws.com`;
    case "gcp":
      if (apiLocation === "global") return "aiplatform.googleapis.com";
      return apiLocation.includes("-")
        ? `${apiLocation}-aiplatform.googleapis.com`
        : `aiplatform.${apiLocation}.rep.googleapis.com`;
  }
}

function planSelfHosted(
  workload: ResolvedWorkload,
  resolved: ResolvedPath,
  name: string,
  around: Surroundings,
): SelfHostedModel {
  const { entry, model, shapes, perReplica, location } = resolved;
  const served = model?.selfHosted;
  const [shape] = shapes;
  const gatewayHost = around.gatewayHost(entry.location);
  if (
    served === undefined ||
    shape === undefined ||
    entry.replicas === undefined ||
    gatewayHost === undefined ||
    location === undefined ||
    !isAccelerator(entry.accelerator)
  )
    throw new Error(`${name} was not checked`);
  const nodesFor = (replicas: number) => Math.ceil(replicas / Math.floor(shape.count / perReplica));
  return {
    modelId: served.servedName,
    accelerator: entry.accelerator,
    shape: shape.shape,
    acceleratorsPerNode: shape.count,
    acceleratorsPerReplica: perReplica,
    purchase: purchaseOf(shape),
    zones: shape.regions[location.region] ?? location.zones,
    minReplicas: entry.replicas.min,
    maxReplicas: entry.replicas.max,
    minNodes: nodesFor(entry.replicas.min),
    maxNodes: nodesFor(entry.replicas.max),
    contextTokens: workload.entry.requires.contextTokens,
    toolCallParser: served.toolCallParser ?? null,
    weights: {
      repository: served.weights.repository,
      revision: served.weights.revision,
      sizeGiB: served.weights.sizeGiB,
    },
    gatewayHost,
  };
}

function costOf(workload: ResolvedWorkload, resolved: ResolvedPath, share: number, selfHosted: SelfHostedModel | null) {
  if (selfHosted === null) return managedCost(workload.entry.traffic, share, resolved.offer ?? unpriced);
  const [shape] = resolved.shapes;
  const hour =
    shape === undefined || resolved.location === undefined
      ? { usd: null, date: null }
      : nodeHourOf(shape, resolved.location.region);
  return selfHostedCost(selfHosted.minNodes, selfHosted.maxNodes, hour, selfHosted.shape);
}

const unpriced = { usdPerMillionInputTokens: null, usdPerMillionOutputTokens: null, date: "" };
