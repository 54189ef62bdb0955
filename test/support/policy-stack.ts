/** The project's own production stack as a policy pack is shown it, and ways to break one thing in it. */
import { join } from "node:path";
import { build } from "../../infra/build.ts";
import { readConfig } from "../../infra/config/read.ts";
import { paced } from "../../infra/pace.ts";
import { planStack } from "../../infra/planning/index.ts";
import { readSources } from "../../infra/sources.ts";
import { awsOutputs, inRegion } from "./aws.ts";
import { azureCalls, azureOutputs } from "./azure.ts";
import { gcpCalls, gcpOutputs } from "./gcp.ts";
import { kubernetesOutputs } from "./kubernetes/outputs.ts";
import { type Shown, show, unknownText } from "./policy.ts";

/** A day on which every model of the catalogue is served and every contract runs. */
const asOf = "2026-11-21";

/** In a first preview and in a stored state: a rule has to say the same of both. */
export const views = ["preview", "state"] as const;
export type View = (typeof views)[number];

const built = new Map<View, Promise<Shown[]>>();

/** The production stack, built once a test file. */
export function stack(view: View): Promise<Shown[]> {
  const found = built.get(view) ?? showStack("prod", view);
  built.set(view, found);
  return found;
}

/** One of the shipped stacks. Two can't be built at a time. */
export function showStack(name: string, view: View): Promise<Shown[]> {
  const config = readConfig(readSources(join(import.meta.dirname, "../../stacks"), name, asOf));
  return show(() => build(planStack(config), config.images, new Map(), paced(50)), {
    preview: view === "preview",
    outputs: inRegion({ ...azureOutputs, ...awsOutputs, ...gcpOutputs, ...kubernetesOutputs }),
    calls: { ...azureCalls, ...gcpCalls },
  });
}

/** Which resource: its logical name, and the end of its type where several share it. */
export interface Which {
  readonly name: string;
  readonly type?: string;
}

/** The one resource. @throws Error when there is none, or more than one */
export function find(shown: readonly Shown[], { name, type = "" }: Which): Shown {
  const found = shown.filter((one) => one.name === name && one.type.endsWith(type));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources are ${name} ${type}`);
  return only;
}

/** The stack with one property changed, wherever it shows; undefined takes it away. */
export function set(
  shown: readonly Shown[],
  which: Which,
  path: readonly (string | number)[],
  value: unknown,
): Shown[] {
  const target = find(shown, which);
  return replaced(shown, {
    ...target,
    inputs: changed(target.inputs, path, value) as Shown["inputs"],
    // What has no outputs yet does not get any by being changed.
    outputs: Object.keys(target.outputs).length === 0 ? {} : (changed(target.outputs, path, value) as Shown["outputs"]),
  });
}

/** The same with a value that only the cloud can tell, made from the given resources. */
export function unknownAt(
  shown: readonly Shown[],
  which: Which,
  path: readonly (string | number)[],
  ...from: readonly Which[]
): Shown[] {
  return madeFrom(set(shown, which, path, unknownText), which, String(path[0]), ...from);
}

/** The stack with one property made from other resources than before, by reference. */
export function madeFrom(shown: readonly Shown[], which: Which, property: string, ...from: readonly Which[]): Shown[] {
  const target = find(shown, which);
  const urns = from.map((one) => find(shown, one).urn);
  const propertyDependencies = { ...target.propertyDependencies, [property]: urns };
  const others = target.dependencies.filter((urn) => !(target.propertyDependencies[property] ?? []).includes(urn));
  return replaced(shown, {
    ...target,
    propertyDependencies,
    dependencies: [...new Set([...others, ...Object.values(propertyDependencies).flat()])],
  });
}

/** The stack with one more thing that a resource waits for. */
export function dependingOn(shown: readonly Shown[], which: Which, other: Which): Shown[] {
  const target = find(shown, which);
  return replaced(shown, { ...target, dependencies: [...target.dependencies, find(shown, other).urn] });
}

export function without(shown: readonly Shown[], ...which: readonly Which[]): Shown[] {
  const gone = which.map((one) => find(shown, one).urn);
  return shown.filter(({ urn }) => !gone.includes(urn));
}

/** One more resource like another one, beside it. */
export function like(
  shown: readonly Shown[],
  which: Which,
  changes: Partial<Shown> & { readonly name: string },
): Shown[] {
  const model = find(shown, which);
  const type = changes.type ?? model.type;
  return [...shown, { ...model, urn: `${model.urn.slice(0, -model.name.length)}${type}-${changes.name}`, ...changes }];
}

function replaced(shown: readonly Shown[], by: Shown): Shown[] {
  return shown.map((one) => (one.urn === by.urn ? by : one));
}

function changed(value: unknown, [step, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (step === undefined) return to;
  if (Array.isArray(value)) return value.map((each, index) => (index === step ? changed(each, rest, to) : each));
  const object = { ...(typeof value === "object" ? value : {}) } as Record<string | number, unknown>;
  const next = changed(object[step], rest, to);
  if (next === undefined) delete object[step];
  else object[step] = next;
  return object;
}
