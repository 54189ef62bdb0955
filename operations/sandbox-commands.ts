import type { Command } from "commander";

/** `twocloud sandbox …`: what there is to do with the local clouds. Each command is loaded when it is called. */
export function declareSandbox(program: Command): void {
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

  sandbox
    .command("tamper")
    .description("change or delete a thing there behind Pulumi's back")
    .requiredOption("--stack <name>", "stack whose clouds are meant")
    .option("--type <token>", "its type, as aws:ec2/vpc:Vpc")
    .option("--urn-like <name>", "its name in the program or in the cloud, or a part of it")
    .option("--set <path=value...>", "a property and its new value, JSON or text")
    .option("--delete", "delete it")
    .action(async (options: import("./commands/tamper.ts").TamperOptions) =>
      print((await import("./commands/tamper.ts")).tamperCommand(options)),
    );

  sandbox
    .command("fault")
    .description("let something go wrong there: set, list or clear faults")
    .requiredOption("--stack <name>", "stack whose clouds are meant")
    .option("--kind <kind>", "error, throttle, slow, capacity, down or crash")
    .option("--package <name>", "only of this cloud: aws, azure-native, gcp or kubernetes")
    .option("--type <token>", "only for this type; capacity: instead of node pools")
    .option("--location <name>", "only there: a location of the stack (cloud and cluster), or an account")
    .option("--at <phase>", "down: configure, create (and change, delete), read, or all (default)")
    .option("--nth <number>", "error, crash: at which create (default: 1)")
    .option("--first <number>", "throttle: how many requests")
    .option("--every <number>", "throttle: one request in so many")
    .option("--milliseconds <number>", "slow: how much longer a request takes")
    .option("--list", "show what is set")
    .option("--clear [id]", "take one away, or all")
    .action(async (options: import("./commands/fault.ts").FaultOptions) =>
      print((await import("./commands/fault.ts")).faultCommand(options)),
    );

  sandbox
    .command("requests")
    .description(
      "send a request of each gateway to each path there: delivered, or dropped by what; ends with 1 when one is dropped",
    )
    .requiredOption("--stack <name>", "stack whose clouds are meant")
    .option("--json", "machine-readable", false)
    .action(async (options: { stack: string; json: boolean }) => {
      const { requestsCommand } = await import("./commands/requests.ts");
      const { styleOf } = await import("./report/text.ts");
      const { text, dropped } = requestsCommand(options, styleOf(process.stdout, process.env));
      process.stdout.write(text);
      if (dropped > 0) process.exitCode = 1;
    });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
