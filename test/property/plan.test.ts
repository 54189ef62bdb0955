import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overlap, parseCidr } from "../../components/plan/addresses.ts";
import type { Path, Plan, Workload } from "../../components/plan/types.ts";
import { readConfig } from "../../infra/config/read.ts";
import { planStack } from "../../infra/planning/index.ts";
import { anything, type StackFiles, sourcesOf, stackFiles } from "../support/arbitrary-stack.ts";
import { fixedSeed, stacksOf } from "../support/property-engine.ts";

/** Stack files that are right by construction can be planned, and the plan keeps what DESIGN.md promises. */

const planOf = (files: StackFiles): Plan => planStack(readConfig(sourcesOf(files)));

const runs = { numRuns: 300, seed: fixedSeed };

test("300 valid stacks are planned, always in the same way, and their plans keep what is promised", () => {
  fc.assert(
    fc.property(stackFiles(anything), (files) => {
      const config = readConfig(sourcesOf(files));
      const plan = planStack(config);
      expect(planStack(structuredClone(config))).toStrictEqual(plan);
      expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
      expect(plan.workloads.map(({ name }) => name)).toEqual(Object.keys(files.meant));
      checkRoutes(plan);
      checkAddresses(plan);
      checkNames(plan);
      for (const workload of plan.workloads) {
        checkMeaning(workload, files);
        checkIndependence(workload);
        for (const path of workload.paths) checkPath(path);
      }
      for (const { baseUsdPerMonth } of plan.locations) expect(baseUsdPerMonth ?? 0).toBeGreaterThanOrEqual(0);
    }),
    runs,
  );
}, 120_000);

/** Whatever a gateway serves, it reaches every path of it, its own first, and may call what it calls. */
function checkRoutes(plan: Plan): void {
  const gateways = plan.locations.flatMap(({ gateway }) => gateway ?? []);
  for (const { name, tier, paths } of plan.workloads) {
    const serving = gateways.filter(({ location }) => paths.some((path) => path.location === location));
    expect(serving.length).toBeGreaterThan(0);
    if (tier === "critical") expect(serving).toHaveLength(paths.length);
    for (const { location, routes } of serving) {
      const route = routes.find(({ workload }) => workload === name);
      expect(route?.edges.map(({ path }) => path).sort()).toEqual(paths.map(({ id }) => id).sort());
      expect(route?.edges[0]?.path).toBe(`${name}/${location}`);
      for (const path of paths.filter(({ managed }) => managed !== null)) {
        const access = plan.access.find((each) => each.gateway === location && each.target === path.location);
        expect(access?.paths).toContain(path.id);
      }
    }
  }
}

function checkAddresses(plan: Plan): void {
  const parts = plan.locations.flatMap(({ subnets: { nodes, endpoints, public: open, ...single } }) => [
    ...[...nodes, ...endpoints, ...open].map(({ cidr }) => cidr),
    ...Object.values(single),
  ]);
  const ranges = parts.map((cidr) => parseCidr(cidr));
  for (const [index, left] of ranges.entries()) {
    for (const [offset, right] of ranges.slice(index + 1).entries()) {
      const apart = left !== undefined && right !== undefined && !overlap(left, right);
      expect(apart, `${parts[index]} and ${parts[index + 1 + offset]}`).toBe(true);
    }
  }
}

/** What the clouds know a path by is its own. */
function checkNames(plan: Plan): void {
  const paths = plan.workloads.flatMap((workload) => workload.paths);
  expect(new Set(paths.map(({ name }) => name)).size).toBe(paths.length);
  for (const { paths: own } of plan.workloads) {
    const models = own.map(({ managed, selfHosted }) => managed?.modelId ?? selfHosted?.modelId);
    expect(new Set(models).size).toBe(own.length);
  }
}

/** The overrides are applied, and nothing but them. */
function checkMeaning({ name, traffic, paths, drillEveryDays }: Workload, { meant }: StackFiles): void {
  const expected = meant[name];
  expect(traffic).toEqual(expected?.traffic);
  expect(drillEveryDays).toBe(expected?.recovery.drillEveryDays);
  for (const [index, path] of paths.entries()) {
    const { role, location, model, standby = "hot", replicas } = expected?.paths[index] ?? {};
    expect(path).toMatchObject({ role, location, model, standby });
    expect(path.recovery.objectiveSeconds).toBe(expected?.recovery.timeObjectiveSeconds);
    expect(path.selfHosted && { min: path.selfHosted.minReplicas, max: path.selfHosted.maxReplicas }).toEqual(
      replicas ?? null,
    );
  }
}

