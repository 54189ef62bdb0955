import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../policy/catalogue.ts";
import { withoutVersion } from "../../policy/demand/index.ts";
import { type PackName, packs } from "../../policy/packs.ts";
import { type AnyRule, isResourceRule } from "../../policy/rule.ts";
import { ask, type Shown, unknownText } from "../support/policy.ts";
import { stack, views } from "../support/policy-stack.ts";

/** What holds for every rule of the pack. */

const root = join(import.meta.dirname, "../..");
const files = readdirSync(join(root, "policy/rules"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);
const rules = await Promise.all(files.map(async (file) => ({ file, rule: await ruleIn(file) })));

async function ruleIn(file: string): Promise<AnyRule> {
  const exported = Object.values((await import(join(root, "policy/rules", file))) as Record<string, AnyRule>);
  if (exported.length !== 1)
    throw new Error(`${file} exports ${exported.length} things; a rule's file exports the rule`);
  return exported[0] as AnyRule;
}

const page = readFileSync(join(root, "docs/policies.md"), "utf8");

describe.each(rules)("$file", ({ file, rule }) => {
  test("is named after its file and has a test: its own, or the one of its demands", () => {
    expect(file.split("/").at(-1)).toBe(`${rule.name}.ts`);
    expect(file.split("/")).toHaveLength(2);
    if (isResourceRule(rule)) expect(rule.demands.length).toBeGreaterThan(0);
    else
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
});

async function askAllOf(shown: readonly Shown[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const { rule } of rules) found.set(rule.name, (await ask(rule, shown)).length);
  return found;
}

describe("no rule throws on unknown values", () => {
  const depths = [1, 2, 3, 4, 5, 6, 7, 8];
  test.each(views.flatMap((view) => depths.map((depth) => ({ view, depth }))))(
    "$depth steps below, on a $view",
    async ({ view, depth }) => {
      const shown = (await stack(view)).map((one) => unknownFrom(one, depth));
      expect((await askAllOf(shown)).size).toBe(rules.length);
    },
  );

  test("when one type of resource is not known at all, or everything is empty", async () => {
    const shown = await stack("state");
    for (const type of new Set(shown.map((one) => one.type).filter((one) => read.test(one)))) {
      await askAllOf(shown.map((one) => (one.type === type ? unknownFrom(one, 1) : one)));
    }
    await askAllOf(shown.map((one) => ({ ...one, inputs: {}, outputs: {} })));
  }, 120_000);
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
  const mandatory = packs.production.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  const found = await askAllOf(shown);
  const silent = mandatory.map(({ name }) => name).filter((name) => found.get(name) === 0);
  const here = new Set(shown.map(({ type }) => withoutVersion(type)));
  const judged = rules.filter(
    ({ rule }) => !isResourceRule(rule) || rule.demands.some(({ types }) => types.some((type) => here.has(type))),
  );
  const expected = [
    // Without roles there is nobody to compare (fallback-roles says so), and without targets no policy whose retries
    // could be counted (route-traffic-policy says so).
    "retry-budget",
    "shared-fate",
    // They ask for something else than properties: trust objects, files beside the program, the day.
    "agent-federation",
    "as-of",
    "stack-settings",
    "tool-servers",
    "waivers",
    // Asked again when the value is known, before the resource is made.
    "model-permissions",
    "node-ssh",
  ];
  expect(silent.filter((name) => judged.some(({ rule }) => rule.name === name)).sort()).toEqual(expected.sort());
});

test("the packs hold the same rules, and production is nowhere milder", () => {
  const names = rules.map(({ rule }) => rule.name).sort();
  for (const pack of Object.values(packs)) expect(pack.map(({ name }) => name).sort()).toEqual(names);
  const hardness = { mandatory: 2, remediate: 2, advisory: 1, disabled: 0 };
  const hard = (pack: PackName, name: string) =>
    hardness[packs[pack].find((rule) => rule.name === name)?.enforcementLevel ?? "disabled"];
  for (const name of names) expect(hard("production", name), name).toBeGreaterThanOrEqual(hard("baseline", name));
  for (const pack of Object.values(packs))
    expect(pack.slice(-2).map(({ name }) => name)).toEqual(["waivers", "waived"]);
});

test("docs/policies.md is what the rules say", () => {
  expect(page).toBe(catalogue());
});
