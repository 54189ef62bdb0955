import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { propertiesOf, shareObjects } from "../../sandbox/schema/crd-convert.ts";
import { chartKinds, crdSources, groupsInstalledBy, type ReleaseOfChart } from "../../sandbox/schema/crds.ts";
import { crdFor, crdSchema, crdVersions } from "../../sandbox/schema/load.ts";
import type { CrdVersion, Properties, Type } from "../../sandbox/schema/types.ts";

/** Every type in `properties`, itself and its parts. */
function everyType(properties: Properties): Type[] {
  return Object.values(properties).flatMap(({ type }) => parts(type));
}

function parts(type: Type): Type[] {
  if (typeof type !== "object") return [type];
  if ("array" in type) return [type, ...parts(type.array)];
  if ("map" in type) return [type, ...parts(type.map)];
  if ("union" in type) return [type, ...type.union.flatMap(parts)];
  return "object" in type ? [type, ...everyType(type.object)] : [type];
}

const schema = crdSchema();
const all = [...Object.values(schema.kinds).map(({ fields }) => fields), ...Object.values(schema.definitions)].flatMap(
  everyType,
);

describe("crds.json", () => {
  test("was read from the module versions that crds.ts pins", () => {
    expect(schema.source).toEqual(Object.fromEntries(crdSources.map(({ module, version }) => [module, version])));
  });

  test("was read from the releases whose charts the lock installs", () => {
    const lock = parse(readFileSync(new URL("../../stacks/images.yaml", import.meta.url), "utf8")) as {
      charts: Record<string, { version: string } | undefined>;
    };
    const locked = crdSources.filter(({ lockedBy }) => lockedBy !== undefined);
    expect(locked.length).toBe(3);
    for (const { lockedBy = "", version } of locked) expect(lock.charts[lockedBy]?.version, lockedBy).toBe(version);
  });

  test("has the wanted kinds of every source and no others", () => {
    const wanted = crdSources.flatMap(({ group, kinds }) => kinds.map((kind) => `${group} ${kind}`)).sort();
    const found = Object.keys(schema.kinds).map((id) => [id.split("/")[0], id.split("/")[2]].join(" "));
    expect([...new Set(found)].sort()).toEqual(wanted);
  });

  test("refers only to definitions that it holds, and uses each of them", () => {
    const used = new Set(all.flatMap((type) => (typeof type === "object" && "ref" in type ? [type.ref] : [])));
    expect([...used].sort()).toEqual(Object.keys(schema.definitions));
  });

  test("holds only patterns that compile", () => {
    const patterns = all.flatMap((type) =>
      typeof type === "object" && "string" in type ? (type.string.patterns ?? []) : [],
    );
    expect(patterns.length).toBeGreaterThan(100);
    for (const pattern of patterns) expect(() => new RegExp(pattern), pattern).not.toThrow();
  });

  test("has a chart for the definitions of every group", () => {
    expect([...new Set(chartKinds.map(({ group }) => group))].sort()).toEqual(
      crdSources.map(({ group }) => group).sort(),
    );
  });
});

describe("crdFor", () => {
  test("serves the versions that the definitions serve", () => {
    expect(crdVersions("AIGatewayRoute")).toEqual([
      "aigateway.envoyproxy.io/v1alpha1",
      "aigateway.envoyproxy.io/v1beta1",
    ]);
    expect(crdVersions("QuotaPolicy")).toEqual(["aigateway.envoyproxy.io/v1alpha1"]);
    expect(crdVersions("BackendTLSPolicy")).toEqual([
      "gateway.networking.k8s.io/v1",
      "gateway.networking.k8s.io/v1alpha3",
    ]);
    expect(crdVersions("Deployment")).toEqual([]);
    expect(crdFor("aigateway.envoyproxy.io/v1", "AIGatewayRoute")).toBeUndefined();
  });

  test("says whether a kind is namespaced", () => {
    expect(crdFor("gateway.networking.k8s.io/v1", "GatewayClass")?.scope).toBe("Cluster");
    expect(crdFor("cert-manager.io/v1", "ClusterIssuer")?.scope).toBe("Cluster");
    expect(crdFor("gateway.networking.k8s.io/v1", "Gateway")?.scope).toBe("Namespaced");
  });
});

