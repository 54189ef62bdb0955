import { Command, CommanderError } from "commander";
import { ConfigError } from "../infra/config/error.ts";
import { InterruptedError, parseDay, today, UsageError } from "./commands/load.ts";

/** The `twocloud` command. Each command is loaded when it is called, so that `plan` does not wait for the sandbox. */
const program = new Command("twocloud")
  .description("Critical AI services on two clouds")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("(--help shows what there is)");

program
  .command("start")
  .description("bring a stack up in local clouds, judged by the policy pack")
  .option("--stack <name>", "stack to bring up", "dev")
  .action(async ({ stack }: { stack: string }) => (await import("./commands/start.ts")).startCommand(stack));

program
  .command("plan")
  .description("what a stack would be: paths, recovery, capacity, cost, independence; no engine")
  .requiredOption("--stack <name>", "stack to plan")
  .option("--json", "machine-readable", false)
  .option("--verbose", "with sources and the reasoning behind the numbers", false)
  .option("--as-of <day>", "day at which retirements are judged, YYYY-MM-DD", parseDay, today())
  .option("--stacks <folder>", "folder with the stack files (default: the project's)")
  .action(async (options: { stack: string; json: boolean; verbose: boolean; asOf: string; stacks?: string }) =>
    (await import("./commands/plan.ts")).planCommand(options),
  );

const sandbox = program.command("sandbox").description("the local clouds of this checkout");

sandbox
  .command("status")
  .description("what they hold")
  .option("--stack <name>", "stack to look at", "dev")
  .option("--json", "machine-readable", false)
  .action(async ({ stack, json }: { stack: string; json: boolean }) =>
    (await import("./commands/sandbox.ts")).sandboxStatus(stack, json),
  );

sandbox
  .command("destroy")
  .description("take down all that a stack has there")
  .requiredOption("--stack <name>", "stack to destroy")
  .action(async ({ stack }: { stack: string }) => (await import("./commands/sandbox.ts")).sandboxDestroy(stack));

// Whoever reads us may have seen enough (`| head`); the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof ConfigError || error instanceof UsageError) fail(error.message, 1);
  else if (error instanceof InterruptedError) fail(error.message, 130);
  else throw error;
}

/** What a person can mend, without a stack trace. */
function fail(message: string, code: number): void {
  process.stderr.write(`${message.trimEnd()}\n`);
  process.exitCode = code;
}
