/** What keeps a resource from being deleted: others that name it. */
import type { Problem } from "./cloud.ts";
import { fold } from "./references.ts";
import { handlesOf, type Target } from "./resources.ts";
import type { StoredResource } from "./store.ts";
import { knownString, type Properties, valuesAt } from "./values.ts";

/** The cloud's answers for what still uses the resource. */
export function usersOf({ cloud, type, store }: Target, resource: StoredResource): Problem[] {
  const rules = type.inUse ?? [];
  if (rules.length === 0) return [];
  const own = new Set(handlesOf(cloud, type, resource.id, resource.outputs).map(({ value }) => value));
  const { scope } = resource.placement;
  const all = (token: string) => store.list({ type: token, scope });
  return rules.flatMap(({ by, path, names = (value) => [value], where, counts, refusal }) => {
    const namesIt = (properties: Properties): boolean =>
      valuesAt(properties, path)
        .flatMap(({ value }) => names(value))
        .some((name) => own.has(fold(cloud, knownString(name) ?? "")));
    const user = store
      .list({ type: by, ...(where === "anywhere" ? {} : { scope }) })
      .filter((other) => other.key !== resource.key && counts?.(resource, other, all) !== false)
      .find(({ inputs, outputs }) => namesIt(inputs) || namesIt(outputs));
    if (user === undefined) return [];
    return [{ property: "", kind: "inUse", reason: refusal(resource.id, user.id) }];
  });
}
