import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../policy/catalogue.ts";
import { packs } from "../../policy/packs.ts";
import type { Rule } from "../../policy/rule.ts";
import { ask, type Shown, unknownText } from "../support/policy.ts";
import { stack, views } from "../support/policy-stack.ts";

/** What holds for every rule of the pack. */

const root = join(import.meta.dirname, "../..");
const files = readdirSync(join(root, "policy/rules"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);
const rules = await Promise.all(files.map(async (file) => ({ file, rule: await ruleIn(file) })));

async function ruleIn(file: string): Promise<Rule> {
  const exported = Object.values((await import(join(root, "policy/rules", file))) as Record<string, Rule>);
  if (exported.length !== 1)
    throw new Error(`${file} exports ${exported.length} things; a rule's file exports the rule`);
  return exported[0] as Rule;
}

const page = readFileSync(join(root, "docs/policies.md"), "utf8");

describe.each(rules)("$file", ({ file, rule }) => {
  test("is named after its file and has a test of its own", () => {
    expect(file.split("/").at(-1)).toBe(`${rule.name}.ts`);
    expect(file.split("/")).toHaveLength(2);
    expect(readFileSync(join(root, "test/policy/rules", file.replace(/\.ts$/, ".test.ts")), "utf8")).toContain(
      rule.name,
    );
  });

  test("has every field that a reader needs, and no level of its own", () => {
    expect(rule.description).toMatch(/^[A-Z].{40,}\.$/s);
    expect(rule.remediationSteps).toMatch(/^[A-Z].{20,}\.$/s);
    expect(["low", "medium", "high", "critical"]).toContain(rule.severity);
    expect(rule.tags.length).toBeGreaterThan(0);
    expect(rule).not.toHaveProperty("enforcementLevel");
  });

  test("is explained at its address", () => {
    const [path, anchor] = rule.url.split("#");
    expect(path).toBe("docs/policies.md");
    expect(page).toContain(`\n## ${anchor}\n`);
    expect(anchor).toBe(rule.name);
  });

  test("is in every pack, once", () => {
    for (const pack of Object.values(packs)) expect(pack.filter(({ name }) => name === rule.name)).toHaveLength(1);
  });

  test.each(views)("never throws on unknown values, on a %s", async (view) => {
    for (const depth of [1, 2, 3, 4, 5, 6, 7, 8])
      await ask(
        rule,
        (await stack(view)).map((one) => unknownFrom(one, depth)),
      );
  });

  test("never throws when one type of resource is not known at all, or everything is empty", async () => {
    const shown = await stack("state");
    for (const type of new Set(shown.map((one) => one.type).filter((one) => read.test(one)))) {
      await ask(
        rule,
        shown.map((one) => (one.type === type ? unknownFrom(one, 1) : one)),
      );
    }
    await ask(
      rule,
      shown.map((one) => ({ ...one, inputs: {}, outputs: {} })),
    );
  });
});

/** Types of which rules read more than that they are there. */
const read =
  /^kubernetes:(?!core)|cognitiveservices|[cC]luster$|(Role|RolePolicy|VpcEndpoint|AccessLevel|ServicePerimeter|Provider)$/;

/** The resource with every value below so many steps unknown. */
function unknownFrom(one: Shown, depth: number): Shown {
  return {
    ...one,
    inputs: cut(one.inputs, depth) as Shown["inputs"],
    outputs: cut(one.outputs, depth) as Shown["outputs"],
  };
}

function cut(value: unknown, depth: number): unknown {
  if (depth === 0) return unknownText;
  if (Array.isArray(value)) return value.map((each) => cut(each, depth - 1));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, depth - 1)]));
}

test("nothing is known: the mandatory rules decide against it", async () => {
  const shown = (await stack("preview")).map((one) => unknownFrom(one, 1));
  const found = await Promise.all(
    rules.map(async ({ rule }) => [rule.name, (await ask(rule, shown)).length > 0] as const),
  );
  const silent = found.filter(([, says]) => !says).map(([name]) => name);
  // Without roles there is nobody to compare (fallback-roles says so), without targets no policy whose retries could be
  // counted (route-traffic-policy says so), and no day was set.
  expect(silent.sort()).toEqual(["as-of", "retry-budget", "shared-fate", "shared-fate-soft"]);
});

test("the packs hold the same rules, and production is nowhere milder", () => {
  const names = packs.production.map(({ name }) => name).sort();
  expect(names).toEqual(rules.map(({ rule }) => rule.name).sort());
  expect(packs.baseline.map(({ name }) => name).sort()).toEqual(names);
  const advisory = packs.production
    .filter(({ enforcementLevel }) => enforcementLevel !== "mandatory")
    .map(({ name }) => name);
  expect(advisory).toEqual(["shared-fate-soft"]);
});

test("docs/policies.md is what the rules say", () => {
  expect(page).toBe(catalogue());
});
