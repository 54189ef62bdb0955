import { z } from "zod";
import type { Gateway, Plan } from "../components/plan/types.ts";

/**
 * Locations that a run leaves alone, since their cloud does not answer. The program registers nothing of them, not
 * even their provider, which the engine would ask for its configuration.
 */

/** What the rest of the stack was given of a location, as the state has it. */
const kept = z.strictObject({
  egressAddresses: z.array(z.string()),
  /** Of its cluster and registry; null where it has none. */
  issuerUrl: z.string().nullable(),
  keyId: z.string().nullable(),
  imagePrefix: z.string().nullable(),
  /** Rights to call its models, by the gateway's location. */
  accesses: z.record(z.string(), z.strictObject({ principal: z.string(), audience: z.string() })),
});
export type KeptLocation = Readonly<z.infer<typeof kept>>;

/** By location: what stays in force of it; null if it is as though the stack had no such location. */
const form = z.record(z.string(), kept.nullable());
export type Without = Readonly<z.infer<typeof form>>;

/**
 * Reads the variable by which `twocloud --without` tells the program. @throws Error when it is not of that form
 */
export function readWithout(text: string | undefined): Without {
  if (text === undefined || text === "") return {};
  return form.parse(JSON.parse(text));
}

/** The plan of the same stack without those locations, their paths, and all that leads to them or comes from them. */
export function planWithout(plan: Plan, names: ReadonlySet<string>): Plan {
  if (names.size === 0) return plan;
  const isGone = (path: string): boolean => names.has(path.split("/").at(-1) ?? "");
  const reduced = (gateway: Gateway): Gateway => ({
    ...gateway,
    routes: gateway.routes
      .map((route) => ({ ...route, edges: route.edges.filter(({ path }) => !isGone(path)) }))
      .filter(({ edges }) => edges.length > 0),
  });
  return {
    ...plan,
    locations: plan.locations
      .filter(({ name }) => !names.has(name))
      .map((location) => ({ ...location, gateway: location.gateway === null ? null : reduced(location.gateway) })),
    workloads: plan.workloads
      .map((workload) => ({ ...workload, paths: workload.paths.filter(({ location }) => !names.has(location)) }))
      .filter(({ paths }) => paths.length > 0),
    access: plan.access
      .filter(({ gateway, target }) => !names.has(gateway) && !names.has(target))
      .map((edge) => ({ ...edge, paths: edge.paths.filter((path) => !isGone(path)) })),
  };
}
