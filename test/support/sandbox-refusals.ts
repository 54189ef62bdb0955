import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RefusalKind, refusalKinds } from "../../sandbox/cloud.ts";
import type { Grants } from "../../sandbox/quotas.ts";
import { cloudPackages } from "../../sandbox/registry.ts";
import type { Properties } from "../../sandbox/values.ts";
import { type TestProvider, type TestSandbox, testSandbox } from "../sandbox/engine.ts";

/** Refusals of the sandbox, each by breaking one thing of inputs that are accepted. */

/** A resource that was made. */
export interface Held {
  readonly id: string;
  readonly inputs: Properties;
  readonly properties: Properties;
}

/** One case's own account: what happens in it touches no other case. */
export interface Bench {
  readonly box: TestSandbox;
  /** The account, subscription or project. */
  readonly account: string;
  readonly provider: TestProvider;
  /** A number that no other case has. */
  readonly round: number;
  /** Makes a resource. @param name the program's name for it */
  make(type: string, inputs: Properties, name?: string): Promise<Held>;
  /** Inputs of that type that the cloud accepts, with what they need made first. */
  accepted(type: string): Promise<Properties>;
}

/** Inputs that are accepted, by type token; each makes first what they refer to. */
export type Accepted = Readonly<Record<string, (bench: Bench) => Promise<Properties> | Properties>>;

export interface Refused {
  readonly kind: RefusalKind;
  /** What somebody did, for the test's name. */
  readonly when: string;
  /** The change of accepted inputs that is refused. Default: none, where `first` or `afterwards` is what matters */
  readonly change?: (inputs: Properties, bench: Bench) => Properties | Promise<Properties>;
  /** Done before the resource is made, once its inputs are there. */
  readonly first?: (bench: Bench, inputs: Properties) => Promise<unknown>;
  /** `inUse` only: makes what uses the resource. */
  readonly afterwards?: (bench: Bench, held: Held) => Promise<unknown>;
  /** The cloud's error code. */
  readonly code: string;
  /** The property at fault, or another part of the message. */
  readonly says: string;
}

/** By type token, at least three each. */
export type RefusedTypes = Readonly<Record<string, readonly Refused[]>>;

export interface RefusalSuite {
  readonly package: string;
  readonly accepted: Accepted;
  readonly refused: RefusedTypes;
  /** What every account was granted. Default: nothing beyond what a fresh one has */
  readonly grants?: Grants[string];
  /** Connects a case's own account. */
  readonly connect: (box: TestSandbox, round: number) => Promise<{ account: string; provider: TestProvider }>;
}

/** The tests of one package: accepted inputs are accepted, each case is refused in the cloud's words. */
export function testRefused({ package: name, accepted, refused, grants = {}, connect }: RefusalSuite): void {
  let box: TestSandbox;
  let rounds = 0;
  beforeAll(async () => {
    box = await testSandbox({ "*": grants });
  });
  afterAll(() => box.end());

  const open = async (): Promise<Bench> => {
    const round = ++rounds;
    const { account, provider } = await connect(box, round);
    const bench: Bench = {
      box,
      account,
      provider,
      round,
      make: (type, inputs, logical = "main") => provider.make(type, inputs, { name: logical }),
      async accepted(type) {
        const inputs = await accepted[type]?.(bench);
        if (inputs === undefined) throw new Error(`${type}: no inputs that are accepted are written down`);
        return inputs;
      },
    };
    return bench;
  };

  describe.each(Object.entries(refused))("%s", (type, cases) => {
    test("accepts what is right", async () => {
      const bench = await open();
      expect((await bench.make(type, await bench.accepted(type))).id).not.toBe("");
    });

    test.each(cases.map((each) => [`${each.kind}: ${each.when}`, each] as const))("%s", async (_, each) => {
      const bench = await open();
      const message = await refusalOf(bench, type, each);
      expect(message).toContain(each.code);
      expect(message).toContain(each.says);
      expect(message).toMatch(/ Fix: .{8,}\. Source: https:\/\/\S+/s);
    });
  });

  test("has at least three refusals for each type, and for each kind of refusal a page of the vendor or a reason", () => {
    const cloud = cloudPackages.find((each) => each.name === name);
    const few = Object.entries(refused).filter(([, cases]) => cases.length < 3);
    expect(few.map(([type]) => type)).toEqual([]);
    expect(Object.keys(refused).filter((type) => cloud?.refusals(type) === undefined)).toEqual([]);
    const undocumented = Object.entries(refused).flatMap(([type, cases]) =>
      cases
        .filter(({ kind }) => !("code" in (cloud?.refusals(type)?.[kind] ?? {})))
        .map(({ kind }) => `${type} ${kind}`),
    );
    expect(undocumented).toEqual([]);
    expect(refusalKinds.length).toBe(7);
  });
}

/** What the cloud says; each kind is met where it is met in real life. @throws Error when nothing is refused */
async function refusalOf(bench: Bench, type: string, each: Refused): Promise<string> {
  const inputs = await bench.accepted(type);
  const { provider } = bench;
  if (each.kind === "immutable" || each.kind === "inUse") {
    const held = await bench.make(type, inputs);
    await each.afterwards?.(bench, held);
    const after = (await each.change?.(held.inputs, bench)) ?? held.inputs;
    return each.kind === "inUse"
      ? refusedBy(() => provider.remove(type, held.id, held.properties))
      : refusedBy(() => provider.update(type, held.id, held.properties, after, false, held.inputs));
  }
  await each.first?.(bench, inputs);
  const changed = (await each.change?.(inputs, bench)) ?? inputs;
  const checked = await provider.check(type, changed);
  if (checked.failures.length > 0) return checked.failures.join("\n");
  return refusedBy(() => provider.create(type, checked.properties));
}

async function refusedBy(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}
