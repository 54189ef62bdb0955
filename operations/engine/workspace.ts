import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { projectRoot } from "../setup/toolchain.mjs";

/** What a run of the engine leaves behind, for whoever wants to know what happened. */
export interface RunFiles {
  readonly stack: string;
  readonly folder: string;
  readonly policyConfig: string;
  readonly eventLog: string;
  readonly engineLog: string;
}

/** Where the sandbox of this checkout keeps things; all of it can be thrown away. */
export interface Workspace extends RunFiles {
  /** The clouds. */
  readonly database: string;
  /** Pulumi's state. */
  readonly backend: string;
  /** A home without logins and plugins. */
  readonly home: string;
  /** The stack file that the engine reads, with the encryption salt that must not get into the committed one. */
  readonly configFile: string;
  readonly requestLog: string;
}

/** Folder of everything that this checkout makes and git ignores. */
export const scratchFolder = join(projectRoot, ".twocloud");

/** @param folder where to keep it. @default `.twocloud/sandbox/<stack>` of this checkout */
export function workspaceOf(stack: string, folder = join(scratchFolder, "sandbox", stack)): Workspace {
  const workspace: Workspace = {
    ...runFilesIn(stack, folder),
    database: join(folder, "clouds.db"),
    backend: join(folder, "state"),
    home: join(folder, "home"),
    configFile: join(folder, `Pulumi.${stack}.yaml`),
    requestLog: join(folder, "requests.jsonl"),
  };
  for (const each of [workspace.backend, workspace.home]) mkdirSync(each, { recursive: true });
  return workspace;
}

export function runFilesIn(stack: string, folder: string): RunFiles {
  return {
    stack,
    folder,
    policyConfig: join(folder, "policy.json"),
    eventLog: join(folder, "events.jsonl"),
    engineLog: join(folder, "engine.log"),
  };
}

/** Copies a stack file for the engine; the salt of an earlier run stays, since the state is encrypted with it. */
export function writeStackFile(workspace: Workspace, text: string): void {
  const document = parseDocument(text);
  const salt = saltOf(workspace.configFile);
  if (salt !== undefined) document.set("encryptionsalt", salt);
  writeFileSync(workspace.configFile, document.toString());
}

/** The salt that `pulumi stack init` writes; undefined before. */
export function saltOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const salt: unknown = parseDocument(readFileSync(file, "utf8")).get("encryptionsalt");
  return typeof salt === "string" ? salt : undefined;
}
