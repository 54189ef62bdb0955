/**
 * Something wrong in what a person wrote. A problem says where, what, what would be right, and what to do; a file's
 * problems are collected and thrown together, before anything is created.
 */
export interface Problem {
  /** File as the person knows it, `stacks/workloads.yaml`. */
  readonly file: string;
  /** Way to the value inside the file. */
  readonly path: readonly (string | number)[];
  /** Line in the file, from 1; absent where the values came without their file. */
  readonly line?: number;
  /** The value received; absent when something is missing. */
  readonly value?: unknown;
  /** What is wrong, in the user's words, without the value. */
  readonly message: string;
  /** What would be accepted. */
  readonly allowed: string;
  /** What to do. */
  readonly fix: string;
}

/** `support-chat.paths[1].location`: how a path is written everywhere. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

/**
 * The closest of the known names, if it is close enough to be a slip of the keyboard: one edit in a word of up to three
 * letters, two in a longer one, a third of the letters in a long one.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = (word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/** "did you mean …" where a known name is near, otherwise the given way out. */
export function suggest(word: unknown, known: readonly string[], otherwise: string): string {
  const near = typeof word === "string" ? nearest(word, known) : undefined;
  return near === undefined ? otherwise : `did you mean ${near}?`;
}
