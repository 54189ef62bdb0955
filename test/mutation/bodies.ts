/**
 * `npm run test:mutation`: takes the body out of every rule and runs the rules' own tests. Each rule has to have a test
 * that turns red by it; one that has none is not tested. Ends with a line for each rule that nobody misses, and with
 * exit code 1 when there is one.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policy/packs.ts";
import { isResourceRule } from "../../policy/rule.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".twocloud", "test");
const report = join(folder, "bodies.json");

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly ancestorTitles: readonly string[] }[];
  }[];
}

mkdirSync(folder, { recursive: true });
rmSync(report, { force: true });
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const args = [
  "run",
  "--project",
  "unit",
  "--reporter=json",
  `--outputFile=${report}`,
  "test/policy/demands.test.ts",
  "test/policy/rules",
];
spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", vitest, ...args], {
  cwd: root,
  stdio: "ignore",
  env: { ...process.env, TWOCLOUD_RULES_WITHOUT_BODY: "true" },
});

const results = (JSON.parse(readFileSync(report, "utf8")) as Report).testResults;
/** Names of the rules whose tests failed: demands by the title of their group, the others by their file. */
const missed = new Set(
  results.flatMap(({ name, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === "failed");
    const file = /([a-z0-9-]+)\.test\.ts$/.exec(name)?.[1] ?? "";
    return file === "demands"
      ? failed.flatMap(({ ancestorTitles: [title = ""] }) => title)
      : failed.length > 0
        ? [file]
        : [];
  }),
);
const all = [...rules.values()];
const unmissed = all.filter(({ name }) => !missed.has(name));
for (const rule of unmissed) {
  console.log(`${rule.name}: no test of ${isResourceRule(rule) ? "its demands" : "its own"} fails without its body`);
}
console.log(`${all.length - unmissed.length} of ${all.length} rules are missed by their tests when their body is gone`);
const counts = { passed: all.length - unmissed.length, failed: unmissed.length };
writeFileSync(join(folder, "mutation.json"), JSON.stringify(counts));
process.exitCode = unmissed.length > 0 ? 1 : 0;
