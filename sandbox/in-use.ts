/** Deleting a resource: what keeps it from being deleted, and what disappears with it. */
import type { InUse, Problem } from "./cloud.ts";
import { fold } from "./references.ts";
import { handlesOf, type Target } from "./resources.ts";
import type { StoredResource } from "./store.ts";
import { knownString, valuesAt } from "./values.ts";

/** The cloud's answers for what still uses the resource. */
export function usersOf({ cloud, type, store }: Target, resource: StoredResource): Problem[] {
  const rules = type.inUse ?? [];
  if (rules.length === 0) return [];
  const own = new Set(handlesOf(cloud, type, resource.id, resource.outputs).map(({ value }) => value));
  const uses = (path: InUse["path"], other: StoredResource): boolean =>
    typeof path === "function"
      ? path(other, resource)
      : valuesAt(other.inputs, path).some(({ value }) => own.has(fold(cloud, knownString(value) ?? "")));
  return rules.flatMap(({ by, path, refusal }) => {
    const user = store
      .list({ type: by, scope: resource.placement.scope })
      .filter(({ key }) => key !== resource.key)
      .find((other) => uses(path, other));
    if (user === undefined) return [];
    return [{ property: "", kind: "inUse", reason: refusal(resource.id, user.id) }];
  });
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
