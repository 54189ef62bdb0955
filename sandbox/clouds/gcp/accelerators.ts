/** Accelerators by machine, region, zone and way of buying. https://cloud.google.com/compute/docs/gpus/gpu-regions-zones */
import { type Accelerator, type AcceleratorShape, accelerators } from "../../../components/accelerator/catalogue.ts";
import type { Context, Problem } from "../../cloud.ts";
import { asList, asObject, type Properties } from "../../values.ts";
import { wrong } from "./answers.ts";

const CLUSTER = "gcp:container/cluster:Cluster";
const MACHINES_PAGE = "https://cloud.google.com/compute/docs/accelerator-optimized-machines";
const ZONES_PAGE = "https://cloud.google.com/compute/docs/gpus/gpu-regions-zones";

const catalogue: Readonly<Record<string, Accelerator>> = accelerators;

/** `a3-highgpu` of `a3-highgpu-1g`. */
const familyOf = (machineType: unknown) => String(machineType).split("-").slice(0, 2).join("-");

/** What the catalogue's sources say against these machines; of types and sizes that it does not have, it says nothing. */
export function acceleratorRefusals(inputs: Properties, context: Context): Problem[] {
  const config = asObject(inputs.nodeConfig);
  const shapes = Object.values(catalogue).flatMap(({ clouds }) => clouds.gcp);
  return asList(config.guestAccelerators).flatMap((given, index) => {
    const { type, count } = asObject(given);
    const known = shapes.filter((shape) => shape.type === type);
    if (known.length === 0) return [];
    const property = `nodeConfig.guestAccelerators[${index}]`;
    const shape = known.find((candidate) => candidate.shape === config.machineType);
    if (shape !== undefined) {
      return [
        ...countRefusals(shape, String(type), count, property),
        ...placeRefusals(shape, String(type), property, inputs, context),
        ...purchaseRefusals(shape, config),
      ];
    }
    if (known.some((candidate) => familyOf(candidate.shape) === familyOf(config.machineType))) return [];
    const machines = known.map((candidate) => candidate.shape).join(", ");
    const text = `Machine type ${config.machineType} does not carry ${type} (${known[0]?.source})`;
    const more = { kind: "placement", fix: `Take ${machines}`, source: MACHINES_PAGE } as const;
    return [wrong(`${property}.type`, "badRequest", text, more)];
  });
}

function countRefusals(shape: AcceleratorShape, type: string, count: unknown, property: string): Problem[] {
  if (count === undefined || count === shape.count) return [];
  const text = `Machine type ${shape.shape} has ${shape.count} ${type}, not ${count} (${shape.source})`;
  const more = {
    kind: "placement",
    fix: `Write ${shape.count}, or take a larger machine`,
    source: MACHINES_PAGE,
  } as const;
  return [wrong(`${property}.count`, "badRequest", text, more)];
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
  const others = Object.keys(shape.regions).join(", ");
  const fix =
    offered === undefined
      ? `Choose one of ${others}`
      : `Choose ${offered.map((zone) => `${region}-${zone}`).join(", ")}`;
  const refused = zones.filter((zone) => !offered?.includes(zone.slice(region.length + 1)));
  return refused.map((zone) =>
    wrong(
      `${property}.type`,
      "badRequest",
      `Accelerator type "${type}" does not exist in zone ${zone} (${shape.shape}: ${shape.source}).`,
      { kind: "placement", fix, source: ZONES_PAGE },
    ),
  );
}

function purchaseRefusals(shape: AcceleratorShape, config: Properties): Problem[] {
  const isFlexible = config.flexStart === true;
  const isReserved = asObject(config.reservationAffinity).consumeReservationType === "SPECIFIC_RESERVATION";
  const bought = config.spot === true ? "spot" : isFlexible ? "flex-start" : isReserved ? "reservation" : "on-demand";
  if (shape.provisioning.includes(bought)) return [];
  const offered = shape.provisioning.join(", ");
  const text = `Machine type ${shape.shape} can't be had as ${bought}, only as ${offered} (${shape.source})`;
  const more = {
    kind: "placement",
    fix: `Buy it as ${offered}, or take another machine`,
    source: MACHINES_PAGE,
  } as const;
  return [wrong("nodeConfig.machineType", "badRequest", text, more)];
}
