/** Checkov, which judges the Kubernetes objects of the shipped stacks (`npm run test:manifests`). */
import { fileURLToPath } from "node:url";
import { ensurePythonProgram } from "./venv.mjs";

const version = "3.3.30";

const checkov = {
  title: `Checkov ${version}`,
  folder: ["checkov", version],
  requirements: fileURLToPath(new URL("./checkov/requirements.txt", import.meta.url)),
  note: "300 MB; about a minute the first time",
  disk: "1 GB",
  oldest: [3, 11],
  beyond: [3, 15],
};

/**
 * Puts Checkov in place, unless it is; says on stderr how far it is.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the Python that has it
 * @throws {import("./decide.mjs").SetupError} when it can't be got, or the folder can't be written
 */
export function ensureCheckov(env) {
  return ensurePythonProgram(checkov, env);
}
