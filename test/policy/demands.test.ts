import { describe, expect, test } from "vitest";
import { withoutVersion } from "../../policy/demand/index.ts";
import {
  broken,
  type Case,
  casesOf,
  compliant,
  demandRules,
  isForbidding,
  resource,
  put as writeAt,
} from "../support/demands.ts";
import { ask, unknownText } from "../support/policy.ts";
import { stack, views } from "../support/policy-stack.ts";

/**
 * The tests of every rule that demands: what is compliant passes; each wrong value, an absent one and an unknown one are
 * found by that rule, with the property and what is allowed; and no other rule has anything to say about it.
 */

/** Asks all of them about one resource. @returns names of the rules that find something, and what the given one says */
async function judged({ rule, type }: Case, props: Record<string, unknown>) {
  const shown = [resource(type, props)];
  const finding: string[] = [];
  for (const each of demandRules) if ((await ask(each, shown)).length > 0) finding.push(each.name);
  return { finding, says: await ask(rule, shown) };
}

/** Rules that read the same place: what breaks one may break the others. */
function mayFind({ type, demand }: Case): Set<string> {
  const touches = (one: string, other: string) =>
    one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
  const paths = demand.any.map(({ path }) => path.replaceAll("[]", ""));
  return new Set(
    demandRules
      .filter((rule) =>
        rule.demands
          .filter(({ types }) => types.includes(type))
          .some(({ any }) => any.some(({ path }) => paths.some((each) => touches(each, path.replaceAll("[]", ""))))),
      )
      .map(({ name }) => name),
  );
}

describe.each(demandRules)("$name", (rule) => {
  const cases = casesOf(rule);

  test.each(cases.filter(({ demand }) => !isForbidding(demand)))("compliant: $type with $where", async (one) => {
    expect((await judged(one, compliant(one.type))).finding).toEqual([]);
  });

  test.each(cases)("wrong: $type with $where", async (one) => {
    const longest = Math.max(...one.demand.any.map(({ wants }) => wants.bad.length));
    for (let index = 0; index < longest; index++) {
      const { finding, says } = await judged(
        one,
        broken(one, ({ wants }) => wants.bad[Math.min(index, wants.bad.length - 1)]),
      );
      expect(finding).toContain(rule.name);
      expect(finding.filter((name) => !mayFind(one).has(name))).toEqual([]);
      const lastStep = one.demand.any[0].path.split(".").at(-1)?.replace("[]", "") ?? "";
      expect(says.join("\n")).toContain(isForbidding(one.demand) ? "is never right" : lastStep);
      expect(says.join("\n")).toContain(`Fix: ${one.demand.fix}`);
    }
  });

  test.each(cases.filter(({ demand }) => !isForbidding(demand)))("absent: $type without $where", async (one) => {
    const { finding } = await judged(
      one,
      broken(one, () => undefined),
    );
    const isAllowed = one.demand.any.some(({ wants }) => wants.accepts(undefined));
    expect(finding.includes(rule.name)).toBe(!isAllowed);
  });

  test.each(cases.filter(({ demand }) => !isForbidding(demand)))("unknown: $type, nobody knows $where", async (one) => {
    const { finding, says } = await judged(
      one,
      broken(one, () => unknownText),
    );
    const isDeferred = one.demand.any.some(({ wants }) => wants.deferred === true);
    expect(finding.includes(rule.name)).toBe(!isDeferred);
    if (!isDeferred) expect(says.join("\n")).toContain("is not known before it is made");
  });
});

describe.each(views)("the shipped production stack, as a %s", (view) => {
  test("meets every demand", async () => {
    const shown = await stack(view);
    for (const rule of demandRules) expect(await ask(rule, shown)).toEqual([]);
  });

  test("has a resource that each demand on its types is about, broken in place it is found", async () => {
    const shown = await stack(view);
    for (const rule of demandRules) {
      for (const one of casesOf(rule)) {
        const target = shown.find(
          ({ type, inputs }) => withoutVersion(type) === one.type && (one.demand.when?.(inputs) ?? true),
        );
        if (target === undefined || isForbidding(one.demand)) continue;
        const inputs = one.demand.any.reduce(
          (props, { path, wants }) => writeAt(props, path, wants.bad[0]),
          target.inputs,
        );
        const changed = shown.map((each) => (each === target ? { ...each, inputs } : each));
        expect((await ask(rule, changed)).length, `${rule.name}: ${target.name} ${one.where}`).toBeGreaterThan(0);
      }
    }
  }, 120_000);
});
