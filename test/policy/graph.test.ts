import { expect, test } from "vitest";
import { at, closureOf, graphOf, listAt, nameOf, unknown } from "../../policy/graph.ts";
import { keepInputs } from "../../policy/inputs.ts";
import { asPolicyResources, type Shown, unknownText } from "../support/policy.ts";

const urnOf = (name: string) => `urn:pulumi:test::p::t::${name}`;

function resource(name: string, changes: Partial<Shown> = {}): Shown {
  const nothing = {
    inputs: {},
    outputs: {},
    parent: "",
    provider: urnOf("provider"),
    dependencies: [],
    propertyDependencies: {},
  };
  return { urn: urnOf(name), type: "aws:ec2/vpc:Vpc", name, ...nothing, ...changes };
}

const provider = resource("provider", { type: "pulumi:providers:aws", provider: "", inputs: { region: "eu-west-1" } });
const component = (name: string, changes: Partial<Shown> = {}) =>
  resource(name, { type: "twocloud:index:X", provider: "", ...changes });
const graph = (...shown: Shown[]) => graphOf(asPolicyResources([provider, ...shown]));
const prop = (...shown: Shown[]) => graph(...shown).nodes.get(shown[0]?.urn ?? "")?.props ?? {};

test("an unknown value is a value, wherever it is", () => {
  const props = prop(
    resource("a", { outputs: { id: unknownText, list: [1, unknownText], deep: { er: { value: unknownText } } } }),
  );
  expect(at(props, "id")).toBe(unknown);
  expect(at(props, "id", "anything", "below")).toBe(unknown);
  expect(listAt(props, "list")).toEqual([1, unknown]);
  expect(at(props, "deep", "er")).toEqual({ value: unknown });
  expect(at(props, "absent", "below")).toBeUndefined();
  expect(listAt(props, "absent")).toEqual([]);
});

test("where there is no output the input is read, and a known one in place of an unknown output", () => {
  keepInputs(urnOf("b"), { only: "input", both: "input", later: "input" });
  expect(prop(resource("b", { outputs: { both: "output", later: unknownText, more: unknownText } }))).toEqual({
    only: "input",
    both: "output",
    later: "input",
    more: unknown,
  });
});

test("whatever the order in which resources were made, the graph and the ways in it are the same", () => {
  const parts = ["d", "e", "f"].map((name) => resource(name, { dependencies: [urnOf("end")] }));
  const top = (...names: string[]) => component("top", { dependencies: names.map(urnOf) });
  const end = resource("end");
  const one = graph(end, ...parts, top("d", "e", "f"));
  const other = graph(top("f", "e", "d"), ...parts.toReversed(), end);
  expect([...other.nodes.keys()]).toEqual([...one.nodes.keys()]);
  expect([...closureOf(other, [urnOf("top")])]).toEqual([...closureOf(one, [urnOf("top")])]);
  expect(closureOf(other, [urnOf("top")]).get(urnOf("end"))).toEqual(["top", "d", "end"].map(urnOf));
});

test("what a component was given says nothing more than its outputs", () => {
  keepInputs(urnOf("c"), { tier: "standard" });
  expect(prop(component("c", { outputs: { tier: "critical" } }))).toEqual({ tier: "critical" });
  expect(prop(component("c"))).toEqual({});
});

test("a closure follows children, references, waits and providers, and tells the way", () => {
  const found = closureOf(
    graph(
      component("top", { dependencies: [urnOf("waited")] }),
      resource("child", { parent: urnOf("top"), propertyDependencies: { x: [urnOf("referred")] } }),
      resource("referred"),
      resource("waited"),
      resource("stranger"),
    ),
    [urnOf("top")],
  );
  expect([...found.keys()].map(nameOf).sort()).toEqual(["child", "provider", "referred", "top", "waited"]);
  expect(found.get(urnOf("referred"))?.map(nameOf)).toEqual(["top", "child", "referred"]);
});

test("what a component on the way waits for is not needed by what is above it", () => {
  const shown = [
    component("top"),
    component("inner", { parent: urnOf("top"), dependencies: [urnOf("waited")] }),
    resource("leaf", { parent: urnOf("inner") }),
    resource("waited"),
  ];
  expect(closureOf(graph(...shown), [urnOf("top")]).has(urnOf("waited"))).toBe(false);
  expect(closureOf(graph(...shown), [urnOf("inner")]).has(urnOf("waited"))).toBe(true);
});

test("an edge that is not to be followed is not, and circles end", () => {
  const shown = [
    resource("one", { dependencies: [urnOf("two")] }),
    resource("two", { dependencies: [urnOf("one"), urnOf("three")] }),
    resource("three"),
  ];
  const found = closureOf(graph(...shown), [urnOf("one")], (_, to) => to.name !== "three");
  expect([...found.keys()].map(nameOf).sort()).toEqual(["one", "provider", "two"]);
});
