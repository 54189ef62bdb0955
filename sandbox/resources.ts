/** The life of a resource in the sandbox: checked, made, read, changed, deleted. Knows no protocol and no cloud. */
import { createHash } from "node:crypto";
import { claimsOf, takenNames } from "./claims.ts";
import type { CloudPackage, Connection, Context, Problem, ResourceType } from "./cloud.ts";
import { type ContextFacts, contextFor } from "./context.ts";
import { type Change, changesBetween } from "./diff.ts";
import { emptyFirst, removeWhole, usersOf } from "./in-use.ts";
import { FILLED_IN, type NamingRequest, nameProblems, withName } from "./naming.ts";
import { outputsOf, previewOutputs } from "./outputs.ts";
import { type Grants, overQuota } from "./quotas.ts";
import { fold, missingReferences } from "./references.ts";
import { answerOf, ofKind } from "./refusals.ts";
import type { Handle, Placement, Secrets, Store, StoredResource } from "./store.ts";
import type { InputValidator } from "./validation.ts";
import { asList, knownString, type Properties, UNKNOWN, valueAt } from "./values.ts";

/** A type, with the cloud it belongs to and the provider instance that asks for it. */
export interface Target {
  readonly cloud: CloudPackage;
  readonly type: ResourceType;
  readonly connection: Connection;
  readonly store: Store;
  /** What the accounts were granted beyond a fresh one's quotas. */
  readonly grants: Grants;
  readonly now: () => Date;
  readonly urn: string;
  readonly logicalName: string;
}

export interface Made {
  /** "" in a preview. */
  readonly id: string;
  readonly outputs: Properties;
  readonly secretOutputs: readonly string[];
}

/** Refused by the cloud; the message lists every problem. */
export class Refused extends Error {}

/** Fills in what the provider fills in, and finds what can be found without asking the cloud. */
export function check(
  target: Target,
  request: Omit<NamingRequest, "logicalName"> & { readonly secrets: readonly string[] },
  validate: InputValidator,
): { inputs: Properties; problems: readonly Problem[] } {
  const { type, connection, logicalName } = target;
  const { [FILLED_IN]: _, ...given } = request.inputs;
  const defaults = Object.entries(type.defaults ?? {}).filter(([key]) => given[key] === undefined);
  const complete = { ...given, ...Object.fromEntries(defaults) };
  const naming =
    type.name === undefined
      ? { inputs: complete, problems: [] }
      : withName(type.name, { ...request, inputs: complete, logicalName });
  const filledIn = [...defaults.map(([key]) => key), ...("filledIn" in naming ? [String(naming.filledIn)] : [])];
  const problems = [
    ...ofKind("name", naming.problems),
    ...ofKind("required", validate(type.token, naming.inputs, request.secrets)),
    ...ofKind("name", type.name === undefined ? [] : nameProblems(type.name, naming.inputs)),
    ...(type.check?.(naming.inputs, connection) ?? []),
  ];
  return {
    inputs: filledIn.length === 0 ? naming.inputs : { ...naming.inputs, [FILLED_IN]: filledIn },
    // The engine itself says at which property.
    problems: problems.map((problem) => ({
      ...problem,
      reason: answerOf(target.cloud, type, { ...problem, property: "" }),
    })),
  };
}

/** What an update would change; `deleteFirst` when the replacement could not be made beside the old one. */
export function diff(
  type: ResourceType,
  before: Properties,
  after: Properties,
): { changes: Change[]; deleteFirst: boolean } {
  const changes = changesBetween(before, after, type.replaceOn);
  const replaces = changes.some((change) => change.replaces);
  return {
    changes,
    deleteFirst: replaces && (type.deleteBeforeReplace === true || keepsFixedName(type, before, after)),
  };
}

export function previewCreate(target: Target, inputs: Properties, secretInputs: readonly string[]): Made {
  const context = contextOf(target, inputs, { id: UNKNOWN, createdAt: UNKNOWN, seed: undefined });
  const outputs = previewOutputs(target.cloud, target.type, inputs, context);
  return { id: "", outputs, secretOutputs: secretOutputs(target.type, outputs, secretInputs) };
}

