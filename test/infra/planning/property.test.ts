import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { standbys, tiers } from "../../../components/plan/words.ts";
import { readConfig } from "../../../infra/config/read.ts";
import { planStack } from "../../../infra/planning/index.ts";
import { problemsIn, shipped, textOf, withText } from "../../support/stacks.ts";

/** What is accepted can be planned, and the plan keeps what DESIGN.md promises. */

const files = shipped("prod");
const shippedWorkloads = parse(textOf(files, "workloads.yaml"));
const models = Object.keys(parse(textOf(files, "models.yaml")).models);
const contract = "gcp-flex";

const managed = fc.record({ serving: fc.constant("managed"), model: fc.constantFrom(...models) });
const hosted = fc.record({
  serving: fc.constant("self-hosted"),
  model: fc.constantFrom("gpt-oss-120b", "gpt-oss-20b"),
  accelerator: fc.constantFrom("nvidia-h100-80gb", "nvidia-a100-80gb", "nvidia-l4"),
  standby: fc.constantFrom(...standbys),
  replicas: fc.record({ min: fc.nat({ max: 6 }), max: fc.integer({ min: 1, max: 40 }) }),
});

/** Paths in different locations, the first of them the primary; most of them are refused for some reason. */
const paths = fc
  .tuple(
    fc.shuffledSubarray(["azure-main", "aws-main", "gcp-main"], { minLength: 1 }),
    fc.array(fc.oneof({ weight: 3, arbitrary: managed }, hosted), { minLength: 3, maxLength: 3 }),
  )
  .map(([locations, servings]) =>
    locations.map((location, index) => ({
      role: index === 0 ? "primary" : "fallback",
      location,
      contract,
      ...servings[index],
    })),
  );

const workload = fc
  .record({
    tier: fc.constantFrom(...tiers),
    paths,
    tools: fc.boolean(),
    peak: fc.constantFrom(0.5, 5, 50),
    objective: fc.constantFrom(30, 600, 3600),
  })
  .map(({ tier, paths: chosen, tools, peak, objective }) => ({
    ...shippedWorkloads["support-chat"],
    tier,
    paths: chosen,
    requires: { contextTokens: 32000, tools },
    traffic: { ...shippedWorkloads["support-chat"].traffic, peakRequestsPerSecond: peak },
    recovery: { timeObjectiveSeconds: objective, drillEveryDays: 30 },
  }));

test("an accepted stack has an edge for every gateway and path, capacity, time and an independent fallback", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(workload, { minLength: 1, maxLength: 2 }), (chosen) => {
      const named = Object.fromEntries(chosen.map((each, index) => [`workload-${index}`, each]));
      const sources = withText(files, "workloads.yaml", stringify(named));
      if (problemsIn(sources).length > 0) return;
      accepted += 1;
      const plan = planStack(readConfig(sources));
      const routes = plan.locations.flatMap(({ gateway }) => gateway?.routes ?? []);
      for (const { name, tier, paths: planned, independence } of plan.workloads) {
        const own = routes.filter((route) => route.workload === name);
        expect(own.length).toBeGreaterThan(0);
        for (const { edges } of own)
          expect(edges.map(({ path }) => path).sort()).toEqual(planned.map(({ id }) => id).sort());
        if (tier === "critical") {
          expect(independence.holds).toBe(true);
          expect(own).toHaveLength(planned.length);
        }
        for (const { role, recovery, capacity, selfHosted } of planned) {
          if (role === "fallback") expect(recovery.firstAnswerSeconds).toBeLessThanOrEqual(recovery.objectiveSeconds);
          if (capacity.available !== null) expect(capacity.available).toBeGreaterThanOrEqual(capacity.needed);
          if (selfHosted !== null) expect(selfHosted.maxNodes).toBeGreaterThanOrEqual(selfHosted.minNodes);
        }
      }
    }),
    { numRuns: 400, seed: 20261121 },
  );
  expect(accepted).toBeGreaterThan(10);
});
