/**
 * The Pulumi CLI and its Node language host, in the folder where the official launcher looks for them. Somebody else's
 * copy that answers the right version is left alone; what is missing is downloaded by the launcher's own code, or built
 * from Pulumi's Go modules where only package registries can be reached.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineReason } from "./decide.mjs";
import { buildProgram } from "./golang.mjs";
import { watchGrowth } from "./growth.mjs";
import { outerPath, writeStamp } from "./install.mjs";
import { withLock } from "./lock.mjs";
import { makeWritable, place } from "./place.mjs";
import { ask, runLong, say, tail } from "./run.mjs";
import {
  executableName,
  fileMark,
  nodeBinary,
  pulumiFolder,
  pulumiVersion,
  readStamp,
  sameFile,
} from "./toolchain.mjs";
import { sayWaiting } from "./waiting.mjs";

const sdk = "github.com/pulumi/pulumi/sdk/v3";
const cli = "github.com/pulumi/pulumi/pkg/v3";

/**
 * The programs that the engine consists of, in the order in which they are put in place: the CLI last, because the
 * launcher takes its presence for the whole.
 */
const tools = [
  {
    name: "pulumi-language-nodejs",
    title: "Pulumi's Node language host",
    works: languageHostStarts,
    // It left the SDK's module after 3.68.0, and the module that it moved to is not served by module proxies; the old
    // one speaks the same protocol.
    source: {
      folder: "engine/language-nodejs",
      module: sdk,
      main: `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
      version: "3.68.0",
    },
  },
  {
    name: "pulumi",
    title: "the Pulumi CLI",
    works: cliAnswers,
    source: { folder: "engine/cli", module: cli, main: `${cli}/cmd/pulumi` },
  },
];

/** Why the engine has to be looked at; undefined when the verified files are still there unchanged. Reads only. */
export function engineCheckReason(root, env) {
  const version = pulumiVersion(root);
  const stamp = readStamp(root, "engine");
  const unchanged = stamp?.files?.length === tools.length && stamp.files.every((file) => sameFile(file));
  return engineReason(stamp, { version, folder: pulumiFolder(version, env) }, unchanged);
}

/**
 * Verifies the engine, gets what is missing of it, and remembers what was verified.
 * @param {string} root project folder
 * @param {NodeJS.ProcessEnv} env
 * @throws {SetupError} when it can neither be downloaded nor built, or the folder cannot be written
 */
export async function ensureEngine(root, env) {
  const version = pulumiVersion(root);
  const folder = pulumiFolder(version, env);
  if ((await missingTools(folder, version)).length > 0) {
    makeWritable([join(folder, "bin"), dirname(folder)], "PULUMI_HOME");
    const lock = join(dirname(folder), `.twocloud-${version}.lock`);
    await withLock(lock, (held) => fill(root, folder, version, env, held), {
      onWait: sayWaiting(`getting Pulumi ${version}`),
    });
  }
  const files = tools.map(({ name }) => fileMark(toolPath(folder, name)));
  writeStamp(root, "engine", { version, folder, files });
  say(`Pulumi CLI ${version} and its Node language host: ${join(folder, "bin")}`);
}

async function fill(root, folder, version, env, lock) {
  removeLeftovers(folder, version);
  let missing = await missingTools(folder, version);
  if (missing.length === 0) return;
  say(`missing in ${folder}: ${missing.map(({ title }) => title).join(" and ")}`);
  const closed = await download(root, folder, version, env, lock);
  missing = await missingTools(folder, version);
  if (missing.length > 0 && closed !== undefined) say(`no download: ${closed}; building from Pulumi's Go modules`);
  for (const { name, title, works, source } of missing) {
    const output = join(folder, "bin", `.twocloud-${executableName(name)}-build`);
    const why = closed ?? "it came without it";
    await buildProgram({ recipe: recipe(source, version), title, output, env, lock, why });
    await place(output, toolPath(folder, name), (file) => works(file, version), {
      what: `the ${name} just built`,
      fix: "run `go clean -cache` and try once more",
    });
  }
}

/** How a tool is built for a CLI of that version. */
function recipe(source, version) {
  const pinned = source.version ?? version;
  return {
    ...source,
    version: pinned,
    variable: `${sdk}/go/common/version.Version=v${pinned}`,
    product: `Pulumi ${version}`,
    site: "Pulumi's download site",
    minimum: [1, 25],
  };
}

/**
 * Lets the official launcher's own code fetch the CLI into a folder beside the final one, so that an interrupted
 * download is never taken for a CLI, and moves what is missing into place.
 * @returns {Promise<string | undefined>} why nothing came; undefined when it came
 */
async function download(root, folder, version, env, lock) {
  const staging = stagingFolder(folder, version);
  mkdirSync(staging, { recursive: true });
  const result = await runLong({
    label: `Asking the official launcher for Pulumi ${version}`,
    command: nodeBinary(),
    args: [fileURLToPath(new URL("./download.mjs", import.meta.url)), root, version, staging],
    // The install script asks a `pulumi` on PATH for its version: the launcher's, in here, would start all over again.
    env: { ...env, PATH: outerPath(root, env.PATH), TMPDIR: staging, NODE_USE_ENV_PROXY: "1" },
    lock,
    ...watchGrowth(staging),
  });
  try {
    if (result.code !== 0) return result.stopped ?? (tail(result.lines, 1) || "the launcher failed without a word");
    for (const { name, works } of tools) {
      const came = toolPath(staging, name);
      if (existsSync(came) && !(await works(came, version))) return `the ${name} that was downloaded does not run here`;
    }
    await adopt(join(staging, "bin"), join(folder, "bin"), version);
    return undefined;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Moves downloaded programs to their place; what works there already stays. */
async function adopt(from, to, version) {
  for (const name of readdirSync(from).sort(cliLast)) {
    const target = join(to, name);
    const tool = tools.find((one) => executableName(one.name) === name);
    const keep = tool === undefined ? existsSync(target) : await tool.works(target, version);
    if (!keep) renameSync(join(from, name), target);
  }
}

async function missingTools(folder, version) {
  const working = await Promise.all(tools.map(({ name, works }) => works(toolPath(folder, name), version)));
  return tools.filter((_, index) => !working[index]);
}

/** True when the CLI answers exactly this version. */
async function cliAnswers(binary, version) {
  if (!existsSync(binary)) return false;
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await ask(binary, ["version"], { env });
  return code === 0 && stdout.split("\n")[0]?.trim() === `v${version}`;
}

/** True when the language host comes up: it prints the port that it listens on, then serves until it is ended. */
async function languageHostStarts(binary) {
  if (!existsSync(binary)) return false;
  const { stdout } = await ask(binary, [], { until: /^\d+\n/ });
  return /^\d+\n/.test(stdout);
}

function toolPath(folder, name) {
  return join(folder, "bin", executableName(name));
}

function cliLast(one, other) {
  const isCli = (name) => Number(name === executableName("pulumi"));
  return isCli(one) - isCli(other) || one.localeCompare(other);
}

/** What a killed set-up left: files that were being built or downloaded. Only called with the lock held. */
function removeLeftovers(folder, version) {
  rmSync(stagingFolder(folder, version), { recursive: true, force: true });
  for (const name of readdirSync(join(folder, "bin"))) {
    if (/^\.twocloud-.*-build$/.test(name)) rmSync(join(folder, "bin", name), { force: true });
  }
}

function stagingFolder(folder, version) {
  return join(dirname(folder), `.twocloud-${version}-download`);
}