/** Makes the resource. @throws Refused when the cloud would refuse it */
export function create(target: Target, inputs: Properties, secretInputs: readonly string[]): Made {
  const { store, cloud, type } = target;
  return store.transaction(() => {
    const placement = placementOf(target, inputs);
    const seed = newSeed(target, placement);
    const facts = { createdAt: secondsOf(target.now()), seed };
    const unnamed = contextOf(target, inputs, { ...facts, id: UNKNOWN });
    refuseOn(target, "creating", problemsInCloud(target, inputs, unnamed, undefined));
    const id = type.id(inputs, unnamed);
    makeRoom(target, placement, id);
    const outputs = outputsOf(cloud, type, inputs, contextOf(target, inputs, { ...facts, id }));
    refuseOn(target, "creating", overQuota(target, { id, placement }, outputs, undefined));
    const secrets: Secrets = { inputs: secretInputs, outputs: secretOutputs(type, outputs, secretInputs) };
    const name = (type.name && knownString(valueAt(inputs, type.name.property))) ?? id;
    store.insert(
      {
        package: cloud.name,
        type: type.token,
        placement,
        id,
        name,
        seed,
        createdAt: facts.createdAt,
        inputs,
        outputs,
        secrets,
      },
      handlesOf(cloud, type, id, outputs),
      claimsOf(cloud, type, inputs, placement),
    );
    return { id, outputs, secretOutputs: secrets.outputs };
  });
}

/** The resource as it is in the cloud now; undefined when there is none. */
export function read(target: Target, id: string, state: Properties): StoredResource | undefined {
  const assumed = placementOf(target, state);
  const { id: plain, placement } = target.cloud.importId?.(id, assumed) ?? { id, placement: assumed };
  return locate(target, plain, placement);
}

/** A change of a resource in place. */
export interface Update {
  readonly id: string;
  /** Its outputs, as the engine knows them. */
  readonly state: Properties;
  /** Its inputs, as the engine knows them. */
  readonly before: Properties;
  readonly inputs: Properties;
  readonly secretInputs: readonly string[];
  readonly preview: boolean;
}

/** Changes the resource in place. @throws Refused when the cloud would refuse it, or does not hold the resource */
export function update(target: Target, { id, state, before, inputs, secretInputs, preview }: Update): Made {
  const { store, cloud, type } = target;
  return store.transaction(() => {
    const current = locate(target, id, placementOf(target, state));
    if (current === undefined) {
      const reason = `${type.token} ${id} does not exist in the sandbox any more: run "pulumi refresh"`;
      throw new Refused(`updating ${type.token} "${target.logicalName}": ${reason}`);
    }
    const { key, seed, createdAt, placement } = current;
    const facts: ContextFacts = { ...target, placement, id: current.id, createdAt, seed, before: current.outputs };
    const context = contextFor(facts);
    if (!preview) {
      refuseOn(target, "updating", [
        ...fixedProblems(type, before, inputs),
        ...problemsInCloud(target, inputs, context, key),
      ]);
    }
    const outputs = outputsOf(cloud, type, inputs, context);
    if (!preview) refuseOn(target, "updating", overQuota(target, current, outputs, current));
    const secrets: Secrets = { inputs: secretInputs, outputs: secretOutputs(type, outputs, secretInputs) };
    if (!preview) {
      const handles = handlesOf(cloud, type, current.id, outputs);
      store.update(key, { inputs, outputs, secrets }, handles, claimsOf(cloud, type, inputs, placement));
    }
    return { id: current.id, outputs, secretOutputs: secrets.outputs };
  });
}

/**
 * Deletes the resource and what lives inside it. One that is gone already is no error, as with the real providers.
 * @throws Refused while others use it, or while it is protected
 */
export function remove(target: Target, id: string, state: Properties): void {
  target.store.transaction(() => {
    const current = locate(target, id, placementOf(target, state));
    if (current === undefined) return;
    refuseOn(target, "deleting", [
      ...usersOf(target, current),
      ...ofKind("inUse", target.type.refuseDelete?.(current.outputs) ?? []),
    ]);
    emptyFirst(target, current);
    keepNames(target, current);
    removeWhole(target, current);
  });
}

const DAY = 86_400_000;

function keepNames({ cloud, type, store }: Target, { inputs, placement }: StoredResource): void {
  if (type.keepsName === undefined) return;
  const { days } = type.keepsName;
  const until = days === undefined ? undefined : new Date(Date.now() + days * DAY);
  for (const claim of claimsOf(cloud, type, inputs, placement)) store.keptNames.keep(claim, until);
}

