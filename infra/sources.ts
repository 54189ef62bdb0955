import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type SharedFile, type Sources, sharedFiles } from "./config/read.ts";

/** Where the stack files lie, below the project's root. */
export const stacksFolder = "stacks";

/** Reads the shared stack files as they lie in a folder; one that is not there is empty, which is refused as such. */
export function readShared(folder: string): Sources["shared"] {
  const read = (file: SharedFile) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "");
  return Object.fromEntries(sharedFiles.map((file) => [file, read(file)])) as Record<SharedFile, string>;
}

/** Where the suites lie, below the stack files. */
export const suitesFolder = "suites";

/** Names of the suites beside the stack files in a folder; none where it has no suites. */
export function suiteNames(folder: string): string[] {
  const suites = join(folder, suitesFolder);
  if (!existsSync(suites)) return [];
  return readdirSync(suites)
    .flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** What a setting means: the engine hands structures over as JSON, and texts as they are, those with a bracket in front too. */
export function settingOf(setting: string): unknown {
  if (!/^[[{]/.test(setting)) return setting;
  try {
    return JSON.parse(setting);
  } catch {
    return setting;
  }
}

/** All sources of one environment, as files. @param asOf day at which retirements are judged */
export function readSources(folder: string, environment: string, asOf: string): Sources {
  const environmentFile = `Pulumi.${environment}.yaml`;
  return {
    shared: readShared(folder),
    suites: suiteNames(folder),
    environmentFile,
    environment: { text: readFileSync(join(folder, environmentFile), "utf8") },
    asOf,
  };
}
