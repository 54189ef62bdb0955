import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type SharedFile, type Sources, sharedFiles } from "./config/read.ts";

/** Where the stack files lie, below the project's root. */
export const stacksFolder = "stacks";

/** Reads the shared stack files as they lie in a folder. */
export function readShared(folder: string): Sources["shared"] {
  return Object.fromEntries(sharedFiles.map((file) => [file, readFileSync(join(folder, file), "utf8")])) as Record<
    SharedFile,
    string
  >;
}

/** All sources of one environment, as files. @param asOf day at which retirements are judged */
export function readSources(folder: string, environment: string, asOf: string): Sources {
  const environmentFile = `Pulumi.${environment}.yaml`;
  return {
    shared: readShared(folder),
    environmentFile,
    environment: { text: readFileSync(join(folder, environmentFile), "utf8") },
    asOf,
  };
}
