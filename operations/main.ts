import { Command, CommanderError } from "commander";
import { ConfigError } from "../infra/config/error.ts";
import { InterruptedError, parseDay, today, UsageError } from "./commands/load.ts";
import { EngineError } from "./engine/engine.ts";
import { declareSandbox } from "./sandbox-commands.ts";

/** Code with which a command that failed ends. */
let failure = 1;

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

const deployments = [
  ["preview", "what an up would change, judged by the policy pack", "previewCommand"],
  ["up", "bring a stack up, or the part of it whose clouds answer", "upCommand"],
  ["destroy", "take a stack down, or a part of it", "destroyCommand"],
] as const;

for (const [name, description, run] of deployments) {
  program
    .command(name)
    .description(description)
    .requiredOption("--stack <name>", "stack of the Pulumi backend that you are logged in to")
    .option("--only <location...>", "these locations; the others are not touched")
    .option("--without <location...>", "all but these locations, whose clouds need not answer")
    .option("--sandbox", "in this checkout's local clouds", false)
    .option("--yes", "without asking", false)
    .addHelpText("after", `\nExample: twocloud ${name} --stack prod --without gcp-main`)
    .action(async (options: import("./commands/deploy.ts").DeployOptions) =>
      (await import("./commands/deploy.ts"))[run](options),
    );
}

program
  .command("doctor")
  .description("what is wrong here, and with a stack; exit code 1 while something is")
  .option("--stack <name>", "look at this stack, too")
  .option("--sandbox", "the one in this checkout's local clouds", false)
  .option("--repair", "put right what a killed run left: lock, state file, operations under way", false)
  .option("--adopt <urn=id...>", "creations under way that took place, by the id that the cloud shows")
  .option("--forget <urn...>", "creations under way of which the cloud shows nothing")
  .option("--json", "machine-readable", false)
  .addHelpText("after", "\nExample: twocloud doctor --stack prod --repair")
  .action(async (options: import("./commands/doctor.ts").DoctorOptions) => {
    process.exitCode = await (await import("./commands/doctor.ts")).doctorCommand(options);
  });

program
  .command("override")
  .description("pin a workload to one path, or to its degraded mode, in its gateways: at once, recorded, for a while")
  .requiredOption("--stack <name>", "stack whose gateways are meant")
  .option("--workload <name>", "workload that is overridden")
  .option("--to <location>", "pin it to its path there")
  .option("--degraded", "answer every request with 503 and its degraded mode", false)
  .option("--list", "show what is in force; exit code 1 while something has expired", false)
  .option("--clear", "end it: as deployed again", false)
  .option("--sweep", "end what has expired", false)
  .option("--gateway <location...>", "only the gateways there (default: all that route the workload)")
  .option("--reason <text>", "why, for whoever finds it")
  .option("--until <time>", "when it has to be gone, at most 7 days from now: 30m, 4h, 2d or 2026-11-28T18:00Z")
  .option("--by <name>", "who answers for it (default: the user of this machine)")
  .option("--context <location=name...>", "kubeconfig context of a cluster (default: <stack>-<location>)")
  .addHelpText(
    "after",
    `
Exit codes:
  0  done in every gateway
  1  nothing was changed, or a gateway was missed; the output says which

Examples: twocloud override --stack prod --workload support-chat --to aws-main --reason "wrong answers" --until 4h
          twocloud override --stack prod --workload support-chat --clear`,
  )
  .action(async (options: import("./override/request.ts").OverrideOptions) => {
    const { overrideCommand } = await import("./commands/override.ts");
    const { hereAndNow } = await import("./override/place.ts");
    process.exitCode = await overrideCommand(options, hereAndNow());
  });

program
  .command("policy")
  .description("judge previews and states by the policy pack; a table, and SARIF for code scanning")
  .option("--stack <name...>", "these stacks' previews (default: all stacks, unless --state is given)")
  .option(
    "--deployed",
    "of the stacks what they are, not what they would become: finds what a run without the pack let through",
    false,
  )
  .option("--state <file...>", "exported states (pulumi stack export); needs no login")
  .option("--sandbox", "in this checkout's local clouds", false)
  .option("--pack <name>", "production or baseline (default: baseline for dev, else production)")
  .option("--sarif <file>", "write SARIF 2.1.0 to this file")
  .option("--json", "machine-readable", false)
  .addHelpText(
    "after",
    `
Exit codes:
  0  nothing mandatory is violated; advice changes nothing
  1  a mandatory rule is violated
  2  something could not be judged (engine, pack, state, arguments), whatever else was found

Examples: twocloud policy --sandbox --sarif policy.sarif
          twocloud policy --deployed --stack prod`,
  )
  .action(async (options: import("./commands/policy-options.ts").PolicyOptions) => {
    failIsTwo();
    const { policyCommand } = await import("./commands/policy.ts");
    const { styleOf } = await import("./report/text.ts");
    const style = styleOf(process.stdout, process.env);
    const place = { out: process.stdout, progress: process.stderr, style, environment: process.env };
    process.exitCode = await policyCommand(options, place);
  });

