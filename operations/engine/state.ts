import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Engine, EngineError } from "./engine.ts";

/** A stack's state as the engine exports and imports it. */
export interface State {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  /** The cloud keeps it when the stack lets go of it. */
  readonly retainOnDelete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly deletedWith?: string;
}

interface Exported {
  readonly version: number;
  readonly deployment: State;
}

/** @throws Error when the engine can't read it */
export async function exportState(engine: Engine): Promise<State> {
  return (await exported(engine)).deployment;
}

/** Puts a state in place of the stack's. @throws Error when the engine refuses it */
export async function importState(engine: Engine, state: State): Promise<void> {
  const file = fileOf(engine);
  writeFileSync(file, JSON.stringify({ ...(await exported(engine)), deployment: state }));
  const result = await engine.command(["stack", "import", "--stack", engine.files.stack, "--file", file]);
  if (!result.ok) throw new EngineError(`The state can't be written:\n${result.output}`);
}

async function exported(engine: Engine): Promise<Exported> {
  const file = fileOf(engine);
  await exportTo(engine, file);
  return exportedIn(file);
}

/** The state in a file that the engine exported. */
export function stateIn(file: string): State {
  return exportedIn(file).deployment;
}

const exportedIn = (file: string): Exported => JSON.parse(readFileSync(file, "utf8")) as Exported;

/** Writes a stack's state to a file; secrets stay encrypted. @throws EngineError when the engine can't read it */
export async function exportTo(engine: Engine, file: string): Promise<void> {
  const result = await engine.command(["stack", "export", "--stack", engine.files.stack, "--file", file]);
  if (!result.ok) {
    const { stack } = engine.files;
    const fix = result.output.includes("no stack named") ? `\nTo make it: npx pulumi stack init ${stack}` : "";
    throw new EngineError(`The state of ${stack} can't be read: ${result.output.trim()}${fix}`);
  }
}

const fileOf = (engine: Engine): string => join(engine.files.folder, "export.json");
