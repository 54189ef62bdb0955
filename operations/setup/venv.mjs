/**
 * A Python program in a virtual environment outside of the project, which all checkouts share: a requirements file of
 * ours states the version and the sums of every package.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SetupError } from "./decide.mjs";
import { withLock } from "./lock.mjs";
import { cacheFolder, makeWritable } from "./place.mjs";
import { ask, runLong, tail } from "./run.mjs";
import { findOnPath } from "./toolchain.mjs";
import { sayWaiting } from "./waiting.mjs";

/**
 * @typedef {object} PythonProgram
 * @property {string} title for people, with the version
 * @property {readonly [name: string, version: string]} folder below the cache: a version does not replace another one
 * @property {string} requirements file with all packages and their sums
 * @property {string} note what is worth knowing before pip starts
 * @property {string} disk what it takes, with the room that pip needs for a while
 * @property {readonly [number, number]} oldest Python that it runs on
 * @property {readonly [number, number]} beyond the first Python that it is not said to run on
 */

/**
 * Puts a Python program in place, unless it is; says on stderr how far it is.
 * @param {PythonProgram} program
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the Python that has it
 * @throws {SetupError} when there is no Python for it, pip can't get its packages, or the folder can't be written
 */
export async function ensurePythonProgram(program, env) {
  const { title, requirements, note } = program;
  const folder = join(cacheFolder(env), ...program.folder);
  const python = join(folder, "bin", "python3");
  const sum = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (isWhole(folder, sum)) return python;
  makeWritable([dirname(folder)], "XDG_CACHE_HOME");
  await withLock(
    `${folder}.lock`,
    async (lock) => {
      if (isWhole(folder, sum)) return;
      const base = await findPython(program, env);
      // What a killed set-up left, or one of other packages.
      rmSync(folder, { recursive: true, force: true });
      await run(program, {
        label: `A virtual environment for ${title}`,
        command: base,
        args: ["-m", "venv", folder],
        env,
        lock,
      });
      await run(program, {
        label: `Installing ${title} with pip`,
        note,
        command: python,
        args: [
          ...["-m", "pip", "install", "--no-deps", "--only-binary=:all:", "--require-hashes"],
          ...["--disable-pip-version-check", "--no-input", "--progress-bar=off", "-r", requirements],
        ],
        env,
        lock,
      });
      writeFileSync(stampOf(folder), sum);
    },
    { onWait: sayWaiting(`installing ${title}`) },
  );
  return python;
}

/**
 * Why a Python will not do. Pure.
 * @param {string | undefined} answer of `python3 --version`; undefined: there is none on PATH
 * @param {Pick<PythonProgram, "title" | "oldest" | "beyond">} program
 * @returns {SetupError | undefined}
 */
export function pythonProblem(answer, { title, oldest, beyond }) {
  const range = `${oldest.join(".")} to ${beyond[0]}.${beyond[1] - 1}`;
  const fix = `install Python ${range} as python3 (with its venv module: package python3-venv on Debian and Ubuntu), then run the same command again`;
  if (answer === undefined) {
    return new SetupError(`there is no python3 on PATH, and ${title} is a Python program`, fix);
  }
  const [, major = "0", minor = "0"] = /^Python (\d+)\.(\d+)/.exec(answer) ?? [];
  const found = Number(major) * 1000 + Number(minor);
  const number = ([first, second]) => first * 1000 + second;
  if (found >= number(oldest) && found < number(beyond)) return undefined;
  return new SetupError(`${title} runs on Python ${range}; python3 on PATH is "${answer.trim()}"`, fix);
}

/** Written last, so that a half-made environment is never taken for a whole one. */
function stampOf(folder) {
  return join(folder, "twocloud-requirements.sha256");
}

function isWhole(folder, sum) {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sum && existsSync(join(folder, "bin", "python3"));
}

async function findPython(program, env) {
  const python = findOnPath("python3", env.PATH) ?? "";
  const answer = python === "" ? undefined : (await ask(python, ["--version"], { env })).stdout;
  const problem = pythonProblem(answer, program);
  if (problem !== undefined) throw problem;
  return python;
}

async function run({ disk }, job) {
  const { code, lines } = await runLong(job);
  if (code === 0) return;
  throw new SetupError(
    `${job.label}: it ended with ${code === null ? "no exit code" : `exit code ${code}`}`,
    `check that python3 has its venv module (package python3-venv on Debian and Ubuntu), that this machine reaches its Python package index (python3 -m pip config list) and has ${disk} of disk space, then run the same command again`,
    tail(lines),
  );
}
