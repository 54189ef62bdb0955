import { describe, expect, it } from "vitest";
import { type Accelerator, accelerators } from "../../../components/accelerator/catalogue.ts";
import { kubernetesVersions } from "../../../components/cluster/versions.ts";
import { regions } from "../../../components/plan/regions.ts";
import { clouds } from "../../../components/plan/types.ts";

const shapes = Object.entries(accelerators as Readonly<Record<string, Accelerator>>).flatMap(([name, accelerator]) =>
  clouds.flatMap((cloud) => accelerator.clouds[cloud].map((shape) => ({ name, cloud, shape }))),
);

describe("the accelerator catalogue", () => {
  it.each(shapes)(
    "names only regions and zones of $cloud that the region table has: $shape.shape",
    ({ cloud, shape }) => {
      for (const [region, zones] of Object.entries(shape.regions)) {
        const known = regions[cloud][region];
        expect(known, `${shape.shape} in ${region}`).not.toBeUndefined();
        for (const zone of zones ?? []) expect(known?.zones).toContain(zone);
      }
    },
  );

  it.each(shapes)("prices a shape only where it exists, and nowhere at nothing: $shape.shape", ({ shape }) => {
    expect(Object.keys(shape.regions)).toEqual(expect.arrayContaining(Object.keys(shape.usdPerHour)));
    const prices = Object.values(shape.usdPerHour).flatMap(({ onDemand, spot }) => [onDemand, spot]);
    expect(prices.filter((price) => price !== null && price <= 0)).toEqual([]);
  });

  it.each(shapes)("says of each shape where the facts come from and how it is bought: $shape.shape", ({ shape }) => {
    expect(shape.source.length).toBeGreaterThan(10);
    expect(shape.date ?? "2000-01-01").toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(shape.provisioning.length).toBeGreaterThan(0);
  });

  it("does not offer small A3 High machines on demand: Google sells them as Spot or Flex-start only", () => {
    const small = shapes.filter(({ cloud, shape }) => cloud === "gcp" && shape.shape === "a3-highgpu-1g");
    expect(small.map(({ shape }) => shape.provisioning)).toEqual([["spot", "flex-start"]]);
  });
});

describe("the region table", () => {
  it("has at least six regions in the EU (AWS has no more) and four in the US for each cloud", () => {
    for (const cloud of clouds) {
      const of = (geography: string) =>
        Object.values(regions[cloud]).filter((region) => region.geography === geography);
      expect(of("us").length, cloud).toBeGreaterThanOrEqual(4);
      expect(of("eu").length, cloud).toBeGreaterThanOrEqual(6);
    }
  });

  it("gives every region three zones or more, each once", () => {
    const all = clouds.flatMap((cloud) => Object.entries(regions[cloud]));
    const bad = all.filter(([, { zones }]) => zones.length < 3 || new Set(zones).size !== zones.length);
    expect(bad).toEqual([]);
  });
});

describe("the Kubernetes versions", () => {
  it.each(clouds)("pins one that %s supports for more than 90 days after 2026-11-21", (cloud) => {
    const { version, supported } = kubernetesVersions[cloud];
    const end = supported.find(({ minor }) => minor === version)?.endOfSupport ?? "";
    expect(end > "2027-02-19", `${version} ends ${end}`).toBe(true);
  });

  it("pins the same minor on every cloud", () => {
    expect(new Set(clouds.map((cloud) => kubernetesVersions[cloud].version)).size).toBe(1);
  });
});
