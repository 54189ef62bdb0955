/**
 * Random stack files that are right: what the schema, the catalogues and README's limits allow, chosen so that it fits
 * together, and not filtered by the checks that it tests.
 */
import type * as fc from "fast-check";
import { stringify } from "yaml";
import { acceleratorNames } from "../../components/accelerator/choose.ts";
import type { Sources } from "../../infra/config/read.ts";
import { type Dice, rolled } from "./arbitrary-dice.ts";
import { split } from "./arbitrary-overrides.ts";
import {
  type Island,
  type PlaceBounds,
  rollAccess,
  rollEntry,
  rollIslands,
  rollName,
  rollTags,
} from "./arbitrary-places.ts";
import { rollWorkload, type Workload, type WorkloadBounds } from "./arbitrary-workloads.ts";
import { asOf, type Environment, shipped } from "./stacks.ts";

/** What is written into workloads.yaml and into the environment's file, and what it means. */
export interface StackFiles {
  readonly environment: Environment;
  readonly workloads: Readonly<Record<string, unknown>>;
  readonly overlay: { readonly config: Readonly<Record<string, unknown>> };
  /** The workloads with the overrides applied. */
  readonly meant: Readonly<Record<string, Workload>>;
}

export interface StackBounds extends PlaceBounds, WorkloadBounds {
  readonly environments: readonly Environment[];
  readonly workloads: number;
  /** Workloads with model servers, at most. */
  readonly hosted: number;
}

/** All that can be written. */
export const anything: StackBounds = {
  environments: ["dev", "staging", "prod"],
  workloads: 5,
  islands: 2,
  anyRegion: true,
  zones: 4,
  sharedAccounts: true,
  peaks: [0.01, 0.5, 2, 20, 500],
  replicas: 8,
  accelerators: acceleratorNames,
  hosted: 5,
};

/** What comes up in little time, within the quotas that the shipped accounts were granted. */
export const modest: StackBounds = {
  environments: ["dev", "dev", "dev", "dev", "dev", "staging", "prod"],
  workloads: 3,
  islands: 1,
  anyRegion: false,
  zones: 2,
  sharedAccounts: false,
  peaks: [0.005, 0.02],
  replicas: 1,
  accelerators: ["nvidia-h100-80gb"],
  hosted: 1,
};

export function stackFiles(bounds: StackBounds): fc.Arbitrary<StackFiles> {
  return rolled((dice): StackFiles => {
    const environment = dice.pick(bounds.environments);
    const islands = rollIslands(dice, environment, bounds);
    const names = Array.from({ length: dice.int(1, bounds.workloads) }).reduce<string[]>(
      (taken) => [...taken, rollName(dice, taken, dice.int(0, 2), 22)],
      [],
    );
    const meant = rollWorkloads(dice, names, islands, bounds);
    const parts = Object.entries(meant).map(([name, workload]) => ({ name, ...split(dice, workload) }));
    const places = islands.flatMap((island) => island.places);
    const overrides = parts.flatMap(({ name, override }) => (override ? [[name, override]] : []));
    const tags = rollTags(dice);
    const config = {
      environment,
      locations: Object.fromEntries(places.map(({ name, entry }) => [name, withPerimeter(name, entry, meant)])),
      access: rollAccess(dice),
      entry: rollEntry(dice, places, gatewaysOf(Object.values(meant))),
      ...(overrides.length > 0 ? { overrides: Object.fromEntries(overrides) } : {}),
      ...(Object.keys(tags).length > 0 ? { tags } : {}),
    };
    return {
      environment,
      workloads: Object.fromEntries(parts.map(({ name, written }) => [name, written])),
      overlay: { config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`twocloud:${key}`, value])) },
      meant,
    };
  });
}

function rollWorkloads(
  dice: Dice,
  names: readonly string[],
  islands: readonly Island[],
  bounds: StackBounds,
): Record<string, Workload> {
  let hosted = 0;
  return Object.fromEntries(
    names.map((name) => {
      const left = hosted < bounds.hosted ? bounds : { ...bounds, accelerators: [] };
      const workload = rollWorkload(dice, dice.pick(islands), left);
      if (workload.paths.some(({ serving }) => serving === "self-hosted")) hosted += 1;
      return [name, workload];
    }),
  );
}

/** Where gateways stand: with critical workloads, with model servers, and at the primary of whoever has neither. */
function gatewaysOf(workloads: readonly Workload[]): Set<string> {
  const found = new Set(
    workloads.flatMap(({ tier, paths }) =>
      paths.filter(({ serving }) => tier === "critical" || serving === "self-hosted").map(({ location }) => location),
    ),
  );
  for (const { paths } of workloads) {
    if (paths.some(({ location }) => found.has(location))) continue;
    for (const { location } of paths.filter(({ role }) => role === "primary")) found.add(location);
  }
  return found;
}

/** Vertex that another cloud calls needs a perimeter around it. */
function withPerimeter(name: string, entry: object, workloads: Readonly<Record<string, Workload>>): object {
  const called = Object.values(workloads).some(
    ({ paths }) => paths.length > 1 && paths.some(({ location }) => location === name),
  );
  return "project" in entry && called ? { ...entry, accessPolicy: "0000000000" } : entry;
}

/** The suites that the service levels of all types name. */
export const suites = [...shipped("prod").shared["slos.yaml"].matchAll(/suite: ([a-z-]+)/g)].map(
  ([, name = ""]) => name,
);

/** The two files as texts, by name. */
export function textsOf({ environment, workloads, overlay }: Omit<StackFiles, "meant">): Record<string, string> {
  const plain = { aliasDuplicateObjects: false };
  return {
    "workloads.yaml": stringify(workloads, plain),
    [`Pulumi.${environment}.yaml`]: stringify(overlay, plain),
  };
}

/** With the shared files of this project. */
export function sourcesOf(files: Omit<StackFiles, "meant">): Sources {
  const texts = textsOf(files);
  const { shared } = shipped(files.environment);
  const environmentFile = `Pulumi.${files.environment}.yaml`;
  return {
    shared: { ...shared, "workloads.yaml": texts["workloads.yaml"] ?? "" },
    suites,
    environmentFile,
    environment: { text: texts[environmentFile] ?? "" },
    asOf,
  };
}
