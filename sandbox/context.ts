/** What a table is told while it makes or changes one resource. */
import { createHash } from "node:crypto";
import type { CloudPackage, Connection, Context, ResourceType } from "./cloud.ts";
import { finder } from "./references.ts";
import type { Placement, Store } from "./store.ts";
import { type Properties, UNKNOWN } from "./values.ts";

export interface ContextFacts {
  readonly cloud: CloudPackage;
  readonly type: ResourceType;
  readonly store: Store;
  readonly connection: Connection;
  readonly placement: Placement;
  readonly logicalName: string;
  readonly id: string;
  readonly createdAt: string;
  /** What generated values are derived from; undefined in the preview of a creation. */
  readonly seed: string | undefined;
  readonly before?: Properties;
  /** Default: this machine's clock */
  readonly now?: () => Date;
}

export function contextFor(facts: ContextFacts): Context {
  const { store, seed, placement, before } = facts;
  const derived = (purpose: string): string => createHash("sha512").update(`${seed}|${purpose}`).digest("hex");
  return {
    connection: facts.connection,
    placement,
    type: facts.type.token,
    logicalName: facts.logicalName,
    id: facts.id,
    createdAt: facts.createdAt,
    now: facts.now?.() ?? new Date(),
    ...(before === undefined ? {} : { before }),
    hex: (length, purpose = "id") => (seed === undefined ? UNKNOWN : derived(purpose).slice(0, length)),
    digits: (length, purpose = "digits") => (seed === undefined ? UNKNOWN : decimal(derived(purpose), length)),
    address: (property) => {
      const kept = before?.[property];
      if (typeof kept === "string") return kept;
      return seed === undefined ? UNKNOWN : freeAddress(store, Number.parseInt(derived("address").slice(0, 8), 16));
    },
    find: finder(facts.cloud, store, placement),
    all: (type, scope = placement.scope) => store.list({ type, scope }),
  };
}

/** Blocks that no host in the Internet has: RFC 5737. */
const DOCUMENTATION_BLOCKS = ["192.0.2", "198.51.100", "203.0.113"] as const;
const HOSTS_PER_BLOCK = 254;

function freeAddress(store: Store, start: number): string {
  const total = DOCUMENTATION_BLOCKS.length * HOSTS_PER_BLOCK;
  for (let step = 0; step < total; step++) {
    const index = (start + step) % total;
    const block = DOCUMENTATION_BLOCKS[Math.floor(index / HOSTS_PER_BLOCK)];
    const address = `${block}.${(index % HOSTS_PER_BLOCK) + 1}`;
    if (store.named(address, undefined, "address").length === 0) return address;
  }
  throw new Error(
    `AddressLimitExceeded: all ${total} public addresses of the sandbox are in use. ` +
      "Delete what is no longer needed: twocloud sandbox destroy.",
  );
}

function decimal(hex: string, length: number): string {
  const digits = BigInt(`0x${hex}`).toString();
  return `${1 + (Number(digits[0]) % 9)}${digits.slice(1, length)}`;
}
