import { join } from "node:path";
import { projectRoot } from "../setup/toolchain.mjs";

/** Which rules judge a stack: said here, and nowhere else. */

/** The pack that every run of this project is judged by, as the engine starts it. */
export const packFile = join(projectRoot, "policy", "twocloud");

/** Name under which the engine reports it. */
export const packTitle = "twocloud";

/** The variable by which somebody chooses among the packs that the file holds. */
export const packVariable = "TWOCLOUD_POLICY_PACK";

/**
 * The pack for a stack: that of the environment, or by the stack's own name. What its file says of itself decides
 * nothing: a stack could make its own rules milder.
 */
export function packFor(stack: string, environment: NodeJS.ProcessEnv): string {
  return environment[packVariable] || (stack === "dev" ? "baseline" : "production");
}

/**
 * The engine's variables without those that name a pack: this project's is passed to each run, and a run without it
 * (of a part that is taken away) must not be judged by half.
 */
export function withoutPack(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PULUMI_OPTION_POLICY_PACK: _pack, PULUMI_OPTION_POLICY_PACK_CONFIG: _config, ...rest } = environment;
  return rest;
}
