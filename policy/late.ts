import { valuesAt, withoutVersion } from "./demand/index.ts";
import list from "./late-reads.json" with { type: "json" };
import { rules } from "./packs.ts";
import { type AnyRule, isResourceRule, type Reading } from "./rule.ts";

/** What rules read that a first preview can't know: only the cloud tells it, so only a stored state has it. */

export interface LateRead extends Reading {
  readonly rule: string;
  /** A first preview knows some of the value; otherwise nothing. */
  readonly partly: boolean;
}

/** Of the shipped production stack; test/conventions/late-reads.test.ts makes the file. */
export const lateReads: readonly LateRead[] = list;

type Props = Readonly<Record<string, unknown>>;

/** A property that a rule declares to read, and of which resources. */
interface Read extends Reading {
  /** @default all of the type */
  readonly when?: (inputs: Props) => boolean;
}

/** What a rule declares to read, by its demands where it has such. */
export function readsOf(rule: AnyRule): readonly Read[] {
  if (!isResourceRule(rule)) return [...rule.reads, ...(rule.looksThrough ?? [])];
  return rule.demands.flatMap(({ types, any, when }) =>
    types.flatMap((type) =>
      any
        // What must not be at all is not read.
        .filter(({ path }) => path !== "")
        .map(({ path }) => ({ type, path, ...(when === undefined ? {} : { when }) })),
    ),
  );
}

/** Whether a read is of a resource's type. */
export function isOfType({ type }: Reading, token: string): boolean {
  const plain = withoutVersion(token);
  return type.endsWith("*") ? plain.startsWith(type.slice(0, -1)) : plain === type;
}

/** The values that a read finds; of one that has nothing, undefined. */
export function valuesRead({ path }: Reading, props: Props): unknown[] {
  return path === "*" ? Object.values(props) : valuesAt(props, path).map(({ value }) => value);
}

/** A resource of a stored state. */
export interface Stored {
  readonly type: string;
  readonly inputs?: Props;
  readonly outputs?: Props;
}

/** Those of the list that a verdict on these resources rests on. */
export function lateReadsIn(resources: readonly Stored[]): LateRead[] {
  return lateReads.filter((late) => {
    const rule = rules.get(late.rule);
    if (rule === undefined) return false;
    const own = readsOf(rule).filter(({ type, path }) => type === late.type && path === late.path);
    return resources.some((one) => isOfType(late, one.type) && own.some((read) => isMade(rule, read, one)));
  });
}

function isMade(rule: AnyRule, read: Read, { inputs = {}, outputs = {} }: Stored): boolean {
  if (read.when?.(inputs) === false) return false;
  const props = isResourceRule(rule) ? inputs : { ...inputs, ...outputs };
  return valuesRead(read, props).some((value) => value !== undefined);
}
