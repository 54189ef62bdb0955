import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files in which a file backend keeps a stack's state, and what a killed engine can leave of them. */

/** Where they are. */
export interface StateFiles {
  /** Folder of the backend. */
  readonly backend: string;
  readonly project: string;
  readonly stack: string;
}

/** A file that the engine can't read. */
export interface Damage {
  readonly file: string;
  /** What is wrong with it, in words. */
  readonly reason: string;
  /** What takes its place; null: nothing, it can go; undefined: no readable copy is left. */
  readonly copy: string | null | undefined;
}

const pulumiFolder = ({ backend }: StateFiles, ...path: string[]): string => join(backend, ".pulumi", ...path);

/** The state of the stack as a file. */
export function stateFile(files: StateFiles): string {
  return pulumiFolder(files, "stacks", files.project, `${files.stack}.json`);
}

/** Files that are broken; empty if there is no such stack, or nothing is wrong with it. */
export function damageOf(files: StateFiles): Damage[] {
  const state = stateFile(files);
  const attributes = `${state}.attrs`;
  const damages: Damage[] = [];
  // The backend writes a checksum and the like beside every file; it does without where there is none.
  if (existsSync(attributes) && !isJson(attributes)) {
    damages.push({ file: attributes, reason: "is cut off, which hides the whole state", copy: null });
  }
  if (existsSync(state) && !isCheckpoint(state)) {
    damages.push({ file: state, reason: "is cut off", copy: copiesOf(files).find(isCheckpoint) });
  }
  return damages;
}

/** Puts what is damaged aside and its copy in its place; nothing is thrown away. */
export function mend({ file, copy }: Damage): void {
  if (copy === undefined) return;
  const text = copy === null ? undefined : readFileSync(copy, "utf8");
  if (existsSync(file)) renameSync(file, `${file}.damaged-${Date.now()}`);
  if (text === undefined) return;
  const written = `${file}.restored`;
  writeFileSync(written, text);
  renameSync(written, file);
  rmSync(`${file}.attrs`, { force: true });
}

/** Copies of the state, newest first: that of the step before, then those of earlier runs. */
function copiesOf(files: StateFiles): string[] {
  const { project, stack } = files;
  const before = `${stateFile(files)}.bak`;
  const newest = (folder: string, isCopy: (name: string) => boolean): string[] =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter(isCopy)
      .map((name) => join(folder, name))
      .sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
  return [
    ...(existsSync(before) ? [before] : []),
    ...newest(pulumiFolder(files, "backups", project, stack), (name) => name.endsWith(".json")),
    ...newest(pulumiFolder(files, "history", project, stack), (name) => name.endsWith(".checkpoint.json")),
  ];
}

function isCheckpoint(file: string): boolean {
  const value = jsonIn(file) as { checkpoint?: unknown } | null | undefined;
  return typeof value?.checkpoint === "object" && value.checkpoint !== null;
}

const isJson = (file: string): boolean => jsonIn(file) !== undefined;

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
