import { type AcceleratorShape, memoryOf, shapesOf } from "../../components/accelerator/choose.ts";
import type { Images, ModelEntry, Models, Offer } from "../../components/plan/catalogue.ts";
import { entryOf } from "../../components/plan/lookup.ts";
import { type Region, regionOf } from "../../components/plan/regions.ts";
import { acceleratorsPerReplica } from "../../components/plan/sizing.ts";
import type { Cloud } from "../../components/plan/types.ts";
import type { Contracts, LocationEntry, Overlay, Slos, WorkloadEntry, Workloads } from "./schema.ts";

/** Everything that checks and plan look at. */
export interface StackInput {
  readonly files: Readonly<Record<"workloads" | "environment" | "slos" | "models" | "images", string>>;
  /** Day at which retirements are judged, YYYY-MM-DD. */
  readonly asOf: string;
  readonly workloads: Workloads;
  readonly slos: Slos;
  readonly contracts: Contracts;
  readonly models: Models;
  /** Undefined when the file can't be read; nothing else leans on it. */
  readonly images: Images | undefined;
  readonly overlay: Overlay;
  /** Names of the suites in stacks/suites. */
  readonly suites: readonly string[];
}

type PathEntry = WorkloadEntry["paths"][number];

/** A path with the facts that its words stand for; what is not known is undefined and reported by a check. */
export interface ResolvedPath {
  readonly workload: string;
  /** Position in the workload's list. */
  readonly index: number;
  readonly entry: PathEntry;
  readonly location: LocationEntry | undefined;
  readonly region: Region | undefined;
  readonly model: ModelEntry | undefined;
  /** Offers of the model in the path's cloud, wherever they may be used. */
  readonly offers: readonly Offer[];
  /** The offer that keeps to the residency and can be called from the region. */
  readonly offer: Offer | undefined;
  /** Accelerators that one replica takes. */
  readonly perReplica: number;
  /** Machine shapes of the accelerator that the region has and that hold a replica, smallest first. */
  readonly shapes: readonly AcceleratorShape[];
}

export interface ResolvedWorkload {
  readonly name: string;
  readonly entry: WorkloadEntry;
  readonly paths: readonly ResolvedPath[];
}

/** Applies the environment's overrides and looks everything up. */
export function resolve(input: StackInput): ResolvedWorkload[] {
  return Object.entries(input.workloads).map(([name, written]) => {
    const entry = overridden(written, entryOf(input.overlay.overrides, name));
    return { name, entry, paths: entry.paths.map((path, index) => resolvePath(input, name, entry, path, index)) };
  });
}

type OverrideEntry = Overlay["overrides"][string];

function overridden(entry: WorkloadEntry, override: OverrideEntry | undefined): WorkloadEntry {
  if (override === undefined) return entry;
  return {
    ...entry,
    traffic: { ...entry.traffic, ...defined(override.traffic) },
    recovery: { ...entry.recovery, ...defined(override.recovery) },
    paths: entry.paths.map((path) => {
      const { replicas, ...rest } = entryOf(override.paths ?? {}, path.location) ?? {};
      const merged =
        replicas === undefined ? path.replicas : { min: 0, max: 1, ...path.replicas, ...defined(replicas) };
      return { ...path, ...defined(rest), ...(merged === undefined ? {} : { replicas: merged }) };
    }),
  };
}

/** Without the keys that are there but undefined: they must not hide what they stand over. */
function defined<T extends object>(value: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => each !== undefined)) as never;
}

function resolvePath(
  input: StackInput,
  workload: string,
  owner: WorkloadEntry,
  entry: PathEntry,
  index: number,
): ResolvedPath {
  const location = entryOf(input.overlay.locations, entry.location);
  const region = location && regionOf(location.cloud, location.region);
  const model = entryOf(input.models.models, entry.model);
  const offers = location === undefined ? [] : (model?.clouds[location.cloud] ?? []);
  const offer = location && model && offerOf(model, owner.residency, location);
  const perReplica = perReplicaOf(model, entry.accelerator ?? "");
  const shapes = location === undefined ? [] : shapesFor(entry.accelerator ?? "", perReplica, location);
  return { workload, index, entry, location, region, model, offers, offer, perReplica, shapes };
}

/** Accelerators of this kind that one replica of the model takes. */
export function perReplicaOf(model: ModelEntry | undefined, accelerator: string): number {
  const { throughput = [], minGpuMemoryGiB = null } = model?.selfHosted ?? {};
  return acceleratorsPerReplica(throughput, accelerator, minGpuMemoryGiB, memoryOf(accelerator) ?? Infinity);
}

/** Machine shapes of a location's region that hold so many of an accelerator, smallest first. */
export function shapesFor(
  accelerator: string,
  count: number,
  { cloud, region }: { cloud: Cloud; region: string },
): AcceleratorShape[] {
  return shapesOf(accelerator, cloud, region).filter((shape) => shape.count >= count);
}

/** The path without what follows from its location. */
export function unplaced(path: ResolvedPath): ResolvedPath {
  return { ...path, location: undefined, region: undefined, offers: [], offer: undefined, shapes: [] };
}

/** The first offer of a model that can be called from the location's region and keeps requests inside the geography. */
export function offerOf(
  model: ModelEntry,
  residency: string,
  { cloud, region }: { cloud: Cloud; region: string },
): Offer | undefined {
  return model.clouds[cloud].find(
    (offer) => within(offer.scope, residency, cloud) && (offer.regions == null || offer.regions.includes(region)),
  );
}

/** Whether inference in a scope (geography, region or `global`) stays inside a geography. */
export function within(scope: string, geography: string, cloud: Cloud): boolean {
  return scope === geography || regionOf(cloud, scope)?.geography === geography;
}
