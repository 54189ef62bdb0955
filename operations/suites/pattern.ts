import { Script } from "node:vm";

/** A pattern that needs longer on one text repeats itself, which can take for ever. */
const longestMilliseconds = 250;

const script = new Script("new RegExp(pattern, flags).test(text)");

/**
 * Whether a regular expression is found in a text that somebody else wrote.
 * @throws Error when the pattern is none, or takes too long on the text
 */
export function isFound(pattern: string, text: string, flags = "u"): boolean {
  try {
    return script.runInNewContext({ pattern, flags, text }, { timeout: longestMilliseconds }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new Error(`the pattern ${pattern} takes more than ${longestMilliseconds} ms on this text: it repeats itself`);
  }
}
