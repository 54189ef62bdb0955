/** How far a download is, and whether it still comes, by what lies in its folder. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A download that brings nothing for so long is given up. Longer than a connection attempt, of which there may be two. */
const stalledMs = 180_000;

/**
 * Watches a folder that a download fills; its two answers are `progress` and `giveUp` of runLong.
 * @param {string} folder
 * @returns {{progress: () => string, giveUp: (elapsedMs: number) => string | undefined}}
 */
export function watchGrowth(folder) {
  let bytes = 0;
  let grownAtMs = 0;
  return {
    progress: () => `${Math.round(sizeOf(folder) / 1e6)} MB received`,
    giveUp: (elapsedMs) => {
      const now = sizeOf(folder);
      if (now > bytes) grownAtMs = elapsedMs;
      bytes = now;
      return elapsedMs - grownAtMs > stalledMs ? "the download brought nothing for three minutes" : undefined;
    },
  };
}

function sizeOf(folder) {
  let sum = 0;
  try {
    for (const name of readdirSync(folder, { recursive: true })) sum += statSync(join(folder, name)).size;
  } catch {
    // Temporary files are removed while we count.
  }
  return sum;
}