function checkIndependence({ tier, paths, independence }: Workload): void {
  expect(paths.filter(({ role }) => role === "primary")).toHaveLength(1);
  if (tier !== "critical") return;
  expect(new Set(paths.map(({ cloud }) => cloud)).size).toBeGreaterThanOrEqual(2);
  expect(independence.holds).toBe(true);
  expect(independence.fallbacks.map(({ independent }) => independent)).toContain(true);
  const hard = independence.shared.filter(({ level }) => level === "hard");
  const independent = independence.fallbacks.flatMap((each) => (each.independent ? [each.path] : []));
  expect(hard.filter((shared) => shared.paths.some((path) => independent.includes(path)))).toEqual([]);
}

function checkPath({ role, recovery, capacity, cost, managed, selfHosted }: Path): void {
  if (role === "primary") expect(selfHosted?.purchase).not.toBe("spot");
  if (role === "fallback") expect(recovery.firstAnswerSeconds).toBeLessThanOrEqual(recovery.objectiveSeconds);
  if (capacity.available !== null) expect(capacity.available).toBeGreaterThanOrEqual(capacity.needed);
  expect(cost.standbyUsdPerMonth ?? 0).toBeGreaterThanOrEqual(0);
  expect(cost.peakUsdPerHour ?? 0).toBeGreaterThanOrEqual(0);
  if (managed !== null) expect(managed.capacityThousandTokensPerMinute).toBeGreaterThanOrEqual(1);
  if (selfHosted !== null) expect(selfHosted.maxNodes).toBeGreaterThanOrEqual(Math.max(1, selfHosted.minNodes));
}

describe("the generator", () => {
  const sampled = fc.sample(stackFiles(anything), runs);
  const workloads = sampled.flatMap(({ meant }) => Object.values(meant));
  const clouds = (files: StackFiles) =>
    Object.values(files.overlay.config["twocloud:locations"] as Record<string, { cloud: string; zones: string[] }>);

  test.each<[string, (files: StackFiles) => boolean]>([
    ["one cloud alone", (files) => new Set(clouds(files).map(({ cloud }) => cloud)).size === 1],
    ["two locations", (files) => clouds(files).length === 2],
    [
      "two locations of one cloud",
      (files) => new Set(clouds(files).map(({ cloud }) => cloud)).size < clouds(files).length,
    ],
    ["one zone", (files) => clouds(files).some(({ zones }) => zones.length === 1)],
    ["three zones", (files) => clouds(files).some(({ zones }) => zones.length === 3)],
    ["five workloads", (files) => Object.keys(files.meant).length === 5],
    [
      "overridden replicas",
      (files) => /replicas/.test(JSON.stringify(files.overlay.config["twocloud:overrides"] ?? {})),
    ],
  ])("makes stacks with %s", (_, has) => {
    expect(sampled.filter(has).length).toBeGreaterThan(10);
  });

  test.each<[string, (workload: StackFiles["meant"][string]) => boolean]>([
    ["critical", ({ tier }) => tier === "critical"],
    ["experimental, on one path", ({ tier, paths }) => tier === "experimental" && paths.length === 1],
    ["standard without a fallback", ({ tier, paths }) => tier === "standard" && paths.length === 1],
    ["standard with a fallback", ({ tier, paths }) => tier === "standard" && paths.length > 1],
    [
      "self-hosted first",
      ({ paths }) => paths.some((path) => path.role === "primary" && path.serving === "self-hosted"),
    ],
    ["with a cold fallback", ({ paths }) => paths.some((path) => path.role === "fallback" && path.standby === "cold")],
    ["outside the European Union", ({ residency }) => residency !== "eu"],
  ])("makes workloads that are %s", (_, is) => {
    expect(workloads.filter(is).length).toBeGreaterThan(10);
  });

  test("makes for the engine only stacks that can be planned, too", () => {
    for (const files of stacksOf(fixedSeed, 100)) expect(planOf(files).workloads.length).toBeGreaterThan(0);
  }, 60_000);
});
