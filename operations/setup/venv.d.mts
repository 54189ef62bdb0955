/** Python programs in virtual environments. See venv.mjs, which is plain JavaScript because it runs before set-up. */
import type { SetupError } from "./decide.mjs";

/** A Python program, and what it needs. */
export interface PythonProgram {
  /** For people, with the version. */
  readonly title: string;
  /** Name and version, the folder below the cache. */
  readonly folder: readonly [name: string, version: string];
  /** File with all packages and their sums. */
  readonly requirements: string;
  /** What is worth knowing before pip starts. */
  readonly note: string;
  /** The disk space that it takes, with the room that pip needs for a while. */
  readonly disk: string;
  /** The oldest Python that it runs on. */
  readonly oldest: readonly [major: number, minor: number];
  /** The first Python that it is not said to run on. */
  readonly beyond: readonly [major: number, minor: number];
}

/**
 * Puts a Python program in place, unless it is; says on stderr how far it is. Answers with the Python that has it.
 * Throws a SetupError when there is no Python for it, pip can't get its packages, or the folder can't be written.
 */
export declare function ensurePythonProgram(program: PythonProgram, env: NodeJS.ProcessEnv): Promise<string>;

/** Why a Python will not do, by its answer to `--version`; undefined answer: there is none on PATH. */
export declare function pythonProblem(
  answer: string | undefined,
  program: Pick<PythonProgram, "title" | "oldest" | "beyond">,
): SetupError | undefined;
