/** What set-up decides, as pure functions. See decide.mjs, which is plain JavaScript because it runs before set-up. */

/** What must be there before set-up can do anything, and where people get it. */
export declare const prerequisites: Readonly<Record<"npm" | "git", string>>;

/** A failure that the person at the keyboard can do something about: what is wrong, and what to do. */
export declare class SetupError extends Error {
  readonly fix: string;
  readonly detail: string;
  constructor(problem: string, fix: string, detail?: string);
}

export declare function prerequisiteProblem(absent: readonly string[]): SetupError | undefined;

export declare function installReason(
  stamp: { readonly lockHash?: string; readonly platform?: string } | undefined,
  wanted: { readonly lockHash: string; readonly platform: string },
  absent: readonly string[],
): string | undefined;

export declare function engineReason(
  stamp: { readonly version?: string; readonly folder?: string } | undefined,
  wanted: { readonly version: string; readonly folder: string },
  filesUnchanged: boolean,
): string | undefined;

export declare function folderReason(
  stamp: { readonly folder?: string } | undefined,
  folder: string,
  filesUnchanged: boolean,
): string | undefined;

export declare function chooseNode(
  bundled: string | undefined,
  running: string,
  wanted: { readonly minimum: number; readonly platform: string },
): "bundled" | "running";

/** What is to be got, with its version, and where it could be downloaded. */
export interface Wanted {
  readonly product: string;
  readonly platform: string;
  readonly site: string;
}

/** What is to be built; `site` is undefined when it is built everywhere. */
export interface WantedBuild extends Omit<Wanted, "site"> {
  readonly site?: string;
  readonly minimum: readonly number[];
}

export declare function goProblem(
  answer: string | undefined,
  wanted: WantedBuild,
  why?: string,
): SetupError | undefined;

export declare function pipProblem(answer: string | undefined, wanted: Wanted, why: string): SetupError | undefined;

/** Several problems as one; undefined when there is none. */
export declare function joinProblems(problems: readonly SetupError[]): SetupError | undefined;

export declare function platformProblem(platform: string, supported: readonly string[]): SetupError | undefined;

export declare function pinProblem(
  goMod: string,
  wanted: { readonly module: string; readonly version: string; readonly file: string },
): SetupError | undefined;

export declare function sumProblem(goMod: string, goSum: string, folder: string): SetupError | undefined;

/** Versions with `v`, as Go writes them. */
export declare function requiredModules(goMod: string): { module: string; version: string }[];

export declare function countGoLines(lines: readonly string[]): { fetched: number; compiled: number };

/** Milliseconds as people read them: `42 s`, `3 min 05 s`. */
export declare function duration(milliseconds: number): string;

export declare function signalExitCode(signal: string): number;

export declare function countTests(report: unknown, exitCode: number): { passed: number; failed: number };
