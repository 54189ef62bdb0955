import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { processStart } from "../../operations/setup/lock.mjs";
import { nodeBinary, projectRoot } from "../../operations/setup/toolchain.mjs";

/** Starts the pack as an engine does, from a process that says the pack's number, then ends without ending it. */
const engine = `
const { spawn } = require("node:child_process");
const pack = spawn(${JSON.stringify(nodeBinary())}, [${JSON.stringify(join(projectRoot, "policy", "twocloud"))}, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "ignore"] });
pack.stdout.once("data", () => { console.log(pack.pid); setTimeout(() => process.kill(process.pid, "SIGKILL"), 100); });
`;

test("a pack whose engine was killed ends by itself", async () => {
  const child = spawn(nodeBinary(), ["-e", engine], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) =>
    child.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  // One that nobody has collected yet has a number, but no start time any more.
  const isAlive = (): boolean => processStart(pid) !== null;
  expect(isAlive()).toBe(true);
  for (let waited = 0; waited < 10_000 && isAlive(); waited += 100) await sleep(100);
  expect(isAlive()).toBe(false);
});
