import { cloudOf, typeOf } from "../../../sandbox/registry.ts";
import { type Held, heldIn } from "../../../sandbox/requests/held.ts";
import { handlesOf } from "../../../sandbox/resources.ts";
import { openStore, type StoredResource } from "../../../sandbox/store.ts";
import type { Properties } from "../../../sandbox/values.ts";

/** Small clouds in memory, for the hops of requests: resources as a cloud would show them, without what makes them. */
export interface SmallClouds {
  /** Puts a resource in; its outputs are what is given. */
  hold(type: string, id: string, outputs?: Properties, place?: Place): StoredResource;
  /** A Kubernetes object of the cluster `inside`. */
  object(token: string, namespace: string, name: string, more?: Properties): StoredResource;
  held(): Held;
  /** Takes a resource out. */
  drop(resource: StoredResource): void;
  readonly store: ReturnType<typeof openStore>;
}

interface Place {
  readonly scope?: string;
  readonly region?: string;
  readonly name?: string;
}

export const inside = "https://cluster.example";

export function smallClouds(): SmallClouds {
  const store = openStore(":memory:");
  const hold: SmallClouds["hold"] = (type, id, outputs = {}, { scope = "account", region = "", name } = {}) => {
    const cloud = cloudOf(type);
    const known = cloud && typeOf(cloud, type);
    if (cloud === undefined || known === undefined) throw new Error(`the sandbox does not know ${type}`);
    const held = { id, ...outputs };
    return store.insert(
      {
        package: cloud.name,
        type,
        placement: { scope, region },
        id,
        name: name ?? id,
        seed: id,
        createdAt: "2026-11-21T00:00:00Z",
        inputs: outputs,
        outputs: held,
        secrets: { inputs: [], outputs: [] },
      },
      handlesOf(cloud, known, id, held),
      [],
    );
  };
  return {
    hold,
    object: (token, namespace, name, more = {}) => {
      const labels = more.labels === undefined ? {} : { labels: more.labels };
      const { labels: _, ...rest } = more;
      const outputs = { metadata: { name, namespace, ...labels }, ...rest };
      return hold(`kubernetes:${token}`, `${namespace}/${name}`, outputs, { scope: inside, name });
    },
    held: () => heldIn(store),
    drop: ({ key }) => store.remove(key),
    store,
  };
}
