/** `npm test`: type check, lint and tests, all three even when one fails, with a summary that machines can read too. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./child.mjs";
import { countTests } from "./decide.mjs";

/** Where the counts are left: `{ "passed": n, "failed": n }`. Absent when the tests did not come to their end. */
export const summaryFile = join(".twocloud", "test", "summary.json");

const reportFile = join(".twocloud", "test", "vitest.json");

/**
 * Runs the checks.
 * @param {string} root project folder
 * @param {readonly string[]} vitestArgs
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} exit code: 0, or 1 when anything failed, or 128 + signal number when interrupted
 */
export async function runChecks(root, vitestArgs, env) {
  for (const file of [summaryFile, reportFile]) rmSync(join(root, file), { force: true });
  mkdirSync(join(root, ".twocloud", "test"), { recursive: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const checks = [
    { name: "type check", command: "tsc", args: ["--noEmit", "-p", "."], count: oneTest },
    { name: "lint", command: "biome", args: ["check", "."], count: oneTest },
    {
      name: "tests",
      command: "vitest",
      args: ["run", ...reporters, ...vitestArgs],
      count: (code) => countTests(readReport(root), code),
    },
  ];
  const results = [];
  for (const { name, command, args, count } of checks) {
    console.log(`\n== ${name}: ${command} ${args.join(" ")}`);
    const startedAt = Date.now();
    const code = await runCommand(command, args, env);
    if (code > 128) return code;
    results.push({ name, seconds: (Date.now() - startedAt) / 1000, ...count(code) });
  }
  return summarise(root, results);
}

function summarise(root, results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log("\n== summary");
  for (const result of results) {
    const verdict = result.failed === 0 ? "ok  " : "FAIL";
    console.log(
      `${verdict} ${result.name}: ${result.passed} passed, ${result.failed} failed (${result.seconds.toFixed(1)} s)`,
    );
  }
  writeFileSync(join(root, summaryFile), JSON.stringify({ passed, failed }));
  return failed === 0 ? 0 : 1;
}

function oneTest(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function readReport(root) {
  try {
    return JSON.parse(readFileSync(join(root, reportFile), "utf8"));
  } catch {
    return undefined;
  }
}
