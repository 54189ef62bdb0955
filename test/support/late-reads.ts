/** What the rules read and a first preview can't know: worked out from the two views of a stack. */
import { withoutVersion } from "../../policy/demand/index.ts";
import { type Node, unknown } from "../../policy/graph.ts";
import { isOfType, type LateRead, readsOf, valuesRead } from "../../policy/late.ts";
import { rules } from "../../policy/packs.ts";
import { type AnyRule, isResourceRule, type Reading } from "../../policy/rule.ts";
import { visit } from "../../policy/texts.ts";
import { ask, graphShown, type Shown } from "./policy.ts";

/** Every declared read of a property that the state has and of which the preview does not know all, by rule. */
export function lateReadsOf(preview: readonly Shown[], state: readonly Shown[]): LateRead[] {
  const early = graphShown(preview).nodes;
  const stored = [...graphShown(state).nodes.values()];
  return [...rules.values()].flatMap((rule) => {
    const reads = readsOf(rule).map(({ type, path }) => ({ type, path }));
    const distinct = new Map(reads.map((read) => [`${read.type} ${read.path}`, read])).values();
    return [...distinct].flatMap((read): LateRead[] => {
      const gaps = stored
        .filter(({ type }) => isOfType(read, type))
        .flatMap((node) => gapOf(rule, read, early.get(node.urn), node));
      return gaps.length === 0 ? [] : [{ rule: rule.name, ...read, partly: !gaps.includes("whole") }];
    });
  });
}

/** How much of a resource's value the preview does not know; nothing where it knows all, or the state has none. */
function gapOf(rule: AnyRule, read: Reading, early: Node | undefined, stored: Node): ("whole" | "part")[] {
  if (early === undefined || valuesRead(read, seenBy(rule, stored)).every((value) => value === undefined)) return [];
  const told = valuesRead(read, seenBy(rule, early));
  if (!told.some(hasUnknown)) return [];
  return [told.every((value) => value === unknown) ? "whole" : "part"];
}

/** A rule that is asked before a resource is made sees what the program asks for. */
const seenBy = (rule: AnyRule, { inputs = {}, props }: Node) => (isResourceRule(rule) ? inputs : props);

function hasUnknown(value: unknown): boolean {
  let found = false;
  visit(value, (each) => {
    if (each === unknown) found = true;
  });
  return found;
}

/** Reads that a rule about the stack makes of values which are not known, whether it declares them or not. */
export async function unknownsTouched(rule: AnyRule, shown: readonly Shown[]): Promise<Reading[]> {
  // A list of its own, so that the rule works out everything anew.
  const own = [...shown];
  const touched = new Map<string, Reading>();
  for (const node of graphShown(own).nodes.values()) {
    const type = withoutVersion(node.type);
    const note = (path: string) => void touched.set(`${type} ${path}`, { type, path });
    const watched = (props: object | undefined) => (props === undefined ? undefined : watching(props, "", note));
    Object.assign(node, {
      props: watched(node.props),
      inputs: watched(node.inputs),
      outputs: watched(node.outputs),
    });
  }
  await ask(rule, own);
  return [...touched.values()];
}

/** The same values; tells the path of each unknown one that somebody reads. */
function watching<T extends object>(values: T, path: string, note: (path: string) => void): T {
  return new Proxy(values, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || typeof value === "function") return value;
      const step = Array.isArray(target) ? `${path}[]` : path === "" ? key : `${path}.${key}`;
      if (value === unknown) note(step);
      return value !== null && typeof value === "object" ? watching(value, step, note) : value;
    },
  });
}

/** Whether a declared read holds what was touched, or is a part of it. */
export function covers(declared: Reading, { type, path }: Reading): boolean {
  if (!isOfType(declared, type)) return false;
  const isWithin = (inner: string, outer: string) => inner === outer || /^[.[]/.test(inner.slice(outer.length));
  return (
    declared.path === "*" ||
    (path.startsWith(declared.path) && isWithin(path, declared.path)) ||
    (declared.path.startsWith(path) && isWithin(declared.path, path))
  );
}
