/** node_modules, exactly as package-lock.json says. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installReason, SetupError } from "./decide.mjs";
import { withLock } from "./lock.mjs";
import { firstLines, runLong, say } from "./run.mjs";
import { findOnPath, isInside, readStamp, stampFolder } from "./toolchain.mjs";
import { sayWaiting } from "./waiting.mjs";

/** Why packages have to be installed; undefined when they are in place. Reads only. */
export function packagesReason(root) {
  return installReason(readStamp(root, "installed"), wanted(root), absentPackages(root));
}

/**
 * Installs the packages, unless another set-up has done it meanwhile.
 * @param {string} root project folder
 * @param {NodeJS.ProcessEnv} env
 * @throws {SetupError} when npm fails
 */
export async function installPackages(root, env) {
  await withLock(
    join(root, ".twocloud", "locks", "packages"),
    async (lock) => {
      const reason = packagesReason(root);
      if (reason === undefined) return;
      say(`packages: ${reason}`);
      // npm removes the old folder file by file: without this, a killed npm could leave the stamp and half of the rest.
      rmSync(join(stampFolder(root), "installed.json"), { force: true });
      await npmCi(root, env, lock);
      writeStamp(root, "installed", wanted(root));
    },
    { onWait: sayWaiting("installing packages") },
  );
}

async function npmCi(root, env, lock) {
  const [command, ...first] = npmCommand(root, env);
  const folders = lockedFolders(root);
  const result = await runLong({
    label: `Installing ${folders.length} packages with npm`,
    command,
    args: [
      ...first,
      "ci",
      "--loglevel=error",
      "--no-progress",
      "--no-audit",
      "--no-fund",
      "--include=dev",
      "--include=optional",
    ],
    cwd: root,
    env: { ...env, PATH: outerPath(root, env.PATH) },
    lock,
    progress: () => `${folders.filter((folder) => existsSync(join(root, folder, "package.json"))).length} unpacked`,
  });
  if (result.code === 0) return;
  throw new SetupError(
    `npm ci ended with ${result.code === null ? "no exit code" : `exit code ${result.code}`}`,
    "check that this machine reaches its npm registry (npm ping) and has disk space, then run the same command again",
    // npm says first what is wrong, and then how it is used.
    firstLines(result.lines),
  );
}

/** npm, run by a Node that npm ci will not delete while it runs, if there is one outside of node_modules. */
function npmCommand(root, env) {
  const onPath = findOnPath("npm", env.PATH);
  if (process.platform !== "win32" && onPath !== undefined) return [onPath];
  const script = env.npm_execpath;
  if (script?.endsWith("npm-cli.js") && existsSync(script)) return [outerNode(root, env), script];
  return [onPath ?? "npm"];
}

/** PATH without the project's own folders: `npm run` puts them first, and they are what npm ci replaces. */
export function outerPath(root, path) {
  const separator = process.platform === "win32" ? ";" : ":";
  return (path ?? "")
    .split(separator)
    .filter((folder) => folder !== "" && !folder.startsWith(join(root, "node_modules")))
    .join(separator);
}

function outerNode(root, env) {
  return isInside(process.execPath, root)
    ? (findOnPath("node", outerPath(root, env.PATH)) ?? process.execPath)
    : process.execPath;
}

function wanted(root) {
  const lockHash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return { lockHash, platform: `${process.platform}-${process.arch}` };
}

function absentPackages(root) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return names.filter((name) => !existsSync(join(root, "node_modules", name, "package.json")));
}

/** The folders that package-lock.json fills on this platform. */
function lockedFolders(root) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const fits = (allowed, actual) => allowed === undefined || [allowed].flat().includes(actual);
  return Object.entries(packages)
    .filter(([folder, entry]) => folder !== "" && fits(entry.os, process.platform) && fits(entry.cpu, process.arch))
    .map(([folder]) => folder);
}

/** Writes a stamp in one piece: half a stamp would be read as none, but a whole one must never be wrong. */
export function writeStamp(root, name, value) {
  const file = join(stampFolder(root), `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(value));
  renameSync(`${file}.${process.pid}`, file);
}
