/**
 * The provider instances that the engine has configured. Requests name the resource but not the provider instance it
 * belongs to; each instance has a connection of its own, though, and configures itself over it.
 */
import type { CloudPackage, Connection, Context, Problem } from "./cloud.ts";
import { finder } from "./references.ts";
import { cloudOf, unknownType } from "./registry.ts";
import type { Store } from "./store.ts";
import { containsUnknown, type Properties } from "./values.ts";

export interface Providers {
  /** Problems of a provider's configuration; unknown values are not judged. */
  check(urn: string, type: string, config: Properties): readonly Problem[];
  /** Remembers what the instance behind a peer is. @throws Error when its configuration cannot be used */
  configure(peer: string, urn: string, type: string, config: Properties): void;
  /** The instance behind a peer. @throws Error when it never configured itself or its cluster does not exist */
  connected(peer: string, token: string): { cloud: CloudPackage; connection: Connection };
  /** What is known of the instance behind a peer; undefined when it never configured itself. */
  at(peer: string): Connection | undefined;
  /** URNs of all providers that were checked or configured here. */
  answered(): string[];
}

export function providerInstances(store: Store): Providers {
  const connections = new Map<string, Connection>();
  const answered = new Set<string>();
  return {
    check(urn, type, config) {
      answered.add(urn);
      return cloudFor(type).connect(config).problems;
    },
    configure(peer, urn, type, config) {
      answered.add(urn);
      const cloud = cloudFor(type);
      const { scope, region, problems } = cloud.connect(config);
      if (problems.length > 0) throw new Error(problems.map(({ reason }) => reason).join("\n"));
      connections.set(peer, { provider: urn, package: cloud.name, scope, region, config });
    },
    connected(peer, token) {
      const cloud = cloudFor(token);
      const connection = connections.get(peer);
      if (connection === undefined || connection.package !== cloud.name) {
        throw new Error(`${token}: the ${cloud.name} provider on this connection was never configured`);
      }
      const find = finder(cloud, store, { scope: connection.scope, region: connection.region });
      const unreachable = cloud.unreachable?.(connection, find);
      if (unreachable !== undefined) throw new Error(unreachable);
      return { cloud, connection };
    },
    at: (peer) => connections.get(peer),
    answered: () => [...answered].toSorted(),
  };
}

/** Changed provider settings, and those among them that make it another provider. */
export function providerChanges(
  type: string,
  before: Properties,
  after: Properties,
): { changed: string[]; replaces: readonly string[] } {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => key !== "version");
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const known = changed.filter((key) => !containsUnknown(after[key]));
  const replaces = cloudFor(type).providerReplaceOn?.(before, after) ?? [];
  return { changed, replaces: replaces.filter((key) => known.includes(key)) };
}

/** What a provider function may ask. */
export function functionContext(
  cloud: CloudPackage,
  store: Store,
  connection: Connection,
): Pick<Context, "connection" | "find" | "all"> {
  const { scope, region } = connection;
  return {
    connection,
    find: finder(cloud, store, { scope, region }),
    all: (type) => store.list({ type, scope }),
  };
}

function cloudFor(token: string): CloudPackage {
  const cloud = cloudOf(token);
  if (cloud === undefined) throw new Error(unknownType(token));
  return cloud;
}
