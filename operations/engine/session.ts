import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  allQuotas,
  assertOnlySandbox,
  type Grants,
  openStore,
  providerUrns,
  type RunningSandbox,
  readGrants,
  type Store,
  sandboxEnvironment,
  startSandbox,
} from "../../sandbox/index.ts";
import { withLock } from "../setup/lock.mjs";
import { projectRoot } from "../setup/toolchain.mjs";
import { type Engine, EngineError, type EngineOptions, engineOf } from "./engine.ts";
import { mendFiles, settle, takeOver } from "./recover.ts";
import { saltOf, scratchFolder, type Workspace, workspaceOf, writeStackFile } from "./workspace.ts";

/** The project's name in Pulumi.yaml. */
export const projectName = "twocloud";

/** A sandbox with an engine that talks to it. */
export interface Session {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly store: Store;
}

export interface SessionOptions extends Pick<EngineOptions, "project" | "pack" | "packName"> {
  /** More variables for the engine; the sandbox's own win. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly stack: string;
  readonly asOf: string;
  /** @default the sandbox of this checkout */
  readonly folder?: string;
  /** Folder with `Pulumi.<stack>.yaml`. @default `stacks` */
  readonly stacks?: string;
  /** File to which a line for each request to the clouds is appended. Default: no log */
  readonly requestLog?: string;
  /** Clear up after a run that was cut off. @default true; false only to look at what it left */
  readonly mend?: boolean;
  readonly say: (text: string) => void;
}

/**
 * Opens the sandbox of a stack, makes the stack if it is new, and clears up after a run that was cut off. The sandbox
 * lives in this process: it ends with it and listens on loopback only. Two at once on one stack follow one another.
 */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const { stack, say } = options;
  const workspace = workspaceOf(stack, options.folder);
  let told = false;
  const onWait = ({ pid }: { readonly pid: number }) => {
    if (!told) say(`Another run on ${stack} is going on (process ${pid}); waiting for it …`);
    told = true;
  };
  return withLock(join(workspace.folder, "lock"), () => open(options, workspace, work), { onWait });
}

async function open<T>(
  options: SessionOptions,
  workspace: Workspace,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { stack, say, requestLog, mend = true, stacks = join(projectRoot, "stacks") } = options;
  rmSync(workspace.engineLog, { force: true });
  const sandbox: RunningSandbox = await startSandbox({
    database: workspace.database,
    grants: grantsIn(stacks),
    ...(requestLog === undefined ? {} : { log: requestLog }),
  });
  const store = openStore(workspace.database);
  try {
    const engine = engineOf({
      ...options,
      files: workspace,
      configFile: workspace.configFile,
      environment: environmentOf(options, workspace, sandbox),
      inspect: (events, registers) => assertOnlySandbox(providerUrns(events, registers), sandbox),
    });
    const files = { backend: workspace.backend, project: projectName, stack };
    if (!mend) return await work({ workspace, engine, store });
    mendFiles(files, say);
    await takeOver(engine, files, say);
    writeStackFile(workspace, readFileSync(join(stacks, `Pulumi.${stack}.yaml`), "utf8"));
    await makeStack(engine, workspace);
    await settle(engine, store, say);
    return await work({ workspace, engine, store });
  } finally {
    store.close();
    await sandbox.close();
  }
}

/** Nothing in it leads to a real cloud. */
function environmentOf(
  { environment = {} }: SessionOptions,
  { home, backend }: Workspace,
  { port }: RunningSandbox,
): NodeJS.ProcessEnv {
  const base = sandboxEnvironment(process.env, { port, home, backendDir: backend });
  return {
    ...environment,
    ...base,
    // Compiling the SDKs is half of what starting the program takes; the next start finds it done.
    NODE_COMPILE_CACHE: base.NODE_COMPILE_CACHE ?? join(scratchFolder, "compile-cache"),
    NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
  };
}

/** What the accounts of the stacks were granted. @throws EngineError with all that is wrong in the file */
function grantsIn(stacks: string): Grants {
  const file = join(stacks, "quotas.yaml");
  if (!existsSync(file)) return {};
  try {
    return readGrants("stacks/quotas.yaml", readFileSync(file, "utf8"), allQuotas);
  } catch (error) {
    throw new EngineError((error as Error).message);
  }
}

/** Whether the sandbox of a stack was ever opened here. */
export function hasSandbox(stack: string): boolean {
  return existsSync(workspaceOf(stack).database);
}

/**
 * `pulumi stack init` writes the encryption salt into the stack file of the project that it runs in. So it runs in a
 * project of the same name that holds nothing else, and the committed stack file stays as it is.
 */
async function makeStack(engine: Engine, { stack, backend, configFile, folder }: Workspace): Promise<void> {
  const state = join(backend, ".pulumi", "stacks", projectName, `${stack}.json`);
  if (existsSync(state) && saltOf(configFile) !== undefined) return;
  // State without salt, or salt without state: an interrupted first run, which has made nothing yet.
  rmSync(state, { force: true });
  const bare = join(folder, "bare-project");
  mkdirSync(bare, { recursive: true });
  writeFileSync(join(bare, "Pulumi.yaml"), `name: ${projectName}\nruntime: nodejs\n`);
  const copy = join(bare, `Pulumi.${stack}.yaml`);
  copyFileSync(configFile, copy);
  const init = () => engine.command(["stack", "init", stack, "--secrets-provider", "passphrase"], bare);
  let result = await init();
  if (result.output.includes("already exists")) {
    // That of a run that was cut off came to its end meanwhile; its salt went with it.
    rmSync(state, { force: true });
    result = await init();
  }
  if (!result.ok) throw new EngineError(`The stack ${stack} can't be made:\n${result.output}`);
  copyFileSync(copy, configFile);
}
