/** Inputs that name other things: each must exist in the sandbox, as it would have to in the cloud. */
import type { CloudPackage, Context, Minted, Problem, Reference, ResourceType } from "./cloud.ts";
import type { Placement, Store, StoredResource } from "./store.ts";
import { knownString, leavesOf, type Properties, valuesAt } from "./values.ts";

/** Inputs that hold free text, in which an id is no reference. */
const FREE_TEXT = /^(tags|labels|annotations|description|comment)\b|\.(tags|labels|annotations|description)\b/;

/** What the resource's inputs name but the cloud does not hold. */
export function missingReferences(
  cloud: CloudPackage,
  type: ResourceType,
  inputs: Properties,
  context: Context,
  store: Store,
): Problem[] {
  const declared = type.references ?? [];
  const missing = declared.flatMap((reference) => missingAt(reference, inputs, context));
  const covered = new Set(declared.flatMap(({ path }) => valuesAt(inputs, path).map((found) => found.path)));
  const others = leavesOf(inputs).filter(({ path }) => !covered.has(path) && !FREE_TEXT.test(path));
  const unheld = others.flatMap(({ path, value }) => {
    const minted = typeof value === "string" ? mintedAs(cloud.minted ?? [], value) : undefined;
    if (minted === undefined || store.named(fold(cloud, String(value))).length > 0) return [];
    return [{ property: path, reason: minted.refusal(String(value)) }];
  });
  return [...missing, ...unheld];
}

/** The lookup of {@link Context.find}. */
export function finder(cloud: CloudPackage, store: Store, placement: Placement): Context["find"] {
  return (types, name, by = "id") => {
    const value = knownString(name);
    if (value === undefined) return undefined;
    const found = store.named(fold(cloud, value), typeof types === "string" ? [types] : types, by);
    const here = found.find((resource) => isHome(resource, placement));
    const sameAccount = found.find((resource) => resource.placement.scope === placement.scope);
    return here ?? sameAccount ?? (by === "name" ? undefined : found[0]);
  };
}

/** The form in which a cloud's names are kept and compared. */
export function fold(cloud: CloudPackage, value: string): string {
  return cloud.fold === undefined ? value : cloud.fold(value);
}

/** True if a resource is in the same account and, when both are regional, in the same region. */
export function isHome(resource: StoredResource, placement: Placement): boolean {
  const { scope, region } = resource.placement;
  return scope === placement.scope && (region === "" || placement.region === "" || region === placement.region);
}

function missingAt(reference: Reference, inputs: Properties, context: Context): Problem[] {
  return valuesAt(inputs, reference.path).flatMap(({ path, value }) => {
    const name = knownString(value);
    if (name === undefined || reference.except?.test(name)) return [];
    const found = context.find(reference.types, name, reference.by);
    const reachable = found !== undefined && (reference.where === "anywhere" || isHome(found, context.placement));
    return reachable ? [] : [{ property: path, reason: reference.refusal(name) }];
  });
}

function mintedAs(all: readonly Minted[], value: string): Minted | undefined {
  return all.find(({ pattern, except }) => pattern.test(value) && !except?.test(value));
}
