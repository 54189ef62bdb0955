/** Values that only one resource may have. */
import type { CloudPackage, Problem, ResourceType, Unique } from "./cloud.ts";
import { fold } from "./references.ts";
import type { Claim, Placement, Store } from "./store.ts";
import { containsUnknown, type Properties, valueAt } from "./values.ts";

/** What the resource claims for itself. */
export function claimsOf(cloud: CloudPackage, type: ResourceType, inputs: Properties, placement: Placement): Claim[] {
  return (type.unique ?? []).flatMap((unique) => claimOf(cloud, type, unique, inputs, placement) ?? []);
}

/** The cloud's answers to claims that another resource holds. */
export function takenNames(
  cloud: CloudPackage,
  type: ResourceType,
  inputs: Properties,
  placement: Placement,
  store: Store,
  self: number | undefined,
): Problem[] {
  return (type.unique ?? []).flatMap((unique) => {
    const claim = claimOf(cloud, type, unique, inputs, placement);
    if (claim === undefined) return [];
    const kept = type.keepsName;
    if (self === undefined && kept !== undefined && store.keptNames.isKept(claim, new Date())) {
      const reason = kept.refusal(valuesOf(unique, inputs).join("/"));
      return [{ property: unique.paths.at(-1) ?? "", reason, fix: kept.fix }];
    }
    const holder = store.holder(claim);
    if (holder === undefined || holder === self) return [];
    const reason = unique.refusal(valuesOf(unique, inputs).join("/"));
    return [{ property: unique.paths[0] ?? "", reason, ...(unique.fix === undefined ? {} : { fix: unique.fix }) }];
  });
}

function claimOf(
  cloud: CloudPackage,
  type: ResourceType,
  unique: Unique,
  inputs: Properties,
  placement: Placement,
): Claim | undefined {
  const values = valuesOf(unique, inputs);
  if (values.every((value) => value === "") || containsUnknown(values)) return undefined;
  const space = [type.token, unique.paths.join(","), ...SPACES[unique.within](placement)].join("|");
  return { space, value: fold(cloud, values.join("/")) };
}

const SPACES = {
  world: () => [],
  scope: ({ scope }) => [scope],
  region: ({ scope, region }) => [scope, region],
} satisfies Record<Unique["within"], (placement: Placement) => string[]>;

function valuesOf({ paths }: Unique, inputs: Properties): string[] {
  return paths.map((path) => String(valueAt(inputs, path) ?? ""));
}
