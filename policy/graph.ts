import type { PolicyResource } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy.js";
import { inputsOf } from "./inputs.ts";
import { readMessage } from "./memory.ts";

/** The resources of a stack as a graph: who needs whom. Rules read this instead of the host's objects. */

/** A value that only the cloud can tell, in a preview. Rules see it as this, never as a missing one. */
export const unknown: unique symbol = Symbol("unknown until the cloud answers");

export interface Node {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Outputs, and inputs where there is no output; unknown values are `unknown`. */
  readonly props: Readonly<Record<string, unknown>>;
  /** What the program asked for; undefined when no run has shown it. */
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
  /** What the provider answered: empty in a first preview of objects whose cluster does not exist yet. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly parent: string | undefined;
  readonly provider: string | undefined;
  /** What it was made from, by `dependsOn` or through its properties. */
  readonly dependencies: readonly string[];
  /** The same by property. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** Resources of a type; a pattern where the API version may vary. */
  ofType(type: string | RegExp): readonly Node[];
  children(urn: string): readonly Node[];
}

const graphs = new WeakMap<object, { readonly count: number; readonly graph: Graph }>();

/** The graph of a stack, built once for all rules that are asked about it. */
export function graphOf(resources: readonly PolicyResource[]): Graph {
  const [first] = resources;
  // Each rule gets wrappings of its own around the same values.
  const key = first === undefined ? undefined : targetOf(first.props);
  const known = key === undefined ? undefined : graphs.get(key);
  if (known?.count === resources.length) return known.graph;
  const graph = built(resources);
  if (key !== undefined) graphs.set(key, { count: resources.length, graph });
  return graph;
}

function built(resources: readonly PolicyResource[]): Graph {
  readMessage(resources.length);
  const nodes = new Map<string, Node>();
  // The engine lists them as they were made, each run in another order; the same stack has to get the same verdict.
  for (const resource of resources.toSorted((left, right) => (left.urn < right.urn ? -1 : 1))) {
    nodes.set(resource.urn, nodeOf(resource));
    // A provider is a resource of its own, but hosts differ in whether they list it.
    if (resource.provider !== undefined && !nodes.has(resource.provider.urn)) {
      const { urn, type, name, props } = resource.provider;
      const outputs = plain(props);
      nodes.set(urn, { urn, type, name, props: outputs, inputs: undefined, outputs, ...detached });
    }
  }
  const byType = groupBy([...nodes.values()], (node) => node.type);
  const byParent = groupBy([...nodes.values()], (node) => node.parent ?? "");
  return {
    nodes,
    ofType: (type) =>
      typeof type === "string"
        ? (byType.get(type) ?? [])
        : [...byType].flatMap(([name, found]) => (type.test(name) ? found : [])),
    children: (urn) => byParent.get(urn) ?? [],
  };
}

const detached = { parent: undefined, provider: undefined, dependencies: [], propertyDependencies: {} } as const;

function nodeOf(resource: PolicyResource): Node {
  const byProperty = Object.entries(resource.propertyDependencies).map(
    ([key, found]) => [key, found.map(({ urn }) => urn)] as const,
  );
  const all = [...resource.dependencies.map(({ urn }) => urn), ...byProperty.flatMap(([, urns]) => urns)];
  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.name,
    ...valuesOf(resource),
    parent: resource.parent?.urn,
    provider: resource.provider?.urn,
    dependencies: [...new Set(all)].sort(),
    propertyDependencies: Object.fromEntries(byProperty),
  };
}

/** Components say by their outputs what they are; what they were given says nothing more. */
function valuesOf(resource: PolicyResource): Pick<Node, "props" | "inputs" | "outputs"> {
  const outputs = plain(resource.props);
  const kept = inputsOf(resource.urn);
  if (resource.provider === undefined || kept === undefined) return { props: outputs, inputs: undefined, outputs };
  const inputs = plain(kept);
  const known = Object.entries(outputs).filter(([key, value]) => value !== unknown || !(key in inputs));
  return { props: { ...inputs, ...Object.fromEntries(known) }, inputs, outputs };
}

function groupBy(nodes: readonly Node[], keyOf: (node: Node) => string): Map<string, Node[]> {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const key = keyOf(node);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return groups;
}

/** The host's own names, which its typings leave out. */
const sentinels = proxy as unknown as Readonly<Record<string, string>> & { readonly getSpecialProxyTarget: string };

const unknownValues: ReadonlySet<unknown> = new Set(
  ["Archive", "Array", "Asset", "Boolean", "Number", "Object", "String"].map(
    (kind) => sentinels[`unknown${kind}Value`],
  ),
);

/**
 * The host wraps properties so that touching an unknown one throws, and then calls the rule advisory: a mandatory
 * rule would pass in the first preview. Here the wrapping is taken off and an unknown value stays a value.
 */
export function plain(props: Record<string, unknown>): Record<string, unknown> {
  const target = targetOf(props);
  const known = marked.get(target) ?? (mark(target) as Record<string, unknown>);
  marked.set(target, known);
  return known;
}

/** Properties as rules see them, by those that the host read: several rules ask for the same. */
const marked = new WeakMap<object, Record<string, unknown>>();

function targetOf(props: Record<string, unknown>): object {
  return (props[sentinels.getSpecialProxyTarget] as object | undefined) ?? props;
}

/** In place: a copy of every resource would be half of the memory that the pack needs. Only rules read them. */
function mark(value: unknown): unknown {
  if (unknownValues.has(value)) return unknown;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) value[index] = mark(each);
    return value;
  }
  const object = value as Record<string, unknown>;
  if (object.isSecret === true && "value" in object) return mark(object.value);
  for (const [key, each] of Object.entries(object)) object[key] = mark(each);
  return object;
}

/** Value at a path of properties; `unknown` as soon as a step on the way is unknown, undefined when one is absent. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (current === unknown) return unknown;
    if (current === null || typeof current !== "object") return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** A list at a path; empty when it is absent, `unknown` when it is unknown. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] | typeof unknown {
  const found = at(value, ...path);
  if (found === unknown) return unknown;
  return Array.isArray(found) ? found : [];
}

/** How a resource came to be in a closure: the URNs from the start to it. */
export type Chain = readonly string[];

/**
 * Everything that resources need to exist or to work: their children, what they were made from, their providers, and so
 * on. An edge for which `follow` answers false is not taken. What a component on the way waits for is left out (it
 * orders the making); its children have their own needs.
 */
export function closureOf(
  graph: Graph,
  starts: readonly string[],
  follow: (from: Node, to: Node) => boolean = () => true,
): Map<string, Chain> {
  const chains = new Map<string, Chain>(starts.map((urn) => [urn, [urn]]));
  const queue = [...starts];
  for (let urn = queue.shift(); urn !== undefined; urn = queue.shift()) {
    const node = graph.nodes.get(urn);
    if (node === undefined) continue;
    const chain = chains.get(urn) ?? [];
    const made = isComponent(node) && chain.length > 1 ? [] : node.dependencies;
    const provider = node.provider === undefined ? [] : [node.provider];
    const needs = [...made, ...provider, ...graph.children(urn).map((child) => child.urn)];
    for (const next of needs) {
      const target = graph.nodes.get(next);
      if (target === undefined || chains.has(next) || !follow(node, target)) continue;
      chains.set(next, [...chain, next]);
      queue.push(next);
    }
  }
  return chains;
}

/** Whether a resource is only a name for those below it. */
export function isComponent(node: Node): boolean {
  return node.provider === undefined && !node.type.startsWith("pulumi:providers:");
}

/** The last part of a URN: the name that the program gave. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
