/** Everything that the project needs on this machine, in order; each part is skipped when it is in place. */
import { prerequisiteProblem, prerequisites } from "./decide.mjs";
import { engineCheckReason, ensureEngine } from "./engine.mjs";
import { installPackages, packagesReason } from "./install.mjs";
import { nodeReason, verifyNode } from "./node.mjs";
import { findOnPath } from "./toolchain.mjs";

/** In this order: each step uses what the one before it put in place. */
const steps = [
  { reason: packagesReason, ensure: installPackages },
  { reason: nodeReason, ensure: verifyNode },
  { reason: engineCheckReason, ensure: ensureEngine },
];

/**
 * Puts in place whatever is missing.
 * @param {string} root project folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<boolean>} whether anything had to be done
 * @throws {SetupError} when it cannot go on, with what to do
 */
export async function ensureSetup(root, env) {
  const problem = prerequisiteProblem(
    Object.keys(prerequisites).filter((name) => findOnPath(name, env.PATH) === undefined),
  );
  if (problem !== undefined) throw problem;
  let worked = false;
  for (const { reason, ensure } of steps) {
    if (reason(root, env) === undefined) continue;
    await ensure(root, env);
    worked = true;
  }
  return worked;
}
