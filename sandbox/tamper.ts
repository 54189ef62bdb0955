/** Changes of what exists in the clouds that Pulumi does not make: by hand in a console, by another tool, by the cloud. */
import { isDeepStrictEqual } from "node:util";
import { claimsOf, takenNames } from "./claims.ts";
import type { CloudPackage, ResourceType } from "./cloud.ts";
import { removeWhole } from "./in-use.ts";
import { at, pathsOf, stepsOf, withAt } from "./paths.ts";
import { cloudOf, typeOf } from "./registry.ts";
import { handlesOf } from "./resources.ts";
import { nearest } from "./schema/suggest.ts";
import type { Store, StoredResource } from "./store.ts";
import type { InputValidator } from "./validation.ts";
import { asObject, type Properties } from "./values.ts";

/** A property and its new value as typed: JSON, or else text. */
export interface Assignment {
  readonly path: string;
  readonly text: string;
}

/** What a property was and is. */
export interface Tampered {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The change can't be made; the message lists every problem. */
export class TamperError extends Error {}

/** Outputs in which a cloud repeats an input together with its own. */
const REPEATED: Readonly<Record<string, readonly (readonly [input: string, output: string])[]>> = {
  aws: [["tags", "tagsAll"]],
  gcp: [
    ["labels", "pulumiLabels"],
    ["labels", "effectiveLabels"],
    ["resourceLabels", "pulumiLabels"],
    ["resourceLabels", "effectiveLabels"],
  ],
};

/**
 * Changes a resource in its cloud, among inputs and outputs alike.
 * @throws TamperError when a path is not there, or the cloud could not hold the value
 */
export function tamper(
  store: Store,
  resource: StoredResource,
  assignments: readonly Assignment[],
  validate: InputValidator,
): Tampered[] {
  const { cloud, type } = kindOf(resource);
  const { inputs, outputs, changes } = assigned(resource, assignments);
  const { key, id, placement, secrets } = resource;
  const before = validate(type.token, resource.inputs, secrets.inputs).map(({ reason }) => reason);
  const problems = [
    ...validate(type.token, inputs, secrets.inputs).filter(({ reason }) => !before.includes(reason)),
    ...takenNames(cloud, type, inputs, placement, store, key),
  ];
  if (problems.length > 0) {
    throw refused(
      resource,
      problems.map(({ property, reason }) => `${property}: ${reason}`),
    );
  }
  store.update(
    key,
    { inputs, outputs, secrets },
    handlesOf(cloud, type, id, outputs),
    claimsOf(cloud, type, inputs, placement),
  );
  return changes;
}

/** Deletes a resource in its cloud with what lives inside it; how many things that were. */
export function deleteBehind(store: Store, resource: StoredResource): number {
  return store.transaction(() => removeWhole({ cloud: kindOf(resource).cloud, store }, resource));
}

/** The properties after the change. Pure. @throws TamperError when a path is not there */
export function assigned(
  resource: Pick<StoredResource, "package" | "type" | "id" | "inputs" | "outputs">,
  assignments: readonly Assignment[],
): { inputs: Properties; outputs: Properties; changes: Tampered[] } {
  const problems: string[] = [];
  const changes: Tampered[] = [];
  let { inputs, outputs } = resource;
  for (const { path, text } of assignments) {
    const steps = stepsOf(path);
    const present = steps && (at(inputs, steps) ?? at(outputs, steps));
    if (steps === undefined || present === undefined) {
      problems.push(missing(path, resource));
      continue;
    }
    const after = typed(text, present);
    if (isDeepStrictEqual(after, present)) {
      problems.push(`${path} is ${JSON.stringify(present)} already; nothing would change`);
      continue;
    }
    inputs = setWhereThere(inputs, steps, after);
    outputs = repeat(resource.package, setWhereThere(outputs, steps, after), steps, present, after);
    changes.push({ path, before: present, after });
  }
  if (problems.length > 0) throw refused(resource, problems);
  return { inputs, outputs, changes };
}

function setWhereThere(root: Properties, steps: readonly (string | number)[], value: unknown): Properties {
  return at(root, steps) === undefined ? root : withAt(root, steps, value);
}

/** The same change where the cloud repeats the property; what it added there itself stays. */
function repeat(
  pulumiPackage: string,
  outputs: Properties,
  [first, ...rest]: readonly (string | number)[],
  before: unknown,
  after: unknown,
): Properties {
  const places = (REPEATED[pulumiPackage] ?? []).filter(([input]) => input === first).map(([, output]) => output);
  return places.reduce((root, place) => {
    if (rest.length > 0) return setWhereThere(root, [place, ...rest], after);
    const kept = Object.entries(asObject(root[place])).filter(([key]) => !(key in asObject(before)));
    return setWhereThere(root, [place], { ...Object.fromEntries(kept), ...asObject(after) });
  }, outputs);
}

/** What was typed, as a value: where text is, it stays text, so that `3` or `true` does not become another type. */
function typed(text: string, present: unknown): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof present === "string" && typeof value !== "string" ? text : value;
  } catch {
    return text;
  }
}

function missing(path: string, { inputs, outputs }: Pick<StoredResource, "inputs" | "outputs">): string {
  const known = [...new Set([...pathsOf(inputs), ...pathsOf(outputs)])];
  const near = nearest(path, known);
  const top = [...new Set([...Object.keys(inputs), ...Object.keys(outputs)])].filter((key) => !key.startsWith("__"));
  const suggestion = near === undefined ? "" : ` Did you mean ${near}?`;
  return `${path} is neither among its inputs nor among its outputs.${suggestion} It has: ${top.toSorted().join(", ")}`;
}

function refused({ type, id }: Pick<StoredResource, "type" | "id">, problems: readonly string[]): TamperError {
  return new TamperError(`${type} ${id} can't be changed:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
}

function kindOf({ type: token }: StoredResource): { cloud: CloudPackage; type: ResourceType } {
  const cloud = cloudOf(token);
  const type = cloud && typeOf(cloud, token);
  if (cloud === undefined || type === undefined) throw new TamperError(`The sandbox does not know ${token} any more.`);
  return { cloud, type };
}
