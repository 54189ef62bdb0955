/** The machines of a cluster, as far as the sandbox's clouds know them: its node pools. */
import type { Context } from "../../cloud.ts";
import type { StoredResource } from "../../store.ts";
import { asList, asObject, knownString, type Properties } from "../../values.ts";

export const EKS = "aws:eks/cluster:Cluster";
export const AKS = "azure-native:containerservice:ManagedCluster";
export const GKE = "gcp:container/cluster:Cluster";

/** Clusters of any cloud; each publishes its API server as handle `endpoint`. */
export const CLUSTERS: readonly string[] = [EKS, AKS, GKE];

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

export interface Pool {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** True if its machines have NVIDIA accelerators. */
  readonly accelerated: boolean;
  /** Taints that pods which ask for accelerators tolerate without saying so. */
  readonly toleratedByAccelerated?: RegExp;
}

/** The cluster that the provider talks to. */
export function clusterOf(context: Pick<Context, "find" | "connection">): StoredResource | undefined {
  return context.find(CLUSTERS, context.connection.scope, "endpoint");
}

/** Its node pools; undefined where machines come as pods need them, so that no pool decides what fits. */
export function poolsOf(context: Context): Pool[] | undefined {
  const cluster = clusterOf(context);
  if (cluster === undefined || makesNodes(cluster, context)) return undefined;
  if (cluster.type === EKS) return eksPools(cluster, context);
  return cluster.type === AKS ? aksPools(cluster, context) : gkePools(cluster, context);
}

/** EKS Auto Mode, AKS node auto-provisioning, GKE Autopilot and node auto-provisioning, Karpenter as a chart. */
function makesNodes({ outputs }: StoredResource, context: Context): boolean {
  const charts = context.all("kubernetes:helm.sh/v3:Release").map(({ inputs }) => String(inputs.chart));
  return (
    asObject(outputs.computeConfig).enabled === true ||
    asObject(outputs.nodeProvisioningProfile).mode === "Auto" ||
    outputs.enableAutopilot === true ||
    asObject(outputs.clusterAutoscaling).enabled === true ||
    charts.some((chart) => /(^|\/)karpenter$/.test(chart))
  );
}

function eksPools(cluster: StoredResource, context: Context): Pool[] {
  const { scope, region } = cluster.placement;
  const groups = context
    .all("aws:eks/nodeGroup:NodeGroup", scope)
    .filter(({ inputs, placement }) => inputs.clusterName === cluster.name && placement.region === region);
  return groups.map(({ inputs, outputs }) => {
    const name = String(inputs.nodeGroupName);
    const types = asList(outputs.instanceTypes).map(String);
    return {
      name,
      labels: {
        "eks.amazonaws.com/nodegroup": name,
        "eks.amazonaws.com/capacityType": String(outputs.capacityType),
        ...oneType(types),
        ...texts(inputs.labels),
      },
      taints: asList(inputs.taints).map(taintOf),
      // https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html; a launch template's type is not looked up.
      accelerated: types.length === 0 || types.some((type) => /^(p\d|gr?\d)/.test(type) && !type.startsWith("g4ad")),
    };
  });
}

/** https://learn.microsoft.com/azure/virtual-machines/sizes/overview: the N family, but for AMD's (NG, NVv4) and for NP. */
const NVIDIA_SIZE = /^standard_n(?![gp]|v\d+\w*_v4$)/i;

/** https://cloud.google.com/compute/docs/gpus: machine types that come with accelerators. */
const NVIDIA_MACHINE = /^(a[2-4]x?|g[24])-/;

