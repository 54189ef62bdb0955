import { describe, expect, test } from "vitest";
import {
  acceleratorNames,
  isAccelerator,
  memoryOf,
  nodeHourOf,
  purchaseOf,
  shapesOf,
} from "../../../components/accelerator/choose.ts";
import { maxZones } from "../../../components/plan/addresses.ts";
import { geographies, regionNames, regionOf, regionSources, regions } from "../../../components/plan/regions.ts";
import { minZones, poolClouds } from "../../../components/plan/support.ts";
import { clouds } from "../../../components/plan/words.ts";
import { configOf } from "../../support/stacks.ts";

describe.each(clouds)("the regions of %s", (cloud) => {
  test("have a known geography, a metro, and zones enough for a cluster", () => {
    for (const [name, { geography, metro, zones }] of Object.entries(regions[cloud])) {
      expect(geographies, name).toContain(geography);
      expect(metro, name).toMatch(/^[a-z-]+$/);
      expect(new Set(zones).size, name).toBe(zones.length);
      expect(zones.length, name).toBeGreaterThanOrEqual(Math.max(minZones[cloud], 3));
    }
    expect(minZones[cloud]).toBeLessThanOrEqual(maxZones);
    expect(regionSources[cloud].source).not.toBe("");
  });

  test("are found by name, and nothing else is", () => {
    for (const name of regionNames(cloud)) expect(regionOf(cloud, name)).toBe(regions[cloud][name]);
    for (const name of ["nowhere", "constructor", ""]) expect(regionOf(cloud, name)).toBeUndefined();
  });
});

test("places that are in the European Union only by name are counted by themselves", () => {
  expect(regionOf("aws", "eu-west-2")?.geography).toBe("uk");
  expect(regionOf("aws", "eu-central-2")?.geography).toBe("ch");
  expect(regionOf("gcp", "europe-west2")?.geography).toBe("uk");
  expect(regionOf("gcp", "europe-west6")?.geography).toBe("ch");
  expect(regionOf("azure", "norwayeast")?.geography).toBe("no");
});

test("no region has the name of one in another cloud, so that a mix-up is noticed", () => {
  const all = clouds.flatMap(regionNames);
  expect(new Set(all).size).toBe(all.length);
});

describe("an accelerator", () => {
  test("is found with its memory, and nothing else is", () => {
    for (const name of acceleratorNames) expect([isAccelerator(name), (memoryOf(name) ?? 0) > 0]).toEqual([true, true]);
    for (const name of [undefined, "constructor", "nvidia-h100"]) expect(isAccelerator(name)).toBe(false);
    expect(memoryOf("constructor")).toBeUndefined();
  });

  test("has its shapes in order of their size", () => {
    expect(shapesOf("nvidia-h100-80gb", "gcp", "europe-west4").map(({ shape }) => shape)).toEqual([
      "a3-highgpu-1g",
      "a3-highgpu-8g",
    ]);
    expect(shapesOf("nvidia-h100-80gb", "gcp", "europe-west6")).toEqual([]);
    expect(shapesOf("nvidia-h100-80gb", "gcp", "constructor")).toEqual([]);
    expect(shapesOf("constructor", "gcp", "europe-west4")).toEqual([]);
  });

  test("is bought on demand where it is sold so, at that price", () => {
    const [spot, demand] = shapesOf("nvidia-h100-80gb", "gcp", "europe-west4");
    if (spot === undefined || demand === undefined) throw new Error("the region has two shapes");
    expect([purchaseOf(spot), nodeHourOf(spot, "europe-west4")]).toEqual(["spot", { usd: 6.6809, date: "2026-08-20" }]);
    expect([purchaseOf(demand), nodeHourOf(demand, "europe-west4")]).toEqual([
      "on-demand",
      { usd: 112.5405, date: "2026-08-20" },
    ]);
    expect(nodeHourOf(spot, "europe-north1")).toEqual({ usd: null, date: "2026-08-20" });
  });

  test("of a measurement in the model catalogue is one of the accelerator catalogue, and pools are built for its cloud", () => {
    const { models } = configOf("prod").models;
    const measured = Object.values(models).flatMap(
      (model) => model.selfHosted?.throughput.map(({ accelerator }) => accelerator) ?? [],
    );
    expect(measured.filter((name) => !isAccelerator(name))).toEqual([]);
    expect(poolClouds).toEqual(["gcp"]);
  });
});
