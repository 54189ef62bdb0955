import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { SetupError } from "../../setup/decide.mjs";
import { withLock } from "../../setup/lock.mjs";
import { ask, runLong, tail } from "../../setup/run.mjs";
import { findOnPath } from "../../setup/toolchain.mjs";
import { sayWaiting } from "../../setup/waiting.mjs";

/** LiteLLM in a virtual environment outside of the project, every file of it by its sum. */

export const litellmVersion = "1.100.5";

const requirements = join(import.meta.dirname, "litellm-requirements.txt");
const oldestPython = [3, 11] as const;
/** The first that the program does not say to run on. */
const tooNewPython = [3, 15] as const;
const title = `LiteLLM ${litellmVersion}`;

/**
 * Puts LiteLLM in place, unless it is; says on stderr how far it is.
 * @returns the Python that has it
 * @throws SetupError when there is no Python for it, or pip can't get its packages
 */
export async function ensureLiteLlm(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = folderOf(env);
  const python = join(folder, "bin", "python3");
  const sum = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (isWhole(folder, sum)) return python;
  mkdirSync(dirname(folder), { recursive: true });
  await withLock(
    `${folder}.lock`,
    async (lock) => {
      if (isWhole(folder, sum)) return;
      const base = await findPython(env);
      // What a killed set-up left, or one of other packages.
      rmSync(folder, { recursive: true, force: true });
      await run({
        label: `A virtual environment for ${title}`,
        command: base,
        args: ["-m", "venv", folder],
        env,
        lock,
      });
      await run({
        label: `Installing ${title} with pip`,
        note: "700 MB; a few minutes the first time",
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

function folderOf(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME: set = "" } = env;
  // A relative path is to be ignored, says the XDG specification.
  const cache = isAbsolute(set) ? set : join(env.HOME || homedir(), ".cache");
  return join(cache, "twocloud", "litellm", litellmVersion);
}

/** Written last, so that a half-made environment is never taken for a whole one. */
const stampOf = (folder: string): string => join(folder, "twocloud-requirements.sha256");

function isWhole(folder: string, sum: string): boolean {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sum && existsSync(join(folder, "bin", "python3"));
}

async function findPython(env: NodeJS.ProcessEnv): Promise<string> {
  const python = findOnPath("python3", env.PATH) ?? "";
  const answer = python === "" ? undefined : (await ask(python, ["--version"], { env })).stdout;
  const problem = pythonProblem(answer);
  if (problem !== undefined) throw problem;
  return python;
}

/**
 * Why a Python will not do. Pure.
 * @param answer of `python3 --version`; undefined: there is none on PATH
 */
export function pythonProblem(answer: string | undefined): SetupError | undefined {
  const range = `${oldestPython.join(".")} to ${tooNewPython[0]}.${tooNewPython[1] - 1}`;
  const fix = `install Python ${range} as python3 (with its venv module: package python3-venv on Debian and Ubuntu), then run the same command again`;
  if (answer === undefined) {
    return new SetupError(`there is no python3 on PATH, and ${title} is a Python program`, fix);
  }
  const [, major = "0", minor = "0"] = /^Python (\d+)\.(\d+)/.exec(answer) ?? [];
  const found = Number(major) * 1000 + Number(minor);
  const number = ([first, second]: readonly [number, number]): number => first * 1000 + second;
  if (found >= number(oldestPython) && found < number(tooNewPython)) return undefined;
  return new SetupError(`${title} runs on Python ${range}; python3 on PATH is "${answer.trim()}"`, fix);
}

async function run(job: Parameters<typeof runLong>[0]): Promise<void> {
  const { code, lines } = await runLong(job);
  if (code === 0) return;
  throw new SetupError(
    `${job.label}: it ended with ${code === null ? "no exit code" : `exit code ${code}`}`,
    "check that python3 has its venv module (package python3-venv on Debian and Ubuntu), that this machine reaches its Python package index (python3 -m pip config list) and has 2 GB of disk space, then run the same command again",
    tail(lines),
  );
}
