import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import * as pulumi from "@pulumi/pulumi";
import { build } from "./build.ts";
import { ConfigError } from "./config/error.ts";
import { type Config, readConfig } from "./config/read.ts";
import { inventoryOf } from "./inventory.ts";
import { endWithEngine } from "./orphan.ts";
import { paced } from "./pace.ts";
import { planStack } from "./planning/index.ts";
import { readShared, settingOf, stacksFolder, suiteNames } from "./sources.ts";
import { shortTraces } from "./traces.ts";
import { planWithout, readWithout } from "./without.ts";

shortTraces();
endWithEngine();
// Most of what the SDKs allocate lives for one call. By itself the heap may grow to four times what is in use before it is
// cleaned: with 200 workloads that was 1.2 GB instead of 0.8.
setFlagsFromString("--heap-growing-percent=25");

/** More than twice what three clouds with a handful of workloads have, so that most stacks never wait. */
const openRegistrations = 1000;

/**
 * The program: parse → plan → build → export. The only file of it with effects. Day of judgement: today, or what
 * TWOCLOUD_AS_OF says; on a real cloud the policy pack refuses every day but today. TWOCLOUD_WITHOUT names locations that the
 * run leaves alone (./without.ts); only `twocloud --only` and `--without` set it.
 */
async function run(): Promise<Record<string, unknown>> {
  const asOf = process.env.TWOCLOUD_AS_OF ?? new Date().toISOString().slice(0, 10);
  const config = configuration(asOf);
  const without = Object.entries(readWithout(process.env.TWOCLOUD_WITHOUT));
  const gone = without.flatMap(([name, kept]) => (kept === null ? [name] : []));
  const kept = new Map(without.flatMap(([name, known]) => (known === null ? [] : [[name, known] as const])));
  const plan = planWithout(planStack(config), new Set(gone));
  const neighbours = await build(plan, config.images, kept, paced(openRegistrations));
  return { inventory: inventoryOf(plan, neighbours), asOf };
}

function configuration(asOf: string): Config {
  const project = pulumi.getProject();
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(`${project}:`));
  const values = Object.fromEntries(entries.map(([key, value]) => [key.slice(project.length + 1), settingOf(value)]));
  const folder = join(import.meta.dirname, "..", stacksFolder);
  return readConfig({
    shared: readShared(folder),
    suites: suiteNames(folder),
    environmentFile: `Pulumi.${pulumi.getStack()}.yaml`,
    environment: { values },
    asOf,
  });
}

export const outputs = await (async () => {
  try {
    return await run();
  } catch (error) {
    // Without a stack trace: what a person wrote is wrong, not the program.
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
})();
