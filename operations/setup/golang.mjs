/**
 * Building a program from its own Go modules. A folder of ours holds a go.mod with every version and a go.sum with
 * every checksum; `-mod=readonly` makes Go refuse whatever does not match them.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countGoLines, goProblem, pinProblem, requiredModules, SetupError, sumProblem } from "./decide.mjs";
import { ask, runLong, tail } from "./run.mjs";
import { findOnPath } from "./toolchain.mjs";

/**
 * What is built from where.
 * @typedef {object} Recipe
 * @property {string} product for people, with its version: what the program belongs to
 * @property {string} [site] where the product could be downloaded; absent: it is built everywhere
 * @property {string} folder that holds go.mod and go.sum, from this one
 * @property {string} module that holds the program
 * @property {string} version of that module, without `v`
 * @property {string} main package of the program
 * @property {string} variable what the linker sets, `<package>.<name>=<value>`: the version that the program answers
 * @property {readonly number[]} minimum the oldest Go that builds it
 */

/** Where Go's own installers put it, for shells that have not been told. */
const usualGoFolders = ["/usr/local/go/bin", "/opt/homebrew/bin", "/usr/lib/go/bin"];

/**
 * Builds a program.
 * @param {object} job
 * @param {Recipe} job.recipe
 * @param {string} job.title of the program, for people
 * @param {string} job.output where to; to be verified and renamed
 * @param {NodeJS.ProcessEnv} job.env
 * @param {string} [job.why] why it is not downloaded
 * @param {{watch(pid: number | undefined): void}} job.lock
 * @throws {SetupError} when there is no Go that can, or the build fails
 */
export async function buildProgram({ recipe, title, output, env, why, lock }) {
  const source = join(dirname(fileURLToPath(import.meta.url)), recipe.folder);
  const misfit = pinProblem(readFileSync(join(source, "go.mod"), "utf8"), {
    module: recipe.module,
    version: recipe.version,
    file: `operations/setup/${recipe.folder}/go.mod`,
  });
  if (misfit !== undefined) throw misfit;
  const { go, problem } = await findGo(recipe, env, why);
  if (problem !== undefined) throw problem;
  const job = { cwd: source, env: buildEnvironment(env), lock, command: go };
  const total = await listPackages(job, title, recipe.main);
  const built = await runLong({
    ...job,
    label: `Building ${title} from source`,
    note: `${total} Go packages; this takes minutes the first time`,
    args: [
      "build",
      "-v",
      "-mod=readonly",
      "-buildvcs=false",
      "-trimpath",
      "-ldflags",
      `-s -w -X ${recipe.variable}`,
      "-o",
      output,
      recipe.main,
    ],
    progress: (lines) => goProgress(countGoLines(lines), total),
  });
  if (built.code !== 0) throw buildProblem(`go build of ${title}`, built);
}

/**
 * Fetches modules for the files in them. Go refuses one that does not match its checksum in go.sum.
 * @param {object} job
 * @param {{product: string, folder: string, minimum: readonly number[]}} job.recipe its folder requires the modules,
 *   and no others
 * @param {string} job.title of what they hold, for people
 * @param {NodeJS.ProcessEnv} job.env
 * @param {{watch(pid: number | undefined): void}} job.lock
 * @returns {Promise<{module: string, version: string, folder: string}[]>} where the files are
 * @throws {SetupError} when there is no Go that can, a checksum is absent or another, or fetching fails
 */
export async function fetchModules({ recipe, title, env, lock }) {
  const source = join(dirname(fileURLToPath(import.meta.url)), recipe.folder);
  const goMod = readFileSync(join(source, "go.mod"), "utf8");
  const goSum = readFileSync(join(source, "go.sum"), "utf8");
  const unsure = sumProblem(goMod, goSum, `operations/setup/${recipe.folder}`);
  if (unsure !== undefined) throw unsure;
  const { go, problem } = await findGo(recipe, env);
  if (problem !== undefined) throw problem;
  const fetched = await runLong({
    label: `Fetching the Go modules of ${title}`,
    cwd: source,
    env: buildEnvironment(env),
    lock,
    command: go,
    args: ["mod", "download", "-json", ...requiredModules(goMod).map(({ module }) => module)],
    progress: (lines) => `${countGoLines(lines).fetched} modules downloaded`,
  });
  if (fetched.code !== 0) throw buildProblem(`fetching the Go modules of ${title}`, fetched);
  return moduleFolders(fetched.lines);
}

/** Go writes an object for each module, one after the other, and says on the way what it downloads. */
function moduleFolders(lines) {
  const objects = lines.filter((line) => !line.startsWith("go: ")).join("\n");
  return objects
    .split(/(?<=^\})$/m)
    .filter((text) => text.trim() !== "")
    .map((text) => JSON.parse(text))
    .map(({ Path, Version, Dir }) => ({ module: Path, version: Version, folder: Dir }));
}

/**
 * The Go that builds a recipe, or what stands in the way.
 * @param {Pick<Recipe, "product" | "site" | "minimum">} recipe
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [why] no download
 * @returns {Promise<{go?: string, problem?: SetupError}>}
 */
export async function findGo(recipe, env, why) {
  const places = [env.PATH ?? "", ...(env.GOROOT ? [join(env.GOROOT, "bin")] : []), ...usualGoFolders];
  const go = findOnPath("go", places.join(process.platform === "win32" ? ";" : ":"));
  const goEnv = { ...buildEnvironment(env), GOTOOLCHAIN: "local" };
  const answer = go === undefined ? undefined : await ask(go, ["version"], { env: goEnv });
  const platform = `${process.platform}-${process.arch}`;
  return { go, problem: goProblem(answer?.stdout, { ...recipe, platform }, why) };
}

/** Fetches the modules that are needed, no others, and counts the packages that they hold. */
async function listPackages(job, title, main) {
  const listed = await runLong({
    ...job,
    label: `Fetching the Go modules of ${title}`,
    args: ["list", "-mod=readonly", "-buildvcs=false", "-deps", main],
    progress: (lines) => `${countGoLines(lines).fetched} modules downloaded`,
  });
  if (listed.code !== 0) throw buildProblem(`fetching the Go modules of ${title}`, listed);
  return countGoLines(listed.lines).compiled;
}

function goProgress({ compiled }, total) {
  // Go names a package when it starts with it, and says nothing of packages that its cache already holds.
  return compiled >= total - 1 ? "linking" : `${compiled} of at most ${total} packages compiled`;
}

/** The person's Go settings (proxy, cache) stay; what would build something else, or for another machine, goes. */
function buildEnvironment(env) {
  const { GOOS: _os, GOARCH: _arch, GOBIN: _bin, GOEXPERIMENT: _experiment, ...rest } = env;
  return { ...rest, HOME: env.HOME || homedir(), GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" };
}

function buildProblem(what, { code, lines }) {
  const output = tail(lines, 15, (line) => line.startsWith("go: downloading ") || countGoLines([line]).compiled === 1);
  return new SetupError(
    `${what} ended with ${code === null ? "no exit code" : `exit code ${code}`}`,
    "check that this machine reaches its Go module proxy (go env GOPROXY) and has 5 GB of disk space, then run the same " +
      "command again: what was fetched and compiled so far is kept",
    output,
  );
}
