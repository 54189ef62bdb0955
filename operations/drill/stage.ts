import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "../../components/gateway/render/object.ts";
import type { Caller } from "./caller.ts";
import { type GatewayBinaries, startGateway } from "./gateway.ts";
import { newAuthority, newSecret, newTokenIssuer } from "./identity.ts";
import { hostsOf } from "./objects.ts";
import { type DrillRoute, routesOf } from "./routes.ts";
import { startModelServers } from "./servers.ts";
import { swapped } from "./swap.ts";
import type { Behaviour } from "./wire/behaviour.ts";
import type { Attempt } from "./wire/model-server.ts";

/** One gateway with a model server for each of its backends, and a caller. */
export interface Stage {
  readonly routes: readonly DrillRoute[];
  readonly caller: Caller;
  /** Everything that the model servers have seen, oldest first. */
  readonly attempts: readonly Attempt[];
  /** What the gateway must prove itself with at each backend: a part of the `authorization` header. */
  readonly proofs: Readonly<Record<string, string | null>>;
  readonly unresolved: ReadonlySet<string>;
  behave(server: string, behaviour: Behaviour): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly objects: readonly KubernetesObject[];
  readonly binaries: GatewayBinaries;
  /** Backends whose name must not resolve. */
  readonly unresolvedIn: (routes: readonly DrillRoute[]) => ReadonlySet<string>;
}

/** @throws Error when the gateway does not start, with what it says */
export async function openStage({ objects, binaries, unresolvedIn }: StageOptions): Promise<Stage> {
  const routes = routesOf(objects);
  const unresolved = unresolvedIn(routes);
  const paths = routes.flatMap((route) => route.paths);
  const folder = mkdtempSync(join(tmpdir(), "twocloud-drill-"));
  const authority = await newAuthority();
  const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const servers = await startModelServers(paths, authority);
    closing.push(() => servers.close());
    const [host] = hostsOf(objects);
    if (host === undefined) throw new Error("no Gateway with a host name is among the objects");
    const issuer = newTokenIssuer();
    const listener = await freePort();
    const tokens = Object.fromEntries(paths.flatMap(({ secret }) => (secret === null ? [] : [[secret, newSecret()]])));
    const gateway = await startGateway({
      binaries,
      folder,
      objects: swapped(objects, {
        ports: servers.ports,
        unresolved,
        listener,
        tokens,
        authority: authority.cert,
        certificate: await authority.issue([host]),
        keySet: issuer.keySet,
      }),
    });
    closing.push(() => gateway.stop());
    const { aws, gcp } = gateway.identities;
    const proofs = { APIKey: "", AWSCredentials: `Credential=${aws}/`, GCPCredentials: gcp };
    return {
      routes,
      caller: {
        address: "127.0.0.1",
        port: listener,
        host,
        authority: authority.cert,
        token: issuer.token(claimsOf(objects)),
      },
      attempts: servers.attempts,
      unresolved,
      proofs: Object.fromEntries(
        paths.map(({ name, credential, secret }) => [
          name,
          secret !== null ? (tokens[secret] ?? null) : credential === null ? null : proofs[credential],
        ]),
      ),
      behave: servers.behave,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a token must say so that the first of the declared issuers' callers is let in. */
function claimsOf(objects: readonly KubernetesObject[]): Record<string, unknown> {
  const policy = objects.find(({ kind }) => kind === "SecurityPolicy");
  const { providers = [] } = (policy?.spec.jwt ?? {}) as {
    readonly providers?: readonly { readonly issuer: string; readonly audiences: readonly string[] }[];
  };
  const [first] = providers;
  return first === undefined ? {} : { iss: first.issuer, aud: first.audiences[0], sub: "drill" };
}

/** A port that was free a moment ago; the gateway says so when it has been taken since. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
