/**
 * Writes `crds.json` from the manifests inside the Go modules of `crds.ts`: `node sandbox/schema/generate-crds.ts`.
 * Needs Go, and is run only when a version in `crds.ts` changes.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type OpenApi, propertiesOf, shareObjects } from "./crd-convert.ts";
import { type CrdSource, crdSources } from "./crds.ts";
import { formatSchema } from "./format.ts";
import type { CrdSchema, CrdVersion } from "./types.ts";

/** The part of a CustomResourceDefinition that is read. */
interface Definition {
  kind: string;
  spec: {
    group: string;
    scope: CrdVersion["scope"];
    names: { kind: string };
    versions: { name: string; served: boolean; schema: { openAPIV3Schema: OpenApi } }[];
  };
}

/** Fields that every object has and the server itself defines. */
const common = new Set(["apiVersion", "kind", "metadata", "status"]);

function main(): void {
  const source: CrdSchema["source"] = {};
  const kinds: CrdSchema["kinds"] = {};
  for (const entry of crdSources) {
    source[entry.module] = entry.version;
    const found = readKinds(entry);
    const absent = entry.kinds.filter((kind) => !Object.keys(found).some((id) => id.endsWith(`/${kind}`)));
    if (absent.length > 0) throw new Error(`${entry.module}@${entry.version} does not define ${absent.join(", ")}`);
    Object.assign(kinds, found);
  }
  const definitions = shareObjects(kinds);
  writeFileSync(new URL("./crds.json", import.meta.url), formatSchema({ source, kinds, definitions }));
  console.log(`sandbox/schema/crds.json written: ${Object.keys(kinds).length} kinds`);
}

function readKinds(source: CrdSource): CrdSchema["kinds"] {
  const folder = join(moduleDirectory(source), source.folder);
  const found: CrdSchema["kinds"] = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
    for (const document of parseAllDocuments(readFileSync(join(folder, file), "utf8"))) {
      const definition = document.toJS() as Definition | null;
      if (definition?.kind !== "CustomResourceDefinition") continue;
      const { group, names, scope, versions } = definition.spec;
      if (group !== source.group || !source.kinds.includes(names.kind)) continue;
      for (const version of versions.filter(({ served }) => served)) {
        const fields = propertiesOf(version.schema.openAPIV3Schema);
        for (const name of common) delete fields[name];
        found[`${group}/${version.name}/${names.kind}`] = { scope, source: source.module, fields };
      }
    }
  }
  return found;
}

function moduleDirectory({ module, version }: CrdSource): string {
  const answer = execFileSync("go", ["mod", "download", "-json", `${module}@${version}`], { encoding: "utf8" });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

if (import.meta.main) main();
