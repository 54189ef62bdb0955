import { createInterface } from "node:readline/promises";
import { UsageError } from "./load.ts";

/**
 * Asks on the terminal for the stack's name before something is done to it.
 * @param what noun of what is to be done
 * @param otherwise what is told to somebody who says no
 * @throws UsageError when nobody can be asked, or somebody says no
 */
export async function askForName(stack: string, what: string, otherwise: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError(`Nobody can be asked here: for the ${what} of ${stack}, add --yes.`);
  // Not the standard output: that belongs to the answer.
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const left = new Promise<string>((resolve) => asking.once("close", () => resolve("")));
  const answer = await Promise.race([asking.question(`Go on with the ${what} of ${stack}? Type its name: `), left]);
  asking.close();
  if (answer.trim() !== stack) throw new UsageError(otherwise);
}