function aksPools(cluster: StoredResource, context: Context): Pool[] {
  const own = asList(cluster.outputs.agentPoolProfiles).map(asObject);
  const added = context
    .all("azure-native:containerservice:AgentPool", cluster.placement.scope)
    .filter(({ inputs }) => sameText(inputs.resourceName, cluster.name) && sameGroup(inputs, cluster.inputs))
    .map(({ inputs, name }) => ({ name, ...inputs }));
  const all = new Map([...own, ...added].map((pool: Properties) => [String(pool.name ?? pool.agentPoolName), pool]));
  return [...all].map(([name, pool]) => {
    const isSpot = pool.scaleSetPriority === "Spot";
    return {
      name,
      labels: {
        agentpool: name,
        "kubernetes.azure.com/agentpool": name,
        "kubernetes.io/os": String(pool.osType ?? "Linux").toLowerCase(),
        "node.kubernetes.io/instance-type": String(pool.vmSize),
        ...(isSpot ? { "kubernetes.azure.com/scalesetpriority": "spot" } : {}),
        ...texts(pool.nodeLabels),
      },
      // https://learn.microsoft.com/azure/aks/spot-node-pool
      taints: [
        ...asList(pool.nodeTaints).map((text) => taintOfText(String(text))),
        ...(isSpot ? [taintOfText("kubernetes.azure.com/scalesetpriority=spot:NoSchedule")] : []),
      ],
      accelerated: NVIDIA_SIZE.test(String(pool.vmSize)),
    };
  });
}

function gkePools(cluster: StoredResource, context: Context): Pool[] {
  const { scope } = cluster.placement;
  const ids = [cluster.id, cluster.name, cluster.outputs.selfLink];
  const added = context
    .all("gcp:container/nodePool:NodePool", scope)
    .filter(({ inputs }) => ids.includes(inputs.cluster))
    .map(({ name, outputs }) => gkePool(name, outputs.nodeConfig));
  const inline = asList(cluster.inputs.nodePools).map(asObject);
  const own = inline.map((pool) => gkePool(String(pool.name), pool.nodeConfig));
  const isDefaultKept = inline.length === 0 && cluster.inputs.removeDefaultNodePool !== true;
  return [...(isDefaultKept ? [gkePool("default-pool", cluster.outputs.nodeConfig)] : []), ...own, ...added];
}

function gkePool(name: string, config: unknown): Pool {
  const { labels, taints, effectiveTaints, guestAccelerators, machineType } = asObject(config);
  const [accelerator] = asList(guestAccelerators).map((each) => String(asObject(each).type));
  return {
    name,
    labels: {
      "cloud.google.com/gke-nodepool": name,
      ...(machineType === undefined ? {} : { "node.kubernetes.io/instance-type": String(machineType) }),
      ...(accelerator === undefined ? {} : { "cloud.google.com/gke-accelerator": accelerator }),
      ...texts(labels),
    },
    taints: asList(effectiveTaints ?? taints).map(taintOf),
    accelerated: accelerator !== undefined || NVIDIA_MACHINE.test(String(machineType)),
    // GKE adds that toleration itself: https://cloud.google.com/kubernetes-engine/docs/how-to/gpus
    toleratedByAccelerated: /^nvidia\.com\/gpu$/,
  };
}

function oneType(types: readonly string[]): Record<string, string> {
  const [type, ...others] = types;
  return type === undefined || others.length > 0 ? {} : { "node.kubernetes.io/instance-type": type };
}

/** The clouds write effects in capitals, Kubernetes does not. */
function taintOf(taint: unknown): Taint {
  const { key, value, effect } = asObject(taint);
  return { key: String(key), value: String(value ?? ""), effect: String(effect).replaceAll("_", "").toLowerCase() };
}

function taintOfText(text: string): Taint {
  const [, key = "", value = "", effect = ""] = /^([^=:]+)=?([^:]*):(.*)$/.exec(text) ?? [];
  return taintOf({ key, value, effect });
}

function sameText(one: unknown, other: unknown): boolean {
  return String(one).toLowerCase() === String(other).toLowerCase();
}

function sameGroup(pool: Properties, cluster: Properties): boolean {
  return sameText(pool.resourceGroupName, cluster.resourceGroupName);
}

function texts(values: unknown): Record<string, string> {
  const entries = Object.entries(asObject(values));
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (knownString(value) === undefined ? [] : [[key, String(value)]])),
  );
}