describe("what a Helm release installs", () => {
  const gateway = ["gateway.envoyproxy.io", "gateway.networking.k8s.io"];
  test.each<[ReleaseOfChart, string[]]>([
    [{ chart: "oci://charts.example/ai-gateway-crds-helm" }, ["aigateway.envoyproxy.io"]],
    [{ chart: "oci://charts.example/ai-gateway-helm" }, []],
    [{ chart: "oci://charts.example/gateway-helm" }, gateway],
    [{ chart: "gateway-helm", skipCrds: true }, []],
    [{ chart: "gateway-helm", values: { crds: { enabled: false } } }, []],
    [{ chart: "gateway-crds-helm" }, []],
    [{ chart: "gateway-crds-helm", values: { crds: { envoyGateway: { enabled: true } } } }, ["gateway.envoyproxy.io"]],
    [{ chart: "cert-manager", values: { crds: { enabled: true } } }, ["cert-manager.io"]],
    [{ chart: "cert-manager", values: { crds: "yes" } }, []],
    [{ chart: "something-else" }, []],
  ])("%j: %j", (release, groups) => {
    expect(groupsInstalledBy(release)).toEqual(groups);
  });
});

describe("conversion of a definition", () => {
  test.each<[string, Parameters<typeof propertiesOf>[0], Type]>([
    ["a set written twice", { allOf: [{ enum: ["a", "b"] }, { enum: ["b", "c"] }], type: "string" }, { enum: ["b"] }],
    [
      "a whole number in bounds",
      { type: "integer", minimum: 0, maximum: 9 },
      { number: { integer: true, minimum: 0, maximum: 9 } },
    ],
    [
      "an integer or string",
      { "x-kubernetes-int-or-string": true, pattern: "^x$" },
      { union: ["integer", { string: { patterns: ["^x$"] } }] },
    ],
    ["an object that drops every key", { type: "object" }, { object: {} }],
    [
      "an object that keeps every key",
      { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      { map: "any" },
    ],
    ["a map", { type: "object", additionalProperties: { type: "boolean" } }, { map: "boolean" }],
    [
      "a list with a least length",
      { type: "array", items: { type: "string" }, minItems: 1 },
      { array: "string", minItems: 1 },
    ],
  ])("%s", (_, given, type) => {
    expect(propertiesOf({ properties: { field: given } })).toEqual({ field: { type } });
  });

  test("a required field with a default is not required of the writer", () => {
    const properties = { a: { type: "string", default: "x" }, b: { type: "string" } };
    expect(propertiesOf({ properties, required: ["a", "b"] })).toEqual({
      a: { type: "string" },
      b: { type: "string", required: true },
    });
  });

  test("an unknown type is an error, not a field that accepts everything", () => {
    expect(() => propertiesOf({ properties: { a: { type: "decimal" } } })).toThrow('unknown type "decimal"');
  });

  test("an object that occurs twice is held once, and what is inside it with it", () => {
    const inner = { object: { x: { type: "string" as const } } };
    const twice = { object: { inner: { type: inner } } };
    const kinds: Record<string, CrdVersion> = {
      "g/v1/K": { scope: "Cluster", source: "m", fields: { a: { type: twice }, b: { type: { array: twice } } } },
    };
    expect(shareObjects(kinds)).toEqual({ "g/v1/K.a": { inner: { type: inner } } });
    expect(kinds["g/v1/K"]?.fields).toEqual({
      a: { type: { ref: "g/v1/K.a" } },
      b: { type: { array: { ref: "g/v1/K.a" } } },
    });
  });
});
