/**
 * `npm test`: type check, lint and tests, all three even when one fails, with a summary that machines can read too. And
 * the named suites, which are too slow for every change.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./child.mjs";
import { countTests } from "./decide.mjs";

/** Where the counts are left: `{ "passed": n, "failed": n }`. Absent when the tests did not come to their end. */
export const summaryFile = join(".twocloud", "test", "summary.json");

const reportFile = join(".twocloud", "test", "vitest.json");

/** What `npm test` runs unless it is told other projects of vitest.config.ts. */
const usualProjects = ["--project", "unit", "--project", "engine"];

/**
 * Runs one project of vitest.config.ts alone; its counts lie in `.twocloud/test/<name>.json`.
 * @param {string} root project folder
 * @param {string} name of the project
 * @param {readonly string[]} vitestArgs
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} exit code, as of {@link runChecks}
 */
export function runSuite(root, name, vitestArgs, env) {
  const args = ["--project", name, ...vitestArgs];
  return runAll(root, join(".twocloud", "test", `${name}.json`), [testsOf(root, args)], env);
}

/**
 * Runs the checks.
 * @param {string} root project folder
 * @param {readonly string[]} vitestArgs
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} exit code: 0, or 1 when anything failed, or 128 + signal number when interrupted
 */
export function runChecks(root, vitestArgs, env) {
  const projects = vitestArgs.some((arg) => arg.startsWith("--project")) ? [] : usualProjects;
  const checks = [
    { name: "type check", command: "tsc", args: ["--noEmit", "-p", "."], count: oneTest },
    { name: "lint", command: "biome", args: ["check", "."], count: oneTest },
    testsOf(root, [...projects, ...vitestArgs]),
  ];
  return runAll(root, summaryFile, checks, env);
}

function testsOf(root, vitestArgs) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  return {
    name: "tests",
    command: "vitest",
    args: ["run", ...reporters, ...vitestArgs],
    count: (code) => countTests(readReport(root), code),
  };
}

async function runAll(root, countsFile, checks, env) {
  for (const file of [countsFile, reportFile]) rmSync(join(root, file), { force: true });
  mkdirSync(join(root, ".twocloud", "test"), { recursive: true });
  const results = [];
  for (const { name, command, args, count } of checks) {
    console.log(`\n== ${name}: ${command} ${args.join(" ")}`);
    const startedAt = Date.now();
    const code = await runCommand(command, args, env);
    if (code > 128) return code;
    results.push({ name, seconds: (Date.now() - startedAt) / 1000, ...count(code) });
  }
  return summarise(root, countsFile, results);
}

function summarise(root, countsFile, results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log("\n== summary");
  for (const result of results) {
    const verdict = result.failed === 0 ? "ok  " : "FAIL";
    console.log(
      `${verdict} ${result.name}: ${result.passed} passed, ${result.failed} failed (${result.seconds.toFixed(1)} s)`,
    );
  }
  writeFileSync(join(root, countsFile), JSON.stringify({ passed, failed }));
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
