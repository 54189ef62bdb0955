/** The generated schemas, each read when it is first asked for. */
import { readFileSync } from "node:fs";
import { nearest } from "./suggest.ts";
import { type PackageName, packages } from "./tokens.ts";
import type { CrdSchema, CrdVersion, PackageSchema, ResourceSchema, SchemaKind, Signature } from "./types.ts";

const loaded = new Map<string, PackageSchema | CrdSchema>();

/**
 * The schema of a resource type, a function or a provider's own configuration (`pulumi:providers:aws`).
 * Undefined when the sandbox does not know the token; custom resources are `crdFor`'s.
 */
export function schemaFor(token: string): ResourceSchema | undefined {
  const name = packageOf(token);
  if (name === undefined) return undefined;
  const schema = packageSchema(name);
  if (token.startsWith("pulumi:providers:")) return resourceSchema(token, "provider", schema.provider, schema);
  const type = schema.types[token];
  if (type !== undefined) return resourceSchema(token, "resource", type, schema);
  const invoked = schema.functions[token];
  return invoked === undefined ? undefined : resourceSchema(token, "function", invoked, schema);
}

/** The known token most like an unknown one of the same package; undefined when none is near. */
export function nearestToken(token: string): string | undefined {
  const name = packageOf(token);
  if (name === undefined) return undefined;
  const { types, functions } = packageSchema(name);
  return nearest(token, [...Object.keys(types), ...Object.keys(functions)]);
}

/** A custom resource's schema, with what only its definition says. */
export interface CrdResourceSchema extends ResourceSchema {
  group: string;
  scope: CrdVersion["scope"];
}

/**
 * The schema of a custom resource, its metadata included. Undefined when no definition in `crds.json` serves that version of
 * that kind: then `crdVersions` says which ones are served.
 */
export function crdFor(apiVersion: string, kind: string): CrdResourceSchema | undefined {
  const { kinds, definitions } = crdSchema();
  const version = kinds[`${apiVersion}/${kind}`];
  if (version === undefined) return undefined;
  const inputs = {
    apiVersion: { type: { enum: [apiVersion] }, required: true as const },
    kind: { type: { enum: [kind] }, required: true as const },
    metadata: { type: { ref: "in/meta.v1.ObjectMeta" } },
    ...version.fields,
  };
  return {
    token: `kubernetes:${apiVersion}:${kind}`,
    kind: "resource",
    group: apiVersion.split("/")[0] ?? "",
    scope: version.scope,
    inputs,
    outputs: { ...inputs, status: { type: "any" } },
    definitions: mergedDefinitions(definitions),
  };
}

/** The versions (`<group>/<version>`) in which a kind is served; empty for a kind without a definition. */
export function crdVersions(kind: string): string[] {
  const ending = `/${kind}`;
  const ids = Object.keys(crdSchema().kinds).filter((id) => id.endsWith(ending));
  return ids.map((id) => id.slice(0, -ending.length)).sort();
}

/** The package that a token belongs to; undefined for one without a schema. */
function packageOf(token: string): PackageName | undefined {
  const [first, second, third] = token.split(":");
  const name = first === "pulumi" && second === "providers" ? third : first;
  return packages.find((known) => known === name);
}

/** The whole schema of a package, as `npm run generate` wrote it. */
export function packageSchema(name: PackageName): PackageSchema {
  return load<PackageSchema>(name);
}

/** The custom resource definitions, as `generate-crds.ts` wrote them. */
export function crdSchema(): CrdSchema {
  return load<CrdSchema>("crds");
}

function load<T extends PackageSchema | CrdSchema>(name: string): T {
  const known = loaded.get(name);
  if (known !== undefined) return known as T;
  const schema = JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8")) as T;
  loaded.set(name, schema);
  return schema;
}

let merged: PackageSchema["definitions"] | undefined;

/** Custom resources take their metadata's definitions from the Kubernetes SDK. */
function mergedDefinitions(own: CrdSchema["definitions"]): PackageSchema["definitions"] {
  merged ??= { ...packageSchema("kubernetes").definitions, ...own };
  return merged;
}

function resourceSchema(
  token: string,
  kind: SchemaKind,
  { inputs, outputs }: Signature,
  { definitions }: PackageSchema,
): ResourceSchema {
  return { token, kind, inputs, outputs, definitions };
}
