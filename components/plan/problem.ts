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
 * The closest of the known names, if it is close enough to be a slip of the keyboard: one slip in a word of up to three
 * letters, two in a longer one, a third of the letters in a long one. A name cut short, or with something added, is
 * close. Of equally close ones the first.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = (word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of known) {
    const distance = slips(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Shortest beginning that two names have in common when one is the other cut short. */
const recognisable = 4;

function slips(left: string, right: string): number {
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  const distance = editDistance(left, right);
  return short.length >= recognisable && long.startsWith(short) ? Math.min(distance, 1) : distance;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swap = swapped ? (before[column - 2] ?? Infinity) + 1 : Infinity;
      current.push(Math.min(substitution, swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    [before, previous] = [previous, current];
  }
  return previous[right.length] ?? 0;
}

/** "did you mean …" where a known name is near, otherwise the given way out. */
export function suggest(word: unknown, known: readonly string[], otherwise: string): string {
  const near = typeof word === "string" ? nearest(word, known) : undefined;
  return near === undefined ? otherwise : `did you mean ${near}?`;
}
