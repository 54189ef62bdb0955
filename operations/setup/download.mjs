/**
 * Fetches the Pulumi CLI with the code of the official launcher (node_modules/pulumi), into a folder of our choice:
 * node download.mjs <project> <version> <folder>. Exit code 0: it is there; 1: not, and the last line says why.
 * The launcher itself would wait for a site that does not answer; the first question is bounded here.
 */
import { createRequire } from "node:module";
import { join } from "node:path";

const answerWithinMs = 5_000;

const [project = "", version = "", folder = ""] = process.argv.slice(2);
const { installCLI } = createRequire(join(project, "package.json"))("pulumi/lib/download.js");

async function fetchText(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

try {
  await installCLI(version, folder, { fetchText });
} catch (error) {
  const cause = error.cause?.code ?? error.name;
  console.error(`${error.message}${cause === "Error" ? "" : ` (${cause})`}`);
  process.exit(1);
}
