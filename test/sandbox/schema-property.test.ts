import fc from "fast-check";
import { expect, test } from "vitest";
import { packages, tokens } from "../../sandbox/schema/tokens.ts";
import type { Prop, Properties, ResourceSchema, Type } from "../../sandbox/schema/types.ts";
import { validateInputs } from "../../sandbox/schema/validate.ts";
import { asList, asObject } from "../../sandbox/values.ts";
import { changed, samples, schemaOf } from "./schema-samples.ts";

function paths(schema: ResourceSchema, inputs: unknown): string[] {
  return validateInputs(schema, schema.definitions, inputs).map(({ path }) => path);
}

/** The paths of all required properties of `value`, at every depth. Unions are passed over: another member may lack the property. */
function requiredIn(properties: Properties, value: unknown, schema: ResourceSchema, path: string): string[] {
  return Object.entries(properties).flatMap(([name, { type, required }]) => {
    const member = asObject(value)[name];
    if (member === undefined) return [];
    const at = path === "" ? name : `${path}.${name}`;
    return [...(required ? [at] : []), ...requiredInside(type, member, schema, at)];
  });
}

function requiredInside(type: Type, value: unknown, schema: ResourceSchema, path: string): string[] {
  if (typeof type !== "object") return [];
  if ("ref" in type) return requiredIn(schema.definitions[type.ref] ?? {}, value, schema, path);
  if ("object" in type) return requiredIn(type.object, value, schema, path);
  if (!("array" in type)) return [];
  return asList(value).flatMap((item, index) => requiredInside(type.array, item, schema, `${path}[${index}]`));
}

/** Any value that fits a type. Optional properties occur down to `depth`; required ones always do. */
function fitting(type: Type, schema: ResourceSchema, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return fc.string({ maxLength: 5 });
    case "number":
      return fc.double({ noNaN: true });
    case "integer":
      return fc.integer();
    case "boolean":
      return fc.boolean();
    case "asset":
      return fc.constant({});
    case "any":
      return fc.jsonValue();
  }
  if ("enum" in type) return fc.constantFrom(...type.enum);
  if ("array" in type) return fc.array(fitting(type.array, schema, depth), { maxLength: 2 });
  if ("map" in type) return fc.dictionary(fc.string(), fitting(type.map, schema, depth), { maxKeys: 2 });
  if ("union" in type) return fc.oneof(...type.union.map((member) => fitting(member, schema, depth)));
  if ("ref" in type) return record(schema.definitions[type.ref] ?? {}, schema, depth - 1);
  throw new Error(`no values for ${JSON.stringify(type)}`);
}

function record(properties: Properties, schema: ResourceSchema, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const wanted = Object.entries(properties).filter(([, prop]) => prop.required || depth > 0);
  const requiredKeys = wanted.filter(([, prop]) => prop.required).map(([name]) => name);
  const fields = wanted.map(([name, prop]: [string, Prop]) => [name, fitting(prop.type, schema, depth)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys });
}

const everyType = packages.flatMap((name) => tokens[name].types);

test("of every type, anything that fits the schema is accepted, and each required input that is taken away is reported", () => {
  const cases = fc.constantFrom(...everyType).chain((token) => {
    const schema = schemaOf(token);
    return record(schema.inputs, schema, 2).map((inputs) => ({ schema, inputs }));
  });
  fc.assert(
    fc.property(cases, ({ schema, inputs }) => {
      expect(paths(schema, inputs)).toEqual([]);
      for (const path of requiredIn(schema.inputs, inputs, schema, "")) {
        expect(paths(schema, changed(inputs, path, undefined))).toContain(path);
      }
      const optional = Object.keys(inputs).filter((name) => !schema.inputs[name]?.required);
      for (const name of optional) expect(paths(schema, changed(inputs, name, undefined))).toEqual([]);
      expect(paths(schema, { ...inputs, noSuchInput: 1 })).toEqual(["noSuchInput"]);
    }),
    { numRuns: 200 },
  );
});

test.each(Object.entries(samples))(
  "each required property of %s, however deep, is reported when it is taken away",
  (_, { token, inputs }) => {
    const schema = schemaOf(token);
    const required = requiredIn(schema.inputs, inputs, schema, "");
    expect(required.length).toBeGreaterThan(0);
    for (const path of required) expect(paths(schema, changed(inputs, path, undefined))).toEqual([path]);
  },
);

test("a preview's worth of resources is checked in well under 100 ms", () => {
  const all = Object.values(samples);
  const schemas = all.map(({ token }) => schemaOf(token));
  const once = (): number => {
    const start = performance.now();
    for (let index = 0; index < 300; index += 1) {
      const schema = schemas[index % all.length] as ResourceSchema;
      validateInputs(schema, schema.definitions, all[index % all.length]?.inputs);
    }
    return performance.now() - start;
  };
  expect(Math.min(once(), once(), once())).toBeLessThan(50);
});
