import fc from "fast-check";
import type { Edge, EdgeKind, Gateway, Path, Plan, PlannedLocation, Workload } from "../../../components/plan/types.ts";
import { readConfig } from "../../../infra/config/read.ts";
import { planStack } from "../../../infra/planning/index.ts";
import { readSources, stacksFolder } from "../../../infra/sources.ts";

/** The plan of the shipped stack files, on a fixed day. */
export function shippedPlan(environment: "dev" | "staging" | "prod"): Plan {
  return planStack(readConfig(readSources(stacksFolder, environment, "2026-11-21")));
}

/** Plans of any shape: up to five locations and five workloads, with long names and unknown numbers. */
export function anyPlan(): fc.Arbitrary<Plan> {
  const prod = shippedPlan("prod");
  const shape = fc.record({
    locations: fc.uniqueArray(anyName, { minLength: 1, maxLength: 5 }),
    gateways: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    workloads: fc.uniqueArray(anyName, { minLength: 0, maxLength: 5 }),
    paths: fc.array(fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 5 }), { minLength: 5, maxLength: 5 }),
    unknown: fc.boolean(),
    text: fc.string({ unit: "binary" }),
  });
  return shape.map((drawn) => planOf(prod, drawn));
}

const anyName = fc.stringMatching(/^[a-z]{1,12}(-[a-z0-9]{1,9}){0,3}$/);

interface Shape {
  readonly locations: readonly string[];
  readonly gateways: readonly boolean[];
  readonly workloads: readonly string[];
  readonly paths: readonly (readonly number[])[];
  readonly unknown: boolean;
  readonly text: string;
}

function planOf(prod: Plan, shape: Shape): Plan {
  const workloads = shape.workloads.map((name, index) => workloadOf(prod, shape, name, shape.paths[index] ?? [0]));
  const locations = shape.locations.map((name, index): PlannedLocation => {
    const base = nth(prod.locations, index);
    const gateway = shape.gateways[index] ? gatewayOf(name, workloads) : null;
    return { ...base, name, gateway, ...(shape.unknown ? { baseUsdPerMonth: null, priceDate: null } : {}) };
  });
  return { ...prod, locations, workloads };
}

function workloadOf(prod: Plan, shape: Shape, name: string, places: readonly number[]): Workload {
  const templates = prod.workloads.flatMap((workload) => workload.paths);
  const used = [...new Set(places.map((place) => nth(shape.locations, place)))];
  const paths = used.map((location, index): Path => {
    const template = nth(templates, index + name.length);
    const id = `${name}/${location}`;
    const path: Path = { ...template, id, location, workload: name, role: index === 0 ? "primary" : "fallback" };
    if (!shape.unknown) return path;
    return {
      ...path,
      retires: null,
      recovery: { ...path.recovery, firstAnswerSeconds: null, fullCapacitySeconds: null },
      capacity: { ...path.capacity, available: null },
      cost: { ...path.cost, standbyUsdPerMonth: null, peakUsdPerHour: null, priceDate: null },
    };
  });
  const fallbacks = paths.slice(1).map((path, index) => ({ path: path.id, independent: index === 0 }));
  return {
    ...nth(prod.workloads, name.length),
    name,
    paths,
    degradedMode: shape.text,
    independence: { fallbacks, holds: fallbacks.length > 0, shared: [] },
  };
}

function gatewayOf(location: string, workloads: readonly Workload[]): Gateway {
  const kinds: readonly EdgeKind[] = ["private-endpoint", "in-cluster", "public-endpoint", "gateway-hop"];
  const routes = workloads.map((workload) => ({
    workload: workload.name,
    edges: workload.paths.map(
      (path, index): Edge => ({
        gateway: location,
        path: path.id,
        kind: nth(kinds, index),
        host: "host.example.com",
        port: 443,
      }),
    ),
  }));
  return { location, host: `gateway.${location}.example.com`, zone: "example.com", replicas: 3, routes };
}

function nth<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error("an empty list");
  return found;
}
