/** What keeps a resource from being deleted: others that name it. */
import type { Problem } from "./cloud.ts";
import { fold } from "./references.ts";
import { handlesOf, type Target } from "./resources.ts";
import type { StoredResource } from "./store.ts";
import { knownString, valuesAt } from "./values.ts";

/** The cloud's answers for what still uses the resource. */
export function usersOf({ cloud, type, store }: Target, resource: StoredResource): Problem[] {
  const rules = type.inUse ?? [];
  if (rules.length === 0) return [];
  const own = new Set(handlesOf(cloud, type, resource.id, resource.outputs).map(({ value }) => value));
  return rules.flatMap(({ by, path, counts, refusal }) => {
    const user = store
      .list({ type: by, scope: resource.placement.scope })
      .filter((other) => other.key !== resource.key && counts?.(resource, other) !== false)
      .find(({ inputs }) => valuesAt(inputs, path).some(({ value }) => own.has(fold(cloud, knownString(value) ?? ""))));
    if (user === undefined) return [];
    return [{ property: "", kind: "inUse", reason: refusal(resource.id, user.id) }];
  });
}
