/** What keeps a resource from being deleted: others that name it. */
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
    valuesAt(properties, path)
      .flatMap(({ value }) => names(value))
      .some((name) => own.has(fold(cloud, knownString(name) ?? "")));
  return store
    .list({ type: by, ...(where === "anywhere" ? {} : { scope }) })
    .filter((other) => other.key !== resource.key && counts?.(resource, other, all) !== false)
    .filter(({ inputs, outputs }) => namesIt(inputs) || namesIt(outputs));
}
