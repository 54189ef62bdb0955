import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Engine, engineOf } from "./engine.ts";
import { runFilesIn, scratchFolder } from "./workspace.ts";

/**
 * The engine over a stack of the user's own: his backend, his logins, the stack file of the project. The pack judges
 * every run, whatever the environment says.
 * @param asOf day of judgement; the pack refuses any but today unless everything is the sandbox's
 * @param packName which of the packs. Default: that of the environment, or of the stack
 */
export function stackEngine(stack: string, asOf: string, packName?: string): Engine {
  const folder = join(scratchFolder, "runs", stack);
  mkdirSync(folder, { recursive: true });
  return engineOf({
    files: runFilesIn(stack, folder),
    environment: {
      ...process.env,
      NODE_OPTIONS: [process.env.NODE_OPTIONS, "--disable-warning=ExperimentalWarning"].filter(Boolean).join(" "),
      // Makes `--event-log` available, from which progress is read.
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    asOf,
    ...(packName === undefined ? {} : { packName }),
  });
}
