/** Faults that a cloud can be told to have, and which request they meet. Pure: knows no database and no protocol. */

export const faultKinds = ["error", "throttle", "slow", "capacity", "down", "crash"] as const;
export type FaultKind = (typeof faultKinds)[number];

export const faultPhases = ["configure", "create", "read", "all"] as const;
export type FaultPhase = (typeof faultPhases)[number];

/**
 * What goes wrong, and where. Whatever is absent of `package`, `type` and `location` does not narrow.
 * - `error`: the `nth` create fails
 * - `throttle`: the `first` requests fail, or each request whose number is a multiple of `every`
 * - `slow`: each request takes `milliseconds` longer; several such faults add up
 * - `capacity`: creates of `type` (default: of node pools) fail
 * - `down`: nothing answers `at` that phase
 * - `crash`: the `nth` create takes place, and then the connection ends without an answer
 */
export interface Fault {
  readonly kind: FaultKind;
  /** Pulumi package. */
  readonly package?: string;
  /** Type token. */
  readonly type?: string;
  /** Name of a location, for its cloud and its cluster; or an account, a subscription, a project. */
  readonly location?: string;
  /** Only for `down`. Default: `all` */
  readonly at?: FaultPhase;
  /** Only for `error` and `crash`, from 1. Default: 1 */
  readonly nth?: number;
  /** Only for `throttle`; excludes `every`. */
  readonly first?: number;
  /** Only for `throttle`; excludes `first`. */
  readonly every?: number;
  /** Only for `slow`. */
  readonly milliseconds?: number;
}

/** A fault that is set. */
export interface SetFault extends Fault {
  readonly id: number;
  /** Requests that it was there for so far. */
  readonly calls: number;
}

export type CallKind = "configure" | "create" | "update" | "delete" | "read" | "invoke";

/** A request that reaches a cloud. Checks, differences and previews do not: the providers answer these themselves. */
export interface Call {
  readonly kind: CallKind;
  readonly package: string;
  /** Type token; for `invoke` the function's. */
  readonly type: string;
  /** The name that the program gave the provider. */
  readonly provider: string;
  /** Account, subscription, project or cluster of the provider. */
  readonly scope: string;
}

/** What `capacity` is about when no type is named: what nodes come from. */
export const nodePoolTypes: readonly string[] = [
  "aws:eks/nodeGroup:NodeGroup",
  "azure-native:containerservice:AgentPool",
  "gcp:container/nodePool:NodePool",
];

const WRITES: readonly CallKind[] = ["create", "update", "delete"];
const READS: readonly CallKind[] = ["read", "invoke"];

const CALLS_OF_PHASE: Readonly<Record<FaultPhase, readonly CallKind[]>> = {
  configure: ["configure"],
  create: WRITES,
  read: READS,
  all: ["configure", ...WRITES, ...READS],
};

/** Which requests a kind of fault is about. */
function callsOf({ kind, at = "all" }: Fault): readonly CallKind[] {
  if (kind === "down") return CALLS_OF_PHASE[at];
  if (kind === "slow") return CALLS_OF_PHASE.all;
  return kind === "throttle" ? [...WRITES, ...READS] : ["create"];
}

/** The faults that are there for this request, whether they strike this time or not. */
export function faultsMeeting<F extends Fault>(faults: readonly F[], call: Call): F[] {
  return faults.filter(
    (fault) =>
      callsOf(fault).includes(call.kind) &&
      (fault.package === undefined || fault.package === call.package) &&
      typesOf(fault).every((types) => types.includes(call.type)) &&
      (fault.location === undefined || isAt(call, fault.location)),
  );
}

/** What makes this request fail; the first that was set if several do. Slowness is no failure. */
export function faultFor<F extends SetFault>(faults: readonly F[], call: Call): F | undefined {
  return faultsMeeting(faults, call).find((fault) => fault.kind !== "slow" && strikes(fault, fault.calls + 1));
}

/** By how many milliseconds the request is held up. */
export function delayFor(faults: readonly Fault[], call: Call): number {
  const slow = faultsMeeting(faults, call).filter(({ kind }) => kind === "slow");
  return slow.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0);
}

function typesOf({ kind, type }: Fault): (readonly string[])[] {
  if (type !== undefined) return [[type]];
  return kind === "capacity" ? [nodePoolTypes] : [];
}

/** Providers are named after their location; a cluster's has a suffix. */
function isAt({ provider, scope }: Call, location: string): boolean {
  return provider === location || provider === `${location}-kubernetes` || scope === location;
}

/** @param number of the request among those that the fault was there for, from 1 */
function strikes({ kind, nth = 1, first, every }: Fault, number: number): boolean {
  if (kind === "error" || kind === "crash") return number === nth;
  if (kind !== "throttle") return true;
  return first === undefined ? number % (every ?? 1) === 0 : number <= first;
}
