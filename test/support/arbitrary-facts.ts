/**
 * What a place can serve, worked out from the catalogues alone: what the program makes of them is what is tested, so its
 * own look-ups are not used here.
 */
import { parse } from "yaml";
import { accelerators } from "../../components/accelerator/catalogue.ts";
import { regions } from "../../components/plan/regions.ts";
import type { Cloud } from "../../components/plan/words.ts";
import { asOf, shipped } from "./stacks.ts";

export interface Capabilities {
  readonly contextTokens: number;
  readonly tools: boolean;
  readonly structuredOutput: boolean;
  readonly streaming: boolean;
  readonly modalities: readonly string[];
}

/** One way in which a region can serve a model. */
export interface Serving {
  readonly serving: "managed" | "self-hosted";
  readonly model: string;
  readonly capabilities: Capabilities;
  /** Of a self-hosted model. */
  readonly accelerator?: string;
  /** Whether somebody measured what one replica carries on it. */
  readonly measured?: boolean;
  /** Whether its machines can be taken away, so that no primary stands on them. */
  readonly spot?: boolean;
}

interface Throughput {
  readonly accelerator: string;
  readonly acceleratorsPerReplica: number;
  readonly atConcurrency?: number | null;
  readonly inputTokens?: number | null;
  readonly outputTokensBench?: number | null;
}

interface Model {
  readonly weights: "open" | "closed";
  readonly capabilities: Capabilities;
  readonly clouds: Readonly<Record<Cloud, readonly Offer[]>>;
  readonly selfHosted?: { readonly minGpuMemoryGiB: number | null; readonly throughput: readonly Throughput[] };
}

interface Offer {
  readonly api: string;
  readonly scope: string;
  readonly regions?: readonly string[] | null;
  readonly retires: string | null;
}

const catalogue = Object.entries(
  (parse(shipped("dev").shared["models.yaml"]) as { models: Record<string, Model> }).models,
);

/** Contracts that run on the day of judgement. */
export const contracts = Object.entries(
  parse(shipped("dev").shared["contracts.yaml"]) as Record<string, { start: string; end: string | null }>,
).flatMap(([name, { start, end }]) => (start <= asOf && (end === null || end >= asOf) ? [name] : []));

/** Clouds in which model servers of one's own are built; README, "Limits today". */
const hostingClouds: readonly Cloud[] = ["gcp"];

export const geographyOf = (cloud: Cloud, region: string): string | undefined =>
  (regions[cloud][region] as { geography: string } | undefined)?.geography;

function managedIn(cloud: Cloud, region: string): Serving[] {
  const geography = geographyOf(cloud, region);
  const stays = (scope: string) => scope === geography || geographyOf(cloud, scope) === geography;
  return catalogue.flatMap(([model, { capabilities, clouds }]) => {
    const offer = clouds[cloud].find(
      ({ scope, regions: callable }) => stays(scope) && (callable == null || callable.includes(region)),
    );
    const served = offer !== undefined && (offer.retires === null || offer.retires > asOf);
    if (!served) return [];
    // The gateway drops it on the way to Bedrock's own API.
    const structuredOutput = capabilities.structuredOutput && offer.api !== "AWSBedrock";
    return [{ serving: "managed" as const, model, capabilities: { ...capabilities, structuredOutput } }];
  });
}

function selfHostedIn(cloud: Cloud, region: string): Serving[] {
  if (!hostingClouds.includes(cloud)) return [];
  return catalogue.flatMap(([model, { capabilities, selfHosted, weights }]) => {
    if (selfHosted === undefined || weights !== "open") return [];
    return Object.entries(accelerators).flatMap(([accelerator, { memoryGiB, clouds }]): Serving[] => {
      const own = selfHosted.throughput.filter((entry) => entry.accelerator === accelerator);
      const count = own[0]?.acceleratorsPerReplica ?? Math.ceil((selfHosted.minGpuMemoryGiB ?? 0) / memoryGiB);
      const [smallest] = clouds[cloud]
        .filter((shape) => shape.count >= count && Object.hasOwn(shape.regions, region))
        .sort((left, right) => left.count - right.count);
      if (smallest === undefined) return [];
      const measured = own.some((entry) => entry.atConcurrency == null && entry.inputTokens != null);
      const spot = !(smallest.provisioning as readonly string[]).includes("on-demand");
      return [{ serving: "self-hosted", model, capabilities, accelerator, measured, spot }];
    });
  });
}

/** Everything that a region can serve, the geography of its own kept to. */
export function servingsIn(cloud: Cloud, region: string): Serving[] {
  return [...managedIn(cloud, region), ...selfHostedIn(cloud, region)];
}

/** The regions of a geography that can serve a primary. */
export function servingRegions(cloud: Cloud, geography: string): string[] {
  return Object.keys(regions[cloud]).filter(
    (region) => geographyOf(cloud, region) === geography && servingsIn(cloud, region).some(({ spot }) => spot !== true),
  );
}

export const zonesOf = (cloud: Cloud, region: string): readonly string[] =>
  (regions[cloud][region] as { zones: readonly string[] }).zones;

/**
 * Seconds that a model server takes for one token of a request, in or out: more than any measurement of the catalogue
 * gives, so that what is sized by it is never too small.
 */
export const secondsPerToken = 4e-4;
