import * as container from "@pulumi/gcp/container/index.js";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../check.ts";
import { argumentProblems, labels, zoneName } from "../gcp.ts";
import { stableName } from "../plan/names.ts";
import { nearest } from "../plan/problem.ts";
import { type Accelerator, type AcceleratorShape, accelerators } from "./catalogue.ts";
import {
  type AcceleratorPool,
  type AcceleratorPoolArgs,
  acceleratorTaint,
  poolLabel,
  provisionings,
  replacements,
  type Toleration,
} from "./types.ts";

/**
 * A GKE node pool with accelerators: private machines, bounded over all zones, tainted, with image streaming. GKE puts
 * driver and device plugin on them. Secure boot is off here and only here: on accelerator nodes GKE loads drivers that
 * the boot chain has not signed; integrity is still measured.
 *
 * `surge` makes a new pool before the old one goes (the pool's name follows what forces a new one), and one machine
 * more while GKE upgrades; `rolling` needs no spare quota either time.
 *
 * @throws Error when the catalogue does not have the shape in these zones, with that many accelerators or bought that
 * way, or the node range is empty, upside down, or more than flex-start allows
 */
export class GcpAcceleratorPool extends pulumi.ComponentResource implements AcceleratorPool {
  readonly poolName: pulumi.Output<string>;
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: readonly Toleration[];

  constructor(name: string, args: AcceleratorPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twocloud:index:GcpAcceleratorPool", name, {}, opts);
    refuse("GcpAcceleratorPool", name, problemsOf(name, args));

    const pool = buildPool(name, args, this);

    const { account, cloud, name: location, region } = args.location;
    this.poolName = pool.name;
    this.nodeSelector = { [poolLabel]: name };
    this.tolerations = [{ ...acceleratorTaint, operator: "Equal" }];
    this.registerOutputs({
      cloud,
      location,
      account,
      region,
      zones: args.zones,
      shape: args.shape,
      accelerator: args.accelerator,
      acceleratorsPerNode: args.acceleratorsPerNode,
      minNodes: args.minNodes,
      maxNodes: args.maxNodes,
      provisioning: args.provisioning,
      replace: args.replace,
      poolName: this.poolName,
      nodeSelector: this.nodeSelector,
      tolerations: this.tolerations,
    });
  }
}

const catalogue: Readonly<Record<string, Accelerator>> = accelerators;

/** GKE's limit for pool names. */
const maxNameLength = 40;

/** A Kubernetes label's value. */
const maxLabelLength = 63;

/** Room for a model server's image; weights are not stored here. */
const bootDiskGiB = 200;

function problemsOf(name: string, args: AcceleratorPoolArgs): string[] {
  const { location, minNodes, maxNodes, provisioning, reservation } = args;
  const problems = [...argumentProblems(location, args.tags), ...shapeProblems(args)];
  if (name.length > maxLabelLength) {
    problems.push(`the name has ${name.length} characters; nodes are labelled with it: ${maxLabelLength} at most`);
  }
  if (!Number.isInteger(minNodes) || !Number.isInteger(maxNodes) || minNodes < 0 || maxNodes < Math.max(1, minNodes)) {
    problems.push(`minNodes is ${minNodes} and maxNodes ${maxNodes}; at most the maximum, which is at least 1`);
  }
  // https://cloud.google.com/kubernetes-engine/docs/how-to/gpu-flex-start
  if (provisioning === provisionings.flexStart && minNodes > 0) {
    problems.push(
      `minNodes is ${minNodes}; flex-start machines come when pods wait for them: 0, or another provisioning`,
    );
  }
  if ((provisioning === provisionings.reservation) !== (reservation !== undefined)) {
    problems.push(
      `provisioning is "${provisioning}" and reservation "${reservation ?? ""}"; name one only with the other`,
    );
  }
  return problems;
}

/** What the catalogue says against the machines that are asked for. */
function shapeProblems(args: AcceleratorPoolArgs): string[] {
  const { accelerator, shape, location } = args;
  const entry = catalogue[accelerator];
  if (entry === undefined) {
    const known = Object.keys(catalogue);
    return [
      `accelerator "${accelerator}" is unknown; did you mean ${nearest(accelerator, known) ?? known.join(", ")}?`,
    ];
  }
  const found = entry.clouds.gcp.find((candidate) => candidate.shape === shape);
  if (found === undefined) {
    const shapes = entry.clouds.gcp.map((candidate) => candidate.shape).join(", ");
    return [`shape "${shape}" does not carry ${accelerator} in gcp; the catalogue has ${shapes || "none"}`];
  }
  if (!(location.region in found.regions)) {
    return [
      `${shape} is not known in ${location.region}; the catalogue has it in ${Object.keys(found.regions).join(", ")}`,
    ];
  }
  return [...purchaseProblems(found, args), ...zoneProblems(found, args)];
}

