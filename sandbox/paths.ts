/** Concrete property paths in Pulumi's notation: `tags.team`, `subnetIds[0]`, `metadata.labels["app.kubernetes.io/name"]`. */
import { asList, isObject, joinPath, type Properties } from "./values.ts";

type Step = string | number;

/** The keys and indexes of a path; undefined when it is none. */
export function stepsOf(path: string): Step[] | undefined {
  const step = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|(?:^|\.)([^.[\]"]+)/y;
  const steps: Step[] = [];
  while (step.lastIndex < path.length) {
    const [, index, quoted, word] = step.exec(path) ?? [];
    if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(JSON.parse(quoted) as string);
    else if (word !== undefined) steps.push(word);
    else return undefined;
  }
  return steps.length === 0 ? undefined : steps;
}

/** The value at the steps; undefined when there is none. */
export function at(root: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return root;
  if (typeof step === "number") return at(asList(root)[step], rest);
  return isObject(root) && Object.hasOwn(root, step) ? at(root[step], rest) : undefined;
}

/** A copy with the value at the steps, which must exist. */
export function withAt<T>(root: T, [step, ...rest]: readonly Step[], value: unknown): T {
  if (step === undefined) return value as T;
  const inner = (old: unknown): unknown => withAt(old, rest, value);
  if (typeof step === "number") return asList(root).map((item, index) => (index === step ? inner(item) : item)) as T;
  const object = root as Properties;
  return { ...object, [step]: inner(object[step]) } as T;
}

/** Every path that leads to a value, inner ones included. */
export function pathsOf(value: unknown, path = ""): string[] {
  const own = path === "" ? [] : [path];
  if (Array.isArray(value)) return [...own, ...value.flatMap((item, index) => pathsOf(item, `${path}[${index}]`))];
  if (!isObject(value)) return own;
  return [...own, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, joinPath(path, key)))];
}
