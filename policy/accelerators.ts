import { type Accelerator, type AcceleratorShape, accelerators } from "../components/accelerator/catalogue.ts";
import type { Cloud } from "../components/plan/types.ts";
import { azureType, cloudOf, regionOf } from "./clouds.ts";
import { at, type Graph, type Node, unknown } from "./graph.ts";
import { type DeclaredPath, needsOf } from "./paths.ts";

/** Pools of machines with accelerators, the same for every cloud. */
export interface Pool {
  readonly node: Node;
  /** Whether its machines can be taken away; undefined when that cannot be told. */
  readonly spot: boolean | undefined;
  readonly shape: string | undefined;
  readonly region: string | undefined;
  /** Machines at most; undefined when it has no limit that is known. */
  readonly maximum: number | undefined;
  /** Price of one machine as the catalogue has it; undefined when it has none. */
  readonly usdPerHour: number | undefined;
}

/** Machines with accelerators by the beginning of their name, whether the catalogue has them or not. */
export const acceleratorFamilies: Readonly<Record<Cloud, RegExp>> = {
  azure: /^Standard_N/i,
  aws: /^(p|g|gr|inf|trn)\d/,
  gcp: /^(a[234]|g[24])-/,
};

const types: Readonly<Record<Cloud, RegExp>> = {
  azure: azureType("containerservice", "AgentPool"),
  aws: /^aws:eks\/nodeGroup:NodeGroup$/,
  gcp: /^gcp:container\/nodePool:NodePool$/,
};

/** The pools with accelerators that a path stands on; those too of which nobody can tell what machines they have. */
export function acceleratorPoolsOf(graph: Graph, path: DeclaredPath): Pool[] {
  return [...needsOf(graph, path).keys()].flatMap((urn) => {
    const node = graph.nodes.get(urn);
    const pool = node === undefined ? undefined : poolOf(graph, node);
    return pool === undefined ? [] : [pool];
  });
}

function poolOf(graph: Graph, node: Node): Pool | undefined {
  const cloud = cloudOf(node);
  if (cloud === undefined || !types[cloud].test(node.type)) return undefined;
  const said = shapeOf[cloud](node);
  const shape = typeof said === "string" ? said : undefined;
  const has =
    said === unknown ||
    (shape !== undefined && isAccelerated(cloud, shape)) ||
    at(node.props, "nodeConfig", "guestAccelerators", 0) !== undefined;
  if (!has) return undefined;
  const region = regionOf(graph, node);
  const place = typeof region === "string" ? region : undefined;
  const maximum = maximumOf[cloud](node);
  const spot = spotOf[cloud](node);
  return {
    node,
    spot,
    shape,
    region: place,
    maximum: typeof maximum === "number" ? maximum : undefined,
    usdPerHour: priceOf(cloud, shape, place, spot === true),
  };
}

const shapeOf: Readonly<Record<Cloud, (node: Node) => unknown>> = {
  azure: ({ props }) => at(props, "vmSize"),
  aws: ({ props }) => at(props, "instanceTypes", 0),
  gcp: ({ props }) => at(props, "nodeConfig", "machineType"),
};

const maximumOf: Readonly<Record<Cloud, (node: Node) => unknown>> = {
  azure: ({ props }) => at(props, "maxCount") ?? at(props, "count"),
  aws: ({ props }) => at(props, "scalingConfig", "maxSize"),
  gcp: ({ props }) => at(props, "autoscaling", "totalMaxNodeCount") ?? maximumByZones(props),
};

/** The other limit that GCP knows is one of each zone. */
function maximumByZones(props: Node["props"]): number | undefined {
  const [each, zones] = [at(props, "autoscaling", "maxNodeCount"), at(props, "nodeLocations")];
  return typeof each === "number" && Array.isArray(zones) && zones.length > 0 ? each * zones.length : undefined;
}

const spotOf: Readonly<Record<Cloud, (node: Node) => boolean | undefined>> = {
  azure: ({ props }) => isOne(at(props, "scaleSetPriority"), "Spot", "Regular"),
  aws: ({ props }) => isOne(at(props, "capacityType"), "SPOT", "ON_DEMAND", "CAPACITY_BLOCK"),
  gcp: ({ props }) => {
    const found = [at(props, "nodeConfig", "spot"), at(props, "nodeConfig", "preemptible")];
    return found.includes(unknown) ? undefined : found.includes(true);
  },
};

/** A value that names the one or another; absent is another, which is every cloud's default. */
function isOne(value: unknown, one: string, ...others: readonly string[]): boolean | undefined {
  if (value === one) return true;
  return value === undefined || others.some((other) => value === other) ? false : undefined;
}

function shapesOf(cloud: Cloud): AcceleratorShape[] {
  return (Object.values(accelerators) as readonly Accelerator[]).flatMap(({ clouds }) => [...clouds[cloud]]);
}

function isAccelerated(cloud: Cloud, shape: string): boolean {
  return shapesOf(cloud).some((one) => one.shape === shape) || acceleratorFamilies[cloud].test(shape);
}

function priceOf(
  cloud: Cloud,
  shape: string | undefined,
  region: string | undefined,
  spot: boolean,
): number | undefined {
  const price = shapesOf(cloud).find((one) => one.shape === shape)?.usdPerHour[region ?? ""];
  return (spot ? price?.spot : undefined) ?? price?.onDemand ?? undefined;
}
