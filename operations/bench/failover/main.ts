import { parseArgs } from "node:util";
import { failoverReport } from "../../report/failover.ts";
import { styleOf } from "../../report/text.ts";
import { SetupError } from "../../setup/decide.mjs";
import { ensureGateway, gatewayBinaries, gatewayVersions } from "../../setup/gateway.mjs";
import { endRunning } from "../../setup/run.mjs";
import { projectRoot } from "../../setup/toolchain.mjs";
import { compare } from "./compare.ts";
import { ensureLiteLlm, litellmVersion } from "./litellm-install.ts";
import { settingsNames } from "./litellm-settings.ts";

/**
 * `npm run bench:failover`: the drill's faults and a steady load at a gateway with objects as this project renders them
 * and at LiteLLM's proxy, one table on stdout, progress on stderr; a quarter of an hour. Exit code 1 when a bar does not hold.
 *
 * `-- --json` writes everything that was measured; `-- --settings fallbacks` sets LiteLLM by the other example of its
 * documentation (litellm-settings.ts).
 */

const { values: options } = parseArgs({
  options: { json: { type: "boolean", default: false }, settings: { type: "string", default: "load-balancing" } },
});

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop.abort();
    void endRunning();
  });
}

async function run(): Promise<number> {
  const settings = settingsNames.find((name) => name === options.settings);
  if (settings === undefined) {
    process.stderr.write(`--settings ${options.settings} is none of ${settingsNames.join(", ")}.\n`);
    return 2;
  }
  await ensureGateway(projectRoot, process.env);
  const comparison = await compare({
    binaries: gatewayBinaries(),
    python: await ensureLiteLlm(process.env),
    settings,
    ran: { ...gatewayVersions, litellm: litellmVersion },
    say: (line) => process.stderr.write(`${line}\n`),
    signal: stop.signal,
  });
  const style = styleOf(process.stdout, process.env);
  process.stdout.write(options.json ? `${JSON.stringify(comparison, null, 2)}\n` : failoverReport(comparison, style));
  const broken = comparison.bars.filter(({ holds }) => !holds);
  for (const { text, measured } of broken) process.stderr.write(`Does not hold: ${text}: ${measured}\n`);
  return broken.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  if (stop.signal.aborted) {
    process.stderr.write("Interrupted; nothing is left running.\n");
    process.exitCode = 130;
  } else if (error instanceof SetupError) {
    process.stderr.write(`${error.message}\n${error.detail}\n→ ${error.fix}\n`);
    process.exitCode = 1;
  } else throw error;
}
