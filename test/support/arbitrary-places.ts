/** Random locations, and the rest of an environment's file that hangs on them alone. */
import type { Cloud } from "../../components/plan/words.ts";
import type { Dice } from "./arbitrary-dice.ts";
import { type Serving, servingRegions, servingsIn, zonesOf } from "./arbitrary-facts.ts";
import type { Environment } from "./stacks.ts";

export interface PlaceBounds {
  /** Regions other than those of the shipped files. Quotas are granted by region. */
  readonly anyRegion: boolean;
  /** Groups of locations that have no workload in common, at most. */
  readonly islands: number;
  readonly zones: number;
  /** Whether two locations of a stack can be in one account, whose quotas they then share. */
  readonly sharedAccounts: boolean;
}

/** A location as it is written, with what the generator knows of it. */
export interface Place {
  readonly name: string;
  readonly cloud: Cloud;
  readonly servings: readonly Serving[];
  readonly entry: Readonly<Record<string, unknown>>;
}

/**
 * Locations whose gateways may call each other's models: workloads choose their paths among them. At most one AWS and
 * one GCP location, since a gateway can be one identity only in each of these clouds (README, "Limits today").
 */
export interface Island {
  readonly geography: string;
  readonly places: readonly Place[];
}

const shippedRegions: Readonly<Record<Cloud, string>> = {
  azure: "swedencentral",
  aws: "eu-west-1",
  gcp: "europe-west4",
};

const shapes: readonly (readonly Cloud[])[] = [
  ["azure", "aws", "gcp"],
  ["azure", "aws"],
  ["azure", "gcp"],
  ["aws", "gcp"],
  ["azure"],
  ["aws"],
  ["gcp"],
  ["azure", "aws", "gcp", "azure"],
  ["azure", "azure", "aws"],
];

/** https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning */
const closedToAzure = ["172.30.0.0/16", "172.31.0.0/16"];

const ranges = [
  ...Array.from({ length: 256 }, (_, second) => `10.${second}.0.0/16`),
  ...Array.from({ length: 16 }, (_, index) => `172.${16 + index}.0.0/16`),
  "192.168.0.0/16",
];

const words = [
  "main",
  "core",
  "edge",
  "alpha",
  "gateway",
  "network",
  "cluster",
  "models",
  "azure",
  "aws",
  "gcp",
  "eu1",
];

/** Accounts of the shipped environments, the environment's own first. */
function accountsOf(environment: Environment): readonly Environment[] {
  const all = ["dev", "staging", "prod"] as const;
  return [environment, ...all.filter((other) => other !== environment)];
}

export function rollIslands(dice: Dice, environment: Environment, bounds: PlaceBounds): Island[] {
  // With the same number of hyphens in each, `a` with `b-c` and `a-b` with `c` can't both be path names.
  const hyphens = dice.int(0, 2);
  const names: string[] = [];
  const used: { cloud: Cloud; cidr: string }[] = [];
  const count = bounds.islands > 1 && dice.chance(25) ? 2 : 1;
  return Array.from({ length: count }, () => {
    const clouds = dice.pick(shapes).filter((cloud, index) => index < 3 || cloud === "azure");
    const geography = bounds.anyRegion && clouds.join() === "gcp" && dice.chance(30) ? "us" : "eu";
    const places = clouds.map((cloud): Place => {
      const region =
        bounds.anyRegion && dice.chance(70) ? dice.pick(servingRegions(cloud, geography)) : shippedRegions[cloud];
      const known = servingRegions(cloud, geography);
      const chosen = known.includes(region) ? region : dice.pick(known);
      const before = used.filter((other) => other.cloud === cloud).length;
      // A GCP project holds one location of a stack; elsewhere several can share an account.
      const owner = accountsOf(environment)[bounds.sharedAccounts && cloud !== "gcp" && dice.chance(40) ? 0 : before];
      const taken = used.map(({ cidr }) => cidr);
      const free = ranges.filter(
        (range) => !taken.includes(range) && !(cloud === "azure" && closedToAzure.includes(range)),
      );
      const cidr = dice.pick(free);
      used.push({ cloud, cidr });
      const name = rollName(dice, names, hyphens, 16);
      names.push(name);
      const entry = {
        cloud,
        ...accountOf(cloud, owner ?? environment),
        region: chosen,
        zones: rollZones(dice, cloud, chosen, bounds.zones),
        cidr,
      };
      return { name, cloud, servings: servingsIn(cloud, chosen), entry };
    });
    return { geography, places };
  });
}

/** A name that is not taken. */
export function rollName(dice: Dice, taken: readonly string[], hyphens: number, most: number): string {
  // Short enough for all parts together, with room for a digit.
  const letters = Math.floor((most - 1 - hyphens) / (hyphens + 1));
  const parts = Array.from({ length: hyphens + 1 }, () => dice.pick(words).slice(0, letters));
  const name = parts.join("-");
  const wanted = dice.chance(10) ? name.padEnd(most, "x") : name;
  const numbered = Array.from({ length: taken.length }, (_, index) => `${name}${index + 2}`);
  return [wanted, ...numbered].find((candidate) => !taken.includes(candidate)) ?? name;
}

function accountOf(cloud: Cloud, environment: Environment): Record<string, string> {
  const number = { dev: 1, staging: 2, prod: 3 }[environment];
  const guid = `00000000-0000-0000-0000-00000000000${number}`;
  switch (cloud) {
    case "azure":
      return { subscription: guid, tenant: "00000000-0000-0000-0000-0000000000ff" };
    case "aws":
      return { account: `00000000000${number}` };
    case "gcp":
      return { project: `example-ai-${environment}`, projectNumber: `00000000000${number}` };
  }
}

/** EKS wants two zones; the plan has room for four. */
function rollZones(dice: Dice, cloud: Cloud, region: string, most: number): string[] {
  return dice.some(zonesOf(cloud, region), cloud === "aws" ? 2 : 1, Math.min(4, Math.max(most, 2)));
}

const outside = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.7/32", "203.0.113.128/25"];

export function rollAccess(dice: Dice): Record<string, unknown> {
  const issuer = (name: string) => ({
    name,
    issuer: `https://${name}.example.com`,
    jwksUri: `https://${name}.example.com/keys`,
    audience: dice.pick(["ai", "https://ai.example.com", "ai dev"]),
  });
  return {
    runnerCidrs: dice.some(outside, 1, 3),
    clientCidrs: dice.some([...outside, "10.0.0.0/8", "192.168.7.0/24"], 1, 3),
    clientIssuers: dice.some(["workforce", "partners", "batch-jobs"], 1, 2).map(issuer),
  };
}

/** Zones for the gateways, and for some places that have none. */
export function rollEntry(dice: Dice, places: readonly Place[], gateways: ReadonlySet<string>): object {
  const named = places.filter(({ name }) => gateways.has(name) || dice.chance(70));
  const domain = dice.pick(["ai.example.com", "example.org", "a.b.c.example.net"]);
  return {
    contact: dice.pick(["platform@example.com", "ai+certificates@example.org"]),
    zones: named.map(({ name }) => ({ name: `${name}.${domain}`, location: name })),
  };
}

export function rollTags(dice: Dice): Record<string, string> {
  const keys = dice.some(["costCentre", "team", "data_class", "owner-2"], 0, 3);
  return Object.fromEntries(keys.map((key) => [key, dice.pick(["example", "AI Platform", "4711", "a/b:c=d+e@f.g"])]));
}
