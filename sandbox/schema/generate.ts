/**
 * Writes `<package>.json` from the typings of the installed SDKs: `npm run generate`.
 * With `--check` nothing is written; what differs is named and the exit code is 1.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatSchema } from "./format.ts";
import { packageSchema } from "./package-schema.ts";
import { type PackageName, packages, tokens } from "./tokens.ts";
import { openTypings } from "./typings.ts";

const here = new URL("./", import.meta.url);

/** The text of a package's schema file as the installed SDK demands it. Throws when the SDK lacks a listed token. */
export function generated(name: PackageName): string {
  const directory = fileURLToPath(new URL(`../../node_modules/@pulumi/${name}`, here));
  return formatSchema(packageSchema(name, tokens[name], openTypings(directory)));
}

/** The text of a package's schema file as it is; empty when there is none. */
export function stored(name: PackageName): string {
  try {
    return readFileSync(fileOf(name), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/**
 * What differs between two schema texts, by name (`types › aws:eks/cluster:Cluster › inputs › version`), for a person who asks what
 * a new SDK version changed. At most `limit` names, then how many more. An empty text is an empty schema.
 */
export function differences(before: string, after: string, limit = 10): string[] {
  const old = entriesOf(before === "" ? {} : JSON.parse(before));
  const now = entriesOf(after === "" ? {} : JSON.parse(after));
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name)).sort();
  const found = names.map((name) => {
    if (!old.has(name)) return `added: ${name}`;
    return now.has(name) ? `changed: ${name}` : `removed: ${name}`;
  });
  return found.length > limit ? [...found.slice(0, limit), `… and ${found.length - limit} more`] : found;
}

/** The text of every property of a schema by its name. A property is what has a `type`, or a version. */
function entriesOf(
  value: object,
  path: readonly string[] = [],
  found = new Map<string, string>(),
): Map<string, string> {
  for (const [name, entry] of Object.entries(value) as [string, unknown][]) {
    const at = [...path, name];
    const nested = typeof entry === "object" && entry !== null && !isProp(entry) && Object.keys(entry).length > 0;
    if (nested) entriesOf(entry, at, found);
    else found.set(at.join(" › "), JSON.stringify(entry));
  }
  return found;
}

/** True for `{ type: "string" }`, not for the properties `{ type: { type: "string" } }` of something that has a type of its own. */
function isProp(entry: object): boolean {
  if (!("type" in entry)) return false;
  const { type } = entry;
  return typeof type === "string" || (typeof type === "object" && type !== null && !("type" in type));
}

function fileOf(name: PackageName): URL {
  return new URL(`${name}.json`, here);
}

function main(check: boolean): number {
  let stale = 0;
  for (const name of packages) {
    const text = generated(name);
    const before = stored(name);
    if (before === text) continue;
    stale += 1;
    if (!check) writeFileSync(fileOf(name), text);
    console.log(`sandbox/schema/${name}.json ${check ? "is not what the installed SDK says" : "written"}:`);
    for (const change of differences(before, text)) console.log(`  ${change}`);
  }
  if (stale === 0) console.log("The schemas are those of the installed SDKs.");
  else if (check) console.log("Run: npm run generate");
  return check && stale > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = main(process.argv.includes("--check"));
