import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { canonicalType, type Store, type StoredResource } from "../../sandbox/index.ts";
import { SIGNATURE } from "../../sandbox/wire.ts";

import { type Engine, EngineError } from "./engine.ts";

import { exportState, importState, type State, type StateResource } from "./state.ts";
import { damageOf, mend, type StateFiles } from "./state-file.ts";

/** What an interrupted run leaves behind, and how the next one goes on. */

/** Who holds a stack. */
export interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/** The locks of a stack in a file backend, as the engine writes them. */
export function locksOf(backend: string, project: string, stack: string): Lock[] {
  const folder = join(backend, ".pulumi", "locks", "organization", project, stack);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      try {
        return [JSON.parse(readFileSync(join(folder, file), "utf8")) as Lock];
      } catch {
        return []; // written half, or gone meanwhile
      }
    });
}

/** Whether the process behind a lock still runs; one on another machine is taken for running. */
export function isHeld(lock: Lock): boolean {
  if (lock.hostname !== hostname()) return true;
  try {
    process.kill(lock.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** How long an engine whose command was killed may take to notice. */
const patienceMs = 2 * 60 * 1000;

/**
 * Takes away the lock of an engine that is gone; one that outlived its command is waited for, since it ends by itself
 * without its clouds.
 * @throws Error when it does not end in time
 */
export async function takeOver(
  engine: Engine,
  { backend, project, stack }: StateFiles,
  say: (text: string) => void,
): Promise<void> {
  const started = Date.now();
  const holders = () => locksOf(backend, project, stack).filter(isHeld);
  for (let held = holders(), told = false; held.length > 0; held = holders()) {
    const pids = held.map((lock) => lock.pid).join(", ");
    if (Date.now() - started > patienceMs) {
      throw new EngineError(
        `An engine of an earlier run on ${stack} (process ${pids}) does not end. End it, then try again.`,
      );
    }
    if (!told) say(`The engine of an earlier run on ${stack} (process ${pids}) has not ended yet; waiting for it …`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  if (locksOf(backend, project, stack).length === 0) return;
  say("An earlier run was cut off; its lock is removed.");
  const result = await engine.command(["cancel", "--yes", "--stack", stack]);
  if (!result.ok) throw new EngineError(`The lock of an earlier run on ${stack} can't be removed:\n${result.output}`);
}

/** Puts readable copies in the place of what a killed engine left half written. @throws Error when there is none */
export function mendFiles(files: StateFiles, say: (text: string) => void): void {
  for (const damage of damageOf(files)) {
    if (damage.copy === undefined) {
      throw new EngineError(
        `${damage.file} ${damage.reason}, and no readable copy of it is left in ${files.backend}/.pulumi. Put one there from a backup of your own: everything in the clouds is as it was.`,
      );
    }
    mend(damage);
    say(
      damage.copy === null
        ? `${damage.file} ${damage.reason}; it is put aside.`
        : `${damage.file} ${damage.reason}; it is put aside, and ${damage.copy} takes its place.`,
    );
  }
}

/** What exists in the sandbox's clouds without being in the state. */
export function unknownTo(state: State, store: Pick<Store, "list">): StoredResource[] {
  const known = new Set((state.resources ?? []).flatMap(ownerOf(state, store)));
  return store.list().filter(({ key }) => !known.has(key));
}

/** What became of a creation that was under way: made, with the id, or not. */
export interface Fate {
  readonly urn: string;
  readonly id: string | undefined;
}

/** What became of the creations that were under way when a run was cut off. */
export function fateOf(state: State, store: Pick<Store, "list">): Fate[] {
  const known = new Set((state.resources ?? []).flatMap(ownerOf(state, store)));
  const isReachable = reachOf(state, store);
  const pending = (state.pending_operations ?? []).filter((operation) => operation.type === "creating");
  return pending.map(({ resource }) => {
    const made = store
      .list({ type: resource.type })
      .filter((each) => !known.has(each.key) && isReachable(resource, each) && isSame(each.inputs, resource.inputs));
    return { urn: resource.urn, id: made.length === 1 ? made[0]?.id : undefined };
  });
}

/** Keys of what a resource of the state is in the sandbox. */
function ownerOf(state: State, store: Pick<Store, "list">): (resource: StateResource) => number[] {
  const isReachable = reachOf(state, store);
  const byId = Map.groupBy(store.list(), ({ type, id }) => `${canonicalType(type)} ${id}`);
  return (resource) => {
    if (!resource.custom) return [];
    const found = byId.get(`${canonicalType(resource.type)} ${resource.id}`) ?? [];
    return found.filter((each) => isReachable(resource, each)).map(({ key }) => key);
  };
}

/**
 * Whether a resource can be what lies in the sandbox: objects of several clusters have equal ids and equal inputs, so
 * the provider has to be one that was made from the cluster that the object is in.
 */
function reachOf(
  state: State,
  store: Pick<Store, "list">,
): (resource: StateResource, stored: StoredResource) => boolean {
  const resources = new Map((state.resources ?? []).map((resource) => [resource.urn, resource]));
  const hosts = new Map<string, ReadonlySet<string>>();
  const hostsOf = (provider: string): ReadonlySet<string> => {
    const found = hosts.get(provider) ?? new Set(clusterHosts(provider));
    hosts.set(provider, found);
    return found;
  };
  const clusterHosts = (provider: string): string[] => {
    const { dependencies = [] } = resources.get(provider.replace(/::[^:]*$/, "")) ?? {};
    const made = dependencies.flatMap((urn) => resources.get(urn) ?? []);
    return made.flatMap(({ type, id }) =>
      store.list({ type }).flatMap((stored) => (stored.id === id ? textsIn(stored.outputs).map(hostIn) : [])),
    );
  };
  return ({ type, provider }, { placement }) =>
    !type.startsWith("kubernetes:") || provider === undefined || hostsOf(provider).has(hostIn(placement.scope));
}

const hostIn = (endpoint: string): string => endpoint.replace(/^https?:\/\//, "").replace(/(:\d+)?\/?$/, "");

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(textsIn);
}

/** Whether a creation asked for what was made. Of a secret nothing but its place can be compared. */
function isSame(stored: unknown, pending: unknown): boolean {
  if (pending === null || typeof pending !== "object") return Object.is(stored, pending);
  if (SIGNATURE in pending) return stored !== undefined;
  if (stored === null || typeof stored !== "object" || Array.isArray(stored) !== Array.isArray(pending)) return false;
  const keysOf = (value: object): string[] => Object.keys(value).filter((key) => key !== "__defaults");
  const [here, there] = [stored, pending] as Readonly<Record<string, unknown>>[];
  const keys = keysOf(stored);
  return keys.length === keysOf(pending).length && keys.every((key) => isSame(here?.[key], there?.[key]));
}

/**
 * Settles the creations that were under way: what exists comes into the state, what does not is forgotten. The engine's
 * own `refresh --import-pending-creates` (3.259) marks such a creation as an import and then drops it, so what exists is
 * written into the state here, and the refresh reads the rest from the clouds.
 */
export async function settle(engine: Engine, store: Pick<Store, "list">, say: (text: string) => void): Promise<void> {
  const state = await exportState(engine);
  const pending = state.pending_operations ?? [];
  if (pending.length === 0) return;
  const fates = fateOf(state, store);
  const made = fates.filter((fate) => fate.id !== undefined).length;
  const others = pending.filter(({ type }) => type !== "creating").map(({ resource }) => resource.urn);
  say(
    `An earlier run was cut off with ${count(fates.length, "creation")} under way, of which ${made} took place and ${made === 1 ? "is" : "are"} taken over, and ${count(others.length, "other change")}.`,
  );
  await applyFates(engine, state, fates);
}

/**
 * Writes down what became of creations, and reads from the clouds whatever was under way: whether a change or a deletion
 * took place, only they know. Nothing else is read: another cloud may be out of reach.
 * @throws EngineError when that reading fails
 */
export async function applyFates(engine: Engine, state: State, fates: readonly Fate[]): Promise<void> {
  const settled = adopted(state, fates);
  await importState(engine, settled);
  const known = new Set(settled.resources?.map(({ urn }) => urn));
  const unsure = (state.pending_operations ?? []).map(({ resource }) => resource.urn);
  const targets = [...new Set(unsure)].filter((urn) => known.has(urn));
  if (targets.length === 0) return;
  const result = await engine.run(
    "refresh",
    targets.flatMap((urn) => ["--target", urn]),
  );
  if (!result.ok) throw new EngineError(`The interrupted run could not be settled:\n${result.output}`);
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;

/** The state with the creations that took place among its resources, and nothing pending. */
export function adopted(state: State, fates: readonly Fate[]): State {
  const resources = (state.pending_operations ?? []).flatMap(({ type, resource }) => {
    const id = fates.find((fate) => fate.urn === resource.urn)?.id;
    return type === "creating" && id !== undefined ? [{ ...resource, id }] : [];
  });
  // At the end: what a resource needs stands before it, and nothing can need these yet.
  return { ...state, resources: [...(state.resources ?? []), ...resources], pending_operations: [] };
}