function purchaseProblems(found: AcceleratorShape, { shape, provisioning, acceleratorsPerNode }: AcceleratorPoolArgs) {
  const problems: string[] = [];
  if (found.count !== acceleratorsPerNode) {
    problems.push(`acceleratorsPerNode is ${acceleratorsPerNode}; ${shape} has ${found.count}`);
  }
  if (!found.provisioning.includes(provisioning)) {
    problems.push(`provisioning is "${provisioning}"; ${shape} is sold as ${found.provisioning.join(", ")}`);
  }
  return problems;
}

function zoneProblems(found: AcceleratorShape, { shape, location, zones }: AcceleratorPoolArgs): string[] {
  const offered = found.regions[location.region];
  const without = zones.filter((zone) => offered != null && !offered.includes(zone));
  if (zones.length === 0) return [`zones is empty; name at least one of ${offered?.join(", ") ?? location.region}`];
  return without.length === 0
    ? []
    : [`${shape} is not offered in zone ${without.join(", ")} of ${location.region}; it is in ${offered?.join(", ")}`];
}

function buildPool(name: string, args: AcceleratorPoolArgs, parent: pulumi.Resource): container.NodePool {
  const { location, zones, minNodes, maxNodes, provisioning } = args;
  const flexible = provisioning === provisionings.flexStart;
  return new container.NodePool(
    `${name}-nodes`,
    {
      project: args.scope,
      name: poolName(name, args),
      cluster: args.clusterId,
      location: location.region,
      nodeLocations: zones.map((zone) => zoneName(location, zone)),
      // Per zone, at the beginning; from then on the autoscaler decides. Never more than asked for: they are dear.
      initialNodeCount: Math.floor(minNodes / zones.length),
      autoscaling: { totalMinNodeCount: minNodes, totalMaxNodeCount: maxNodes, locationPolicy: "ANY" },
      // A flex-start machine that is repaired would have to wait for capacity again.
      management: { autoRepair: !flexible, autoUpgrade: true },
      ...(flexible ? {} : { upgradeSettings: upgrades[args.replace] }),
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: nodeConfig(name, args),
    },
    { parent, ignoreChanges: ["initialNodeCount"], deleteBeforeReplace: args.replace === replacements.rolling },
  );
}

/** Nodes that may come on top, or be missing, while GKE upgrades. */
const upgrades = {
  surge: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
  rolling: { strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 },
} as const;

/** Two pools can't have one name: what needs other machines makes another name. */
function poolName(name: string, args: AcceleratorPoolArgs): string {
  const { shape, accelerator, acceleratorsPerNode, provisioning, reservation } = args;
  return stableName(
    name,
    [name, shape, accelerator, acceleratorsPerNode, provisioning, reservation].join("/"),
    maxNameLength,
  );
}

function nodeConfig(name: string, args: AcceleratorPoolArgs) {
  const { accelerator, shape, provisioning } = args;
  const type = catalogue[accelerator]?.clouds.gcp.find((candidate) => candidate.shape === shape)?.type ?? accelerator;
  return {
    machineType: shape,
    guestAccelerators: [
      { type, count: args.acceleratorsPerNode, gpuDriverInstallationConfig: { gpuDriverVersion: "LATEST" } },
    ],
    taints: [{ key: acceleratorTaint.key, value: acceleratorTaint.value, effect: "NO_SCHEDULE" }],
    labels: { [poolLabel]: name },
    serviceAccount: args.nodeServiceAccount,
    // Scopes are an older barrier before IAM; what the nodes may do is in their roles.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    shieldedInstanceConfig: { enableSecureBoot: false, enableIntegrityMonitoring: true },
    imageType: "COS_CONTAINERD",
    diskType: "pd-balanced",
    diskSizeGb: bootDiskGiB,
    gcfsConfig: { enabled: true },
    gvnic: { enabled: true },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
    metadata: { "disable-legacy-endpoints": "true" },
    resourceLabels: labels(args.tags),
    spot: provisioning === provisionings.spot,
    ...(provisioning === provisionings.flexStart ? { flexStart: true } : {}),
    ...reservationAffinity(args),
  };
}

function reservationAffinity({ provisioning, reservation }: AcceleratorPoolArgs) {
  if (provisioning === provisionings.onDemand) return {};
  if (provisioning !== provisionings.reservation) {
    return { reservationAffinity: { consumeReservationType: "NO_RESERVATION" } };
  }
  return {
    reservationAffinity: {
      consumeReservationType: "SPECIFIC_RESERVATION",
      key: "compute.googleapis.com/reservation-name",
      values: [reservation ?? ""],
    },
  };
}
