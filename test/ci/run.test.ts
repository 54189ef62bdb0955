import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { projectRoot } from "../../operations/setup/toolchain.mjs";

/**
 * Runs a copy of .ci/run where `npm test` is this shell script and every other suite passes one test; returns its last
 * line and its exit code.
 */
function runWith(npm: string): { readonly last: string | undefined; readonly code: number | null } {
  const root = mkdtempSync(join(tmpdir(), "twocloud-ci-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(projectRoot, ".ci"), join(root, ".ci"), { recursive: true });
  const counts = join(root, ".twocloud", "test");
  mkdirSync(counts, { recursive: true });
  writeFileSync(join(counts, "summary.json"), '{"passed":99,"failed":0}');
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin", "npm"), fakeNpm(npm), { mode: 0o755 });
  const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin` };
  const { status, stdout } = spawnSync(join(root, ".ci", "run"), [], { env, encoding: "utf8" });
  return { last: stdout.trimEnd().split("\n").at(-1), code: status };
}

/** Suites besides `npm test`. */
const named = [...readFileSync(join(projectRoot, ".ci", "run"), "utf8").matchAll(/ test:(\w+)/g)].map(
  ([, name]) => name,
);

const fakeNpm = (npm: string): string => `#!/bin/sh
for last; do :; done
case "$last" in
  test:*) echo '{"passed":1,"failed":0}' > ".twocloud/test/\${last#test:}.json" ;;
  *) ${npm} ;;
esac
`;

const total = (passed: number, failed: number) => `${passed + named.length} passed, ${failed} failed`;

const write = (passed: number, failed: number) =>
  `echo '${JSON.stringify({ passed, failed })}' > .twocloud/test/summary.json`;

test.each([
  ["everything passes", `${write(5, 0)}`, total(5, 0), 0],
  ["tests fail", `${write(5, 2)}; exit 1`, total(5, 2), 1],
  ["the set-up fails: an earlier run's counts are not reported", "exit 1", total(0, 1), 1],
  ["the tests are killed before they count", "kill -9 $$", total(0, 1), 1],
  ["the command fails although nothing was counted as failed", `${write(5, 0)}; exit 3`, total(5, 1), 1],
  ["nothing is counted although the command succeeds", "exit 0", total(0, 1), 1],
])("%s", (_case, npm, last, code) => {
  expect(runWith(npm)).toEqual({ last, code });
});
