import type { Priced } from "../plan/cost.ts";
import { entryOf } from "../plan/lookup.ts";
import type { Cloud } from "../plan/types.ts";
import { type Accelerator, type AcceleratorName, type AcceleratorShape, accelerators } from "./catalogue.ts";

export type { AcceleratorShape } from "./catalogue.ts";

/** How a pool's machines are bought: kept until given back, or taken away when the cloud wants them. */
export const purchases = ["on-demand", "spot"] as const;
export type Purchase = (typeof purchases)[number];

export const acceleratorNames = Object.keys(accelerators) as readonly AcceleratorName[];

export function isAccelerator(name: string | undefined): name is AcceleratorName {
  return name !== undefined && Object.hasOwn(accelerators, name);
}

const catalogue: Readonly<Record<string, Accelerator>> = accelerators;

/** Memory of one accelerator, GiB; undefined when it is not in the catalogue. */
export function memoryOf(accelerator: string): number | undefined {
  return entryOf(catalogue, accelerator)?.memoryGiB;
}

/** The machine shapes that carry an accelerator in a region, smallest first. */
export function shapesOf(accelerator: string, cloud: Cloud, region: string): AcceleratorShape[] {
  const shapes = entryOf(catalogue, accelerator)?.clouds[cloud] ?? [];
  return shapes.filter((shape) => Object.hasOwn(shape.regions, region)).sort((left, right) => left.count - right.count);
}

/** How a shape is bought: on demand where the cloud sells it so, otherwise spot. */
export function purchaseOf(shape: AcceleratorShape): Purchase {
  return shape.provisioning.includes("on-demand") ? "on-demand" : "spot";
}

/** Price of one machine an hour in a region, as it is bought. */
export function nodeHourOf(shape: AcceleratorShape, region: string): Priced {
  const price = shape.usdPerHour[region];
  const usd = purchaseOf(shape) === "spot" ? price?.spot : price?.onDemand;
  return { usd: usd ?? null, date: shape.date };
}
