/** Deleting a resource: what keeps it from being deleted, and what disappears with it. */
import type { InUse, Problem } from "./cloud.ts";
import { fold } from "./references.ts";
import { handlesOf, type Target } from "./resources.ts";
import type { StoredResource } from "./store.ts";
import { knownString, type Properties, valueAt, valuesAt } from "./values.ts";

/** The cloud's answers for what still uses the resource. */
export function usersOf(target: Target, resource: StoredResource): Problem[] {
  const rules = (target.type.inUse ?? []).filter((rule) => !isEmptied(rule, resource));
  return rules.flatMap((rule) => {
    const [user] = usersBy(target, rule, resource);
    if (user === undefined) return [];
    return [{ property: "", kind: "inUse", reason: rule.refusal(resource.id, user.id) }];
  });
}

/** Deletes what the provider deletes together with the resource. */
export function emptyFirst(target: Target, resource: StoredResource): void {
  const rules = (target.type.inUse ?? []).filter((rule) => isEmptied(rule, resource));
  for (const { key } of rules.flatMap((rule) => usersBy(target, rule, resource))) target.store.remove(key);
}

function isEmptied({ emptiedBy }: InUse, { inputs }: StoredResource): boolean {
  return emptiedBy !== undefined && valueAt(inputs, emptiedBy) === true;
}

function usersBy({ cloud, type, store }: Target, rule: InUse, resource: StoredResource): StoredResource[] {
  const { by, path, names = (value) => [value], where, counts } = rule;
  const own = new Set(handlesOf(cloud, type, resource.id, resource.outputs).map(({ value }) => value));
  const { scope } = resource.placement;
  const all = (token: string) => store.list({ type: token, scope });
  const namesIt = (properties: Properties): boolean =>
    path === undefined ||
    valuesAt(properties, path)
      .flatMap(({ value }) => names(value))
      .some((name) => own.has(fold(cloud, knownString(name) ?? "")));
  return store
    .list({ type: by, ...(where === "anywhere" ? {} : { scope }) })
    .filter((other) => other.key !== resource.key && counts?.(resource, other, all) !== false)
    .filter(({ inputs, outputs }) => namesIt(inputs) || namesIt(outputs));
}

/** Deletes a resource with all that disappears together with it; how many that were. */
export function removeWhole({ cloud, store }: Pick<Target, "cloud" | "store">, resource: StoredResource): number {
  const { contains } = cloud;
  const mates = contains === undefined ? [] : store.list({ package: cloud.name, scope: resource.placement.scope });
  const gone = [...mates.filter((mate) => contains?.(resource, mate)), resource];
  return gone.reduce((count, { key, type: token, outputs }) => {
    const inside = cloud.types.find((type) => type.token === token)?.ownedScope?.(outputs);
    const inner = inside === undefined ? 0 : store.removeScope(inside);
    store.remove(key);
    return count + inner + 1;
  }, 0);
}
