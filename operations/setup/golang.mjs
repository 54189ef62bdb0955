/**
 * Building the engine from Pulumi's own Go modules. engine/<folder>/ holds a go.mod with every version and a go.sum
 * with every checksum; `-mod=readonly` makes Go refuse whatever does not match them.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { countGoLines, goProblem, pinProblem, SetupError } from "./decide.mjs";
import { ask, runLong, tail } from "./run.mjs";
import { executableName, findOnPath } from "./toolchain.mjs";

const sdk = "github.com/pulumi/pulumi/sdk/v3";
const cli = "github.com/pulumi/pulumi/pkg/v3";

/**
 * What is built from where. `version` undefined: the version of the CLI. The language host left the SDK's module after
 * 3.68.0, and the module that it moved to is not served by module proxies; the old one speaks the same protocol.
 */
const recipes = {
  pulumi: { folder: "cli", module: cli, main: `${cli}/cmd/pulumi`, version: undefined },
  "pulumi-language-nodejs": {
    folder: "language-nodejs",
    module: sdk,
    main: `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
    version: "3.68.0",
  },
};

/** Where Go's own installers put it, for shells that have not been told. */
const usualGoFolders = ["/usr/local/go/bin", "/opt/homebrew/bin", "/usr/lib/go/bin"];

/**
 * Builds one program of the engine beside its final place.
 * @param {object} job
 * @param {string} job.name key of `recipes`
 * @param {string} job.title for people
 * @param {string} job.version of the CLI, without `v`
 * @param {string} job.folder the launcher's folder for that version
 * @param {NodeJS.ProcessEnv} job.env
 * @param {string} job.why why it is not downloaded
 * @param {{watch(pid: number | undefined): void}} job.lock
 * @returns {Promise<string>} path of the finished program, to be verified and renamed
 * @throws {SetupError} when there is no Go that can, or the build fails
 */
export async function buildTool({ name, title, version, folder, env, why, lock }) {
  const recipe = recipes[name];
  const source = join(dirname(fileURLToPath(import.meta.url)), "engine", recipe.folder);
  const pinned = recipe.version ?? version;
  const misfit = pinProblem(readFileSync(join(source, "go.mod"), "utf8"), {
    module: recipe.module,
    version: pinned,
    file: `operations/setup/engine/${recipe.folder}/go.mod`,
  });
  if (misfit !== undefined) throw misfit;
  const goEnv = buildEnvironment(env);
  const go = await findGo(goEnv, version, why);
  const output = join(folder, "bin", `.twocloud-${executableName(name)}-build`);
  const job = { cwd: source, env: goEnv, lock, command: go };
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
      `-s -w -X ${sdk}/go/common/version.Version=v${pinned}`,
      "-o",
      output,
      recipe.main,
    ],
    progress: (lines) => goProgress(countGoLines(lines), total),
  });
  if (built.code !== 0) throw buildProblem(`go build of ${title}`, built);
  return output;
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

async function findGo(env, version, why) {
  const places = [env.PATH ?? "", ...(env.GOROOT ? [join(env.GOROOT, "bin")] : []), ...usualGoFolders];
  const go = findOnPath("go", places.join(process.platform === "win32" ? ";" : ":"));
  const answer = go === undefined ? undefined : await ask(go, ["version"], { env: { ...env, GOTOOLCHAIN: "local" } });
  const problem = goProblem(answer?.stdout, { version, platform: `${process.platform}-${process.arch}` }, why);
  if (problem !== undefined) throw problem;
  return go;
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
