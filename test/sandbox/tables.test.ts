/** Claims that hold for every row of every cloud's tables. */
import { describe, expect, test } from "vitest";
import { contextFor } from "../../sandbox/context.ts";
import { cloudPackages } from "../../sandbox/registry.ts";
import { schemaFor } from "../../sandbox/schema/load.ts";
import { type PackageName, tokens } from "../../sandbox/schema/tokens.ts";
import { openStore } from "../../sandbox/store.ts";
import { UNKNOWN } from "../../sandbox/values.ts";

/** Packages whose tables hold all the types that the schema lists. */
const COMPLETE: readonly PackageName[] = ["aws", "azure-native", "gcp", "kubernetes"];

const store = openStore(":memory:");
const connection = { provider: "", package: "", scope: "111122223333", region: "eu-west-1", config: {} };
const rows = cloudPackages.flatMap((cloud) => cloud.types.map((type) => ({ cloud, type, token: type.token })));
const topLevel = (path: string) => path.split(/[.[]/)[0] ?? path;

describe.each(COMPLETE)("%s", (name) => {
  const cloud = cloudPackages.find((candidate) => candidate.name === name);

  test("has a row for every type and function of the schema, and no other", () => {
    expect(cloud?.types.map(({ token }) => token).toSorted()).toEqual([...tokens[name].types].toSorted());
    expect(Object.keys(cloud?.functions ?? {}).toSorted()).toEqual([...tokens[name].functions].toSorted());
  });
});

describe.each(rows)("$token", ({ cloud, type, token }) => {
  const schema = schemaFor(token);
  const inputs = Object.keys(schema?.inputs ?? {});

  test("speaks only of inputs that the type has", () => {
    const paths = [
      ...type.replaceOn,
      ...(type.references ?? []).map(({ path }) => path),
      ...(type.unique ?? []).flatMap((unique) => unique.paths),
      ...Object.keys(type.defaults ?? {}),
      ...(type.name === undefined ? [] : [type.name.property]),
    ];
    expect(paths.map(topLevel).filter((property) => !inputs.includes(property))).toEqual([]);
  });

  test("refers only to types that exist", () => {
    const referred = (type.references ?? []).flatMap(({ types }) => types);
    expect(referred.filter((other) => schemaFor(other) === undefined)).toEqual([]);
  });

  test("gives only outputs that the type has, in a preview without any known input too", () => {
    const allUnknown = Object.fromEntries(inputs.map((name) => [name, UNKNOWN]));
    const placement = { scope: connection.scope, region: connection.region };
    const facts = { cloud, type, store, connection, placement, logicalName: "main", id: UNKNOWN, createdAt: UNKNOWN };
    const context = contextFor({ ...facts, seed: undefined });
    const outputs = [{}, allUnknown].flatMap((given) => [
      ...Object.keys(type.outputs(given, context)),
      ...Object.keys(cloud.commonOutputs?.(given, context, type) ?? {}),
    ]);
    const declared = Object.keys(schema?.outputs ?? {});
    expect([...new Set(outputs)].filter((name) => !declared.includes(name))).toEqual([]);
    expect((type.secretOutputs ?? []).map(topLevel).filter((name) => !declared.includes(name))).toEqual([]);
  });

  test("states where its name's rule comes from", () => {
    expect(type.name?.source ?? "https://none").toMatch(/^https:\/\//);
  });
});
