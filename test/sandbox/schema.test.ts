import { describe, expect, test } from "vitest";
import { merge } from "../../sandbox/schema/convert.ts";
import { formatSchema } from "../../sandbox/schema/format.ts";
import { differences, generated, stored } from "../../sandbox/schema/generate.ts";
import { nearestToken, packageSchema, schemaFor } from "../../sandbox/schema/load.ts";
import { packages, tokens } from "../../sandbox/schema/tokens.ts";
import type { Properties, Type } from "../../sandbox/schema/types.ts";

/** Every definition name that a type refers to, itself or in its parts. */
function refs(type: Type): string[] {
  if (typeof type !== "object") return [];
  if ("ref" in type) return [type.ref];
  if ("array" in type) return refs(type.array);
  if ("map" in type) return refs(type.map);
  if ("union" in type) return type.union.flatMap(refs);
  return "object" in type ? refsOf(type.object) : [];
}

function refsOf(properties: Properties): string[] {
  return Object.values(properties).flatMap(({ type }) => refs(type));
}

describe.each(packages)("the schema of %s", (name) => {
  test("is what the installed SDK says", () => {
    const text = generated(name);
    const before = stored(name);
    // Compared by entry first: a difference of two texts of this size cannot be read.
    expect(differences(before, text), `sandbox/schema/${name}.json is stale: npm run generate`).toEqual([]);
    expect(text === before).toBe(true);
  });

  test("has every listed type and function, and no other", () => {
    const schema = packageSchema(name);
    expect(Object.keys(schema.types)).toEqual([...tokens[name].types].sort());
    expect(Object.keys(schema.functions)).toEqual([...tokens[name].functions].sort());
    for (const token of tokens[name].types) expect(schemaFor(token)?.kind, token).toBe("resource");
    for (const token of tokens[name].functions) expect(schemaFor(token)?.kind, token).toBe("function");
    expect(schemaFor(`pulumi:providers:${name}`)?.kind).toBe("provider");
  });

  test("holds exactly the definitions that are referred to", () => {
    const schema = packageSchema(name);
    const signatures = [schema.provider, ...Object.values(schema.types), ...Object.values(schema.functions)];
    const roots = signatures.flatMap(({ inputs, outputs }) => [...refsOf(inputs), ...refsOf(outputs)]);
    const used = new Set([...roots, ...Object.values(schema.definitions).flatMap(refsOf)]);
    expect(Object.keys(schema.definitions)).toEqual([...used].sort());
  });
});

describe("what the schemas say", () => {
  test.each([
    ["aws:eks/nodeGroup:NodeGroup", ["clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"]],
    ["azure-native:cognitiveservices:Deployment", ["accountName", "resourceGroupName"]],
    ["gcp:container/cluster:Cluster", []],
    ["kubernetes:helm.sh/v3:Release", ["chart"]],
    ["kubernetes:apps/v1:Deployment", ["spec"]],
  ])("%s requires exactly %j", (token, required) => {
    const inputs = schemaFor(token)?.inputs ?? {};
    expect(Object.keys(inputs).filter((name) => inputs[name]?.required)).toEqual(required);
  });

  test("secrets are those that the SDK marks, on both sides", () => {
    const secret = schemaFor("kubernetes:core/v1:Secret");
    expect(secret?.inputs.stringData?.secret).toBe(true);
    expect(secret?.outputs.data?.secret).toBe(true);
    expect(secret?.inputs.metadata?.secret).toBeUndefined();
    expect(schemaFor("aws:iam/accessKey:AccessKey")?.outputs.secret?.secret).toBe(true);
    expect(schemaFor("pulumi:providers:aws")?.inputs.secretKey?.secret).toBe(true);
  });

  test("an output that a cloud always gives is required, one that it may leave out is not", () => {
    const outputs = schemaFor("aws:eks/nodeGroup:NodeGroup")?.outputs;
    expect(outputs?.arn).toEqual({ type: "string", required: true });
    expect(outputs?.labels).toEqual({ type: { map: "string" } });
  });

  test("a token outside the list has no schema, and the nearest known one is found", () => {
    expect(schemaFor("aws:eks/nodeGroup:NodeGrop")).toBeUndefined();
    expect(nearestToken("aws:eks/nodegroup:NodeGrop")).toBe("aws:eks/nodeGroup:NodeGroup");
    expect(schemaFor("random:index/randomId:RandomId")).toBeUndefined();
    expect(nearestToken("random:index/randomId:RandomId")).toBeUndefined();
    expect(schemaFor("pulumi:pulumi:Stack")).toBeUndefined();
  });
});

describe("generation", () => {
  test.each<[string, Type[], Type]>([
    ["an open set is its plain type", ["string", { enum: ["a", "b"] }], "string"],
    ["closed sets are joined", [{ enum: ["a"] }, { enum: ["b", "a"] }], { enum: ["a", "b"] }],
    ["equal members count once", ["number", "number"], "number"],
    ["a set beside another kind stays", ["number", { enum: ["a"] }], { union: ["number", { enum: ["a"] }] }],
  ])("%s", (_, members, expected) => {
    expect(merge(members)).toEqual(expected);
  });

  test("what changed is named down to the property", () => {
    const text = (inputs: object): string => formatSchema({ source: {}, types: { "x:y:Z": { inputs, outputs: {} } } });
    const before = text({ gone: { type: "string" }, type: { type: "string" }, same: { type: "any" } });
    const after = text({ come: { type: "string" }, type: { type: "number" }, same: { type: "any" } });
    expect(differences(before, after)).toEqual([
      "added: types › x:y:Z › inputs › come",
      "removed: types › x:y:Z › inputs › gone",
      "changed: types › x:y:Z › inputs › type",
    ]);
    expect(differences(before, after, 1)).toEqual(["added: types › x:y:Z › inputs › come", "… and 2 more"]);
    expect(differences(before, before)).toEqual([]);
    expect(differences("", before).length).toBe(5);
  });

  test("the text does not depend on the order of keys and is JSON", () => {
    const one = formatSchema({ b: { x: 1, a: [2] }, a: {} });
    expect(formatSchema({ a: {}, b: { a: [2], x: 1 } })).toBe(one);
    expect(JSON.parse(one)).toEqual({ a: {}, b: { a: [2], x: 1 } });
  });
});
