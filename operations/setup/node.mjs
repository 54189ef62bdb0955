/** The Node that runs the project's TypeScript. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { chooseNode } from "./decide.mjs";
import { writeStamp } from "./install.mjs";
import { ask, say } from "./run.mjs";
import { bundledNode, fileMark, readStamp, sameFile, scriptNodeMajor } from "./toolchain.mjs";

/** Why the scripts' Node has to be verified; undefined when the verified one is still the same file. Reads only. */
export function nodeReason(root) {
  const stamp = readStamp(root, "node");
  if (stamp?.path === undefined) return "not verified yet";
  return sameFile(stamp) ? undefined : "its file has changed";
}

/**
 * Finds a Node that is new enough, has it answer its version, and remembers it.
 * @param {string} root project folder
 * @throws {SetupError} when there is none
 */
export async function verifyNode(root) {
  const bundled = bundledNode(root);
  const answer = bundled === undefined ? undefined : await versionOf(bundled);
  if (bundled !== undefined && answer === undefined) {
    // `npm run` puts node_modules/.bin first on PATH: a copy that does not run here would hide the one that does.
    rmSync(join(root, "node_modules", ".bin", "node"), { force: true });
  }
  const wanted = { minimum: scriptNodeMajor, platform: `${process.platform}-${process.arch}` };
  const chosen = chooseNode(answer, process.version, wanted) === "bundled" ? bundled : process.execPath;
  writeStamp(root, "node", { ...fileMark(chosen), version: chosen === bundled ? answer : process.version });
  say(`Node for the scripts: ${chosen === bundled ? answer : process.version} (${chosen})`);
}

async function versionOf(binary) {
  const { code, stdout } = await ask(binary, ["--version"]);
  return code === 0 && /^v\d+\.\d+\.\d+/.test(stdout) ? stdout.trim() : undefined;
}
