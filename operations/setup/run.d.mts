/** Running other programs. See run.mjs, which is plain JavaScript because it runs before set-up. */

/** One line about set-up, on stderr. */
export declare function say(line: string): void;

/** Runs a program for its answer. `code` null: it did not start, was ended, or took too long. */
export declare function ask(
  command: string,
  args: readonly string[],
  options?: { readonly env?: NodeJS.ProcessEnv; readonly limitMs?: number; readonly until?: RegExp },
): Promise<{ code: number | null; stdout: string }>;

/** Runs a program that takes long: says so on stderr at the start, every ten seconds and at the end. */
export declare function runLong(job: {
  readonly label: string;
  readonly note?: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: (lines: readonly string[]) => string;
  readonly giveUp?: (elapsedMs: number) => string | undefined;
  readonly lock?: { watch(pid: number | undefined): void };
}): Promise<{ code: number | null; lines: readonly string[]; stopped: string | undefined }>;

/** Ends what runLong started, politely first. */
export declare function endRunning(): Promise<void>;

/** The last lines that say something, for an error message. */
export declare function tail(lines: readonly string[], count?: number, isNoise?: (line: string) => boolean): string;

/** The first lines that say something, for the message of a tool that explains itself at length afterwards. */
export declare function firstLines(lines: readonly string[], count?: number): string;
