import { join } from "node:path";
import { ensurePythonProgram, type PythonProgram } from "../../setup/venv.mjs";

/** LiteLLM in a virtual environment outside of the project, every file of it by its sum. */

export const litellmVersion = "1.100.5";

export const litellm: PythonProgram = {
  title: `LiteLLM ${litellmVersion}`,
  folder: ["litellm", litellmVersion],
  requirements: join(import.meta.dirname, "litellm-requirements.txt"),
  note: "700 MB; a few minutes the first time",
  disk: "2 GB",
  oldest: [3, 11],
  beyond: [3, 15],
};

/**
 * Puts LiteLLM in place, unless it is; says on stderr how far it is.
 * @returns the Python that has it
 * @throws SetupError when there is no Python for it, or pip can't get its packages
 */
export function ensureLiteLlm(env: NodeJS.ProcessEnv): Promise<string> {
  return ensurePythonProgram(litellm, env);
}