program
  .command("drill")
  .description(
    "what callers get while paths fail: the stack's gateways on this machine, or with --live the deployed ones; writes receipts",
  )
  .requiredOption("--stack <name>", "stack to drill")
  .option("--workload <name>", "only this workload")
  .option("--gateway <location>", "only the gateway there; writes no receipt")
  .option(
    "--from <place>",
    "gateway objects of the logged-in backend, the sandbox or the plan (default: the sandbox, if the stack is there)",
  )
  .option("--live", "real calls through the deployed gateways, after a question: it costs money", false)
  .option("--load", "with --live: see whether each fallback carries its share of the peak", false)
  .option(
    "--token-env <name>",
    "with --live: environment variable that holds the bearer token (default: TWOCLOUD_DRILL_TOKEN)",
  )
  .option("--yes", "with --live: without asking", false)
  .option("--json", "machine-readable", false)
  .addHelpText(
    "after",
    `
A live drill calls every path through every gateway, then each gateway's own override pins each workload to each of its
fallbacks in turn. It is let go again whatever happens, also after Ctrl-C. Calls, tokens, time and money are bounded.

Exit codes:
  0  every route did what it must
  1  one did not, or the drill could not be made

Examples: twocloud drill --stack prod
          twocloud drill --stack prod --live --workload support-chat`,
  )
  .action(async (options: import("./commands/drill-options.ts").LiveDrillCommandOptions & { live: boolean }) => {
    const { styleOf } = await import("./report/text.ts");
    const style = styleOf(process.stdout, process.env);
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
    const place = { out: process.stdout, progress: process.stderr, style, signal: stop.signal };
    if (options.live) {
      const { liveDrillCommand } = await import("./commands/drill-live.ts");
      const { hereAndNow } = await import("./override/place.ts");
      const { overrideSwitch } = await import("./override/switch.ts");
      const override: import("./commands/drill-live.ts").LiveDrillPlace["override"] = (stack, gateways) =>
        overrideSwitch(stack, gateways, hereAndNow());
      const live = { environment: process.env, asOf: today(), override };
      process.exitCode = await liveDrillCommand(options, { ...place, ...live });
    } else process.exitCode = await (await import("./commands/drill.ts")).drillCommand(options, place);
  });

program
  .command("suite")
  .description("ask every path of the workloads what their suites ask, through a gateway, and judge the answers")
  .option("--stack <name>", "stack whose workloads are meant")
  .option("--workload <name>", "one of them (default: all)")
  .option("--endpoint <url>", "the gateway as OpenAI's client takes it: https://<host>/v1")
  .option("--token-env <name>", "environment variable that holds the bearer token (default: no token is sent)")
  .option("--lint", "call nobody: say what in the suites is tied to one vendor, with that vendor's page", false)
  .option("--json", "machine-readable", false)
  .addHelpText(
    "after",
    `
Besides its suite, every path is asked for what the workload requires: tools, structured output, streaming, images, and
a prompt of the required length, which costs as many tokens on each path.

Exit codes:
  0  every path keeps what slos.yaml promises; with --lint: nothing is tied to one vendor
  1  a path is below it, or does not meet the contract; with --lint: something is tied
  2  a path gave no answer at all, or something is wrong with files or arguments

Examples: twocloud suite --stack prod --endpoint https://ai.example.com/v1 --token-env AI_TOKEN
          twocloud suite --lint`,
  )
  .action(async (options: import("./commands/suite-options.ts").SuiteOptions) => {
    failIsTwo();
    const { suiteCommand } = await import("./commands/suite.ts");
    const { styleOf } = await import("./report/text.ts");
    const style = styleOf(process.stdout, process.env);
    const place = { out: process.stdout, progress: process.stderr, style, environment: process.env };
    process.exitCode = await suiteCommand(options, { ...place, asOf: process.env.TWOCLOUD_AS_OF ?? today() });
  });

declareSandbox(program);

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
  else if (error instanceof ConfigError || error instanceof UsageError || error instanceof EngineError)
    fail(error.message, failure);
  else if (error instanceof InterruptedError) fail(error.message, 130);
  else throw error;
}

/** For commands whose code 1 is a verdict: any other end is a 2, also one that nobody foresaw. */
function failIsTwo(): void {
  failure = 2;
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(failure);
  });
}

/** What a person can mend, without a stack trace. */
function fail(message: string, code: number): void {
  process.stderr.write(`${message.trimEnd()}\n`);
  process.exitCode = code;
}
