import { type Authority, newAuthority } from "./identity.ts";
import type { DrillPath } from "./routes.ts";
import { standInHost } from "./swap.ts";
import type { Behaviour } from "./wire/behaviour.ts";
import { type Attempt, type ModelServer, startModelServer } from "./wire/model-server.ts";

/** Where they listen: what does not resolve names that end in `.localhost` finds them by it. */
export const loopback = "127.0.0.1";

/** The model servers of one gateway: one a path, all proved by the same authority. */
export interface ModelServers {
  readonly ports: Readonly<Record<string, number>>;
  /** Everything that they have seen, oldest first. */
  readonly attempts: readonly Attempt[];
  behave(server: string, behaviour: Behaviour): Promise<void>;
  close(): Promise<void>;
}

/** @param authority proves them by name and by address */
export async function startModelServers(
  paths: readonly Pick<DrillPath, "name" | "schema">[],
  authority: Authority,
): Promise<ModelServers> {
  const stranger = await newAuthority();
  const attempts: Attempt[] = [];
  const servers = new Map<string, ModelServer>();
  const close = async (): Promise<void> => {
    for (const server of servers.values()) await server.close();
  };
  try {
    for (const { name, schema } of paths) {
      const names = [standInHost(name), loopback];
      const server = await startModelServer({
        name,
        schema,
        trusted: await authority.issue(names),
        untrusted: await stranger.issue(names),
        onAttempt: (attempt) => attempts.push(attempt),
      });
      servers.set(name, server);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ports: Object.fromEntries([...servers].map(([name, { port }]) => [name, port])),
    attempts,
    async behave(server, behaviour) {
      await servers.get(server)?.behave(behaviour);
    },
    close,
  };
}