function problemsInCloud(target: Target, inputs: Properties, context: Context, self: number | undefined): Problem[] {
  const { cloud, type, store } = target;
  return [
    ...ofKind("reference", missingReferences(cloud, type, inputs, context, store)),
    ...ofKind("name", takenNames(cloud, type, inputs, context.placement, store, self)),
    ...(type.refuse?.(inputs, context) ?? []),
  ];
}

/** What would be changed although the cloud can't change it. */
function fixedProblems(type: ResourceType, before: Properties, after: Properties): Problem[] {
  const fixed = changesBetween(before, after, type.replaceOn).filter((change) => change.replaces);
  return fixed.map(({ path }) => ({ property: path, kind: "immutable", reason: "can't be changed once it is made" }));
}

/** @throws Refused with all the problems, when there are any */
export function refuseOn(
  target: Pick<Target, "cloud" | "type" | "logicalName">,
  doing: string,
  problems: readonly Problem[],
): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => answerOf(target.cloud, target.type, problem));
  const what = `${doing} ${target.type.token} "${target.logicalName}"`;
  throw new Refused(
    lines.length === 1 ? `${what}: ${lines[0]}` : `${what}:\n${lines.map((l) => `  - ${l}`).join("\n")}`,
  );
}

/** An id that is in use is refused; but what only sets something on another resource replaces what was set before. */
function makeRoom(target: Target, placement: Placement, id: string): void {
  const { store, type } = target;
  const present = store.get(type.token, placement, id);
  if (present === undefined) return;
  if (!type.overwrites) {
    const reason = `AlreadyExists: there is a ${type.token} "${id}" already`;
    const fix = "Choose another name, or import what is there";
    refuseOn(target, "creating", [{ property: "", kind: "name", reason, fix }]);
  }
  store.remove(present.key);
}

function keepsFixedName(type: ResourceType, before: Properties, after: Properties): boolean {
  if (type.name === undefined || asList(after[FILLED_IN]).includes(type.name.property)) return false;
  const name = knownString(valueAt(after, type.name.property));
  return name !== undefined && name === valueAt(before, type.name.property);
}

function locate({ cloud, type, store }: Target, id: string, placement: Placement): StoredResource | undefined {
  const exact = store.get(type.token, placement, id);
  if (exact !== undefined) return exact;
  const named = store.named(fold(cloud, id), [type.token], "id");
  return named.find(
    ({ placement: at }) => at.scope === placement.scope && (placement.region || at.region) === at.region,
  );
}

function placementOf({ cloud, type, connection }: Target, properties: Properties): Placement {
  if (cloud.place !== undefined) return cloud.place(properties, connection, type);
  return { scope: connection.scope, region: type.regional ? connection.region : "" };
}

function contextOf(
  target: Target,
  inputs: Properties,
  facts: Pick<ContextFacts, "id" | "createdAt" | "seed">,
): Context {
  return contextFor({ ...target, ...facts, placement: placementOf(target, inputs) });
}

/** The names by which others may refer to it. */
export function handlesOf(cloud: CloudPackage, type: ResourceType, id: string, outputs: Properties): Handle[] {
  const arn = knownString(outputs.arn);
  const own = [{ by: "id", value: id }, ...(arn === undefined ? [] : [{ by: "arn", value: arn }])];
  const all = [...own, ...(type.handles?.(outputs, id) ?? [])].map((handle) => ({ type: type.token, ...handle }));
  return all.map((handle) => ({ ...handle, value: fold(cloud, handle.value) }));
}

function secretOutputs(type: ResourceType, outputs: Properties, secretInputs: readonly string[]): string[] {
  const listed = (type.secretOutputs ?? []).filter((path) => valueAt(outputs, path) !== undefined);
  return [...new Set([...listed, ...secretInputs])];
}

function newSeed({ store, type, urn }: Target, { scope, region }: Placement): string {
  const identity = [type.token, scope, region, urn].join("|");
  return createHash("sha256")
    .update(`${identity}|${store.next(identity)}`)
    .digest("hex");
}

/** Clouds report whole seconds. */
function secondsOf(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
