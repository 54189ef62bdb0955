/** What the clouds hold, as the hops of a request ask for it. Looks once; a request is followed in no time. */
import { cloudOf, typeOf } from "../registry.ts";
import type { Store, StoredResource } from "../store.ts";
import { asList, asObject, type Properties } from "../values.ts";

export interface Held {
  /** All of a type. @param scope only in this account, subscription, project or cluster */
  all(type: string, scope?: string): readonly StoredResource[];
  /** The one that goes by that id, self-link, ARN or, where the cloud takes it, bare name. */
  find(types: string | readonly string[], name: unknown): StoredResource | undefined;
  /** A cluster's objects of a kind, whatever version of the API it was made by. `group` is `core` for Kubernetes' own. */
  objects(scope: string, group: string, kind: string): readonly StoredResource[];
}

export function heldIn(store: Pick<Store, "list" | "named">): Held {
  const byType = Map.groupBy(store.list(), ({ type }) => type);
  const all: Held["all"] = (type, scope) => {
    const found = byType.get(type) ?? [];
    return scope === undefined ? found : found.filter(({ placement }) => placement.scope === scope);
  };
  return {
    all,
    find(types, name) {
      if (typeof name !== "string" || name === "") return undefined;
      return [types].flat().flatMap((type) => namedAs(store, type, name))[0];
    },
    objects(scope, group, kind) {
      const prefix = `kubernetes:${group}/`;
      const types = [...byType.keys()].filter((type) => type.startsWith(prefix) && type.endsWith(`:${kind}`));
      return types.flatMap((type) => all(type, scope));
    },
  };
}

function namedAs(store: Pick<Store, "named">, type: string, name: string): StoredResource[] {
  const fold = cloudOf(type)?.fold ?? ((value: string) => value);
  return store.named(fold(name), [type]).filter((resource) => resource.type === type);
}

/** The scope of what is inside: a cluster's address. */
export function insideOf(resource: StoredResource): string | undefined {
  const cloud = cloudOf(resource.type);
  const type = cloud && typeOf(cloud, resource.type);
  return type?.ownedScope?.(resource.outputs);
}

/** An object's specification as the cluster has it. */
export function specOf(object: StoredResource | undefined): Properties {
  return asObject(object?.outputs.spec);
}

/** The namespace that an object is in. */
export function namespaceOf(object: StoredResource): string {
  return String(asObject(object.outputs.metadata).namespace);
}

/** The items of a list of objects. */
export function objectsIn(list: unknown): Properties[] {
  return asList(list).map(asObject);
}
