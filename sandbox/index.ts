/** The sandbox: local Azure, AWS, GCP and Kubernetes behind Pulumi's provider protocol. */
import { appendFileSync } from "node:fs";
import { debugProviders } from "./environment.ts";
import { providerInstances } from "./providers.ts";
import { fresh, type Grants } from "./quotas.ts";
import { type Log, serve } from "./server.ts";
import { openStore } from "./store.ts";
import { againstSchema, loadSchemas } from "./validation.ts";

export { sandboxEnvironment } from "./environment.ts";
export { type Fault, type FaultKind, type FaultPhase, faultKinds, faultPhases, type SetFault } from "./faults.ts";
export { assertOnlySandbox, providerUrns } from "./isolation.ts";
export { SANDBOX_MARK } from "./mark.ts";
export { type Grants, readGrants } from "./quotas.ts";
export { allQuotas, canonicalType, isKnownType, knownTypes, packageNames } from "./registry.ts";
export { type Delivery, type Drop, deliveriesIn } from "./requests/index.ts";
export { nearest as nearestName } from "./schema/suggest.ts";
export { openStore, type Store, type StoredResource } from "./store.ts";
export { type Assignment, deleteBehind, TamperError, type Tampered, tamper } from "./tamper.ts";
export { againstSchema } from "./validation.ts";

export interface SandboxOptions {
  /** File of the clouds' database; made when absent. Its directory must exist. */
  readonly database: string;
  /** File to which a line for each request is appended. Default: no log */
  readonly log?: string;
  /** What the accounts were granted. Default: nothing beyond what a fresh account has */
  readonly grants?: Grants;
  /** Default: this machine's clock */
  readonly now?: () => Date;
}

export interface RunningSandbox {
  readonly port: number;
  /** Value for PULUMI_DEBUG_PROVIDERS. */
  readonly debugProviders: string;
  /** URNs of the providers that were checked or configured here since the start. */
  configured(): string[];
  /** Stops serving, cutting connections that an engine still holds, and closes the database. */
  close(): Promise<void>;
}

/** Serves the clouds of a database file on a free port of 127.0.0.1 until it is closed. */
export async function startSandbox({
  database,
  log,
  grants = fresh,
  now = () => new Date(),
}: SandboxOptions): Promise<RunningSandbox> {
  loadSchemas();
  const store = openStore(database);
  const providers = providerInstances(store);
  const sandbox = { store, providers, validate: againstSchema, grants, now };
  const server = await serve(sandbox, log === undefined ? () => {} : logTo(log));
  return {
    port: server.port,
    debugProviders: debugProviders(server.port),
    configured: () => providers.answered(),
    async close() {
      await server.close();
      store.close();
    },
  };
}

function logTo(file: string): Log {
  return ({ milliseconds, ...line }) => {
    const time = new Date().toISOString();
    appendFileSync(file, `${JSON.stringify({ time, ...line, milliseconds: Math.round(milliseconds) })}\n`);
  };
}
